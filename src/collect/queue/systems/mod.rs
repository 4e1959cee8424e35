//! The systems whose queues can be watched, one file each.

pub mod arq;
pub mod bullmq;
pub mod bullmq_job;
pub mod celery;
pub mod dramatiq;
pub mod horizon;
pub mod laravel;
pub mod list;
pub mod resque;
pub mod resque_worker;
pub mod rq;
pub mod sidekiq;
pub mod sorted_set;
pub mod stream;
pub mod stream_consumers;
pub mod stream_group;
