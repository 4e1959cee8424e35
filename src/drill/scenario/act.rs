//! What operators do in a scenario.

use serde::Deserialize;

use crate::model::event::EventKind;

/// Something that an operator does at a certain minute.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OperatorStep {
    /// The minute.
    pub(crate) at: f64,
    /// What is done to the service.
    pub(crate) act: OperatorAct,
    /// What it is called, for the report.
    pub(crate) text: String,
    /// What is noted for readers, as an operator or a script would.
    pub(crate) event: Option<NotedEvent>,
    /// Words that the incident file must have by the end of the drill.
    pub(crate) file_says: Vec<String>,
}

/// What is done to the service.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum OperatorAct {
    /// Nothing; it is only noted.
    Nothing,
    /// Redis forgets everything.
    ClearCache,
    /// Redis may hold this many MiB from now on.
    RedisLimit(f64),
    /// The worker ends and begins anew, as it was.
    RestartWorker,
    /// The API ends and begins anew.
    RestartApi,
    /// The worker begins anew with the arguments of `[after]`.
    MendWorker,
    /// The API stops answering and keeps its connections.
    HangApi,
    /// The API goes on.
    ResumeApi,
    /// The database may not grow any more.
    LimitDatabase,
    /// The database may grow again.
    RaiseDatabase,
    /// The provider's page tells of trouble.
    ProviderTrouble(ProviderWord),
    /// The provider's page tells that all is well.
    ProviderWell,
}

/// How bad a provider says that it is, in Statuspage's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ProviderWord {
    /// A little.
    Minor,
    /// Much.
    Major,
    /// All of it.
    Critical,
}

impl ProviderWord {
    /// The word of the format.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Critical => "critical",
        }
    }
}

/// What is noted through the operators' API.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NotedEvent {
    /// Its kind.
    pub(crate) kind: EventKind,
    /// Its words; visitors read them.
    pub(crate) text: String,
    /// Ids of components.
    pub(crate) affected: Vec<String>,
}

/// A table `[[operator]]` as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenStep {
    /// The minute.
    pub(crate) at: f64,
    /// What is done.
    #[serde(rename = "do")]
    pub(crate) act: ActWord,
    /// What it is called.
    pub(crate) text: String,
    /// The new limit, for `redis-limit`.
    pub(crate) mib: Option<f64>,
    /// How bad it is, for `provider-trouble`.
    pub(crate) indicator: Option<ProviderWord>,
    /// What is noted.
    pub(crate) event: Option<WrittenEvent>,
    /// Words that the incident file must have.
    #[serde(default)]
    pub(crate) file_says: Vec<String>,
}

/// The words of `do`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ActWord {
    /// [`OperatorAct::Nothing`].
    Nothing,
    /// [`OperatorAct::ClearCache`].
    ClearCache,
    /// [`OperatorAct::RedisLimit`].
    RedisLimit,
    /// [`OperatorAct::RestartWorker`].
    RestartWorker,
    /// [`OperatorAct::RestartApi`].
    RestartApi,
    /// [`OperatorAct::MendWorker`].
    MendWorker,
    /// [`OperatorAct::HangApi`].
    HangApi,
    /// [`OperatorAct::ResumeApi`].
    ResumeApi,
    /// [`OperatorAct::LimitDatabase`].
    LimitDatabase,
    /// [`OperatorAct::RaiseDatabase`].
    RaiseDatabase,
    /// [`OperatorAct::ProviderTrouble`].
    ProviderTrouble,
    /// [`OperatorAct::ProviderWell`].
    ProviderWell,
}

/// An `event = { … }` as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenEvent {
    /// Its kind.
    pub(crate) kind: String,
    /// Its words.
    pub(crate) text: String,
    /// Ids of components.
    #[serde(default)]
    pub(crate) affected: Vec<String>,
}

impl WrittenStep {
    /// The step that is meant, or the key that is missing or too much, and why.
    pub(crate) fn meant(self) -> Result<OperatorStep, (&'static str, String)> {
        let needs = |key: &'static str| (key, format!("this `do` needs the key `{key}`"));
        let act = match (self.act, self.mib, self.indicator) {
            (ActWord::RedisLimit, Some(mib), None) if mib > 0.0 => OperatorAct::RedisLimit(mib),
            (ActWord::RedisLimit, ..) => return Err(needs("mib")),
            (ActWord::ProviderTrouble, None, Some(word)) => OperatorAct::ProviderTrouble(word),
            (ActWord::ProviderTrouble, ..) => return Err(needs("indicator")),
            (_, Some(_), _) => {
                return Err(("mib", "only `do = \"redis-limit\"` has a limit".to_owned()));
            }
            (_, _, Some(_)) => {
                let why = "only `do = \"provider-trouble\"` has an indicator";
                return Err(("indicator", why.to_owned()));
            }
            (ActWord::Nothing, ..) => OperatorAct::Nothing,
            (ActWord::ClearCache, ..) => OperatorAct::ClearCache,
            (ActWord::RestartWorker, ..) => OperatorAct::RestartWorker,
            (ActWord::RestartApi, ..) => OperatorAct::RestartApi,
            (ActWord::MendWorker, ..) => OperatorAct::MendWorker,
            (ActWord::HangApi, ..) => OperatorAct::HangApi,
            (ActWord::ResumeApi, ..) => OperatorAct::ResumeApi,
            (ActWord::LimitDatabase, ..) => OperatorAct::LimitDatabase,
            (ActWord::RaiseDatabase, ..) => OperatorAct::RaiseDatabase,
            (ActWord::ProviderWell, ..) => OperatorAct::ProviderWell,
        };
        let event = self.event.map(|event| {
            let kind = EventKind::from_word(&event.kind).ok_or_else(|| {
                let words = EventKind::ALL.map(EventKind::word).join(", ");
                (
                    "event",
                    format!(
                        "there is no kind of event `{}`; write one of {words}",
                        event.kind
                    ),
                )
            })?;
            Ok(NotedEvent {
                kind,
                text: event.text,
                affected: event.affected,
            })
        });
        Ok(OperatorStep {
            at: self.at,
            act,
            text: self.text,
            event: event.transpose()?,
            file_says: self.file_says,
        })
    }
}
