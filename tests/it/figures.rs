//! Figures that an operator publishes, from the settings to the page.

use crate::kept::Page;
use crate::world::Monitor;
use crate::world::patience::until;

const FIGURE: &str = "[[figure]]\nid = 'badness'\ntitle = 'How <bad> it is'\nexpr = 'bad * 1024'\n\
    unit = 'bytes'\nwarn = 4096\nbad = 8192\ncomponents = ['c']\n";

#[tokio::test]
async fn a_published_figure_is_measured_kept_and_drawn() {
    let page = Page::start().await;
    page.set(3, 0);
    let place = page.place(&[], FIGURE);
    let mut monitor = Monitor::serve(place.path(), &[]).await;
    let shows = async |monitor: &Monitor, path: &str, words: &str| {
        let (status, page) = monitor.get(path).await;
        assert_eq!(status, 200, "{path}");
        page.contains(words)
    };
    let hour = "/figures/badness/hour/";
    until("it is drawn", async || {
        shows(&monitor, hour, "now 3\u{a0}KiB").await
    })
    .await;
    until("its minutes are read", async || {
        shows(&monitor, hour, "<td>3 KiB</td>").await
    })
    .await;
    let (_, first) = monitor.get("/").await;
    assert!(first.contains("How &#60;bad&#62; it is") || first.contains("How &lt;bad&gt; it is"));
    let (_, drawn) = monitor.get(hour).await;
    let svg = &drawn[drawn.find("<svg").unwrap()..drawn.find("</svg>").unwrap() + 6];
    roxmltree::Document::parse(svg).unwrap();
    for words in [
        "limit: 8 KiB",
        "warning: 4 KiB",
        "<td>3 KiB</td>",
        "data-points=\"",
    ] {
        assert!(drawn.contains(words), "{words}");
    }
    for span in ["day", "week", "30-days", "90-days"] {
        assert_eq!(
            monitor.get(&format!("/figures/badness/{span}/")).await.0,
            200
        );
    }
    for path in ["/figures/", "/figures/week/", "/figures/90-days/"] {
        assert_eq!(monitor.get(path).await.0, 200, "{path}");
    }
    let link = "href=\"/figures/badness/day/\"";
    assert!(shows(&monitor, "/figures/hour/", link).await);
    for path in ["/figures/badness/year/", "/figures/other/day/"] {
        assert_eq!(monitor.get(path).await.0, 404, "{path}");
    }
    // Killed without warning: what was measured is there again.
    monitor.kill().await;
    drop(page);
    let settings = place.path().join("alerts.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(settings, text.replace("bad * 1024", "gone * 1024")).unwrap();
    let monitor = Monitor::serve(place.path(), &[]).await;
    until("it is drawn again", async || {
        shows(&monitor, hour, "<td>3 KiB</td>").await
    })
    .await;
}
