//! Options of every command: what is logged, and how.

use clap::{Args, ValueEnum};

use crate::runtime::telemetry::Style;

/// The certificate verifier logs at every request what we log ourselves.
const QUIET: &str = "rustls_platform_verifier=off";

/// What is logged, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "Logs")]
pub(crate) struct LogOptions {
    /// Log level on standard error; `RUST_LOG` sets it per module
    #[arg(long, value_name = "LEVEL", global = true, env = "CRITWATCH_LOG_LEVEL")]
    pub(crate) log_level: Option<LogLevel>,
    /// Log format [default: text on a terminal, else JSON]
    #[arg(
        long,
        value_name = "FORMAT",
        global = true,
        env = "CRITWATCH_LOG_FORMAT"
    )]
    pub(crate) log_format: Option<LogFormat>,
}

/// The least level that is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum LogLevel {
    /// Log nothing
    Off,
    /// Failures that need action
    Error,
    /// Degraded operation and above
    Warn,
    /// State changes and above
    Info,
    /// Individual steps and above
    Debug,
    /// Everything
    Trace,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Text for people
    Text,
    /// JSON, one object per line
    Json,
}

impl LogOptions {
    /// How logs look, if a command alone has them so.
    pub(crate) fn style(&self, usual: Style) -> Style {
        match self.log_format {
            Some(LogFormat::Text) => Style::Text,
            Some(LogFormat::Json) => Style::Json,
            None => usual,
        }
    }

    /// What is logged, in the manner of `RUST_LOG`: as the option says, or the variable,
    /// or else at the `usual` level.
    pub(crate) fn filter(&self, variable: Option<&str>, usual: LogLevel) -> String {
        let level = match (self.log_level, variable) {
            // What the variable says of the verifier itself comes later and counts.
            (None, Some(variable)) => return format!("{QUIET},{variable}"),
            (level, _) => level.unwrap_or(usual),
        };
        let name = level.to_possible_value();
        let name = name.as_ref().map_or("info", |name| name.get_name());
        if level >= LogLevel::Info {
            format!("{name},{QUIET},tokio_cron_scheduler=warn")
        } else {
            name.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(log_level: Option<LogLevel>, variable: Option<&str>) -> String {
        let options = LogOptions {
            log_level,
            log_format: None,
        };
        options.filter(variable, LogLevel::Info)
    }

    #[test]
    fn the_option_goes_before_the_variable_and_that_before_the_usual_level() {
        let debug = Some(LogLevel::Debug);
        assert!(filter(debug, Some("critwatch=trace")).starts_with("debug,"));
        let by_variable = filter(None, Some("critwatch=trace"));
        assert_eq!(by_variable, "rustls_platform_verifier=off,critwatch=trace");
        assert!(filter(None, None).starts_with("info,rustls_platform_verifier=off"));
        assert_eq!(filter(Some(LogLevel::Error), None), "error");
    }
}
