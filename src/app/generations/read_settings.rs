//! The way to read the settings again.

use std::sync::Arc;

use crate::config::Config;

/// Reads the settings.
pub(crate) type ReadSettings = Arc<dyn Fn() -> anyhow::Result<Config> + Send + Sync>;
