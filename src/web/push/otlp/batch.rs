//! What the messages of OTLP say, as samples.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::request::samples::push::{PushedSample, Reading, SampleBatch};
use crate::model::sample::Metric;
use crate::web::push::otlp::messages::{
    AnyValue, ExportRequest, HistogramPoint, KeyValue, MetricResource, NumberPoint, Numbers,
    OtlpMetric, SummaryPoint,
};
use crate::web::push::otlp::names::{self, NumberKind};
use crate::web::push::room::BatchRoom;

/// The flag of a point without a value: the series has ended.
const NO_VALUE: u32 = 1;

const DELTA: i32 = 1;
const CUMULATIVE: i32 = 2;

/// The longest text of a metric or a label, in bytes.
const TEXT: usize = 2048;

/// The samples of a request, and how many points are none.
#[derive(Debug, Default)]
pub(crate) struct OtlpBatch {
    /// What can be used.
    pub(crate) samples: SampleBatch,
    /// How many points cannot.
    pub(crate) rejected: usize,
    /// Why the first of them cannot.
    pub(crate) fault: Option<String>,
    room: BatchRoom,
}

/// Reads a request.
pub(crate) fn of(request: &ExportRequest) -> OtlpBatch {
    let mut batch = OtlpBatch::default();
    for source in &request.resource_metrics {
        let attributes = source.resource.as_ref().map(MetricResource::labels);
        let labels = identity(&attributes.clone().unwrap_or_default());
        let mut newest = None;
        let metrics = source.scope_metrics.iter().flat_map(|scope| &scope.metrics);
        for metric in metrics {
            let moment = batch.metric(metric, &labels);
            newest = newest.max(moment);
        }
        if let (Some(at), Some(mut info)) = (newest, attributes) {
            info.extend(labels);
            if batch.has_room("target_info", &info, 1) {
                batch.push("target_info".to_owned(), info, at, Reading::Value(1.0));
            }
        }
    }
    batch
}

impl MetricResource {
    fn labels(&self) -> BTreeMap<String, String> {
        labels(&self.attributes)
    }
}

