//! What is taken from a page, compared with what Prometheus takes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::pages::{OPEN, Prometheus, TEXT, installed, page, take, written};
use crate::world::patience::until;

/// Pages as exporters write them, odd ones and wrong ones, for ours and theirs.
const PAGES: &[(&str, &str)] = &[
    (
        TEXT,
        "# HELP a_total A \\n b\n# TYPE a_total counter\na_total{x=\"1\",} 1 1700000000000\n\n#plain\na_total{ x = \"2\" } 2e3\n",
    ),
    (
        TEXT,
        "a{x=\"q\\\"b\\\\n\\n,}\"} +Inf\nb -Inf\nc NaN\nd 1\nd 2",
    ),
    (
        TEXT,
        "a{empty=\"\",job=\"theirs\",exported_job=\"more\"} 1\n",
    ),
    (TEXT, "a 1\nb{x=1} 2\n"),
    (TEXT, "a 1\na.b 2\n"),
    (TEXT, "a 1\n# TYPE b thing\n"),
    (TEXT, "a 1\nb 1 # {x=\"y\"} 1\n"),
    (TEXT, "a{x=\"1\",x=\"2\"} 1\n"),
    (TEXT, "b 1\na{__name__=\"b\"} 1\n"),
    (TEXT, "{__name__=\"b\"} 1\n"),
    (TEXT, "a{__name=\"b\",__x__=\"c\"} 1\n"),
    (TEXT, "a{x=\"1\" y=\"2\"z=\"3\"} 1\n"),
    (OPEN, "a{x=\"1\" y=\"2\"} 1\n# EOF\n"),
    (OPEN, "a{__name__=\"b\"} 1\n# EOF\n"),
    (TEXT, "a 0x1p3\n"),
    (TEXT, "a 1_000\n"),
    (TEXT, "a 1e999\n"),
    (TEXT, "a{x=\"y\"}1\n"),
    (TEXT, "a{x=\"y\"\n"),
    (TEXT, "a 1 1.5\n"),
    (TEXT, "a\t1 \n"),
    (TEXT, "a {x=\"1\"} 1\n"),
    (TEXT, "a{} 1\n"),
    (TEXT, "{} 1\n"),
    (TEXT, "a{x=\"a\\qb\"} 1\n"),
    (TEXT, "a{,} 1\n"),
    (TEXT, "a{x=\"1\",,} 1\n"),
    (TEXT, "#\n# \n# HELP\n# HELP a\n# HELP 3a b\na 1\n"),
    (TEXT, "# HELP a\n# TYPE b gauge\na 1\n"),
    (TEXT, "# TYPE a\na 1\n"),
    (TEXT, "# TYPE a gauge and more\na 1\n"),
    (TEXT, "# UNIT a bytes\na 1\n"),
    (TEXT, "a Infinity\nb nan\nc +5\nd .5\ne 5.\n"),
    (OPEN, "# HELP a it is\na 1 # {} 2\n# EOF\n\n"),
    (OPEN, "a 1 1e3\n# EOF\n"),
    (OPEN, "a 1 # {x=\"y\"}\n# EOF\n"),
    (TEXT, "<html><body>not found</body></html>\n"),
    (TEXT, ""),
    (
        OPEN,
        "# TYPE a counter\n# UNIT a_bytes bytes\na_total 3 1.5 # {id=\"7\"} 1 2.5\na_created 1.5\n# EOF\n",
    ),
    (OPEN, "a 1\n"),
    (OPEN, "a 1\n# EOF\nb 1\n"),
    (OPEN, "\na 1\n# EOF\n"),
    (OPEN, "# plain\na 1\n# EOF\n"),
    (OPEN, "# TYPE a untyped\n# EOF\n"),
    (OPEN, "# TYPE a stateset\na{a=\"b\"} 1\n# EOF"),
    (OPEN, "# UNIT a bytes\na 1\n# EOF\n"),
    ("text/html", "a 7\n"),
];

#[tokio::test]
async fn pages_are_taken_and_refused_as_prometheus_does() {
    if !installed("prometheus") {
        return;
    }
    let mut settings =
        "global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n".to_owned();
    let mut ours = Vec::new();
    for (number, (kind, text)) in PAGES.iter().enumerate() {
        let address = page(kind, *text).await;
        writeln!(settings,
            "- {{job_name: p{number}, honor_timestamps: false, static_configs: [{{targets: ['{address}']}}]}}"
        ).unwrap();
        let settings = format!("url = 'http://{address}/metrics'");
        ours.push(take("prometheus", &settings).await);
    }
    let prometheus = Prometheus::start(&settings, "");
    for (number, (take, failure)) in ours.iter().enumerate() {
        let job = format!("job=\"p{number}\"");
        // Theirs has seen the page once its own figures are there.
        let expr = format!("{{{job},__name__!~\"scrape_.*\"}}");
        let done = format!("scrape_samples_scraped{{{job}}}");
        until("Prometheus scraped the page", async || {
            (!prometheus.query(&done).await.is_empty()).then_some(())
        })
        .await;
        let theirs = prometheus.query(&expr).await;
        let ours: BTreeMap<_, _> = written(&take.samples)
            .into_iter()
            .map(|(series, value)| (series.replace("job=\"it\"", &job), value))
            .collect();
        assert_eq!(ours, theirs, "{:?}: {failure}", PAGES[number]);
    }
}

