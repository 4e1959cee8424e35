//! Which servers are asked: one, the one that sentinels name, or all masters.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use redis::Cmd;

use crate::collect::failure::cause::Failure;
use crate::collect::redis::fleet::node::{NodeAnswer, RedisNode};
use crate::collect::redis::fleet::route::SlotMap;
use crate::collect::redis::fleet::sentinel::Sentinels;
use crate::collect::redis::settings::RedisSettings;
use crate::collect::redis::wire::address::{self, Login, ServerAddress};
use crate::model::sample::Sample;

/// How the servers are found.
#[derive(Debug)]
enum TopologyKind {
    /// The settings name it.
    Single,
    /// Sentinels name it.
    Sentinel(Sentinels),
    /// The nodes of a cluster name each other; the settings name one of them.
    Cluster { seed: ServerAddress, map: SlotMap },
}

/// The servers, and how to speak to them.
#[derive(Debug)]
pub(crate) struct Topology {
    kind: TopologyKind,
    access: Login,
    nodes: Vec<RedisNode>,
    /// Databases that had keys in an earlier run, by the label `instance`, which
    /// only nodes of a cluster have.
    recalled: BTreeMap<Option<String>, BTreeSet<u32>>,
}

impl Topology {
    /// Reads the settings.
    pub(crate) fn new(settings: &RedisSettings) -> Result<Self, Failure> {
        let (address, access) = address::read(settings)?;
        let (kind, nodes) = if settings.cluster {
            let (seed, map) = (address, SlotMap::default());
            (TopologyKind::Cluster { seed, map }, Vec::new())
        } else if settings.sentinels.is_empty() {
            (TopologyKind::Single, vec![RedisNode::new(address, false)])
        } else {
            let sentinels = Sentinels::new(settings, &access)?;
            (TopologyKind::Sentinel(sentinels), Vec::new())
        };
        Ok(Self {
            kind,
            access,
            nodes,
            recalled: BTreeMap::new(),
        })
    }

    /// Remembers that a database had keys in an earlier run.
    pub(crate) fn recall(&mut self, instance: Option<&str>, database: u32) {
        let instance = instance.map(str::to_owned);
        self.recalled.entry(instance).or_default().insert(database);
        for node in &mut self.nodes {
            know(node, &self.recalled);
        }
    }

    /// The number of the database that is asked.
    pub(crate) fn database(&self) -> i64 {
        self.access.database
    }

    /// What is known of who is not asked for data: the sentinels.
    pub(crate) fn aside(&mut self) -> Vec<Sample> {
        match &mut self.kind {
            TopologyKind::Sentinel(sentinels) => sentinels.samples(),
            TopologyKind::Single | TopologyKind::Cluster { .. } => Vec::new(),
        }
    }

    /// Finds out who is to be asked, if that is not known or in doubt.
    pub(crate) async fn find(&mut self, within: Duration) -> Result<(), Failure> {
        match &mut self.kind {
            TopologyKind::Sentinel(sentinels) if sentinels.are_due() => {
                let named = match sentinels.ask(within).await {
                    Ok(named) => named,
                    Err(failure) if self.nodes.is_empty() => return Err(failure),
                    // Whom we knew last is better than nobody.
                    Err(_) => return Ok(()),
                };
                if self.nodes.first().is_none_or(|node| node.address != named) {
                    tracing::info!(redis = %named, "sentinels name another master");
                    let mut node = RedisNode::new(named, false);
                    // The new master has, or had, what the old one had.
                    let old = self.nodes.iter().flat_map(|old| &old.databases);
                    node.databases = old.copied().collect();
                    know(&mut node, &self.recalled);
                    self.nodes = vec![node];
                }
            }
            TopologyKind::Cluster { seed, map } if self.nodes.is_empty() => {
                let answer = RedisNode::new(seed.clone(), true)
                    .take(&self.access, &[])
                    .await?;
                let (_, found) = answer.map.ok_or_else(|| {
                    Failure::Answer(format!("{seed} lists no nodes of a cluster"))
                })?;
                adopt(&mut self.nodes, &found, &self.recalled);
                *map = found;
            }
            TopologyKind::Single | TopologyKind::Sentinel(_) | TopologyKind::Cluster { .. } => {}
        }
        Ok(())
    }

    /// How long each server may take, if all together may take `within`.
    ///
    /// One that hangs must not keep the others' answers back, nor the doubt
    /// whether it is still the one to ask.
    pub(crate) fn patience(&self, within: Duration) -> Duration {
        match &self.kind {
            TopologyKind::Single => within,
            TopologyKind::Sentinel(_) | TopologyKind::Cluster { .. } => within * 9 / 10,
        }
    }

