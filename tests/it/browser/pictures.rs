//! Pictures of every state, for those who change the page.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::browser::{Browser, Page};
use crate::gallery;

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
            ("figures", "/figures/"),
            ("past", "PAST"),
        ],
        "forty" => vec![("report", "/report"), ("subscribe", "/subscribe")],
        "arabic" => vec![
            ("component", "/affected/api/"),
            ("history", "/issues/"),
            ("incident", "INCIDENT"),
            ("past", "PAST"),
            ("subscribe", "/subscribe"),
            ("report", "/report"),
        ],
        "german" | "japanese" => vec![("history", "/issues/"), ("subscribe", "/subscribe")],
        _ => Vec::new(),
    });
    views
}

/// Takes a picture of all of a page, up to some height.
pub(super) async fn picture(browser: &Browser, url: &str, (width, dark): (u32, bool), file: &Path) {
    browser.screen(width, dark).await;
    browser.driver.goto(url).await.unwrap();
    photograph(browser, file).await;
}

/// Takes a picture of what is shown, from the top to the bottom.
pub(crate) async fn photograph(browser: &Browser, file: &Path) {
    let size = browser
        .ask("const page = document.documentElement; return [innerWidth, page.scrollHeight]")
        .await;
    let [width, height] = [0, 1].map(|at| size[at].as_u64().unwrap());
    let height = height.clamp(400, 2600);
    let screen =
        json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500 });
    browser
        .order("Emulation.setDeviceMetricsOverride", screen)
        .await;
    browser.driver.screenshot(file).await.unwrap();
}
