//! What is wrong with the settings of the operators' listener.

/// A key below `[ops]`, as `oidc.allow.0`, and what is wrong with it.
pub(crate) type OpsFault = (String, String);
