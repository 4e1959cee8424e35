//! What `git` is told to do with commits, trees and objects, and what it answers.

pub(crate) mod commit;
pub(crate) mod objects;
pub(crate) mod program;
pub(crate) mod refs;
pub(crate) mod repository;
pub(crate) mod tips;
