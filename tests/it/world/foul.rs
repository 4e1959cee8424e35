//! A TCP server that answers badly on purpose, for collectors to survive.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// In which way it is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nobody listens at the address.
    Dead,
    /// Accepts, and never says a word.
    Hanging,
    /// Says one byte at a time, and never all of it.
    Slow,
    /// Says what no protocol knows, and hangs up.
    Garbage,
    /// Answers an HTTP request properly, with words that mean nothing.
    Nonsense,
    /// Answers an HTTP request with a body that does not end.
    Huge,
}

/// Every way in which a server can be bad.
pub(crate) const KINDS: [Kind; 6] = [
    Kind::Dead,
    Kind::Hanging,
    Kind::Slow,
    Kind::Garbage,
    Kind::Nonsense,
    Kind::Huge,
];

/// The server; it ends when it is dropped.
pub(crate) struct Foul {
    pub address: SocketAddr,
    task: Option<JoinHandle<()>>,
}

impl Foul {
    /// Starts a server of that kind on a free port of this machine.
    pub(crate) async fn start(kind: Kind) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        // Who is dead has let go of the port.
        let task = (kind != Kind::Dead).then(|| tokio::spawn(serve(listener, kind)));
        Self { address, task }
    }
}

impl Drop for Foul {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

async fn serve(listener: TcpListener, kind: Kind) {
    let mut callers = tokio::task::JoinSet::new();
    while let Ok((caller, _)) = listener.accept().await {
        callers.spawn(async move {
            // A caller who hangs up is what such a server deserves.
            let _ = answer(caller, kind).await;
        });
    }
}

async fn answer(mut caller: TcpStream, kind: Kind) -> std::io::Result<()> {
    let mut asked = [0; 1024];
    match kind {
        Kind::Dead | Kind::Hanging => std::future::pending().await,
        Kind::Slow => {
            let mut drips = tokio::time::interval(std::time::Duration::from_millis(20));
            for byte in b"HTTP/1.1 200 OK\r\n"
                .iter()
                .chain(std::iter::repeat(&b'x'))
            {
                drips.tick().await;
                caller.write_all(&[*byte]).await?;
            }
            Ok(())
        }
        Kind::Garbage => {
            let _ = caller.read(&mut asked).await?;
            caller
                .write_all(b"\x00\xff\r\n$-9\r\n*99999999\r\n<<>>")
                .await
        }
        Kind::Nonsense => {
            let _ = caller.read(&mut asked).await?;
            let body = "{\"\": [[[ }{ # a \u{feff} =\n";
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
            caller.write_all(head.as_bytes()).await?;
            caller.write_all(body.as_bytes()).await
        }
        Kind::Huge => {
            let _ = caller.read(&mut asked).await?;
            caller
                .write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
                .await?;
            let lines = "a_name{of=\"nothing\"} 1\n".repeat(1000);
            let chunk = format!("{:x}\r\n{lines}\r\n", lines.len());
            loop {
                caller.write_all(chunk.as_bytes()).await?;
            }
        }
    }
}
