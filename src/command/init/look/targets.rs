//! Looks at all targets that the operator named, or at what is usual here.

use crate::command::init::found::{
    FoundPage, FoundPrometheus, FoundRedis, FoundSite, InitFindings,
};
use crate::command::init::look::page_look::{self, exporter, metric_names};
use crate::command::init::look::ports::{self, UsualPort};
use crate::command::init::look::redis_look::{self, DatabaseLook};
use crate::command::init::reference::{TargetReference, is_local, shown};
use crate::command::terminal::output::note;
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

    /// Looks at all of them; what does not answer is told, and is no fault if it was
    /// only tried.
    pub(crate) async fn look(
        mut self,
        title: String,
        password: Option<&str>,
        environment: &Environment,
    ) -> Result<InitFindings, Vec<String>> {
        let named = self.clone();
        for host in std::mem::take(&mut self.hosts) {
            for (port, usual) in ports::open(&host).await {
                self.add(&host, port, usual);
            }
        }
        let mut look = TargetLook {
            environment,
            found: InitFindings {
                title,
                ..InitFindings::default()
            },
            failed: Vec::new(),
        };
        for (number, url) in self.redis.iter().enumerate() {
            let file = self.redis_password_file.as_deref();
            let is_named = named.redis.contains(url);
            look.redis(number, url, (password, file), is_named).await;
        }
        for (number, url) in self.sites.iter().enumerate() {
            look.site(number, url);
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
    fn fail(&mut self, url: &str, why: &str, is_named: bool) {
        let words = format!("{}: {why}", shown(url));
        if is_named {
            self.failed.push(words);
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
            Err(why) => return self.fail(url, &why, is_named),
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
            if !is_first && queues.is_empty() {
                continue;
            }
            if !is_first && !reference.is_plain() {
                let words = "its queues need a separate collector: name it with --redis as well";
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
                queues,
                remarks: remarks(&look),
            });
        }
    }

    fn site(&mut self, number: usize, url: &str) {
        let host = reqwest::Url::parse(url)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned));
        match host {
            Some(host) if url.starts_with("http") => self.found.sites.push(FoundSite {
                url: TargetReference::of(url, "PAGE_URL", number, self.environment),
                host,
            }),
            _ => self.fail(url, "write it as https://host/path", true),
        }
    }

    async fn page(&mut self, number: usize, url: &str, is_named: bool) {
        let page = match page_look::page(url).await {
            Ok(page) => page,
            Err(why) => return self.fail(url, &format!("{why:#}"), is_named),
        };
        let names = metric_names(&page);
        let known = exporter(&names);
        let metrics = names.len();
        note(&format!("{}: {metrics} metrics", shown(url)));
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
            Err(why) => return self.fail(url, &format!("{why:#}"), is_named),
        };
        note(&format!(
            "{}: Prometheus with {} jobs",
            shown(url),
            jobs.len()
        ));
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
fn told(
    url: &str,
    look: &DatabaseLook,
    queues: &[crate::command::init::found::FoundQueues],
) -> String {
    let systems: Vec<_> = queues
        .iter()
        .map(|one| match one.names.len() {
            0 => one.system.to_owned(),
            _ => format!("{} ({})", one.system, one.names.join(", ")),
        })
        .collect();
    let systems = if systems.is_empty() {
        "no queues".to_owned()
    } else {
        systems.join("; ")
    };
    let part = if look.is_partial {
        ", not all of them"
    } else {
        ""
    };
    format!(
        "{}, database {}: {} keys scanned{part}: {systems}",
        shown(url),
        look.number,
        look.seen,
    )
}

/// What the settings say beside a database.
fn remarks(look: &DatabaseLook) -> Vec<String> {
    let mut remarks = Vec::new();
    if look.is_unlimited {
        remarks.push("It has no `maxmemory`; the memory rules need one.".to_owned());
    }
    if look.is_partial {
        remarks.push(format!(
            "Only {} keys were scanned; there may be more queues (docs/queues.md).",
            look.seen
        ));
    }
    remarks
}
