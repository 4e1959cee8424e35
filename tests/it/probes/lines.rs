//! Lines: plain ones, those with TLS, and those of `websocket`.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

use super::certificates::{ENDED, Flaw, GOOD_UNTIL, Shown, Talk};
use super::{Probing, dead};

/// Answers any request with a word, says it at once to who does not ask.
async fn say(mut line: Box<dyn Talk>) {
    let mut asked = [0; 1000];
    let _ = line.read(&mut asked).await;
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nwell";
    let _ = line.write_all(answer).await;
    let _ = line.shutdown().await;
}

async fn socket(line: Box<dyn Talk>) {
    let Ok(mut socket) = accept_async(line).await else {
        return;
    };
    while let Some(Ok(message)) = socket.next().await {
        if message.is_text() {
            let _ = socket.send(message).await;
        }
    }
}

fn toml(text: &str) -> String {
    format!("'''\n{text}'''")
}

#[tokio::test]
async fn a_certificate_that_is_no_good_fails_the_probe_and_its_end_is_told() {
    for (flaw, until, failure) in [
        (Flaw::None, GOOD_UNTIL, ""),
        (Flaw::Expired, ENDED, "expired"),
        (Flaw::OtherHost, GOOD_UNTIL, "not valid for name"),
        (Flaw::SelfSigned, GOOD_UNTIL, "certificate is self-signed"),
    ] {
        let shown = Shown::new(flaw);
        let web = shown.serve(say).await.port();
        let sockets = shown.serve(socket).await.port();
        let ca = toml(&shown.authority);
        for rest in [
            format!("type = 'http'\nurl = 'https://localhost:{web}/'\nbody = '^well$'"),
            format!(
                "type = 'tcp'\naddress = 'localhost:{web}'\ntls = true\nsend = '.'\nexpect = 'well$'"
            ),
            format!(
                "type = 'websocket'\nurl = 'wss://localhost:{sockets}/'\nsend = 'a'\nexpect = '^a$'"
            ),
            format!("type = 'steps'\nurl = 'https://localhost:{web}'\nstep = [{{ name = 'ask' }}]"),
        ] {
            let seen = Probing::new(&format!("{rest}\nca = {ca}")).take().await;
            assert_eq!(
                seen.failure.is_none(),
                failure.is_empty(),
                "{flaw:?}, {rest}: {seen:#?}"
            );
            assert!(
                seen.failure().contains(failure),
                "{flaw:?}, {rest}: {seen:#?}"
            );
            seen.says(&[
                ("probe_ssl_earliest_cert_expiry", until),
                ("probe_success", f64::from(u8::from(failure.is_empty()))),
                ("up", 1.0),
            ]);
            if rest.contains("'http'") {
                seen.says(&[("probe_http_ssl", f64::from(u8::from(failure.is_empty())))]);
                assert!(seen.value("probe_http_duration_seconds{phase=\"tls\"}") > 0.0);
            }
        }
    }
}

#[tokio::test]
async fn a_certificate_of_nobody_we_know_is_not_trusted() {
    let shown = Shown::new(Flaw::None);
    let port = shown.serve(say).await.port();
    let rest = format!("type = 'http'\nurl = 'https://localhost:{port}/'");
    let seen = Probing::new(&rest).take().await;
    let words = "no TLS: no trusted authority signed the server's certificate";
    assert!(seen.failure().starts_with(words), "{seen:#?}");
    seen.says(&[("probe_ssl_earliest_cert_expiry", GOOD_UNTIL)]);
}

#[tokio::test]
async fn a_port_that_speaks_no_tls_is_told() {
    let address = super::serve(axum::Router::new()).await;
    let rest = format!("type = 'tcp'\naddress = '{address}'\ntls = true");
    let seen = Probing::new(&rest).take().await;
    let words = "no TLS: the server does not speak TLS on this port";
    assert_eq!(seen.failure(), words, "{seen:#?}");
    seen.says(&[("probe_success", 0.0), ("up", 0.0)]);
}

/// Says what it hears in capitals, and hangs up after `bye`.
async fn loud() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut line, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut heard = vec![0; 1000];
                while let Ok(count @ 1..) = line.read(&mut heard).await {
                    let words = heard[..count].to_ascii_uppercase();
                    let _ = line.write_all(&words).await;
                    if words.ends_with(b"BYE\n") {
                        return;
                    }
                }
            });
        }
    });
    address
}

