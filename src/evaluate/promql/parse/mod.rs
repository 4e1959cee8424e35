//! From the text of an expression to its plan; what is not evaluated is refused by name.

pub mod call;
pub mod compile;
pub mod convert;
pub mod guard;
pub mod hint;
pub mod place;
pub mod refusal;
pub mod unsupported;
