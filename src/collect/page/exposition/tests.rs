//! Pages as exporters write them, and as nobody should.

use proptest::prelude::*;

use crate::model::sample::Metric;

use super::*;

/// Reads one line and compares what it says.
fn check(format: ExpositionFormat, line: &str, name: &str, labels: &[(&str, &str)], value: f64) {
    let end = match format {
        ExpositionFormat::Text => "",
        ExpositionFormat::OpenMetrics => "\n# EOF\n",
    };
    let samples = parse(format!("{line}{end}").as_bytes(), format)
        .unwrap_or_else(|fault| panic!("{line}: {fault}"));
    let sample = &samples[0];
    let labels = labels
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let metric = Metric {
        name: name.to_owned(),
        labels,
    };
    assert_eq!(sample.metric, metric, "{line}");
    assert_eq!(sample.value.to_bits(), value.to_bits(), "{line}");
}

fn fault(format: ExpositionFormat, page: &str) -> String {
    parse(page.as_bytes(), format)
        .map_or_else(|fault| fault.to_string(), |samples| format!("{samples:?}"))
}

#[test]
fn every_form_of_a_sample_is_read() {
    let text =
        |line, name, labels: &[_], value| check(ExpositionFormat::Text, line, name, labels, value);
    text("up 1", "up", &[], 1.0);
    text("up{} 1 1700000000000", "up", &[], 1.0);
    text("up{} 1 -5", "up", &[], 1.0);
    text(
        "a:b{x=\"}\"}\t-Inf",
        "a:b",
        &[("x", "}")],
        f64::NEG_INFINITY,
    );
    text(
        "a{ x = \"1\" , y=\"2\", } NaN\r",
        "a",
        &[("x", "1"), ("y", "2")],
        f64::NAN,
    );
    text(
        r#"a{x="q\"b\\n\n,\d"}2e8"#,
        "a",
        &[("x", "q\"b\\n\n,\\d")],
        2e8,
    );
    text("a{x=\"\"} +inf", "a", &[], f64::INFINITY);
    // Whether Prometheus means it so or not: commas are free in this format.
    text(
        r#"a{x="1" y="2"z="3"} 4"#,
        "a",
        &[("x", "1"), ("y", "2"), ("z", "3")],
        4.0,
    );
    text(r#"{"odd.name",x="1"} .5"#, "odd.name", &[("x", "1")], 0.5);
    text(
        r#"{"odd name","odd.label"="1"} 0x10"#.replace("0x10", "16").as_str(),
        "odd name",
        &[("odd.label", "1")],
        16.0,
    );
    let open = |line, name, labels: &[_], value| {
        check(ExpositionFormat::OpenMetrics, line, name, labels, value);
    };
    open("a_total 3 1.5e9", "a_total", &[], 3.0);
    open("a_created 1.5e9", "a_created", &[], 1.5e9);
    open(
        "a_bucket{le=\"+Inf\"} 7 1.5 # {trace_id=\"x}\"} 0.67 1.4",
        "a_bucket",
        &[("le", "+Inf")],
        7.0,
    );
    open("a_total 3 # {} 1", "a_total", &[], 3.0);
}

#[test]
fn a_line_that_cannot_be_read_fails_the_page_and_is_named() {
    for (line, why) in [
        ("b{x=1} 2", "a text in quotes was expected"),
        ("3c 4", "this is not a metric name"),
        ("a.b 4", "this is not a metric name"),
        ("{x=\"1\"} 4", "the metric has no name"),
        ("d", "the value is not a number"),
        ("d one", "the value is not a number"),
        ("d 1e999", "the value is not a number"),
        ("d -nan", "the value is not a number"),
        ("d 1 soon", "the timestamp is not a number"),
        ("d 1 2 3", "something follows the sample"),
        ("d 1 # {a=\"b\"} 1", "something follows the sample"),
        ("d{a=\"1\",a=\"2\"} 1", "a label appears twice"),
        ("d{\"e\" a=\"1\"} 1", "a label without a value"),
        (
            "{\"e\" a=\"1\"} 1",
            "a comma or a closing brace was expected",
        ),
        (
            "d{__name__=\"e\"} 1",
            "a second name of the metric, in a label `__name__`",
        ),
        (
            "{\"d\",\"__name__\"=\"e\"} 1",
            "a second name of the metric, in a label `__name__`",
        ),
        ("d{a=\"1} 1", "a quote is not closed"),
        ("d{a} 1", "a label without a value"),
        ("d{\"e\"} 1", "a label without a value"),
        ("# TYPE d thing", "a type that the format does not know"),
        ("# TYPE 3d gauge", "a name of a metric was expected"),
        ("<html>", "this is not a metric name"),
    ] {
        let page = format!("# HELP a b\n\n#comment\n# TYPE a gauge\na 1\n{line}\na 6\n");
        assert_eq!(
            fault(ExpositionFormat::Text, &page),
            format!("line 6: {why}"),
            "{line}"
        );
    }
    assert_eq!(
        parse(b"a{x=\"\xff\"} 1", ExpositionFormat::Text)
            .unwrap_err()
            .to_string(),
        "line 1: this is not UTF-8"
    );
}

#[test]
fn open_metrics_end_in_eof_and_nothing_follows() {
    for (page, expected) in [
        (
            "a 1\n",
            "line 1: the page does not end with `# EOF`: it is cut off",
        ),
        ("# EOF\na 1\n", "line 2: something follows `# EOF`"),
        ("\n# EOF\n", "line 1: an empty line"),
        (
            "# a\n# EOF\n",
            "line 1: a comment that is not HELP, TYPE, UNIT or EOF",
        ),
        (
            "# UNIT a bytes\n# EOF",
            "line 1: a unit that the metric's name does not end in",
        ),
        ("# UNIT a_bytes bytes\n# EOF", "[]"),
        ("# TYPE a stateset\n# EOF", "[]"),
        ("a 1 nan\n# EOF", "line 1: the timestamp is not a number"),
        (
            "a{x=\"1\" y=\"2\"} 1\n# EOF",
            "line 1: a comma or a closing brace was expected",
        ),
    ] {
        assert_eq!(
            fault(ExpositionFormat::OpenMetrics, page),
            expected,
            "{page}"
        );
    }
}

#[test]
fn a_comment_is_no_reason_to_refuse_a_page() {
    let read = |page: &[u8], format, cut| {
        let mut samples = 0;
        let mut reader = PageReader::new(format, usize::MAX);
        for piece in page.chunks(cut) {
            reader.feed(piece, |_| {
                samples += 1;
                Ok(())
            })?;
            assert!(reader.open.len() <= LONGEST_LINE + 1);
        }
        reader.end(|_| {
            samples += 1;
            Ok(())
        })?;
        Ok(samples)
    };
    let broken = Err(PageError::Line {
        line: 1,
        why: "this is not UTF-8",
    });
    for cut in [1000, 70_001, usize::MAX] {
        // However the two bytes of a letter fall on the end of what is looked at.
        for blanks in ["", " "] {
            let help = format!("# HELP a {blanks}{}\na 1\n", "ä".repeat(40_000));
            assert_eq!(read(help.as_bytes(), ExpositionFormat::Text, cut), Ok(1));
            let help = format!("{help}# EOF\n");
            assert_eq!(
                read(help.as_bytes(), ExpositionFormat::OpenMetrics, cut),
                Ok(1)
            );
        }
        assert_eq!(read(b" # caf\xe9\na 1", ExpositionFormat::Text, cut), Ok(1));
        assert_eq!(
            read(b"# HELP a caf\xe9\na 1", ExpositionFormat::Text, cut),
            broken
        );
    }
}

#[test]
fn what_is_too_large_is_refused_before_it_is_kept() {
    let keep = |_| Ok(());
    let mut reader = PageReader::new(ExpositionFormat::Text, 10);
    assert_eq!(reader.feed(b"a 1\nb 2\n", keep), Ok(()));
    assert_eq!(reader.feed(b"c 3", keep), Err(PageError::Size(10)));
    let mut reader = PageReader::new(ExpositionFormat::Text, usize::MAX);
    assert_eq!(reader.feed(b"a 1\n", keep), Ok(()));
    assert_eq!(
        reader.feed("a".repeat(70_000).as_bytes(), keep),
        Err(PageError::Labels(2))
    );
    let many: Vec<_> = (0..65).map(|label| format!("l{label}=\"x\"")).collect();
    assert_eq!(
        fault(
            ExpositionFormat::Text,
            &format!("a{{{}}} 1", many.join(","))
        ),
        "line 1 has too many or too long labels"
    );
    let long = "x".repeat(5000);
    assert_eq!(
        fault(ExpositionFormat::Text, &format!("a{{x=\"{long}\"}} 1")),
        "line 1 has too many or too long labels"
    );
}

/// Writes a sample as an exporter does.
fn print(sample: &Sample, format: ExpositionFormat) -> String {
    let quote = |text: &str| {
        let text = text.replace('\\', "\\\\").replace('"', "\\\"");
        format!("\"{}\"", text.replace('\n', "\\n"))
    };
    let labels = sample.metric.labels.iter();
    let labels: Vec<_> = [quote(&sample.metric.name)]
        .into_iter()
        .chain(labels.map(|(name, value)| format!("{}={}", quote(name), quote(value))))
        .collect();
    let value = match sample.value {
        value if value.is_infinite() && value > 0.0 => "+Inf".to_owned(),
        value if value.is_infinite() => "-Inf".to_owned(),
        value => value.to_string(),
    };
    let tail = match format {
        ExpositionFormat::Text => " 1700000000000",
        ExpositionFormat::OpenMetrics => " 1700000000.5 # {id=\"7\"} 1 2",
    };
    format!("{{{}}} {value}{tail}\n", labels.join(","))
}

fn samples() -> impl Strategy<Value = Vec<Sample>> {
    let labels = prop::collection::btree_map("[a-zäß .\"\\\\\n]{1,6}", "[^\r]{1,12}", 0..5);
    let value = prop_oneof![any::<f64>(), Just(f64::INFINITY), Just(f64::NEG_INFINITY)];
    let sample = ("[^\r]{1,12}", labels, value).prop_map(|(name, labels, value)| Sample {
        metric: Metric { name, labels },
        value: if value.is_nan() { 0.0 } else { value },
    });
    prop::collection::vec(sample, 0..8)
}

proptest! {
    #[test]
    fn no_page_makes_it_panic(text in "[a-z{}=\",\\\\ #0-9.\n\tNaIf+-]{0,300}") {
        let _ = parse(text.as_bytes(), ExpositionFormat::Text);
        let _ = parse(text.as_bytes(), ExpositionFormat::OpenMetrics);
    }

    #[test]
    fn what_is_printed_is_read_back_however_it_arrives(
        samples in samples(),
        cut in 1..50_usize,
        open in any::<bool>(),
    ) {
        let format = if open { ExpositionFormat::OpenMetrics } else { ExpositionFormat::Text };
        let mut page: String = samples.iter().map(|sample| print(sample, format)).collect();
        if open {
            page.push_str("# EOF\n");
        }
        let mut read = Vec::new();
        let mut reader = PageReader::new(format, usize::MAX);
        for piece in page.as_bytes().chunks(cut) {
            reader.feed(piece, |sample| { read.push(sample); Ok(()) }).unwrap();
        }
        reader.end(|sample| { read.push(sample); Ok(()) }).unwrap();
        prop_assert_eq!(read, samples);
    }
}
