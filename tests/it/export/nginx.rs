//! The exported site as nginx serves it.

use std::path::Path;
use std::process::Command;

use crate::export::{export, site, tally, timeless};
use crate::serving::ask;
use crate::world::Monitor;
use crate::world::patience::until;

#[tokio::test]
async fn nginx_answers_with_the_same_headers_by_the_list() {
    if !Nginx::is_here() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    site(place.path());
    tally(&export(place.path(), &["--format", "json"]));
    let monitor = Monitor::serve(place.path(), &[]).await;
    let nginx = Nginx::start(place.path()).await;
    for path in [
        "/",
        "/issues/2023-01-19-rolls/",
        "/index.json",
        "/favicon.svg",
        "/embed/",
        "/feed.atom",
        "/history.rss",
        "/affected/api/index.svg",
        "/issues/2023-01-19-rolls.svg",
        "/issues/2023-01-19-rolls/index.json",
        "/nope",
    ] {
        let (ours, theirs) = (
            ask(&monitor, "GET", path, "Accept-Encoding: gzip\r\n").await,
            crate::serving::ask_server(&nginx.server, "GET", path, "Accept-Encoding: gzip\r\n")
                .await,
        );
        let name = &path[1..];
        assert_eq!(
            (ours.status, timeless(name, &ours.plain())),
            (theirs.status, timeless(name, &theirs.plain())),
            "{path}"
        );
        // nginx gives no parts of what it has compressed.
        let own = [
            "accept-ranges",
            "date",
            "etag",
            "connection",
            "content-length",
        ];
        for (name, value) in ours
            .headers
            .iter()
            .filter(|(name, _)| !own.contains(&&***name))
        {
            let told = theirs
                .headers
                .iter()
                .find(|(other, _)| other.eq_ignore_ascii_case(name));
            // An export is in one language.
            let value = value.replace(", accept-language", "");
            assert_eq!(told.map(|(_, value)| value), Some(&value), "{path}: {name}");
        }
    }
}

/// An nginx of our own on a free port; it ends with the test.
pub(super) struct Nginx {
    child: std::process::Child,
    pub(super) server: String,
}

impl Nginx {
    pub(super) fn is_here() -> bool {
        let is_here = Command::new("nginx").arg("-v").output().is_ok();
        assert!(
            is_here || std::env::var_os("CI").is_none(),
            "nginx is not installed"
        );
        if !is_here {
            eprintln!("NOT TESTED: nginx is not installed");
        }
        is_here
    }

    async fn start(place: &Path) -> Self {
        let root = place.join("public");
        let root = root.display();
        Self::serve(place, |server| {
            format!("server {{ listen {server}; root {root}; include {root}/headers.conf; }}")
        })
        .await
    }

    /// The same with other servers.
    pub(super) async fn serve(place: &Path, servers: impl FnOnce(&str) -> String) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let server = listener.local_addr().unwrap().to_string();
        drop(listener);
        let temp = place.join("nginx");
        std::fs::create_dir(&temp).unwrap();
        let temp = temp.display();
        let servers = servers(&server);
        let settings = format!(
            "daemon off; master_process off; pid {temp}/pid; error_log {temp}/log;\n\
             events {{ worker_connections 64; }}\n\
             http {{ access_log off; client_body_temp_path {temp}; proxy_temp_path {temp};\n\
             fastcgi_temp_path {temp}; uwsgi_temp_path {temp}; scgi_temp_path {temp};\n\
             {servers} }}\n"
        );
        let file = place.join("nginx.conf");
        std::fs::write(&file, settings).unwrap();
        let child = Command::new("nginx").arg("-c").arg(&file).spawn().unwrap();
        until("nginx listens", async || {
            tokio::net::TcpStream::connect(&server).await
        })
        .await;
        Self { child, server }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
