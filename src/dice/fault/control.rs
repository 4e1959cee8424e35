//! The control socket of a running demo: one JSON line in, one JSON line out.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::dice::fault::place::{self, CONTROL_SOCKET, PlaceError};
use crate::dice::fault::switches::{FaultSwitch, UnknownFault};

const LINE_MAX: u64 = 4096;
/// How long a client may take to say what it wants.
const ASK_WITHIN: Duration = Duration::from_secs(2);
/// How long a demo may take to do it.
const DO_WITHIN: Duration = Duration::from_mins(1);

/// What a running demo is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControlRequest {
    /// Make a fault.
    Apply(FaultSwitch),
    /// Undo all faults.
    Clear,
}

impl FromStr for ControlRequest {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        match text {
            "clear" => Ok(Self::Clear),
            word => word.parse().map(Self::Apply),
        }
    }
}

/// Carries the demo's answer: what was done, or why not.
pub(crate) type Reply = Result<String, String>;
/// A request and where its answer goes.
pub(crate) type Order = (ControlRequest, oneshot::Sender<Reply>);

/// Says why a demo could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// No demo listens there.
    #[error("no demo runs in {0}: start one with `critwatch demo`, or name its folder with --dir")]
    NoDemo(PathBuf),
    /// The folder is not safe to use.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// The demo ended or sent nonsense.
    #[error("the demo did not answer")]
    Silent(#[from] std::io::Error),
    /// The demo could not do it.
    #[error("{0}")]
    Refused(String),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WireReply {
    Done(String),
    Refused(String),
}

/// Listens in a demo's folder; a socket that a dead demo left behind is replaced.
pub fn bind_control(dir: &Path) -> std::io::Result<UnixListener> {
    let path = dir.join(CONTROL_SOCKET);
    if std::os::unix::net::UnixStream::connect(&path).is_ok() {
        return Err(std::io::Error::other(format!(
            "a demo runs in {} already",
            dir.display()
        )));
    }
    std::fs::remove_file(&path).ok();
    UnixListener::bind(&path)
}

/// Hands over each request and sends back its answer, until stopped.
pub async fn serve_control(
    listener: UnixListener,
    orders: mpsc::Sender<Order>,
    stop: CancellationToken,
) {
    loop {
        let stream = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection on the control socket");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
        };
        // One after the other: faults that are made at the same time would be told apart badly.
        tokio::select! {
            () = stop.cancelled() => return,
            served = converse(stream, &orders) => if let Err(error) = served {
                tracing::debug!(%error, "client of the control socket disconnected");
            },
        }
    }
}

async fn converse(stream: UnixStream, orders: &mpsc::Sender<Order>) -> std::io::Result<()> {
    let (input, mut output) = stream.into_split();
    let mut line = String::new();
    timeout(
        ASK_WITHIN,
        BufReader::new(input.take(LINE_MAX)).read_line(&mut line),
    )
    .await??;
    let reply = match read(&line) {
        Some(request) => {
            let (answer, answered) = oneshot::channel();
            orders.send((request, answer)).await.ok();
            answered
                .await
                .unwrap_or_else(|_| Err("the demo is ending".to_owned()))
        }
        None => Err("the request is not understood".to_owned()),
    };
    let reply = match reply {
        Ok(done) => WireReply::Done(done),
        Err(why) => WireReply::Refused(why),
    };
    output
        .write_all((serde_json::to_string(&reply)? + "\n").as_bytes())
        .await
}

/// Asks the demo in a folder to do something, and tells what it did.
pub async fn ask(dir: &Path, request: ControlRequest) -> Result<String, ControlError> {
    let no_demo = || ControlError::NoDemo(dir.to_owned());
    if !dir.exists() {
        return Err(no_demo());
    }
    place::check(dir)?;
    let stream = UnixStream::connect(dir.join(CONTROL_SOCKET))
        .await
        .map_err(|_| no_demo())?;
    let (input, mut output) = stream.into_split();
    output.write_all(write(request).as_bytes()).await?;
    let mut line = String::new();
    let mut input = BufReader::new(input.take(LINE_MAX));
    timeout(DO_WITHIN, input.read_line(&mut line))
        .await
        .map_err(std::io::Error::from)??;
    match serde_json::from_str(&line).map_err(std::io::Error::other)? {
        WireReply::Done(done) => Ok(done),
        WireReply::Refused(why) => Err(ControlError::Refused(why)),
    }
}

fn write(request: ControlRequest) -> String {
    let word = match request {
        ControlRequest::Apply(fault) => fault.name(),
        ControlRequest::Clear => "clear",
    };
    format!("{}\n", serde_json::json!({ "fault": word }))
}

fn read(line: &str) -> Option<ControlRequest> {
    let value: serde_json::Value = serde_json::from_str(line).ok()?;
    value.get("fault")?.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_reads_back_as_it_is_written() {
        let faults = FaultSwitch::ALL.into_iter().map(ControlRequest::Apply);
        for request in faults.chain([ControlRequest::Clear]) {
            assert_eq!(read(&write(request)), Some(request));
        }
        assert_eq!(read("{}"), None);
        assert_eq!(read(""), None);
    }
}
