//! Looks at all targets that the operator named, or at what is usual here.

use crate::command::init::found::{
    FoundPage, FoundPrometheus, FoundQueues, FoundRedis, FoundSite, InitFindings,
};
use crate::command::init::look::page_look::{self, exporter, metric_names};
use crate::command::init::look::ports::{self, UsualPort};
use crate::command::init::look::redis_look::{self, DatabaseLook};
use crate::command::init::look::site_look;
use crate::command::init::prompt::address::TargetKind;
use crate::command::init::reference::{TargetReference, is_local, shown};
use crate::command::terminal::output::{counted, note};
use crate::config::reading::reader::Environment;

/// What is to be looked at.
#[derive(Clone, Debug, Default)]
pub(crate) struct InitTargets {
    /// Addresses of Redis servers.
    pub(crate) redis: Vec<String>,
    /// The file of their password.
    pub(crate) redis_password_file: Option<String>,
    /// Addresses that users open.
    pub(crate) sites: Vec<String>,
    /// Metrics pages.
    pub(crate) pages: Vec<String>,
    /// Servers of Prometheus.
    pub(crate) prometheus: Vec<String>,
    /// Hosts whose usual ports are tried.
    pub(crate) hosts: Vec<String>,
    /// Whether nobody named these hosts, so that they need not answer.
    pub(crate) are_guessed: bool,
}

/// Whether a target of a kind answers; the error says why it does not.
pub(crate) async fn answers(
    kind: TargetKind,
    address: &str,
    password: Option<&str>,
) -> Result<(), String> {
    let words = |error: anyhow::Error| format!("{error:#}");
    match kind {
        TargetKind::Redis => redis_look::reach(address, password).await,
        TargetKind::Site => site_look::open(address).await,
        TargetKind::Metrics => page_look::page(address).await.map(|_| ()).map_err(words),
        TargetKind::Prometheus => page_look::jobs(address).await.map(|_| ()).map_err(words),
        TargetKind::Host if ports::open(address).await.is_empty() => {
            Err("nothing answers on the usual ports".to_owned())
        }
        TargetKind::Host => Ok(()),
    }
}

impl InitTargets {
    /// Whether nothing was named.
    pub(crate) fn is_empty(&self) -> bool {
        self.redis.is_empty()
            && self.sites.is_empty()
            && self.pages.is_empty()
            && self.prometheus.is_empty()
            && self.hosts.is_empty()
    }

    /// The addresses of a kind.
    pub(crate) fn of(&mut self, kind: TargetKind) -> &mut Vec<String> {
        match kind {
            TargetKind::Redis => &mut self.redis,
            TargetKind::Site => &mut self.sites,
            TargetKind::Metrics => &mut self.pages,
            TargetKind::Prometheus => &mut self.prometheus,
            TargetKind::Host => &mut self.hosts,
        }
    }

    /// Looks at all of them; what does not answer is reported, and is no fault if it was
    /// only tried.
    pub(crate) async fn look(
        mut self,
        title: String,
        password: Option<&str>,
        environment: &Environment,
    ) -> Result<InitFindings, Vec<String>> {
        let named = self.clone();
        let mut failed = Vec::new();
        for host in std::mem::take(&mut self.hosts) {
            let open = ports::open(&host).await;
            if open.is_empty() && !self.are_guessed {
                failed.push(format!("--host {host}: nothing answers on the usual ports"));
            }
            for (port, usual) in open {
                self.add(&host, port, usual);
            }
        }
        let mut look = TargetLook {
            environment,
            found: InitFindings {
                title,
                ..InitFindings::default()
            },
            failed,
        };
        for (number, url) in self.redis.iter().enumerate() {
            let file = self.redis_password_file.as_deref();
            let is_named = named.redis.contains(url);
            look.redis(number, url, (password, file), is_named).await;
        }
        for (number, url) in self.sites.iter().enumerate() {
            look.site(number, url).await;
        }
        for (number, url) in self.pages.iter().enumerate() {
            look.page(number, url, named.pages.contains(url)).await;
        }
        for (number, url) in self.prometheus.iter().enumerate() {
            look.prometheus(number, url, named.prometheus.contains(url))
                .await;
        }
        let all = [&self.redis, &self.sites, &self.pages, &self.prometheus];
        let mut all = all.into_iter().flatten().peekable();
        look.found.is_local = all.peek().is_some() && all.all(|url| is_local(url));
        if look.failed.is_empty() {
            Ok(look.found)
        } else {
            Err(look.failed)
        }
    }

    /// Adds what answered on a usual port, unless it was named.
    fn add(&mut self, host: &str, port: u16, usual: UsualPort) {
        let host = if host.contains(':') {
            format!("[{host}]")
        } else {
            host.to_owned()
        };
        let place = format!("{host}:{port}");
        let (all, url) = match usual {
            UsualPort::Redis => (&mut self.redis, format!("redis://{place}")),
            UsualPort::Page => (&mut self.pages, format!("http://{place}/metrics")),
            UsualPort::Prometheus => (&mut self.prometheus, format!("http://{place}")),
        };
        if !all.iter().any(|known| known.contains(&place)) {
            all.push(url);
        }
    }
}

/// A look that goes on.
struct TargetLook<'l> {
    environment: &'l Environment,
    found: InitFindings,
    failed: Vec<String>,
}

