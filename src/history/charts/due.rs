//! The charts of the page: which are due, and what was found of them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use crate::model::request::ask::{FoundHistory, HistoryQuery};
use crate::model::sample::Sample;
use crate::model::series::measure::{ChartSpan, ChartState, Course, FIGURE, PublishedSeries};
use crate::model::series::minute::buckets;

/// Parts of a chart at most: no screen shows more.
const PARTS: u64 = 180;

/// Keeps the charts fresh without waiting for the disk.
#[derive(Debug, Default)]
pub struct Charts {
    asks: Option<mpsc::Sender<HistoryQuery>>,
    shown: Arc<Vec<Arc<ChartState>>>,
    /// When each was asked for last.
    asked: BTreeMap<(usize, ChartSpan), Timestamp>,
    waiting: Vec<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    chart: usize,
    span: ChartSpan,
    /// Where the chart begins and ends.
    from: Timestamp,
    until: Timestamp,
    answer: oneshot::Receiver<FoundHistory>,
}

impl Charts {
    /// The charts of other series; those that are still there are read anew.
    #[must_use]
    pub fn showing(self, published: Vec<PublishedSeries>) -> Self {
        match self.asks {
            Some(asks) => Self::new(published, asks),
            None => self,
        }
    }

    /// Starts with series of which nothing was read yet.
    pub fn new(published: Vec<PublishedSeries>, asks: mpsc::Sender<HistoryQuery>) -> Self {
        let shown = published.into_iter().map(|series| {
            Arc::new(ChartState {
                series,
                courses: BTreeMap::new(),
                newest: None,
            })
        });
        Self {
            asks: Some(asks),
            shown: Arc::new(shown.collect()),
            ..Self::default()
        }
    }

    /// Remembers what was measured of them at `now`.
    pub fn measured(&mut self, samples: &[Sample], now: Timestamp) {
        for sample in samples.iter().filter(|one| one.metric.name == FIGURE) {
            let mut shown = self.shown.iter();
            let chart = shown.position(|state| state.series.metric() == sample.metric);
            if let Some(chart) = chart {
                let shown = Arc::make_mut(&mut self.shown);
                Arc::make_mut(&mut shown[chart]).newest = Some((now, sample.value));
            }
        }
    }

    /// Takes in what was answered, asks for what is due at `now`, and gives
    /// what there is.
    pub fn tend(&mut self, now: Timestamp) -> Arc<Vec<Arc<ChartState>>> {
        self.take_in();
        for chart in 0..self.shown.len() {
            for span in ChartSpan::ALL {
                if self.is_due(chart, span, now) {
                    self.ask(chart, span, now);
                }
            }
        }
        Arc::clone(&self.shown)
    }

    /// Every chart of `now`, for who may wait for the disk.
    pub async fn whole(mut self, now: Timestamp) -> Arc<Vec<Arc<ChartState>>> {
        loop {
            self.tend(now);
            if self.waiting.is_empty() {
                return self.shown;
            }
            let mut answered = Vec::new();
            for mut one in std::mem::take(&mut self.waiting) {
                if let Ok(found) = (&mut one.answer).await {
                    answered.push((one.chart, one.span, course(&one, &found)));
                }
            }
            self.show(answered);
        }
    }

    fn take_in(&mut self) {
        let mut answered = Vec::new();
        self.waiting.retain_mut(|one| match one.answer.try_recv() {
            Ok(found) => {
                answered.push((one.chart, one.span, course(one, &found)));
                false
            }
            // What cannot be read is asked for again when it is due.
            Err(oneshot::error::TryRecvError::Closed) => false,
            Err(oneshot::error::TryRecvError::Empty) => true,
        });
        self.show(answered);
    }

    fn show(&mut self, answered: Vec<(usize, ChartSpan, Course)>) {
        if answered.is_empty() {
            return;
        }
        let shown = Arc::make_mut(&mut self.shown);
        for (chart, span, course) in answered {
            if let Some(state) = shown.get_mut(chart) {
                let state = Arc::make_mut(state);
                state.courses.insert(span, Arc::new(course));
            }
        }
    }

    fn is_due(&self, chart: usize, span: ChartSpan, now: Timestamp) -> bool {
        let asked = self.asked.get(&(chart, span));
        asked.is_none_or(|asked| {
            let passed = Duration::try_from(now.duration_since(*asked));
            // A clock that stepped back leaves no moment to wait for.
            passed.is_err() || passed.is_ok_and(|passed| passed >= lasts(span))
        })
    }

