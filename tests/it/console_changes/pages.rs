//! Every page, as it is shown.

use crate::console_changes::Night;

/// Takes out what is another one in each run.
fn steady(page: &str) -> String {
    let mut text = page.to_owned();
    for mark in [
        "form_token\" value=\"",
        "name=\"seen\" value=\"",
        "datetime=\"",
        "data-since=\"",
        "/style.css?",
        "/console.js?",
    ] {
        let mut rest = std::mem::take(&mut text);
        while let Some(at) = rest.find(mark) {
            let end = at + mark.len();
            let close = rest[end..].find('"').unwrap_or_default();
            text.push_str(&rest[..end]);
            text.push('…');
            rest = rest.split_off(end + close);
        }
        text.push_str(&rest);
    }
    text
}

#[tokio::test]
async fn every_page_is_whole_and_loads_nothing_from_elsewhere() {
    let night = Night::new().await;
    let rolls = night.page("rolls");
    let acts = ["update", "change", "resolve", "withdraw", "file", "correct"];
    let mut paths: Vec<_> = acts.iter().map(|act| format!("{rolls}/{act}")).collect();
    paths.push(rolls);
    paths.extend(
        [
            "/console/incidents",
            "/console/incidents?q=rolls",
            "/console/incidents/new",
            "/console/maintenance",
            "/console/maintenance/new",
            "/console/silences",
            "/console/silences/new",
            "/console/subscribers",
            "/console/deliveries",
            "/console/deliveries?only=failed",
            "/console/settings",
            "/console/audit",
        ]
        .map(str::to_owned),
    );
    for path in paths {
        let page = night.get(&path).await;
        page.is(200);
        let text = steady(&page.text);
        assert!(text.ends_with("</html>"), "{path}");
        assert!(
            !text.contains("style=\"") && !text.contains("<script>"),
            "{path}\n{text}"
        );
        assert_eq!(text.matches("<h1>").count(), 1, "{path}");
        for form in text.split("<form ").skip(1) {
            let form = form.split("</form>").next().unwrap();
            let posts = form.contains("method=\"post\"");
            assert!(!posts || form.contains("form_token"), "{path}\n{form}");
        }
    }
}
