//! The pages in a real browser: readable by everybody, on every screen.
//!
//! It needs Debian's chromium and chromium-driver and axe-core, which
//! `scripts/test` installs; without them these tests say so and check nothing.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use critwatch::model::board::Board;
use critwatch::model::incident::Incident;
use critwatch::web;
use critwatch::web::serving::Public;
use critwatch::web::serving::cache::RenderCache;
use critwatch::web::serving::connections::listen::{self, Listener};
use critwatch::web::serving::connections::visitor::Proxies;
use critwatch::web::serving::live::Live;
use critwatch::web::site::{Names, Site};
use jiff::Timestamp;
use serde_json::{Value, json};
use thirtyfour::prelude::*;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::gallery;

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
        watch::Sender<Arc<Public>>,
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
        let mut tries = tokio::time::interval(Duration::from_millis(100));
        for _ in 0..100 {
            tries.tick().await;
            if let Ok(driver) = WebDriver::new(&url, wishes.clone()).await {
                return Some(Self {
                    driver,
                    _child: child,
                    _profile: profile,
                });
            }
        }
        panic!("chromedriver is there and starts no browser");
    }

    /// Ends the browser in order.
    pub(crate) async fn quit(self) {
        let _ = self.driver.clone().quit().await;
    }

    async fn order(&self, command: &str, words: Value) {
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

    /// Whether pages may run their scripts.
    /// Puts the visitor into a time zone.
    pub(crate) async fn zone(&self, name: &str) {
        let zone = json!({ "timezoneId": name });
        self.order("Emulation.setTimezoneOverride", zone).await;
    }

    pub(crate) async fn visit(&self, address: &str) {
        self.driver.goto(address).await.unwrap();
    }

    pub(crate) async fn scripts(&self, on: bool) {
        self.order(
            "Emulation.setScriptExecutionDisabled",
            json!({ "value": !on }),
        )
        .await;
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
            let mut all = board.incidents.iter();
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
        let public = Public {
            press,
            live,
            routes: web::routes(site, gallery::reports()),
            proxies: Proxies::default(),
            secure: false,
            base: String::new(),
            figures: web::serving::metrics::HttpFigures::register(
                &prometheus::Registry::new(),
                web::serving::LIVE,
            )
            .unwrap(),
        };
        let (public_sender, public) = watch::channel(Arc::new(public));
        tokio::task::spawn(printing.run(stop.clone()));
        tokio::task::spawn(herald.run(stop.clone()));
        tokio::task::spawn(listen::serve(
            listener,
            Listener::Public(public),
            1024,
            stop.clone(),
        ));
        Self {
            address,
            boards,
            stop,
            _kept: (site_sender, public_sender, pictures),
        }
    }
}

/// Everything that sticks out of the page.
const OUT: &str = r"
    const wide = document.documentElement.clientWidth, out = [];
    if (document.documentElement.scrollWidth > wide) out.push('the page scrolls sideways');
    for (const el of document.querySelectorAll('body *')) {
        const box = el.getBoundingClientRect();
        if (box.width < 2 || el.closest('.hidden,.skip,.scroll,svg,pre,.prose table')) continue;
        if (box.right > wide + 1 || box.left < -1) out.push(el.outerHTML.slice(0, 120));
    }
    const [name, nav] = ['.top .name', '.top nav'].map(what => document.querySelector(what)?.getBoundingClientRect());
    if (name && name.right > nav.left && name.bottom > nav.top && nav.bottom > name.top) out.push('the name lies below the links');
    return out;";

const AXE: &str = r"
    const done = arguments[arguments.length - 1];
    axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
        .then(all => done(all.violations.map(one => [one.id, one.help, one.nodes.map(node => node.html.slice(0, 160) + ' ' + node.failureSummary)])))
        .catch(error => done([['axe', String(error)]]));";

/// Everything that axe finds.
async fn findings(browser: &Browser, axe: &str) -> Value {
    browser.driver.execute(axe, Vec::new()).await.unwrap();
    let found = browser.driver.execute_async(AXE, Vec::new()).await.unwrap();
    found.json().clone()
}

/// What is looked at: states, and pages of each.
const VISITS: &[(&str, &[&str])] = &[
    (
        "outage",
        &[
            "/",
            "/issues/",
            "/issues/?q=rolls",
            "/affected/api/",
            "/subscribe",
            "/report",
            "/maintenance/",
            "/nothing",
            "/history/YEAR/",
            "INCIDENT",
        ],
    ),
    ("healthy", &["/"]),
    ("notice", &["/", "/pages/about/"]),
    ("watched", &["/", "INCIDENT"]),
    ("maintenance", &["/", "/maintenance/", "INCIDENT"]),
    ("blind", &["/"]),
    ("crowd", &["/"]),
    ("forty", &["/", "/report", "/subscribe"]),
    ("figures", &["/", "/figures/wait/day/", "PAST"]),
    ("long-title", &["/", "INCIDENT"]),
    ("right-to-left", &["/"]),
    (
        "german",
        &["/", "/issues/", "/affected/programmierschnittstelle/"],
    ),
    ("japanese", &["/", "/subscribe"]),
    ("first-day", &["/"]),
];

