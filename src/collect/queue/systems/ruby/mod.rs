//! Queue systems of Ruby.

pub mod layout;
pub mod resque;
pub mod resque_worker;
pub mod sidekiq;
