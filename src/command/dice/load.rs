//! `critwatch dice load`: many people use an API, and what becomes of their rolls is counted.

use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::command::terminal::output::print;
use crate::dice::load::generator::LoadGenerator;
use crate::dice::load::profile::{Arrival, LoadProfile, LoadRate};
use crate::model::time::duration;

/// Rolls at a rate, or as fast as people get answers.
#[derive(Debug, Args)]
pub struct LoadArgs {
    /// URL of the API
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8090")]
    api: String,
    /// Rolls per second, in an open loop
    #[arg(long, value_name = "NUMBER", default_value_t = 10.0)]
    rate: f64,
    /// Thumbnail images per second, in an open loop
    #[arg(long, value_name = "NUMBER", default_value_t = 0.0)]
    images: f64,
    /// Open: rolls arrive at the given rate; closed: each follows the response to the previous one
    #[arg(long, value_enum, default_value_t = LoopKind::Open)]
    arrival: LoopKind,
    /// Duration of the load
    #[arg(long = "for", value_name = "TIME", default_value = "30s", value_parser = duration::parse)]
    lasting: Duration,
    /// Number of users
    #[arg(long, default_value_t = 20)]
    users: usize,
    /// Number of rooms
    #[arg(long, default_value_t = 4)]
    rooms: usize,
    /// Number of dice per roll
    #[arg(long, default_value_t = 3)]
    dice: usize,
    /// Width and height of the images, in pixels
    #[arg(long, default_value_t = 256)]
    image_side: u32,
    /// Maximum concurrent requests
    #[arg(long, default_value_t = 256)]
    in_flight: usize,
    /// Time that a user waits for a response
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration::parse)]
    patience: Duration,
    /// Seed of the random numbers
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LoopKind {
    Open,
    Closed,
}

impl LoadArgs {
    /// Runs to the end of its time; the exit code is 1 if a roll was lost or answered twice.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let profile = LoadProfile {
            users: self.users,
            rooms: self.rooms,
            dice: self.dice,
            image_side: self.image_side,
            seed: self.seed,
            in_flight: self.in_flight,
            patience: self.patience,
            arrival: match self.arrival {
                LoopKind::Open => Arrival::Open,
                LoopKind::Closed => Arrival::Closed,
            },
        };
        let mut load = LoadGenerator::start(profile, self.api.trim_end_matches('/'))?;
        load.set_rate(LoadRate {
            rolls: self.rate,
            images: self.images,
        });
        tokio::time::sleep(self.lasting).await;
        load.end(self.patience).await;
        let afterwards = load.afterwards().await;
        let ledger = load.ledger();
        let sum = ledger.sum(&afterwards);
        let time = |permille| ledger.times.permille(permille);
        print(&format!(
            "{} rolls wanted, {} not sent, {} refused, {} taken\n{} answered at once, {} late, \
             {} lost, {} waiting, {} answered twice\nanswers took {:.1?} (50 %), {:.1?} (99 %), \
             {:.1?} (longest)",
            ledger.offered,
            ledger.unsent,
            ledger.refused,
            sum.accepted,
            sum.in_time,
            sum.late,
            sum.lost,
            sum.waiting,
            sum.doubled,
            time(500),
            time(990),
            ledger.times.longest(),
        ))?;
        Ok(ExitCode::from(u8::from(sum.lost + sum.doubled > 0)))
    }
}