/// Width, whether it is dark, and whether scripts run.
const SCREENS: &[(u32, bool, bool)] = &[
    (1280, false, true),
    (390, true, true),
    (390, false, false),
    (1280, true, false),
    (320, false, true),
];

/// Looks at one page on one screen; `None` if nothing is to be found.
async fn visit(
    browser: &Browser,
    axe: &str,
    url: &str,
    screen: (u32, bool, bool),
) -> Option<Value> {
    let (width, dark, scripts) = screen;
    browser.screen(width, dark).await;
    browser.scripts(scripts).await;
    browser.driver.goto(url).await.unwrap();
    // The page's own script stays off; ours must run.
    browser.scripts(true).await;
    let ran = browser
        .ask("return document.querySelector('.theme')?.hidden ?? null")
        .await;
    assert!(ran.is_null() || ran == Value::Bool(!scripts), "{url}");
    let found = [browser.ask(OUT).await, findings(browser, axe).await];
    let found: Vec<Value> = found
        .into_iter()
        .filter(|what| *what != json!([]))
        .collect();
    (!found.is_empty()).then(|| Value::from(found))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_has_a_barrier_on_any_screen() {
    let Some(axe) = axe() else {
        eprintln!("skipped: no axe-core in target/axe; run scripts/test");
        return;
    };
    let Some(browser) = Browser::start().await else {
        return;
    };
    let mut faults = Vec::new();
    for (scene, paths) in VISITS {
        let page = Page::serve(scene).await;
        for path in *paths {
            let path = page.path(path);
            for screen in SCREENS {
                let what = visit(&browser, &axe, &format!("{}{path}", page.address), *screen).await;
                faults.extend(what.map(|what| format!("{scene} {path} {screen:?}: {what:#}")));
            }
        }
    }
    browser.quit().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What a keyboard must reach.
const REACH: &str = r"
    const all = [...document.querySelectorAll('a[href],button,input,select,summary,[tabindex=\'0\']')];
    window.wanted = all.filter(el => el.checkVisibility({ visibilityProperty: true }) && el.type !== 'radio');
    window.reached = new Set();
    document.addEventListener('focusin', event => {
        reached.add(event.target);
        const look = getComputedStyle(event.target);
        if (look.outlineStyle === 'none') window.unseen = event.target.outerHTML;
    });
    return wanted.length;";

#[tokio::test(flavor = "multi_thread")]
async fn a_keyboard_alone_reaches_everything() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let page = Page::serve("outage").await;
    for (path, width, scripts) in [
        ("/", 1280, true),
        ("/", 390, false),
        ("/issues/", 1280, true),
        ("INCIDENT", 390, true),
        ("/affected/api/", 1280, true),
        ("/affected/api/", 390, false),
        ("/subscribe", 390, true),
        ("/report", 1280, true),
        ("/report", 390, false),
    ] {
        browser.screen(width, false).await;
        browser.scripts(scripts).await;
        let url = format!("{}{}", page.address, page.path(path));
        browser.driver.goto(url).await.unwrap();
        browser.scripts(true).await;
        let wanted = browser.ask(REACH).await.as_u64().unwrap();
        assert!(wanted > 8, "{path}");
        for _ in 0..wanted + 6 {
            let tab = browser.driver.action_chain().send_keys(Key::Tab);
            tab.perform().await.unwrap();
        }
        let missed = browser
            .ask("return wanted.filter(el => !reached.has(el)).map(el => el.outerHTML)")
            .await;
        assert_eq!(missed, json!([]), "{path} {width}");
        assert_eq!(
            browser.ask("return window.unseen || null").await,
            Value::Null,
            "{path} {width}"
        );
    }
    // Days in words, by arrow keys.
    browser
        .driver
        .goto(format!("{}/affected/api/", page.address))
        .await
        .unwrap();
    browser
        .ask("document.querySelector('svg.days').focus(); return 0")
        .await;
    for _ in 0..3 {
        let left = browser.driver.action_chain().send_keys(Key::Left);
        left.perform().await.unwrap();
    }
    let tip = browser
        .ask("return document.querySelector('.tip').innerText")
        .await;
    let tip = tip.as_str().unwrap().replace('\u{a0}', " ");
    assert!(
        tip.contains("disrupted for 25 min") && tip.contains("Rolls appear late"),
        "{tip}"
    );
    browser.quit().await;
}

/// What lies where the days of the API are drawn, a little left of today.
const ON_DAYS: &str = r"
    const row = document.querySelector('#api');
    row.scrollIntoView();
    const box = row.querySelector('svg.days').getBoundingClientRect();
    return document.elementFromPoint(box.right - 12, box.top + box.height / 2).closest('summary,svg').tagName;";

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_told_without_a_script_by_touch_and_by_keyboard() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let page = Page::serve("outage").await;
    for (width, scripts, expected) in [
        (1280, true, "svg"),
        (390, true, "svg"),
        (390, false, "SUMMARY"),
        (1280, false, "SUMMARY"),
    ] {
        browser.screen(width, false).await;
        browser.scripts(scripts).await;
        browser.driver.goto(&page.address).await.unwrap();
        browser.scripts(true).await;
        assert_eq!(browser.ask(ON_DAYS).await, expected, "{width} {scripts}");
    }
    let days = browser.driver.find(By::Css("#api svg.days")).await.unwrap();
    let told = async || {
        let list = browser.driver.find(By::Css("#api .told ul")).await.unwrap();
        let shown = list.is_displayed().await.unwrap();
        (shown, list.text().await.unwrap().replace('\u{a0}', " "))
    };
    assert!(!told().await.0);
    let touch = browser.driver.action_chain().move_to_element_center(&days);
    touch.click().perform().await.unwrap();
    let (shown, text) = told().await;
    assert!(
        shown && text.contains("disrupted for 25 min · Rolls appear late"),
        "{text}"
    );
    // It has the focus now.
    let enter = browser.driver.action_chain().send_keys(Key::Enter);
    enter.perform().await.unwrap();
    assert!(!told().await.0);
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_of_colours_is_kept_and_times_are_the_visitors() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let page = Page::serve("outage").await;
    browser.screen(1280, false).await;
    browser.zone("Asia/Tokyo").await;
    browser.driver.goto(&page.address).await.unwrap();
    let began = page.boards.borrow().active().next().unwrap().date.unwrap();
    let tokyo = began.in_tz("Asia/Tokyo").unwrap();
    let shown = browser
        .ask("return document.querySelector('.banner .facts time').textContent")
        .await;
    assert!(
        shown
            .as_str()
            .unwrap()
            .ends_with(&tokyo.strftime("%H:%M").to_string()),
        "{shown}"
    );
    let zone = browser
        .ask("return document.querySelector('[data-zone]').textContent")
        .await;
    assert!(zone.as_str().unwrap().contains("GMT+9"), "{zone}");
    browser
        .ask("document.querySelector('.theme').click(); return 0")
        .await;
    browser.driver.refresh().await.unwrap();
    let colours = browser.ask("return [document.documentElement.dataset.theme, getComputedStyle(document.body).backgroundColor]").await;
    assert_eq!(colours, json!(["dark", "rgb(15, 18, 21)"]));
    let measured = browser
        .ask("return document.querySelector('[data-measured]').textContent")
        .await;
    assert!(measured.as_str().unwrap().ends_with(" ago."), "{measured}");
    browser.quit().await;
}