/// The labels `job` and `instance` of a source.
fn identity(attributes: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let attribute = |key: &str| attributes.get(key).filter(|value| !value.is_empty());
    let job = attribute("service_name").map(|name| match attribute("service_namespace") {
        Some(namespace) => format!("{namespace}/{name}"),
        None => name.clone(),
    });
    let instance = attribute("service_instance_id").cloned();
    let pairs = [("job", job), ("instance", instance)].into_iter();
    pairs
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

/// Attributes as labels; those that become the same label are joined by `;`.
fn labels(attributes: &[KeyValue]) -> BTreeMap<String, String> {
    let mut labels: BTreeMap<String, String> = BTreeMap::new();
    for attribute in attributes.iter().filter(|one| one.key.len() <= TEXT) {
        let value = attribute.value.as_ref().and_then(AnyValue::text);
        let Some(value) = value.filter(|value| !value.is_empty() && value.len() <= TEXT) else {
            continue;
        };
        let label = labels.entry(names::label(&attribute.key)).or_default();
        if !label.is_empty() {
            label.push(';');
        }
        label.push_str(&value);
    }
    labels
}

impl AnyValue {
    fn text(&self) -> Option<String> {
        let number = self.int_value.map(|number| number.to_string());
        let double = self.double_value.map(|number| number.to_string());
        let truth = self.bool_value.map(|truth| truth.to_string());
        self.string_value.clone().or(number).or(double).or(truth)
    }
}

impl OtlpBatch {
    /// Reads a metric; returns the moment of its newest point.
    fn metric(
        &mut self,
        metric: &OtlpMetric,
        identity: &BTreeMap<String, String>,
    ) -> Option<Timestamp> {
        let before = self.samples.samples.len();
        if metric.name.len() > TEXT || metric.unit.len() > TEXT {
            self.reject(
                1,
                "the name or the unit of a metric is longer than 2048 bytes",
            );
            return None;
        }
        let name = |kind| names::metric(&metric.name, &metric.unit, kind);
        if names::metric(&metric.name, "", NumberKind::Other).is_empty() {
            self.reject(1, "a metric has no name");
            return None;
        }
        if let Some(gauge) = &metric.gauge {
            self.numbers(&name(NumberKind::Gauge), gauge, None, identity);
        }
        if let Some(sum) = &metric.sum {
            let kind = if sum.is_monotonic {
                NumberKind::Counter
            } else {
                NumberKind::Gauge
            };
            let temporality = Some(sum.aggregation_temporality);
            self.numbers(&name(kind), sum, temporality, identity);
        }
        if let Some(histogram) = &metric.histogram {
            let name = name(NumberKind::Other);
            for point in &histogram.data_points {
                self.histogram(&name, point, histogram.aggregation_temporality, identity);
            }
        }
        if let Some(summary) = &metric.summary {
            let name = name(NumberKind::Other);
            for point in &summary.data_points {
                self.summary(&name, point, identity);
            }
        }
        if let Some(counted) = &metric.exponential_histogram {
            let why = "exponential histograms are not read; send those with explicit bounds";
            self.reject(counted.data_points.len(), why);
        }
        let own = self.samples.samples.get(before..).unwrap_or_default();
        own.iter().map(|sample| sample.at).max()
    }

    fn numbers(
        &mut self,
        name: &str,
        numbers: &Numbers,
        temporality: Option<i32>,
        identity: &BTreeMap<String, String>,
    ) {
        for point in &numbers.data_points {
            let Some(at) = self.moment(point.time_unix_nano) else {
                continue;
            };
            let value = point.value();
            let reading = match (temporality, value) {
                _ if point.flags & NO_VALUE != 0 => Reading::Ended,
                (_, None) => {
                    self.reject(1, "a point has no value");
                    continue;
                }
                (None | Some(CUMULATIVE), Some(value)) => Reading::Value(value),
                (Some(DELTA), Some(value)) => Reading::Added(value),
                (Some(_), Some(_)) => {
                    self.reject(1, "a sum does not say its temporality");
                    continue;
                }
            };
            let labels = with(labels(&point.attributes), identity);
            if self.has_room(name, &labels, 1) {
                self.push(name.to_owned(), labels, at, reading);
            }
        }
    }

    fn histogram(
        &mut self,
        name: &str,
        point: &HistogramPoint,
        temporality: i32,
        identity: &BTreeMap<String, String>,
    ) {
        let Some(at) = self.moment(point.time_unix_nano) else {
            return;
        };
        let is_fitting = point.bucket_counts.is_empty()
            || point.bucket_counts.len() == point.explicit_bounds.len() + 1;
        let of: fn(f64) -> Reading = match temporality {
            DELTA => Reading::Added,
            CUMULATIVE if is_fitting => Reading::Value,
            _ => {
                self.reject(
                    1,
                    "a histogram has no temporality, or other counts than bounds",
                );
                return;
            }
        };
        let is_over = point.flags & NO_VALUE != 0;
        let of = |value: f64| if is_over { Reading::Ended } else { of(value) };
        let labels = with(labels(&point.attributes), identity);
        if !self.has_room(name, &labels, point.bucket_counts.len() + 3) {
            return;
        }
        let mut below: u64 = 0;
        let bounds = point.explicit_bounds.iter().map(ToString::to_string);
        let buckets = point.bucket_counts.iter().zip(bounds);
        for (count, bound) in buckets {
            below = below.saturating_add(*count);
            let mut labels = labels.clone();
            labels.insert("le".to_owned(), bound);
            self.push(format!("{name}_bucket"), labels, at, of(number(below)));
        }
        let mut all = labels.clone();
        all.insert("le".to_owned(), "+Inf".to_owned());
        self.push(format!("{name}_bucket"), all, at, of(number(point.count)));
        self.push(
            format!("{name}_count"),
            labels.clone(),
            at,
            of(number(point.count)),
        );
        if let Some(sum) = point.sum {
            self.push(format!("{name}_sum"), labels, at, of(sum));
        }
    }

    fn summary(&mut self, name: &str, point: &SummaryPoint, identity: &BTreeMap<String, String>) {
        let Some(at) = self.moment(point.time_unix_nano) else {
            return;
        };
        let is_over = point.flags & NO_VALUE != 0;
        let of = |value: f64| {
            if is_over {
                Reading::Ended
            } else {
                Reading::Value(value)
            }
        };
        let labels = with(labels(&point.attributes), identity);
        if !self.has_room(name, &labels, point.quantile_values.len() + 2) {
            return;
        }
        for quantile in &point.quantile_values {
            let mut labels = labels.clone();
            labels.insert("quantile".to_owned(), quantile.quantile.to_string());
            self.push(name.to_owned(), labels, at, of(quantile.value));
        }
        self.push(
            format!("{name}_count"),
            labels.clone(),
            at,
            of(number(point.count)),
        );
        self.push(format!("{name}_sum"), labels, at, of(point.sum));
    }

    /// The moment of a point; without one it is rejected.
    fn moment(&mut self, nanoseconds: u64) -> Option<Timestamp> {
        let at = Timestamp::from_nanosecond(i128::from(nanoseconds)).ok();
        let at = at.filter(|_| nanoseconds > 0);
        if at.is_none() {
            self.reject(1, "a point has no moment");
        }
        at
    }

    /// Whether there is room for the samples of a point; otherwise it is rejected.
    fn has_room(&mut self, name: &str, labels: &BTreeMap<String, String>, samples: usize) -> bool {
        let taken = self.room.take(name, labels, samples);
        if let Err(why) = taken {
            self.reject(1, why);
        }
        taken.is_ok()
    }

    fn reject(&mut self, points: usize, why: &str) {
        self.rejected += points;
        if points > 0 {
            self.fault.get_or_insert_with(|| why.to_owned());
        }
    }

    fn push(
        &mut self,
        name: String,
        labels: BTreeMap<String, String>,
        at: Timestamp,
        reading: Reading,
    ) {
        let metric = Metric { name, labels };
        self.samples.samples.push(PushedSample {
            metric,
            at,
            reading,
        });
    }
}

impl NumberPoint {
    fn value(&self) -> Option<f64> {
        #[expect(
            clippy::as_conversions,
            clippy::cast_precision_loss,
            reason = "Prometheus has doubles only"
        )]
        let whole = self.as_int.map(|number| number as f64);
        self.as_double.or(whole)
    }
}

