//! Incident files that mean harm, through the real listener.

use std::fmt::Write as _;
use std::time::Duration;

use crate::serving::ask;
use crate::world::Monitor;

/// No page of any file costs more of the processor, also in a build that is not
/// optimized; by the clock it is for the machine to say.
const LIMIT: Duration = Duration::from_secs(10);

fn hostile() -> Vec<(&'static str, String)> {
    let row = "| a | b | c | d |\n";
    let table = format!("{row}|---|---|---|---|\n{}", row.repeat(40_000));
    let mut lists = String::new();
    for depth in 0..400 {
        let _ = writeln!(lists, "{}- deep", "  ".repeat(depth));
    }
    vec![
        ("script", "<script>alert(1)</script><SCRIPT SRC=//evil.example/x.js></SCRIPT>".into()),
        ("event", "<img src=x onerror=alert(1)><p onclick='alert(1)'>x</p><svg/onload=alert(1)>".into()),
        ("link", "[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](data:text/html,x) <a href=' javascript:alert(1)'>d</a>".into()),
        ("frame", "<iframe src=//evil.example></iframe><object data=x></object><embed src=x><base href=//evil.example><form action=//evil.example><input></form>".into()),
        ("style", "<style>*{display:none}</style><p style='position:fixed;inset:0'>x</p><link rel=stylesheet href=//evil.example>".into()),
        ("meta", "<meta http-equiv=refresh content='0;url=//evil.example'><!--<script>--><template><script>x</script></template>".into()),
        ("table", table),
        ("brackets", "[".repeat((1 << 20) - 4096)),
        ("quotes", "> ".repeat(500_000)),
        ("lists", lists),
        ("stars", "*a_ ".repeat(250_000)),
        ("links", "[a](".repeat(250_000)),
        ("entities", "&#0;&#x202e;&lt;script&gt;&amp;".repeat(1000)),
        ("tags", "<div>".repeat(200_000)),
    ]
}

const TITLE: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";

#[tokio::test]
async fn a_hostile_incident_file_runs_nothing_hangs_nothing_and_grows_no_page() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("incidents");
    std::fs::create_dir(&folder).unwrap();
    for raw_html in [false, true] {
        for (name, body) in hostile() {
            let ending = if raw_html { "html" } else { "md" };
            let text = format!(
                "---\nsection: issue\ntitle: {}\ndate: 2026-03-01T12:00:00Z\nresolved: false\n\
                 severity: down\naffected: ['<b onclick=x>']\n---\n*Investigating* - {body}\n",
                serde_json::to_string(TITLE).unwrap(),
            );
            std::fs::write(folder.join(format!("{name}-{ending}.{ending}")), text).unwrap();
        }
    }
    std::fs::write(place.path().join("alerts.toml"), "[site]\ntitle = 'D'\n").unwrap();
    let monitor = Monitor::serve(place.path(), &[]).await;
    let mut paths = vec!["/".to_owned(), "/issues/".into(), "/index.json".into()];
    for (name, _) in hostile() {
        paths.extend(["md", "html"].map(|ending| format!("/issues/{name}-{ending}/")));
    }
    for path in paths {
        let before = monitor.processor_time();
        let answer = ask(&monitor, "GET", &path, "").await;
        let taken = monitor.processor_time().saturating_sub(before);
        assert!(taken < LIMIT, "{path} took {taken:?}");
        assert_eq!(answer.status, 200, "{path}");
        assert!(
            answer.body.len() < 48 << 20,
            "{path}: {} bytes",
            answer.body.len()
        );
        if path == "/index.json" {
            serde_json::from_slice::<serde_json::Value>(&answer.body).unwrap();
            continue;
        }
        let page = String::from_utf8(answer.body).unwrap();
        let found = harm(&page);
        assert!(found.is_none(), "{path}: {found:?}");
    }
    // The monitor is as quick as before.
    let before = monitor.processor_time();
    assert_eq!(ask(&monitor, "GET", "/", "").await.status, 200);
    let taken = monitor.processor_time().saturating_sub(before);
    assert!(taken < Duration::from_secs(2), "{taken:?}");
}

/// A tag or an attribute in a page that should not be in it.
fn harm(page: &str) -> Option<String> {
    // A script is ours if it is loaded from us.
    let tags = page.match_indices('<').filter_map(|(at, _)| {
        let rest = &page[at + 1..];
        let end = rest.find('>')?;
        Some(rest[..end].to_lowercase())
    });
    // The sign in the browser's tab is drawn by us, from no words of a file.
    let sign = "link rel=\"icon\" type=\"image/svg+xml\" href=\"data:image/svg+xml,%3csvg ";
    let is_harmful = |tag: &String| {
        if tag.starts_with(sign) {
            return false;
        }
        let name: String = tag
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        let foreign = matches!(
            &*name,
            "iframe" | "object" | "embed" | "base" | "style" | "template"
        ) || (name == "script" && !tag.contains("src=\"/"))
            || (name == "link" && !tag.contains("href=\"/"))
            || (name == "meta" && tag.contains("evil"))
            || (name == "form" && tag.contains("evil"));
        let attribute = tag
            .split_whitespace()
            .skip(1)
            .any(|word| word.starts_with("on") && word.contains('='));
        // Words within a quoted attribute are no attributes of their own.
        let quoted = tag.contains('"');
        foreign
            || (attribute && !quoted)
            || tag.contains("href=\"javascript:")
            || tag.contains("src=\"javascript:")
            || tag.contains("href=\"data:")
            || (name != "svg" && name != "a" && tag.contains("style=\"position"))
    };
    tags.into_iter().find(is_harmful)
}
