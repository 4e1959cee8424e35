//! Queue systems of Python.

pub mod arq;
pub mod celery;
pub mod dramatiq;
pub mod rq;
