//! Does several steps in a row, as a user would: log in, roll, read it back.
//!
//! What a step with `once` saves is kept from scrape to scrape, so that a
//! session is used as long as users use theirs. If it is not known any more,
//! that is counted, and the next attempt begins anew.

use std::collections::BTreeSet;
use std::time::Instant;

use hyper::StatusCode;
use schemars::JsonSchema;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::collect::failure::cause::Failure;
use crate::collect::probe::address::ProbeAddress;
use crate::collect::probe::exchange::connection::Dialler;
use crate::collect::probe::exchange::cookies::Jar;
use crate::collect::probe::exchange::request::{BODY_LIMIT, exchange};
use crate::collect::probe::expect::headers::Headers;
use crate::collect::probe::expect::template::Values;
use crate::collect::probe::fault::{self, SettingsFault};
use crate::collect::probe::http::{WEB, authority};
use crate::collect::probe::report::ProbeReport;
use crate::collect::probe::step::StepSettings;
use crate::model::text::shape::SecretText;

/// A `[[collector]]` of `type = "steps"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepsSettings {
    /// The URL before all paths.
    #[schemars(with = "SecretText")]
    pub(crate) url: SecretString,
    /// Whether to keep and send cookies.
    #[serde(default)]
    cookies: bool,
    /// Headers of every step.
    #[serde(default)]
    headers: Headers,
    /// Trusted certificate authorities instead of this machine's, as PEM.
    ca: Option<String>,
    /// Maximum number of bytes to read from a response body.
    limit: Option<usize>,
    /// Whether to check critwatch's own network before blaming the target.
    pub(crate) reference: Option<bool>,
    /// The steps, in this order.
    #[serde(default, rename = "step")]
    steps: Vec<StepSettings>,
}

impl StepsSettings {
    /// What is wrong with them.
    pub(crate) fn faults(&self) -> Vec<SettingsFault> {
        let mut faults = self.headers.faults();
        match ProbeAddress::parse(self.url.expose_secret(), WEB) {
            Err(message) => faults.push(SettingsFault::new("url", message)),
            Ok(address) if address.target().contains('?') => {
                let message = "paths are put behind this address; a query goes into a `path`";
                faults.push(SettingsFault::new("url", message));
            }
            Ok(_) => {}
        }
        if self.steps.is_empty() {
            let message = "there is nothing to do; write at least one `[[collector.step]]`";
            faults.push(SettingsFault::new("type", message));
        }
        let mut saved = Vec::new();
        let mut names = BTreeSet::new();
        for (step, place) in self.steps.iter().zip(0..) {
            let within = format!("step.{place}");
            if !names.insert(&step.name) {
                let message = format!(
                    "`{}` appears twice; every step needs its own name",
                    step.name
                );
                faults.push(SettingsFault::new("name", message).within(&within));
            }
            faults.extend(
                step.faults(&saved)
                    .into_iter()
                    .map(|fault_of_step| fault_of_step.within(&within)),
            );
            saved.extend(step.saves());
        }
        faults.extend(fault::limit(self.limit));
        faults.extend(authority(self.ca.as_deref()));
        faults
    }
}

/// Steps, with what is kept of them.
#[derive(Debug)]
pub(crate) struct StepsProbe {
    settings: StepsSettings,
    address: ProbeAddress,
    dialler: Dialler,
    session: ProbeSession,
    losses: u32,
}

/// What is kept from scrape to scrape; secret.
#[derive(Debug, Default)]
struct ProbeSession {
    values: Values,
    jar: Jar,
    /// Places of the steps that need not be done again.
    done: BTreeSet<usize>,
    since: Option<Instant>,
    /// Whether all steps went well with it.
    is_proven: bool,
}

impl StepsProbe {
    /// Reads the address; connects when asked.
    pub(crate) fn new(settings: StepsSettings) -> Result<Self, Failure> {
        let address =
            ProbeAddress::parse(settings.url.expose_secret(), WEB).map_err(Failure::Answer)?;
        let dialler = Dialler::new(settings.ca.as_deref());
        Ok(Self {
            settings,
            address,
            dialler,
            session: ProbeSession::default(),
            losses: 0,
        })
    }