#[tokio::test]
async fn a_tcp_line_is_opened_and_heard() {
    let (loud, dead) = (loud().await, dead().await);
    for (address, rest, regex, failure) in [
        (loud, "", 0.0, ""),
        (loud, "send = \"ping\\n\"\nexpect = '(?m)^PING$'", 0.0, ""),
        (
            loud,
            "send = \"bye\\n\"\nexpect = 'pong'",
            1.0,
            "it hung up before `expect` was found",
        ),
        (
            loud,
            "send = 'pingpong'\nexpect = 'PINGPONG'\nlimit = 7",
            1.0,
            "`expect` is not found within the `limit`",
        ),
        (
            loud,
            "send = 'ping'\nexpect = 'PONG'\ntimeout = '200ms'",
            1.0,
            "no answer in time",
        ),
        (
            dead,
            "",
            0.0,
            "cannot connect: Connection refused (os error 111)",
        ),
    ] {
        let rest = format!("type = 'tcp'\naddress = '{address}'\n{rest}");
        let seen = Probing::new(&rest).take().await;
        assert_eq!(seen.failure(), failure, "{rest}");
        seen.says(&[
            ("probe_success", f64::from(u8::from(failure.is_empty()))),
            ("up", f64::from(u8::from(address == loud))),
            ("probe_failed_due_to_regex", regex),
        ]);
    }
}

/// A WebSocket server that repeats texts, and tells how each caller ended.
async fn repeating() -> (SocketAddr, tokio::sync::mpsc::UnboundedReceiver<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, ends) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((line, _)) = listener.accept().await {
            let mut socket = accept_async(line).await.unwrap();
            let mut was_closed = false;
            while let Some(Ok(message)) = socket.next().await {
                match message {
                    Message::Text(text) if text == "die" => break,
                    Message::Text(_) => {
                        let _ = socket.send(Message::text("other")).await;
                        let _ = socket.send(message).await;
                    }
                    Message::Close(_) => was_closed = true,
                    _ => {}
                }
            }
            let _ = tell.send(was_closed);
        }
    });
    (address, ends)
}

#[tokio::test]
async fn a_websocket_is_opened_heard_and_closed() {
    let (address, mut ends) = repeating().await;
    for (rest, was_closed, failure) in [
        ("", true, ""),
        ("send = 'word'\nexpect = '^word$'", true, ""),
        ("send = 'die'\nexpect = 'die'", false, "no WebSocket: "),
        (
            "send = 'word'\nexpect = 'answer'\ntimeout = '200ms'",
            false,
            "no answer in time",
        ),
        (
            "send = 'word'\nexpect = '^word$'\nlimit = 3",
            false,
            "no WebSocket: ",
        ),
    ] {
        let rest = format!("type = 'websocket'\nurl = 'ws://{address}/app'\n{rest}");
        let seen = Probing::new(&rest).take().await;
        assert_eq!(
            seen.failure.is_none(),
            failure.is_empty(),
            "{rest}: {seen:#?}"
        );
        assert!(seen.failure().starts_with(failure), "{rest}: {seen:#?}");
        seen.says(&[
            ("probe_success", f64::from(u8::from(failure.is_empty()))),
            ("probe_is_upgraded", 1.0),
            ("probe_http_status_code", 101.0),
            ("up", 1.0),
        ]);
        assert_eq!(ends.recv().await, Some(was_closed), "{rest}");
    }
}

#[tokio::test]
async fn a_server_without_websockets_answers_and_fails_the_probe() {
    let address = super::serve(axum::Router::new()).await;
    let rest = format!("type = 'websocket'\nurl = 'ws://{address}/'");
    let seen = Probing::new(&rest).take().await;
    assert_eq!(
        seen.failure(),
        "the request to open a WebSocket answered 404 Not Found"
    );
    seen.says(&[
        ("up", 1.0),
        ("probe_is_upgraded", 0.0),
        ("probe_http_status_code", 404.0),
    ]);
}

#[tokio::test]
async fn what_was_measured_before_the_time_ran_out_is_told() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap();
    let rest = format!("type = 'http'\nurl = 'http://{address}/'\ntimeout = '100ms'");
    let start = Instant::now();
    let seen = Probing::new(&rest).take().await;
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(seen.failure(), "no answer in time");
    seen.says(&[
        ("up", 0.0),
        ("probe_success", 0.0),
        ("probe_http_status_code", 0.0),
    ]);
    let waited = seen.value("probe_http_duration_seconds{phase=\"processing\"}");
    assert!(waited > 0.05, "{seen:#?}");
}
