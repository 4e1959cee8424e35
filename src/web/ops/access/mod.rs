//! Who may ask the operators' listener, by what they show it, and what a refusal says.

pub(crate) mod acting;
pub(crate) mod authenticator;
pub(crate) mod authorization;
pub(crate) mod browser;
pub(crate) mod entrance;
pub(crate) mod error;
pub(crate) mod failures;
pub(crate) mod hosts;
pub(crate) mod oidc;
pub(crate) mod operators;
pub(crate) mod ops_fault;
pub(crate) mod proxy;
pub(crate) mod route_table;
pub(crate) mod settings;
