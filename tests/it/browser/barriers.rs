//! No page has a barrier, whatever the screen.

use serde_json::{Value, json};

use crate::browser::{Browser, Page, axe};

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
    if (nav && document.querySelector('.top').getBoundingClientRect().height > 90) out.push('the head takes two lines');
    if (name && name.right > nav.left && name.left < nav.right && name.bottom > nav.top && nav.bottom > name.top) out.push('the name lies below the links');
    return out;";

/// Rows of lists that a thumb would miss, or whose link does not fill them.
const SMALL: &str = r"
    const out = [];
    for (const row of document.querySelectorAll('.lines li')) {
        row.scrollIntoView({ block: 'center' });
        const box = row.getBoundingClientRect(), link = row.querySelector('a[href]');
        if (!link) continue;
        const at = [[6, 6], [box.width - 6, box.height - 6]]
            .map(([x, y]) => document.elementFromPoint(box.left + x, box.top + y));
        if (box.height < 44 || at.some(el => el !== link)) out.push(row.outerHTML.slice(0, 120));
    }
    window.scrollTo(0, 0);
    return out;";

const AXE: &str = r"
    const done = arguments[arguments.length - 1];
    axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
        .then(all => done(all.violations.map(one => [one.id, one.help, one.nodes.map(node => node.html.slice(0, 160) + ' ' + node.failureSummary)])))
        .catch(error => done([['axe', String(error)]]));";

/// Everything that axe finds.
pub(crate) async fn findings(browser: &Browser, axe: &str) -> Value {
    browser.driver.execute(axe, Vec::new()).await.unwrap();
    let found = browser.driver.execute_async(AXE, Vec::new()).await.unwrap();
    found.json().clone()
}

/// Everything that sticks out of the page that is shown.
pub(crate) async fn outside(browser: &Browser) -> Value {
    browser.ask(OUT).await
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
    ("healthy", &["/", "/embed/"]),
    ("notice", &["/", "/pages/about/"]),
    ("watched", &["/", "INCIDENT"]),
    ("maintenance", &["/", "/maintenance/", "INCIDENT"]),
    ("blind", &["/"]),
    ("crowd", &["/"]),
    ("forty", &["/", "/report", "/subscribe"]),
    (
        "figures",
        &[
            "/",
            "/figures/",
            "/figures/wait/day/",
            "PAST",
            "/affected/worker/",
        ],
    ),
    ("long-title", &["/", "INCIDENT"]),
    ("right-to-left", &["/"]),
    (
        "german",
        &["/", "/issues/", "/affected/programmierschnittstelle/"],
    ),
    ("japanese", &["/", "/subscribe"]),
    (
        "arabic",
        &[
            "/",
            "/issues/",
            "/affected/api/",
            "/figures/",
            "/figures/wait/day/",
            "/subscribe",
            "/report",
            "/embed/",
            "INCIDENT",
            "PAST",
        ],
    ),
    ("first-day", &["/"]),
    ("unmeasured", &["/"]),
    ("empty", &["/"]),
    ("after", &["/"]),
    ("watched-blind", &["/"]),
    (
        "long-names",
        &[
            "/",
            "/issues/",
            "/subscribe",
            "/report",
            "INCIDENT",
            "PAST",
            "/affected/",
        ],
    ),
];

/// Width, whether it is dark, and whether scripts run.
pub(super) const SCREENS: &[(u32, bool, bool)] = &[
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
    let found = [
        browser.ask(OUT).await,
        browser.ask(SMALL).await,
        findings(browser, axe).await,
    ];
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
