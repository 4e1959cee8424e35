//! Login by an OpenID Connect provider: authorization code, PKCE, state and nonce.

pub(crate) mod id_token;
pub(crate) mod jws;
pub(crate) mod pending;
pub(crate) mod provider;
pub(crate) mod settings;
pub(crate) mod visit;
