//! Who may ask the operators' listener, by what they show it, and what a refusal says.

pub(crate) mod acting;
pub(crate) mod authenticator;
pub(crate) mod authorization;
pub(crate) mod cookies;
pub(crate) mod csrf;
pub(crate) mod entrance;
pub(crate) mod error;
pub(crate) mod failures;
pub(crate) mod form;
pub(crate) mod form_token;
pub(crate) mod hosts;
pub(crate) mod login;
pub(crate) mod login_page;
pub(crate) mod oidc;
pub(crate) mod operators;
pub(crate) mod ops_fault;
pub(crate) mod proxy;
pub(crate) mod route_table;
pub(crate) mod settings;