/// How far what was shown already has moved since, as browsers count it.
const MOVED: &str = r"
    const done = arguments[arguments.length - 1];
    let sum = 0;
    new PerformanceObserver(list => list.getEntries().forEach(one => sum += one.value))
        .observe({ type: 'layout-shift', buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum))));";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves_while_a_page_loads() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let zone = json!({ "timezoneId": "Asia/Tokyo" });
    browser.order("Emulation.setTimezoneOverride", zone).await;
    let page = Page::serve("figures").await;
    for path in ["/", "INCIDENT", "/affected/api/", "/issues/", "/subscribe"] {
        for width in [390, 1280] {
            browser.screen(width, false).await;
            let url = format!("{}{}", page.address, page.path(path));
            browser.driver.goto(url).await.unwrap();
            let moved = browser.driver.execute_async(MOVED, Vec::new()).await;
            let moved = moved.unwrap().json().as_f64().unwrap();
            assert!(moved < 0.01, "{path} {width}: {moved}");
        }
    }
    browser.quit().await;
}

#[tokio::test]
async fn the_first_page_with_all_that_it_loads_is_light() {
    let page = Page::serve("outage").await;
    let client = client();
    let get = async |path: &str| {
        let asked = client
            .get(format!("{}{path}", page.address))
            .header("accept-encoding", "br");
        let answer = asked.send().await.unwrap();
        assert_eq!(answer.headers()["content-encoding"], "br", "{path}");
        answer.bytes().await.unwrap().len()
    };
    let (first, style, script) = (
        get("/").await,
        get("/style.css").await,
        get("/page.js").await,
    );
    let all = first + style + script;
    println!("first page {first} B, style {style} B, script {script} B: {all} B of 40,960 B");
    assert!(all <= 40 * 1024, "{all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_takes_its_place_without_a_reload_and_focus_stays() {
    let Some(browser) = Browser::start().await else {
        return;
    };
    let page = Page::serve("healthy").await;
    browser.screen(1280, false).await;
    browser.driver.goto(&page.address).await.unwrap();
    browser
        .ask("window.same = 1; document.querySelector('#blog a').focus(); return 0")
        .await;
    let outage = gallery::scene("outage", Timestamp::now()).board;
    page.boards.send_replace(Arc::new(outage));
    // As if the visitor came back to the tab.
    let look = "document.dispatchEvent(new Event('visibilitychange')); \
        return document.querySelector('h1').textContent";
    let mut looks = tokio::time::interval(Duration::from_millis(50));
    while browser.ask(look).await != "Rolls are failing" {
        looks.tick().await;
    }
    let seen = browser
        .ask(
            "return [window.same, document.activeElement.getAttribute('href'), document.title[0], \
            document.querySelector('[data-live]').textContent, \
            document.querySelector('#api').className, document.querySelector('#blog').className]",
        )
        .await;
    let expected = json!([
        1,
        "/affected/blog/",
        "■",
        "Status update: Rolls are failing",
        "changed",
        ""
    ]);
    assert_eq!(seen, expected);
    browser.quit().await;
}

/// Takes a picture of every state on every screen, for those who change the page:
/// `CRITWATCH_PICTURES=folder cargo test --test it pictures`.
#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_every_state_can_be_taken() {
    let Some(folder) = std::env::var_os("CRITWATCH_PICTURES").map(PathBuf::from) else {
        return;
    };
    let Some(browser) = Browser::start().await else {
        return;
    };
    std::fs::create_dir_all(&folder).unwrap();
    let only = std::env::var("CRITWATCH_SCENES").unwrap_or_default();
    let only: Vec<_> = only.split(',').filter(|scene| !scene.is_empty()).collect();
    for scene in gallery::SCENES {
        if !only.is_empty() && !only.contains(&scene) {
            continue;
        }
        for (name, path) in views(scene) {
            // A board of its own for each: an old one is shown as blind.
            let page = Page::serve(scene).await;
            let url = format!("{}{}", page.address, page.path(path));
            for (width, dark) in [(1280, false), (1280, true), (390, false), (390, true)] {
                let theme = if dark { "dark" } else { "light" };
                let file = folder.join(format!("{scene}-{name}-{width}-{theme}.png"));
                picture(&browser, &url, (width, dark), &file).await;
            }
        }
    }
    browser.quit().await;
}