    /// What opens its lines.
    pub(crate) fn dialler(&mut self) -> &mut Dialler {
        &mut self.dialler
    }

    /// The host that is asked.
    pub(crate) fn host(&self) -> &str {
        self.address.host()
    }

    /// Does all steps, the first that fails ends it.
    pub(crate) async fn attempt(
        &mut self,
        deadline: tokio::time::Instant,
        report: &mut ProbeReport,
    ) -> Result<(), Failure> {
        let result = self.walk(deadline, report).await;
        if self.keeps() {
            let age = self.session.since.map(|since| since.elapsed());
            let age = age.unwrap_or_default().as_secs_f64();
            report.set("probe_kept_seconds", [], age);
            report.set("probe_kept_losses_total", [], f64::from(self.losses));
        }
        result
    }

    async fn walk(
        &mut self,
        deadline: tokio::time::Instant,
        report: &mut ProbeReport,
    ) -> Result<(), Failure> {
        let mut values = self.session.values.clone();
        let mut jar = self.session.jar.clone();
        // Who was made a moment ago is known there.
        let is_old = self.session.since.is_some();
        for place in 0..self.settings.steps.len() {
            if self.session.done.contains(&place) {
                continue;
            }
            let start = Instant::now();
            let step = self.step(place, &mut values, &mut jar, report);
            let done = tokio::time::timeout_at(deadline, step).await;
            let done = done.unwrap_or(Err(Failure::Timeout));
            let name = &self.settings.steps[place].name;
            let took = start.elapsed().as_secs_f64();
            report.set("probe_step_duration_seconds", [("step", name)], took);
            let success = f64::from(u8::from(done.is_ok()));
            report.set("probe_step_success", [("step", name)], success);
            if let Err(cause) = done {
                let failure = Failure::Step {
                    step: name.clone(),
                    cause: Box::new(cause),
                };
                if is_old && is_refusal(&failure) {
                    self.forget();
                }
                return Err(failure);
            }
        }
        self.session.is_proven = self.session.since.is_some();
        Ok(())
    }

    async fn step(
        &mut self,
        place: usize,
        values: &mut Values,
        jar: &mut Jar,
        report: &mut ProbeReport,
    ) -> Result<(), Failure> {
        let settings = &self.settings;
        let step = &settings.steps[place];
        let mut request = step.request(&self.address, &settings.headers, values)?;
        if settings.cookies {
            jar.write(&mut request.headers);
        }
        let limit = settings.limit.unwrap_or(BODY_LIMIT);
        let answer = exchange(&mut self.dialler, request, limit, report).await?;
        if settings.cookies {
            jar.take(&answer.headers);
        }
        let saved = step.judge(&answer, values, report)?;
        // Kept at once: a slow step behind must not make a new user each time.
        for (name, value) in saved {
            if step.once {
                self.session.values.keep(name, value.clone());
            }
            values.keep(name, value);
        }
        if step.once {
            self.session.done.insert(place);
            self.session.since.get_or_insert_with(Instant::now);
        }
        if self.session.since.is_some() {
            self.session.jar = jar.clone();
        }
        Ok(())
    }

    fn keeps(&self) -> bool {
        self.settings.steps.iter().any(|step| step.once)
    }

    /// Begins anew next time; what never worked was not lost.
    fn forget(&mut self) {
        if self.session.is_proven {
            self.losses = self.losses.saturating_add(1);
        }
        self.session = ProbeSession::default();
    }
}

/// Whether a step was refused in a way that a new user may mend.
fn is_refusal(failure: &Failure) -> bool {
    match failure {
        Failure::Step { cause, .. } => is_refusal(cause),
        Failure::Status { status, .. } => {
            // These ask for patience, not for another user.
            let wait = [
                StatusCode::REQUEST_TIMEOUT,
                StatusCode::TOO_EARLY,
                StatusCode::TOO_MANY_REQUESTS,
            ];
            status.is_client_error() && !wait.contains(status)
        }
        Failure::Redis(_)
        | Failure::Shape(_)
        | Failure::Http(_)
        | Failure::Reach(..)
        | Failure::Answer(_)
        | Failure::Limit(_)
        | Failure::Timeout => false,
    }
}
