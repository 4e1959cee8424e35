//! How people log in, and what their browsers must send with each form.

pub(crate) mod cookies;
pub(crate) mod csrf;
pub(crate) mod form;
pub(crate) mod form_token;
pub(crate) mod login;
pub(crate) mod login_page;
