//! What a probe found so far; kept even if its time runs out.

use std::time::{Duration, Instant};

use hyper::Response;
use hyper::header::CONTENT_LENGTH;

use crate::model::sample::{Metric, Sample};

/// The parts of a request's time, as `blackbox_exporter` names them.
const PHASES: [&str; 5] = ["resolve", "connect", "tls", "processing", "transfer"];

/// Where the time of a request went; of several in a row, the sum.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Phases {
    /// Looking the name up.
    pub(crate) resolve: Duration,
    /// Until the TCP line stood.
    pub(crate) connect: Duration,
    /// Until the TLS line stood.
    pub(crate) tls: Duration,
    /// From the request to the first byte of the answer.
    pub(crate) processing: Duration,
    /// From there to its last byte.
    pub(crate) transfer: Duration,
}

/// Adds the time that it lived to a phase, also when the probe is cut off.
#[derive(Debug)]
pub(crate) struct Stopwatch<'p> {
    phase: &'p mut Duration,
    start: Instant,
}

impl<'p> Stopwatch<'p> {
    /// Starts to count.
    pub(crate) fn start(phase: &'p mut Duration) -> Self {
        Self {
            phase,
            start: Instant::now(),
        }
    }
}

impl Drop for Stopwatch<'_> {
    fn drop(&mut self) {
        *self.phase += self.start.elapsed();
    }
}

/// What the head of an HTTP answer says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AnswerHead {
    status: u16,
    /// Bytes that its body will have, if it says so.
    length: Option<u32>,
    is_secure: bool,
}

impl AnswerHead {
    /// Reads it of an answer that came over TLS, or not.
    pub(crate) fn of<B>(answer: &Response<B>, is_secure: bool) -> Self {
        let length = answer.headers().get(CONTENT_LENGTH);
        Self {
            status: answer.status().as_u16(),
            length: length.and_then(|length| length.to_str().ok()?.parse().ok()),
            is_secure,
        }
    }
}

/// Samples and findings of one attempt.
#[derive(Debug, Default)]
pub(crate) struct ProbeReport {
    /// Whether the target answered at all, be it wrongly.
    pub(crate) answered: bool,
    /// Where the time went.
    pub(crate) phases: Phases,
    /// The head of the last HTTP answer, known before its body is.
    pub(crate) head: Option<AnswerHead>,
    /// Bytes of its body that were read.
    pub(crate) body: usize,
    /// The samples, no metric twice.
    pub(crate) samples: Vec<Sample>,
}

impl ProbeReport {
    /// Says a value, in the place of one said before.
    pub(crate) fn set<const N: usize>(
        &mut self,
        name: &str,
        labels: [(&str, &str); N],
        value: f64,
    ) {
        let metric = Metric::new(name, labels);
        match self
            .samples
            .iter_mut()
            .find(|sample| sample.metric == metric)
        {
            Some(sample) => sample.value = value,
            None => self.samples.push(Sample { metric, value }),
        }
    }

    /// Says yes or no.
    pub(crate) fn flag(&mut self, name: &str, is: bool) {
        self.set(name, [], f64::from(u8::from(is)));
    }

    /// Says what was answered, as far as it was read.
    ///
    /// As `blackbox_exporter` has it: without an answer all is 0.
    pub(crate) fn tell_answer(&mut self) {
        let head = self.head;
        let status = head.map_or(0.0, |head| head.status.into());
        self.set("probe_http_status_code", [], status);
        self.flag("probe_http_ssl", head.is_some_and(|head| head.is_secure));
        // And -1 says that the server did not tell.
        let length = head.map_or(0.0, |head| head.length.map_or(-1.0, f64::from));
        self.set("probe_http_content_length", [], length);
        let read = u32::try_from(self.body).map_or(f64::from(u32::MAX), f64::from);
        self.set("probe_http_uncompressed_body_length", [], read);
    }

    /// Says where the time of an HTTP request went.
    pub(crate) fn tell_phases(&mut self) {
        let Phases {
            resolve,
            connect,
            tls,
            processing,
            transfer,
        } = self.phases;
        for (name, spent) in PHASES
            .into_iter()
            .zip([resolve, connect, tls, processing, transfer])
        {
            let labels = [("phase", name)];
            self.set("probe_http_duration_seconds", labels, spent.as_secs_f64());
        }
    }
}