    fn ask(&mut self, chart: usize, span: ChartSpan, now: Timestamp) {
        let Some((asks, state)) = self.asks.as_ref().zip(self.shown.get(chart)) else {
            return;
        };
        // Parts begin at multiples of their length, so that a chart moves on in
        // whole parts, and does not change its past each time.
        let step = i64::try_from(step(span).as_secs()).unwrap_or(60);
        let end = now.as_second().div_euclid(step) * step + step;
        let length = i64::try_from(span.length().as_secs()).unwrap_or_default();
        let moments = (
            Timestamp::from_second(end - length),
            Timestamp::from_second(end),
        );
        let (Ok(from), Ok(until)) = moments else {
            return;
        };
        let (answer, answered) = oneshot::channel();
        let lookup = HistoryQuery {
            metrics: vec![state.series.metric()],
            from,
            until,
            answer,
        };
        if asks.try_send(lookup).is_err() {
            // The thread has enough to do; it is due again at the next step.
            return;
        }
        self.asked.insert((chart, span), now);
        self.waiting.push(Waiting {
            chart,
            span,
            from,
            until,
            answer: answered,
        });
    }
}

/// How long each part of a chart is.
fn step(span: ChartSpan) -> Duration {
    let seconds = span.length().as_secs().div_ceil(PARTS).max(60);
    Duration::from_secs(seconds.next_multiple_of(60))
}

/// How long a chart is shown before it is read anew.
fn lasts(span: ChartSpan) -> Duration {
    match span {
        ChartSpan::Hour => Duration::from_secs(15),
        ChartSpan::Day => Duration::from_mins(1),
        ChartSpan::Week => Duration::from_mins(5),
        ChartSpan::Month => Duration::from_mins(15),
        ChartSpan::Quarter => Duration::from_hours(1),
    }
}

fn course(one: &Waiting, found: &FoundHistory) -> Course {
    let step = step(one.span);
    let samples = found.series.first().map(|series| series.samples.as_slice());
    Course {
        from: one.from,
        until: one.until,
        step,
        buckets: buckets(samples.unwrap_or_default(), one.from, step),
    }
}

#[cfg(test)]
mod tests {
    use crate::model::series::minute::{MinuteSample, MinuteSeries};
    use crate::model::text::unit::Unit;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000_000 + second).unwrap()
    }

    fn published() -> PublishedSeries {
        PublishedSeries {
            id: "wait".into(),
            title: "Waiting".into(),
            unit: Unit::Seconds,
            warn: None,
            bad: None,
            components: Vec::new(),
        }
    }

    #[test]
    fn charts_are_asked_for_when_they_are_due_and_shown_when_they_are_there() {
        let (asks, mut asked) = mpsc::channel(32);
        let mut charts = Charts::new(vec![published()], asks);
        assert!(charts.tend(at(0))[0].courses.is_empty());
        let mut lookups: Vec<_> = std::iter::from_fn(|| asked.try_recv().ok()).collect();
        assert_eq!(lookups.len(), ChartSpan::ALL.len());
        let hour = lookups.remove(0);
        assert_eq!(hour.metrics, [published().metric()]);
        assert!(hour.until > at(0) && hour.until.duration_since(hour.from).as_secs() == 3600);
        let sample = MinuteSample {
            at: hour.from,
            count: 1,
            min: 1.0,
            mean: 1.0,
            max: 1.0,
            last: 1.0,
        };
        let found = FoundHistory {
            series: vec![MinuteSeries {
                metric: published().metric(),
                samples: vec![sample],
            }],
            events: Vec::new(),
        };
        hour.answer.send(found).unwrap();
        // The others are given up: nobody can read them.
        drop(lookups);
        let shown = charts.tend(at(1));
        assert_eq!(
            shown[0].courses.keys().collect::<Vec<_>>(),
            [&ChartSpan::Hour]
        );
        assert_eq!(shown[0].courses[&ChartSpan::Hour].buckets.len(), 1);
        assert!(charts.waiting.is_empty() && asked.try_recv().is_err());
        charts.tend(at(15));
        assert!(asked.try_recv().is_ok() && asked.try_recv().is_err());
    }

    #[test]
    fn a_thread_that_is_busy_is_asked_again_later() {
        let (asks, mut asked) = mpsc::channel(1);
        let mut charts = Charts::new(vec![published()], asks);
        charts.tend(at(0));
        for _ in ChartSpan::ALL {
            drop(asked.try_recv().unwrap());
            charts.tend(at(1));
        }
        assert_eq!(charts.asked.len(), ChartSpan::ALL.len());
    }

    #[test]
    fn every_chart_has_few_parts_of_whole_minutes() {
        for span in ChartSpan::ALL {
            let step = step(span).as_secs();
            assert!(step.is_multiple_of(60) && span.length().as_secs() / step <= PARTS);
        }
    }
}
