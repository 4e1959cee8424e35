//! Names of OpenTelemetry in Prometheus' form.
//!
//! Source: <https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/>.

/// Units that Prometheus writes out.
const UNITS: [(&str, &str); 22] = [
    ("d", "days"),
    ("h", "hours"),
    ("min", "minutes"),
    ("s", "seconds"),
    ("ms", "milliseconds"),
    ("us", "microseconds"),
    ("ns", "nanoseconds"),
    ("By", "bytes"),
    ("KiBy", "kibibytes"),
    ("MiBy", "mebibytes"),
    ("GiBy", "gibibytes"),
    ("KBy", "kilobytes"),
    ("MBy", "megabytes"),
    ("GBy", "gigabytes"),
    ("m", "meters"),
    ("V", "volts"),
    ("A", "amperes"),
    ("J", "joules"),
    ("W", "watts"),
    ("g", "grams"),
    ("Cel", "celsius"),
    ("Hz", "hertz"),
];

/// Units of which a rate is given.
const PER: [(&str, &str); 7] = [
    ("s", "second"),
    ("m", "minute"),
    ("h", "hour"),
    ("d", "day"),
    ("w", "week"),
    ("mo", "month"),
    ("y", "year"),
];

/// What kind of numbers a metric has, as far as its name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberKind {
    /// A sum that only grows.
    Counter,
    /// A number that goes up and down.
    Gauge,
    /// A histogram or a summary.
    Other,
}

/// The name of a metric.
pub(crate) fn metric(name: &str, unit: &str, kind: NumberKind) -> String {
    let mut words: Vec<String> = name
        .split(|char: char| !(char.is_ascii_alphanumeric() || char == ':'))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let suffix = |words: &mut Vec<String>, suffix: &str| {
        if !suffix.is_empty() && !words.iter().any(|word| word == suffix) {
            words.push(suffix.to_owned());
        }
    };
    let (main, per) = unit.split_once('/').unwrap_or((unit, ""));
    suffix(&mut words, &main_unit(main));
    if let Some(per) = per_unit(per) {
        words.push("per".to_owned());
        words.push(per);
    }
    if unit == "1" && kind == NumberKind::Gauge {
        suffix(&mut words, "ratio");
    }
    if kind == NumberKind::Counter {
        // It comes last.
        words.retain(|word| word != "total");
        words.push("total".to_owned());
    }
    let name = words.join("_");
    if name.starts_with(|char: char| char.is_ascii_digit()) {
        format!("_{name}")
    } else {
        name
    }
}

fn main_unit(unit: &str) -> String {
    if unit == "1" || unit.contains(['{', '}']) {
        return String::new();
    }
    if unit == "%" {
        return "percent".to_owned();
    }
    let known = UNITS.iter().find(|(short, _)| *short == unit);
    known.map_or_else(|| label(unit), |(_, long)| (*long).to_owned())
}

fn per_unit(unit: &str) -> Option<String> {
    if unit.is_empty() || unit.contains(['{', '}']) {
        return None;
    }
    let known = PER.iter().find(|(short, _)| *short == unit);
    Some(known.map_or_else(|| label(unit), |(_, long)| (*long).to_owned()))
}

/// The name of a label.
pub(crate) fn label(key: &str) -> String {
    let plain = |char: char| {
        if char.is_ascii_alphanumeric() {
            char
        } else {
            '_'
        }
    };
    let mut name = String::new();
    let mut has_begun = false;
    for char in key.chars().map(plain) {
        // Several in a row are one, but for those that a name begins with.
        if char != '_' || !has_begun || !name.ends_with('_') {
            name.push(char);
        }
        has_begun |= char != '_';
    }
    if name.starts_with(|char: char| char.is_ascii_digit()) {
        name.insert_str(0, "key_");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_prometheus_makes_of_them() {
        for (name, unit, kind, expected) in [
            (
                "http.server.request.duration",
                "s",
                NumberKind::Other,
                "http_server_request_duration_seconds",
            ),
            ("jobs.done", "{job}", NumberKind::Counter, "jobs_done_total"),
            ("requests_total", "1", NumberKind::Counter, "requests_total"),
            (
                "process.memory",
                "By",
                NumberKind::Gauge,
                "process_memory_bytes",
            ),
            ("memory_bytes", "By", NumberKind::Gauge, "memory_bytes"),
            ("disk.use", "1", NumberKind::Gauge, "disk_use_ratio"),
            ("cpu", "%", NumberKind::Gauge, "cpu_percent"),
            ("speed", "m/s", NumberKind::Gauge, "speed_meters_per_second"),
            (
                "queue.length",
                "{job}/s",
                NumberKind::Gauge,
                "queue_length_per_second",
            ),
            ("2xx  answers", "", NumberKind::Gauge, "_2xx_answers"),
            ("ns:a", "", NumberKind::Gauge, "ns:a"),
        ] {
            assert_eq!(metric(name, unit, kind), expected, "{name} {unit}");
        }
        assert_eq!(label("http.status  code"), "http_status_code");
        assert_eq!(label("0a"), "key_0a");
    }
}