/// The pages of a scene that pictures are taken of.
fn views(scene: &str) -> Vec<(&'static str, &'static str)> {
    let mut views = vec![("first", "/")];
    views.extend(match scene {
        "outage" => vec![
            ("component", "/affected/api/"),
            ("history", "/issues/"),
            ("found", "/issues/?q=rolls"),
            ("year", "/history/YEAR/"),
            ("incident", "INCIDENT"),
            ("past", "PAST"),
            ("report", "/report"),
            ("subscribe", "/subscribe"),
            ("works", "/maintenance/"),
            ("missing", "/nothing"),
            ("embed", "/embed/"),
        ],
        "notice" => vec![("free", "/pages/about/")],
        "watched" | "long-title" => vec![("incident", "INCIDENT")],
        "maintenance" => vec![("works", "/maintenance/"), ("incident", "INCIDENT")],
        "figures" => vec![
            ("component", "/affected/worker/"),
            ("figure", "/figures/memory/week/"),
            ("past", "PAST"),
        ],
        "forty" => vec![("report", "/report"), ("subscribe", "/subscribe")],
        "german" | "japanese" => vec![("history", "/issues/"), ("subscribe", "/subscribe")],
        _ => Vec::new(),
    });
    views
}

/// Takes a picture of all of a page, up to some height.
async fn picture(browser: &Browser, url: &str, (width, dark): (u32, bool), file: &Path) {
    browser.screen(width, dark).await;
    browser.driver.goto(url).await.unwrap();
    let height = browser
        .ask("return document.documentElement.scrollHeight")
        .await;
    let height = height.as_u64().unwrap().clamp(400, 2600);
    let screen =
        json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500 });
    browser
        .order("Emulation.setDeviceMetricsOverride", screen)
        .await;
    browser.driver.screenshot(file).await.unwrap();
}