impl TargetLook<'_> {
    fn fail(&mut self, kind: TargetKind, url: &str, why: &str, is_named: bool) {
        let words = format!("{}: {why}", shown(url));
        if is_named {
            self.failed.push(format!("{} {words}", kind.option()));
        } else {
            note(&format!("{words}; left out"));
        }
    }

    async fn redis(
        &mut self,
        number: usize,
        url: &str,
        (password, file): (Option<&str>, Option<&str>),
        is_named: bool,
    ) {
        let looks = match redis_look::look(url, password).await {
            Ok(looks) => looks,
            Err(why) => return self.fail(TargetKind::Redis, url, &why, is_named),
        };
        let reference = TargetReference::of(url, "REDIS_URL", number, self.environment);
        let first = looks
            .iter()
            .map(|look| look.number)
            .min()
            .unwrap_or_default();
        for look in looks {
            let queues = look.keys.queues();
            let is_first = look.number == first;
            note(&told(url, &look, &queues));
            let remarks = remarks(&look);
            let unsure = queues.iter().filter_map(|one| one.remark.as_ref());
            for remark in remarks.iter().chain(unsure) {
                note(remark);
            }
            if !is_first && queues.is_empty() {
                continue;
            }
            if !is_first && !reference.is_plain() {
                let words =
                    "its queues need a collector of their own: name it with --redis as well";
                note(&format!("database {}: {words}", look.number));
                continue;
            }
            let url = TargetReference {
                written: if url_names(url, look.number) {
                    reference.written.clone()
                } else {
                    of_database(&reference.written, look.number)
                },
                ..reference.clone()
            };
            self.found.redis.push(FoundRedis {
                url,
                password_file: file.map(str::to_owned),
                database: look.number,
                server: look.server.clone(),
                is_unlimited: look.is_unlimited,
                queues,
                remarks,
            });
        }
    }

    async fn site(&mut self, number: usize, url: &str) {
        if let Err(why) = site_look::open(url).await {
            return self.fail(TargetKind::Site, url, &why, true);
        }
        note(&format!("{}: it answers", shown(url)));
        self.found.sites.push(FoundSite {
            url: TargetReference::of(url, "PAGE_URL", number, self.environment),
        });
    }

    async fn page(&mut self, number: usize, url: &str, is_named: bool) {
        let page = match page_look::page(url).await {
            Ok(page) => page,
            Err(why) => {
                let why = format!("{why:#}");
                return self.fail(TargetKind::Metrics, url, &why, is_named);
            }
        };
        let names = metric_names(&page);
        let known = exporter(&names);
        let metrics = names.len();
        note(&format!("{}: {}", shown(url), counted(metrics, "metric")));
        self.found.pages.push(FoundPage {
            url: TargetReference::of(url, "METRICS_URL", number, self.environment),
            name: known.unwrap_or("Service").to_owned(),
            is_machine: known == Some("Machine"),
            metrics,
        });
    }

    async fn prometheus(&mut self, number: usize, url: &str, is_named: bool) {
        let jobs = match page_look::jobs(url).await {
            Ok(jobs) => jobs,
            Err(why) => {
                let why = format!("{why:#}");
                return self.fail(TargetKind::Prometheus, url, &why, is_named);
            }
        };
        let number_of = counted(jobs.len(), "job");
        note(&format!("{}: Prometheus with {number_of}", shown(url)));
        self.found.prometheus.push(FoundPrometheus {
            url: TargetReference::of(url, "PROMETHEUS_URL", number, self.environment),
            jobs,
        });
    }
}

/// Whether an address leads to a database by itself.
fn url_names(url: &str, number: i64) -> bool {
    number == 0 || url.ends_with(&format!("/{number}"))
}

/// An address of a server with the number of a database; a variable stays as it is.
fn of_database(written: &str, number: i64) -> String {
    if number == 0 || written.starts_with("${") {
        written.to_owned()
    } else if written.contains("unix:") {
        format!("{written}?db={number}")
    } else {
        format!("{}/{number}", written.trim_end_matches('/'))
    }
}

/// What was seen in a database, in words.
fn told(url: &str, look: &DatabaseLook, queues: &[FoundQueues]) -> String {
    let systems: Vec<_> = queues
        .iter()
        .map(|one| match one.names.len() {
            0 => one.system.to_owned(),
            _ => format!("{} ({})", one.system, one.names.join(", ")),
        })
        .collect();
    let systems = if systems.is_empty() {
        "no queues that `init` recognizes".to_owned()
    } else {
        systems.join("; ")
    };
    format!(
        "{}, database {}: {} scanned: {systems}",
        shown(url),
        look.number,
        counted(look.seen, "key"),
    )
}

/// What the settings say beside a database.
fn remarks(look: &DatabaseLook) -> Vec<String> {
    let mut remarks = Vec::new();
    if look.is_partial {
        remarks.push(format!(
            "Only {} were scanned; there may be more queues (docs/queues.md).",
            counted(look.seen, "key")
        ));
    }
    if look.refused > 0 {
        remarks.push(format!(
            "The user has no permission to inspect {}: there may be more queues (docs/init.md).",
            counted(look.refused, "key")
        ));
    }
    remarks
}
