//! Signals of the operating system.

/// The wishes to stop: SIGTERM and SIGINT.
#[derive(Debug)]
pub struct Stops {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

/// Begins to listen for them; without it, the first one ends the program at once.
pub fn stops() -> std::io::Result<Stops> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Stops {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }
    #[cfg(not(unix))]
    Ok(Stops {})
}

impl Stops {
    /// Waits for the next one, and says what it was.
    pub async fn next(&mut self) -> &'static str {
        #[cfg(unix)]
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
        #[cfg(not(unix))]
        {
            // Without it there is nothing to wait for.
            let _ = tokio::signal::ctrl_c().await;
            "Ctrl-C"
        }
    }
}

/// Ends when the program is asked to stop, and says by what.
pub async fn stop() -> std::io::Result<&'static str> {
    Ok(stops()?.next().await)
}

/// The wishes to read the settings again: SIGHUP, where there is such a thing.
#[derive(Debug)]
pub struct Hangups {
    #[cfg(unix)]
    signal: tokio::signal::unix::Signal,
}

/// Begins to listen for them; without it, the first one would end the program.
pub fn hangups() -> std::io::Result<Hangups> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Hangups {
            signal: signal(SignalKind::hangup())?,
        })
    }
    #[cfg(not(unix))]
    {
        Ok(Hangups {})
    }
}

impl Hangups {
    /// Waits for the next one.
    pub async fn next(&mut self) {
        #[cfg(unix)]
        if self.signal.recv().await.is_some() {
            return;
        }
        std::future::pending::<()>().await;
    }
}
