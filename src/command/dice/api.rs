//! `critwatch dice api`: the options of the dice API.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;

use crate::command::dice::options::{DatabaseFile, DrillSeed, Records, Redis, duration};
use crate::command::terminal::input::listen_address;
use crate::dice::ApiSettings;
use crate::dice::api::admission::AdmissionLimits;
use crate::dice::api::housekeeping::SweepSettings;
use crate::dice::api::limits::rate::RateSettings;
use crate::dice::api::realtime::hub_state::SocketLimits;
use crate::dice::api::roll_mode::RollMode;
use crate::dice::api::rolling::RollingSettings;
use crate::dice::clock;
use crate::dice::database::sweeping::KeepingTimes;
use crate::dice::roll::throw::chance::DiceChance;

/// Whether something is done.
#[derive(Clone, Copy, Debug)]
enum Switch {
    On,
    Off,
}

/// Arguments of the API.
#[derive(Debug, Args)]
pub struct Api {
    #[command(flatten)]
    redis: Redis,
    /// Listen address; port 0 chooses a free one
    #[arg(long, default_value = "127.0.0.1:8090", value_parser = listen_address)]
    pub(crate) listen: SocketAddr,
    #[command(flatten)]
    database: DatabaseFile,
    /// Who rolls: queued (the worker), immediate (the API), or auto (the worker, or the API if the
    /// queue rejects jobs, is late or is unavailable)
    #[arg(long, value_name = "MODE", default_value_t = RollMode::Queued)]
    roll_mode: RollMode,
    /// Reject new jobs while Redis is nearly full or the oldest job is too old
    #[arg(long, value_name = "on|off", default_value = "on", value_parser = on_or_off)]
    admission: Switch,
    /// Memory use of Redis, in percent, above which new jobs are rejected
    #[arg(long, value_name = "PERCENT", default_value_t = 80,
        value_parser = clap::value_parser!(u8).range(1..=100))]
    admit_memory: u8,
    /// Age of the oldest job above which new jobs are rejected
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    admit_age: Duration,
    /// Time after which an unanswered roll counts as lost if it is not in the queue
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    lost_after: Duration,
    #[command(flatten)]
    records: Records,
    /// Time that a request waits for the worker
    #[arg(long, default_value = "2s", value_parser = duration)]
    answer_within: Duration,
    /// Lifetime of an unused session
    #[arg(long, default_value = "120m", value_parser = duration)]
    session_ttl: Duration,
    #[command(flatten)]
    pub(crate) seed: DrillSeed,
    #[command(flatten)]
    limits: ApiLimits,
    #[command(flatten)]
    keeping: Keeping,
    /// Sets the API's clock ahead, for tests
    #[arg(long, hide = true, value_name = "TIME", value_parser = duration)]
    clock_ahead: Option<Duration>,
}

/// How long the API keeps what nobody uses.
#[derive(Debug, Args)]
struct Keeping {
    /// Retention of rolls
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = duration)]
    keep_rolls: Duration,
    /// Retention of unused rooms
    #[arg(long, value_name = "TIME", default_value = "90d", value_parser = duration)]
    keep_rooms: Duration,
    /// Retention of inactive guests and their keys; creators of existing rooms stay
    #[arg(long, value_name = "TIME", default_value = "90d", value_parser = duration)]
    keep_guests: Duration,
    /// Interval between cleanups
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = duration)]
    sweep_every: Duration,
}

/// How much the API takes from one caller.
#[derive(Debug, Args)]
struct ApiLimits {
    /// Maximum requests per minute of one user; 0 means no limit
    #[arg(long, value_name = "COUNT", default_value_t = 3_000)]
    account_limit: u64,
    /// Maximum requests per minute from one address; 0 means no limit
    #[arg(long, value_name = "COUNT", default_value_t = 12_000)]
    address_limit: u64,
    /// Maximum new guests, sessions and devices per minute from one address; 0 means no limit
    #[arg(long, value_name = "COUNT", default_value_t = 600)]
    guest_limit: u64,
    /// Maximum open sockets
    #[arg(long, value_name = "COUNT", default_value_t = 2_000)]
    sockets_max: usize,
    /// Maximum open sockets from one address
    #[arg(long, value_name = "COUNT", default_value_t = 500)]
    sockets_per_address: usize,
    /// Time without messages after which a socket is pinged
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    activity_timeout: Duration,
}

impl Api {
    /// What the API has to know.
    pub(crate) fn settings(self) -> ApiSettings {
        if let Some(ahead) = self.clock_ahead {
            clock::set_ahead(ahead);
        }
        ApiSettings {
            redis: self.redis.url,
            database: self.database.path,
            rolling: RollingSettings {
                answer_within: self.answer_within,
                mode: self.roll_mode,
                bookkeeping: self.records.bookkeeping(),
                chance: DiceChance::new(self.seed.seed),
            },
            admission: match self.admission {
                Switch::On => Some(AdmissionLimits {
                    memory: f64::from(self.admit_memory) / 100.0,
                    age: self.admit_age,
                }),
                Switch::Off => None,
            },
            lost_after: self.lost_after,
            sweep: SweepSettings {
                every: self.keeping.sweep_every,
                times: KeepingTimes {
                    rolls: self.keeping.keep_rolls,
                    rooms: self.keeping.keep_rooms,
                    guests: self.keeping.keep_guests,
                },
            },
            session_ttl: self.session_ttl,
            rates: RateSettings {
                per_account: self.limits.account_limit,
                per_address: self.limits.address_limit,
                guests_per_address: self.limits.guest_limit,
            },
            sockets: SocketLimits {
                total: self.limits.sockets_max,
                per_address: self.limits.sockets_per_address,
            },
            activity_timeout: self.limits.activity_timeout,
        }
    }
}

fn on_or_off(text: &str) -> Result<Switch, &'static str> {
    match text {
        "on" => Ok(Switch::On),
        "off" => Ok(Switch::Off),
        _ => Err("expected on or off"),
    }
}
