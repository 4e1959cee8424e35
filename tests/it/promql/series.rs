//! The series that expressions are compared about, as rows of text.

/// One sample each interval, written by step.
type Row = fn(u32) -> String;

/// Series by name and values: counters with resets and gauges for two hosts and
/// queues, and the single ones below.
pub(crate) fn series() -> Vec<(String, String)> {
    let row = |value: &dyn Fn(u32) -> String| (0..90).map(value).collect::<Vec<_>>().join(" ");
    let queues = [("a", "mail"), ("a", "roll"), ("b", "mail"), ("b", "roll")];
    let mut series = Vec::new();
    for (place, (host, queue)) in (0..).zip(queues) {
        let labels = format!("{{host=\"{host}\",queue=\"{queue}\"}}");
        let reset = 23 + 9 * place;
        let counted = |step| step % reset * (place + 3) + noise(step % reset, 3);
        let waiting = |step| format!("{}.{}", noise(step + place, 40), noise(step, 10));
        series.push((
            format!("jobs_total{labels}"),
            row(&|step| counted(step).to_string()),
        ));
        series.push((format!("jobs_waiting{labels}"), row(&waiting)));
    }
    for (place, le) in (0..).zip(["0.1", "0.5", "1", "2.5", "+Inf"]) {
        for host in ["a", "b"] {
            // The buckets of host b sometimes fall where they should rise.
            let early = if host == "b" { 3 } else { 0 };
            let counted = |step: u32| step * (place + 1) + noise(step / 4, 3) * early;
            series.push((
                format!("latency_seconds_bucket{{host=\"{host}\",le=\"{le}\"}}"),
                row(&|step| counted(step).to_string()),
            ));
        }
    }
    series.extend(
        SINGLE
            .iter()
            .map(|(name, value)| ((*name).to_owned(), row(value))),
    );
    series
}

fn noise(step: u32, of: u32) -> u32 {
    (step * 7919 + step * step * 31) % of
}

/// Gaps, staleness, series that end, and values that are no numbers.
const SINGLE: &[(&str, Row)] = &[
    ("redis_up{instance=\"one\"}", |step| {
        u32::from(step % 17 != 3).to_string()
    }),
    ("redis_up{instance=\"two\"}", |step| match step % 2 {
        1 => "_".to_owned(),
        _ => noise(step, 9).to_string(),
    }),
    ("redis_up{instance=\"gone\"}", |step| match step {
        0..60 => "1".to_owned(),
        60 => "stale".to_owned(),
        _ => "_".to_owned(),
    }),
    ("redis_up{instance=\"silent\"}", |step| {
        if step < 55 { "1" } else { "_" }.to_owned()
    }),
    ("redis_memory_max_bytes{instance=\"one\"}", |_| {
        "1000".to_owned()
    }),
    ("redis_memory_used_bytes{instance=\"one\"}", |step| {
        (300 + step * 4).to_string()
    }),
    ("redis_memory_used_bytes{instance=\"two\"}", |step| {
        (700 + noise(step, 5)).to_string()
    }),
    ("flat{instance=\"one\"}", |_| "7".to_owned()),
    ("odd{kind=\"nan\"}", |step| match step % 5 {
        0 => "NaN".to_owned(),
        _ => step.to_string(),
    }),
    ("odd{kind=\"inf\"}", |_| "+Inf".to_owned()),
    ("odd{kind=\"minus\"}", |step| format!("-{step}")),
    ("latency_seconds_bucket{host=\"c\",le=\"odd\"}", |step| {
        step.to_string()
    }),
    ("latency_seconds_bucket{host=\"c\",le=\"1\"}", |step| {
        step.to_string()
    }),
    ("deployed_seconds{app=\"api\"}", |step| {
        (1_709_210_000 + step * 40_000).to_string()
    }),
    ("deployed_seconds{app=\"web.site-1\"}", |step| {
        format!("-{}.5", step * 90_000)
    }),
    ("angle{turn=\"small\"}", |step| {
        format!("0.{:02}", step % 100)
    }),
    ("angle{turn=\"large\"}", |step| step.to_string()),
    ("host_info{host=\"a\",zone=\"north\"}", |_| "1".to_owned()),
    ("host_info{host=\"b\",zone=\"south\"}", |_| "1".to_owned()),
];
