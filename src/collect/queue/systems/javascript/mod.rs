//! Queue systems of JavaScript.

pub mod bullmq;
pub mod bullmq_job;
