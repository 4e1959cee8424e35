//! A connection to one Redis: what is asked goes out whole, and comes back whole.
//!
//! The client library's own connection would do, but it reads without a limit: of
//! bytes, and of values, each of which takes far more memory than bytes. Its encoder
//! is used, its values and its errors.

use std::io;

use redis::{Cmd, Pipeline, RedisError, RedisResult, Value};
use rustls::pki_types::ServerName;
use secrecy::ExposeSecret as _;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::collect::redis::wire::address::{Login, ServerAddress};
use crate::collect::redis::wire::parse;
use crate::collect::redis::wire::reply::Replies;

/// No scrape's answer is longer, unless the server means harm.
const LIMIT: usize = 32 * 1024 * 1024;
/// What is kept of the buffer for the next answer.
const KEPT: usize = 1024 * 1024;
/// What is looked at before others have their turn: who sends without end must
/// not keep us from seeing that the time is over.
const TURN: usize = 64 * 1024;
/// How we are called in `CLIENT LIST`.
const NAME: &str = "critwatch";

/// Commands that go out together.
#[derive(Debug, Default)]
pub(crate) struct CommandBatch {
    bytes: Vec<u8>,
    count: usize,
}

impl CommandBatch {
    /// Adds a command.
    pub(crate) fn add(&mut self, command: &Cmd) {
        command.write_packed_command(&mut self.bytes);
        self.count += 1;
    }

    /// Makes a request of commands.
    pub(crate) fn of(pipe: &Pipeline) -> Self {
        Self {
            bytes: pipe.get_packed_pipeline(),
            count: pipe.len(),
        }
    }
}

/// An open connection.
#[derive(Debug)]
pub(crate) struct RedisConnection {
    stream: RedisStream,
    buffer: Vec<u8>,
    /// What the server answered when we said our name, if that was an error: it
    /// may be why it hangs up next.
    refusal: Option<RedisError>,
}

#[derive(Debug)]
enum RedisStream {
    Tcp(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
    Unix(UnixStream),
}

impl RedisConnection {
    /// Connects and says who we are, in one round trip after connecting.
    pub(crate) async fn open(address: &ServerAddress, access: &Login) -> RedisResult<Self> {
        let mut link = Self {
            stream: connect(address, access).await?,
            buffer: Vec::new(),
            refusal: None,
        };
        let mut greeting = redis::pipe();
        if let Some(password) = &access.password {
            greeting.cmd("AUTH");
            if let Some(user) = &access.user {
                greeting.arg(user);
            }
            greeting.arg(password.expose_secret());
        }
        if access.database != 0 {
            greeting.cmd("SELECT").arg(access.database);
        }
        let needed = greeting.len();
        greeting.cmd("CLIENT").arg("SETNAME").arg(NAME);
        let answers = link.ask(&CommandBatch::of(&greeting)).await?;
        for (number, answer) in answers.into_iter().enumerate() {
            // A connection without a name works as well; one without a password
            // where one is wanted does not.
            if let Err(error) = answered(answer) {
                if number < needed || matches!(error.code(), Some("NOAUTH" | "DENIED")) {
                    return Err(error);
                }
                link.refusal = Some(error);
            }
        }
        Ok(link)
    }

    /// Sends the commands and waits for all of their answers; the caller bounds
    /// the time. After an error or an abandoned wait the link is of no more use.
    pub(crate) async fn ask(&mut self, request: &CommandBatch) -> RedisResult<Vec<Value>> {
        self.buffer.clear();
        self.buffer.shrink_to(KEPT);
        let answers = match &mut self.stream {
            RedisStream::Tcp(stream) => exchange(stream, request, &mut self.buffer).await,
            RedisStream::Tls(stream) => exchange(stream.as_mut(), request, &mut self.buffer).await,
            RedisStream::Unix(stream) => exchange(stream, request, &mut self.buffer).await,
        };
        match (answers, self.refusal.take()) {
            (Err(error), Some(refusal)) if error.is_io_error() => Err(refusal),
            (answers, _) => answers,
        }
    }
}

/// An answer, or the error that it tells of.
pub(crate) fn answered(value: Value) -> RedisResult<Value> {
    match value {
        Value::ServerError(error) => Err(error.into()),
        value => Ok(value),
    }
}

async fn connect(address: &ServerAddress, access: &Login) -> RedisResult<RedisStream> {
    let (host, port) = match address {
        ServerAddress::Unix(path) => {
            return Ok(RedisStream::Unix(UnixStream::connect(path).await?));
        }
        ServerAddress::Tcp(host, port) => (host, *port),
    };
    let stream = TcpStream::connect((host.as_str(), port)).await?;
    stream.set_nodelay(true)?;
    let Some(tls) = &access.tls else {
        return Ok(RedisStream::Tcp(stream));
    };
    let name = ServerName::try_from(host.clone())?;
    let (config, witness) = tls.line().map_err(io::Error::other)?;
    let opened = TlsConnector::from(config).connect(name, stream).await;
    let stream = opened.map_err(|error| match witness.fault.get() {
        Some(words) => io::Error::new(io::ErrorKind::InvalidData, words.clone()),
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            let words = "it closed the connection before TLS began: it does not speak TLS on this port, \
                or accepts no more clients";
            io::Error::new(error.kind(), words)
        }
        None => error,
    })?;
    Ok(RedisStream::Tls(Box::new(stream)))
}

async fn exchange<S>(
    stream: &mut S,
    request: &CommandBatch,
    buffer: &mut Vec<u8>,
) -> RedisResult<Vec<Value>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let odd = |words: String| RedisError::from(io::Error::new(io::ErrorKind::InvalidData, words));
    let sent = async {
        stream.write_all(&request.bytes).await?;
        stream.flush().await
    };
    // Who refuses a caller may say why and hang up before it was asked.
    let sent = sent.await;
    let mut replies = Replies::new(request.count, LIMIT);
    while !replies.complete(buffer).map_err(odd)? {
        if buffer.len() >= TURN {
            tokio::task::yield_now().await;
        }
        let turn = u64::try_from(TURN).unwrap_or(u64::MAX);
        let end = match (&mut *stream).take(turn).read_buf(buffer).await {
            Ok(0) => io::Error::from(io::ErrorKind::UnexpectedEof),
            Ok(_) if buffer.len() > LIMIT => {
                return Err(odd(format!("the answer is longer than {LIMIT} bytes")));
            }
            Ok(_) => continue,
            Err(error) => error,
        };
        return Err(parting_words(buffer).unwrap_or_else(|| sent.err().unwrap_or(end).into()));
    }
    parse::values(buffer, request.count)
}

/// The refusal that a server tells instead of answers.
fn parting_words(buffer: &[u8]) -> Option<RedisError> {
    let value = redis::parse_redis_value(buffer).ok()?;
    answered(value).err()
}