/// Relabelings of the same page, in the keys that both of us read.
const RELABELS: &[&str] = &[
    "source_labels: [host, path], target_label: where",
    "source_labels: [host], regex: '(.*)-(.*)', target_label: $1_zone, replacement: 'zone-${2}'",
    "source_labels: [host], regex: 'web', target_label: x, replacement: y",
    "source_labels: [host], regex: 'web.*', target_label: host, replacement: ''",
    "source_labels: [__name__], regex: 'hits_(.*)', target_label: __name__, replacement: 'visits_$1'",
    "source_labels: [job], target_label: was",
    "source_labels: [path], regex: '/a|/b', action: keep",
    "source_labels: [path], regex: '/', action: drop",
    "source_labels: [host, path], separator: '', modulus: 17, target_label: shard, action: hashmod",
    "regex: 'ho(.*)', action: labelmap, replacement: 'copy_$1'",
    "regex: 'path|code', action: labeldrop",
    "regex: '__name__|job|instance|host', action: labelkeep",
    "source_labels: [host], target_label: host, action: uppercase",
    "source_labels: [mixed], target_label: mixed, action: lowercase",
    "source_labels: [host], target_label: path, action: keepequal",
    "source_labels: [host], target_label: twin, action: dropequal",
    "source_labels: [host], target_label: all, replacement: '$$1 $2 ${1}x $1x'",
    "target_label: team, replacement: dice",
];

const RELABELED: &str = "hits_total{host=\"web-1\",path=\"/a\",code=\"200\",twin=\"web-1\"} 1\n\
    hits_total{host=\"db-äß\",path=\"/\",mixed=\"AbC\"} 2\nhits_open{host=\"web\",path=\"web\"} 3\n";

#[tokio::test]
async fn labels_are_rewritten_as_prometheus_does() {
    if !installed("prometheus") {
        return;
    }
    let address = page(TEXT, RELABELED).await;
    let mut settings =
        "global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n".to_owned();
    for (number, relabel) in RELABELS.iter().enumerate() {
        writeln!(settings,
            "- {{job_name: r{number}, metric_relabel_configs: [{{{relabel}}}], static_configs: [{{targets: ['{address}']}}]}}"
        ).unwrap();
    }
    let prometheus = Prometheus::start(&settings, "");
    for (number, relabel) in RELABELS.iter().enumerate() {
        let job = format!("job=\"r{number}\"");
        let toml: String = relabel_toml(relabel);
        let settings = format!("url = 'http://{address}/metrics'\n[[collector.relabel]]\n{toml}");
        // `job` is read by some of them and is theirs to choose.
        let (ours, failure) = take("prometheus", &settings).await;
        assert_eq!(failure, "", "{relabel}");
        let done = format!("scrape_samples_scraped{{{job}}}");
        until("Prometheus scraped the page", async || {
            (!prometheus.query(&done).await.is_empty()).then_some(())
        })
        .await;
        let theirs = prometheus
            .query(&format!("{{{job},__name__!~\"scrape_.*\"}}"))
            .await;
        let ours: BTreeMap<_, _> = written(&ours.samples)
            .into_iter()
            .map(|(series, value)| (series.replace("\"it\"", &format!("\"r{number}\"")), value))
            .collect();
        assert_eq!(ours, theirs, "{relabel}");
    }
}

/// The same table in TOML.
fn relabel_toml(yaml: &str) -> String {
    let mut toml = String::new();
    let mut depth = 0;
    let parts = yaml.split(|c| {
        depth += i32::from(c == '[') - i32::from(c == ']');
        c == ',' && depth == 0
    });
    for part in parts {
        let (key, value) = part.trim().split_once(": ").unwrap();
        let value = match value.strip_prefix('[') {
            Some(list) => {
                let names = list.trim_end_matches(']').split(", ");
                let names: Vec<_> = names.map(|name| format!("'{name}'")).collect();
                format!("[{}]", names.join(","))
            }
            None if key == "modulus" || value.starts_with('\'') => value.to_owned(),
            None => format!("'{value}'"),
        };
        writeln!(toml, "{key} = {value}").unwrap();
    }
    toml
}
