//! What the messages of remote write say, as samples.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::request::samples::push::{PushedSample, Reading, SampleBatch};
use crate::model::sample::Metric;
use crate::web::push::remote_write::messages::{RequestV2, SampleV1, WriteRequest};
use crate::web::push::room::BatchRoom;

/// The value of a series that has ended: Prometheus' stale marker.
const STALE: u64 = 0x7ff0_0000_0000_0002;

/// The most labels of a series.
const LABELS: usize = 64;

/// The longest name or value of a label, in bytes.
const TEXT: usize = 2048;

/// The samples of a request, and the first thing in it that is no sample.
#[derive(Debug, Default)]
pub(crate) struct WriteBatch {
    /// What can be used.
    pub(crate) samples: SampleBatch,
    /// What is wrong with the rest.
    pub(crate) fault: Option<String>,
    room: BatchRoom,
}

/// Reads a request of version 1.
pub(crate) fn of_version_1(request: WriteRequest) -> WriteBatch {
    let mut batch = WriteBatch::default();
    for series in request.timeseries {
        let labels = series.labels.into_iter();
        let metric = metric(labels.map(|label| (label.name, label.value)));
        batch.add(metric, &series.samples, series.histograms.len());
    }
    batch
}

/// Reads a request of version 2.
pub(crate) fn of_version_2(request: &RequestV2) -> WriteBatch {
    let mut batch = WriteBatch::default();
    let symbol = |reference: u32| {
        let symbol = usize::try_from(reference).ok();
        let symbol = symbol.and_then(|at| request.symbols.get(at));
        symbol
            .cloned()
            .ok_or_else(|| format!("there is no symbol {reference}"))
    };
    for series in &request.timeseries {
        let (pairs, rest) = series.labels_refs.as_chunks::<2>();
        let labels = if rest.is_empty() && pairs.len() <= LABELS {
            let labels = pairs.iter();
            let labels = labels.map(|&[name, value]| Ok((symbol(name)?, symbol(value)?)));
            labels.collect::<Result<Vec<_>, String>>()
        } else {
            Err("a series has a name for each value, and 64 labels at most".to_owned())
        };
        let metric = labels.and_then(|labels| metric(labels.into_iter()));
        batch.add(metric, &series.samples, series.histograms.len());
    }
    batch
}

impl WriteBatch {
    fn add(&mut self, metric: Result<Metric, String>, samples: &[SampleV1], histograms: usize) {
        let fitting = metric.and_then(|metric| {
            let taken = self.room.take(&metric.name, &metric.labels, samples.len());
            taken.map(|()| metric).map_err(str::to_owned)
        });
        let metric = match fitting {
            Ok(metric) => metric,
            Err(why) => {
                self.fault.get_or_insert(why);
                return;
            }
        };
        if histograms > 0 {
            let name = &metric.name;
            let why =
                format!("`{name}` is a native histogram, which is not read; send classic ones");
            self.fault.get_or_insert(why);
        }
        for sample in samples {
            let Ok(at) = Timestamp::from_millisecond(sample.timestamp) else {
                let why = format!("`{}` has a moment outside of the calendar", metric.name);
                self.fault.get_or_insert(why);
                continue;
            };
            let reading = if sample.value.to_bits() == STALE {
                Reading::Ended
            } else {
                Reading::Value(sample.value)
            };
            self.samples.samples.push(PushedSample {
                metric: metric.clone(),
                at,
                reading,
            });
        }
    }
}

/// The metric of a series, from its labels.
fn metric(labels: impl ExactSizeIterator<Item = (String, String)>) -> Result<Metric, String> {
    if labels.len() > LABELS {
        return Err(format!("a series has {LABELS} labels at most"));
    }
    let mut read = BTreeMap::new();
    for (name, value) in labels {
        if name.is_empty() || name.len() > TEXT || value.len() > TEXT {
            return Err(format!("names and values of labels have 1 to {TEXT} bytes"));
        }
        if read.contains_key(&name) {
            return Err(format!("the label `{name}` appears twice"));
        }
        // A label without a value is as good as none.
        if !value.is_empty() {
            read.insert(name, value);
        }
    }
    let name = read.remove("__name__");
    let name = name.ok_or_else(|| "a series has no name (`__name__`)".to_owned())?;
    Ok(Metric { name, labels: read })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use prost::Message as _;

    use crate::web::push::remote_write::messages::{LabelPair, TimeSeries, TimeSeriesV2};

    use super::*;

    fn label(name: &str, value: &str) -> LabelPair {
        LabelPair {
            name: name.to_owned(),
            value: value.to_owned(),
        }
    }

    fn one(labels: &[LabelPair], values: &[f64]) -> WriteBatch {
        let samples = values.iter().map(|value| SampleV1 {
            value: *value,
            timestamp: 1_000,
        });
        of_version_1(WriteRequest {
            timeseries: vec![TimeSeries {
                labels: labels.to_vec(),
                samples: samples.collect(),
                ..TimeSeries::default()
            }],
        })
    }

    #[test]
    fn a_stale_marker_is_an_end_and_another_nan_a_value() {
        let batch = one(
            &[label("__name__", "up")],
            &[f64::from_bits(STALE), f64::NAN],
        );
        let readings: Vec<_> = batch
            .samples
            .samples
            .iter()
            .map(|one| one.reading)
            .collect();
        assert_eq!(readings[0], Reading::Ended);
        assert!(matches!(readings[1], Reading::Value(value) if value.is_nan()));
        assert_eq!(batch.fault, None);
    }

    #[test]
    fn what_is_no_series_is_told_and_the_rest_counts() {
        for labels in [
            vec![],
            vec![label("job", "a")],
            vec![label("__name__", "up"), label("", "a")],
            vec![label("__name__", "up"), label("a", "1"), label("a", "2")],
            vec![label("__name__", "up"), label("a", &"x".repeat(TEXT + 1))],
        ] {
            let batch = one(&labels, &[1.0]);
            assert!(
                batch.fault.is_some() && batch.samples.samples.is_empty(),
                "{labels:?}"
            );
        }
    }

    #[test]
    fn version_2_says_the_same_by_numbers() {
        let sample = SampleV1 {
            value: 2.0,
            timestamp: 5_000,
        };
        let symbols = ["", "__name__", "up", "job", "a"]
            .map(str::to_owned)
            .to_vec();
        let request = |labels_refs: &[u32]| RequestV2 {
            symbols: symbols.clone(),
            timeseries: vec![TimeSeriesV2 {
                labels_refs: labels_refs.to_vec(),
                samples: vec![sample.clone()],
                ..TimeSeriesV2::default()
            }],
        };
        let batch = of_version_2(&request(&[1, 2, 3, 4]));
        assert_eq!(
            batch.samples.samples[0].metric,
            Metric::new("up", [("job", "a")])
        );
        for wrong in [&[1, 2, 3][..], &[1, 9], &[3, 4]] {
            assert!(of_version_2(&request(wrong)).fault.is_some(), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(request) = WriteRequest::decode(&*bytes) {
                of_version_1(request);
            }
            if let Ok(request) = RequestV2::decode(&*bytes) {
                of_version_2(&request);
            }
        }
    }
}