/// Labels of a point with those of its source, which win.
fn with(
    mut labels: BTreeMap<String, String>,
    identity: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    labels.extend(identity.clone());
    labels
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "Prometheus has doubles only"
)]
fn number(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use prost::Message as _;

    use super::*;

    const REQUEST: &str = r#"{"resourceMetrics": [{
        "resource": {"attributes": [
            {"key": "service.name", "value": {"stringValue": "rolls"}},
            {"key": "service.namespace", "value": {"stringValue": "dice"}},
            {"key": "host.cpus", "value": {"intValue": "4"}}]},
        "scopeMetrics": [{"metrics": [
            {"name": "rolls.done", "unit": "{roll}", "sum": {
                "aggregationTemporality": 2, "isMonotonic": true, "dataPoints": [
                    {"timeUnixNano": "1700000000000000000", "asInt": "7",
                     "attributes": [{"key": "die", "value": {"stringValue": "d20"}}]}]}},
            {"name": "queue.age", "unit": "s", "gauge": {"dataPoints": [
                {"timeUnixNano": 1700000001000000000, "asDouble": 1.5},
                {"timeUnixNano": "1700000001000000000", "flags": 1,
                 "attributes": [{"key": "queue", "value": {"stringValue": "old"}}]}]}},
            {"name": "roll.time", "unit": "ms", "histogram": {
                "aggregationTemporality": "AGGREGATION_TEMPORALITY_DELTA", "dataPoints": [
                    {"timeUnixNano": "1700000000000000000", "count": "3", "sum": 12.0,
                     "bucketCounts": ["1", "2"], "explicitBounds": [5]}]}},
            {"name": "fine", "exponentialHistogram": {"dataPoints": [{"count": "1"}]}}
        ]}]}]}"#;

    fn shown(batch: &OtlpBatch) -> Vec<String> {
        let samples = batch.samples.samples.iter();
        samples
            .map(|sample| {
                let labels: Vec<_> = sample.metric.labels.iter().collect();
                let labels: Vec<_> = labels.iter().map(|(k, v)| format!("{k}={v}")).collect();
                format!(
                    "{} {} {:?}",
                    sample.metric.name,
                    labels.join(","),
                    sample.reading
                )
            })
            .collect()
    }

    #[test]
    fn a_request_in_json_is_samples_in_prometheus_form() {
        let request: ExportRequest = serde_json::from_str(REQUEST).unwrap();
        let batch = of(&request);
        assert_eq!(
            shown(&batch),
            [
                "rolls_done_total die=d20,job=dice/rolls Value(7.0)",
                "queue_age_seconds job=dice/rolls Value(1.5)",
                "queue_age_seconds job=dice/rolls,queue=old Ended",
                "roll_time_milliseconds_bucket job=dice/rolls,le=5 Added(1.0)",
                "roll_time_milliseconds_bucket job=dice/rolls,le=+Inf Added(3.0)",
                "roll_time_milliseconds_count job=dice/rolls Added(3.0)",
                "roll_time_milliseconds_sum job=dice/rolls Added(12.0)",
                "target_info host_cpus=4,job=dice/rolls,service_name=rolls,service_namespace=dice \
                 Value(1.0)",
            ]
        );
        assert_eq!(batch.rejected, 1);
    }

    #[test]
    fn protobuf_says_the_same_as_json() {
        let request: ExportRequest = serde_json::from_str(REQUEST).unwrap();
        let read = ExportRequest::decode(&*request.encode_to_vec()).unwrap();
        assert_eq!(shown(&of(&read)), shown(&of(&request)));
    }

    #[test]
    fn a_point_without_a_moment_or_a_value_is_rejected() {
        for point in [
            r#"{"asDouble": 1}"#,
            r#"{"timeUnixNano": "1700000000000000000"}"#,
        ] {
            let metric = format!(r#"{{"name": "a", "gauge": {{"dataPoints": [{point}]}}}}"#);
            let request = format!(
                r#"{{"resourceMetrics": [{{"scopeMetrics": [{{"metrics": [{metric}]}}]}}]}}"#
            );
            let batch = of(&serde_json::from_str(&request).unwrap());
            assert_eq!(
                (batch.rejected, batch.samples.samples.len()),
                (1, 0),
                "{point}"
            );
            assert!(batch.fault.is_some());
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(request) = ExportRequest::decode(&*bytes) {
                of(&request);
            }
        }
    }
}
