//! The pages in a real browser: readable by everybody, on every screen.
//!
//! It needs Debian's chromium and chromium-driver and axe-core, which
//! `scripts/test` installs; without them these tests say so and check nothing.

pub(crate) mod barriers;
mod between;
mod hands;
mod live;
mod loading;
pub(crate) mod pictures;
mod right_to_left;
mod rows;
mod subscribing;
mod zones;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use critwatch::model::board::Board;
use critwatch::model::incident::Incident;
use critwatch::web;
use critwatch::web::serving::cache::RenderCache;
use critwatch::web::serving::connections::listen::{self, Routes};
use critwatch::web::serving::connections::visitor::Proxies;
use critwatch::web::serving::live::{LIVE, Live};
use critwatch::web::serving::metrics::HttpMetrics;
use critwatch::web::serving::public::Public;
use critwatch::web::site::{Names, Site};
use jiff::Timestamp;
use serde_json::{Value, json};
use thirtyfour::prelude::*;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::gallery;
use crate::world::patience::until;

/// A browser that ends with its test.
pub(crate) struct Browser {
    pub(crate) driver: WebDriver,
    _child: Child,
    _profile: tempfile::TempDir,
}

/// A page that is served until it is dropped.
pub(crate) struct Page {
    pub(crate) address: String,
    pub(crate) boards: watch::Sender<Arc<Board>>,
    _kept: (
        watch::Sender<Site>,
        watch::Sender<Routes>,
        tempfile::TempDir,
    ),
    stop: CancellationToken,
}

impl Drop for Page {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// The text of axe-core, if it was installed.
pub(crate) fn axe() -> Option<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/axe/package/axe.min.js");
    std::fs::read_to_string(file).ok()
}

pub(crate) fn client() -> reqwest::Client {
    critwatch::runtime::client::new(Duration::from_secs(20), true).unwrap()
}

fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

impl Browser {
    /// Starts one; `None` if there is none on this machine.
    pub(crate) async fn start() -> Option<Self> {
        let (Some(driver), Some(_)) = (program("chromedriver"), program("chromium")) else {
            eprintln!("skipped: no chromium and chromedriver on PATH; run scripts/test");
            return None;
        };
        let port = TcpListener::bind("127.0.0.1:0")
            .await
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let child = Command::new(driver)
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let profile = tempfile::tempdir().unwrap();
        let mut wishes = DesiredCapabilities::chrome();
        for wish in [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--lang=en",
        ] {
            wishes.add_arg(wish).unwrap();
        }
        wishes
            .add_arg(&format!("--user-data-dir={}", profile.path().display()))
            .unwrap();
        let url = format!("http://127.0.0.1:{port}");
        // The driver's client needs cryptography, even for none at all.
        drop(client());
        let driver = until("chromedriver starts a browser", async || {
            WebDriver::new(&url, wishes.clone()).await
        })
        .await;
        Some(Self {
            driver,
            _child: child,
            _profile: profile,
        })
    }

    /// Ends the browser in order.
    pub(crate) async fn quit(self) {
        let _ = self.driver.clone().quit().await;
    }

    /// Gives the browser an order of its own protocol.
    pub(crate) async fn order(&self, command: &str, words: Value) {
        self.driver.cdp().send_raw(command, words).await.unwrap();
    }

    /// A screen of some width, light or dark.
    pub(crate) async fn screen(&self, width: u32, dark: bool) {
        let height = if width < 500 { 844 } else { 900 };
        let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500 });
        self.order("Emulation.setDeviceMetricsOverride", screen)
            .await;
        let scheme = if dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.order("Emulation.setEmulatedMedia", media).await;
    }

    /// Puts the visitor into a time zone.
    pub(crate) async fn zone(&self, name: &str) {
        let zone = json!({ "timezoneId": name });
        self.order("Emulation.setTimezoneOverride", zone).await;
    }

    pub(crate) async fn visit(&self, address: &str) {
        self.driver.goto(address).await.unwrap();
    }

    /// Whether pages may run their scripts.
    pub(crate) async fn scripts(&self, on: bool) {
        self.order(
            "Emulation.setScriptExecutionDisabled",
            json!({ "value": !on }),
        )
        .await;
    }

    /// The text of the first element that a selector finds, once there is one.
    pub(crate) async fn text(&self, selector: &str) -> String {
        let script = format!("return document.querySelector(\"{selector}\")?.textContent");
        until(selector, async || {
            self.ask(&script).await.as_str().map(str::to_owned)
        })
        .await
    }

    /// What a piece of script says of the page.
    pub(crate) async fn ask(&self, script: &str) -> Value {
        self.driver
            .execute(script, Vec::new())
            .await
            .unwrap()
            .json()
            .clone()
    }
}

impl Page {
    /// The address that is meant: `INCIDENT` is the newest one, `PAST` the newest
    /// that is over, and `YEAR` the year of today.
    fn path(&self, meant: &str) -> String {
        let board = self.boards.borrow();
        let address = |is_meant: fn(&Incident) -> bool| {
            let mut all = board.facts.incidents.iter();
            let found = all.find(|one| is_meant(one));
            let id = found.map(|one| web::text::machine::address(&one.id.0));
            format!("/issues/{}/", id.unwrap_or_default())
        };
        let year = board.at.strftime("%Y").to_string();
        meant
            .replace("INCIDENT", &address(|_| true))
            .replace("PAST", &address(|one| !one.is_active()))
            .replace("YEAR", &year)
    }

    /// Serves a scene as of now.
    pub(crate) async fn serve(name: &str) -> Self {
        let scene = gallery::scene(name, Timestamp::now());
        let mut names = scene.names;
        names.language = Some(scene.language);
        Self::of(names, scene.board).await
    }

    /// Serves a board with the words of a site.
    pub(crate) async fn of(names: Names, board: Board) -> Self {
        let (boards, board) = watch::channel(Arc::new(board));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let pictures = gallery::pictures(&boards.borrow());
        let site = Site::new(names, board).with_pictures(pictures.path());
        let (site_sender, sites) = watch::channel(site.clone());
        let (press, printing) = RenderCache::new(sites);
        let (live, herald) = Live::new(&press, 8);
        let figures = HttpMetrics::register(&prometheus::Registry::new(), LIVE).unwrap();
        let (forms, proxies) = (gallery::forms(), Proxies::default());
        let public = Public::new(site, press, live, forms, proxies, figures);
        let (routes_sender, routes) = watch::channel(web::routes(public));
        tokio::task::spawn(printing.run(stop.clone()));
        tokio::task::spawn(herald.run(stop.clone()));
        tokio::task::spawn(listen::serve(listener, routes, 1024, stop.clone()));
        Self {
            address,
            boards,
            stop,
            _kept: (site_sender, routes_sender, pictures),
        }
    }
}