    /// The servers and how to speak to them.
    pub(crate) fn nodes(&mut self) -> (&mut [RedisNode], &Login) {
        (&mut self.nodes, &self.access)
    }

    /// For each server, which of the commands it is asked.
    pub(crate) fn places(&self, commands: &[&Cmd]) -> Vec<Vec<usize>> {
        let mut places = vec![Vec::new(); self.nodes.len()];
        for (at, command) in commands.iter().enumerate() {
            let node = match &self.kind {
                TopologyKind::Cluster { map, .. } => map
                    .master(command)
                    .and_then(|master| self.nodes.iter().position(|node| node.address == *master)),
                TopologyKind::Single | TopologyKind::Sentinel(_) => Some(0),
            };
            if let Some(places) = node.and_then(|node| places.get_mut(node)) {
                places.push(at);
            }
        }
        places
    }

    /// Makes samples of what the servers told, and draws the consequences.
    ///
    /// It fails only if all of them do.
    pub(crate) fn settle(
        &mut self,
        answers: Vec<Result<NodeAnswer, Failure>>,
    ) -> Result<Vec<Sample>, Failure> {
        match &mut self.kind {
            TopologyKind::Single => only(answers),
            TopologyKind::Sentinel(sentinels) => {
                if !matches!(answers.first(), Some(Ok(answer)) if answer.is_master) {
                    sentinels.doubt();
                }
                only(answers)
            }
            TopologyKind::Cluster { map, .. } => {
                let (samples, newest) = gather(&mut self.nodes, answers)?;
                if let Some(newest) = newest.filter(|newest| newest != map) {
                    adopt(&mut self.nodes, &newest, &self.recalled);
                    *map = newest;
                }
                Ok(samples)
            }
        }
        .inspect_err(|_| {
            if matches!(self.kind, TopologyKind::Cluster { .. }) {
                self.nodes.clear();
            }
        })
    }
}

fn only(mut answers: Vec<Result<NodeAnswer, Failure>>) -> Result<Vec<Sample>, Failure> {
    match answers.pop() {
        Some(answer) => answer.map(|answer| answer.samples),
        None => Err(Failure::Answer("there is no node to query".to_owned())),
    }
}

/// Samples of all nodes, each with its address, and the newest map that any has.
fn gather(
    nodes: &mut [RedisNode],
    mut answers: Vec<Result<NodeAnswer, Failure>>,
) -> Result<(Vec<Sample>, Option<SlotMap>), Failure> {
    if !answers.iter().any(Result::is_ok) {
        return only(answers).map(|samples| (samples, None));
    }
    let (mut samples, mut newest) = (Vec::new(), None::<(u64, SlotMap)>);
    for (node, answer) in nodes.iter_mut().zip(answers.drain(..)) {
        let failed = answer.as_ref().err().map(ToString::to_string);
        let address = node.address.to_string();
        let line = node.log.note(failed.as_deref(), Instant::now());
        if let Some(line) = line {
            let message = line.message();
            match line.error() {
                None => tracing::info!(redis = address, "node of the cluster {message}"),
                Some(error) => {
                    tracing::warn!(redis = address, %error, "node of the cluster {message}");
                }
            }
        }
        let answer = answer.unwrap_or_else(|_| NodeAnswer {
            samples: vec![Sample::new("redis_up", [], 0.0)],
            ..NodeAnswer::default()
        });
        samples.extend(answer.samples.into_iter().map(|mut sample| {
            let labels = &mut sample.metric.labels;
            labels.insert("instance".to_owned(), address.clone());
            sample
        }));
        if let Some((epoch, map)) = answer.map
            && newest.as_ref().is_none_or(|(best, _)| epoch > *best)
        {
            newest = Some((epoch, map));
        }
    }
    Ok((samples, newest.map(|(_, map)| map)))
}

/// Makes the nodes those of the map; who was known stays as it is.
fn adopt(
    nodes: &mut Vec<RedisNode>,
    map: &SlotMap,
    recalled: &BTreeMap<Option<String>, BTreeSet<u32>>,
) {
    let masters = map.masters();
    nodes.retain(|node| masters.contains(&node.address));
    for master in masters {
        if !nodes.iter().any(|node| node.address == *master) {
            let mut node = RedisNode::new(master.clone(), true);
            know(&mut node, recalled);
            nodes.push(node);
        }
    }
}

/// Lets a node know which of its databases had keys in an earlier run.
fn know(node: &mut RedisNode, recalled: &BTreeMap<Option<String>, BTreeSet<u32>>) {
    let instance = node.in_cluster.then(|| node.address.to_string());
    node.databases
        .extend(recalled.get(&instance).into_iter().flatten());
}
