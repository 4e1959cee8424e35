//! `critwatch dice api`: the options of the dice API.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;

use crate::command::dice::options::{DatabaseFile, DrillSeed, Records, Redis, duration};
use crate::dice::ApiSettings;
use crate::dice::api::admission::AdmissionLimits;
use crate::dice::api::housekeeping::SweepSettings;
use crate::dice::api::limits::rate::RateSettings;
use crate::dice::api::realtime::hub_state::SocketLimits;
use crate::dice::api::roll_mode::RollMode;
use crate::dice::api::rolling::RollingSettings;
use crate::dice::clock;
use crate::dice::database::sweeping::KeepingTimes;
use crate::dice::roll::chance::DiceChance;

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
    /// Where to listen; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8090")]
    pub(crate) listen: SocketAddr,
    #[command(flatten)]
    database: DatabaseFile,
    /// How rolls are made: queued (by the worker), immediate (by the API), or auto (queued, and
    /// by the API where the queue refuses, is late or is gone)
    #[arg(long, value_name = "MODE", default_value_t = RollMode::Queued)]
    roll_mode: RollMode,
    /// Whether the queue is closed when Redis is nearly full or the oldest job is old
    #[arg(long, value_name = "on|off", default_value = "on", value_parser = on_or_off)]
    admission: Switch,
    /// The share of Redis's memory, in percent, above which the queue is closed
    #[arg(long, value_name = "PERCENT", default_value_t = 80,
        value_parser = clap::value_parser!(u8).range(1..=100))]
    admit_memory: u8,
    /// The age of the oldest job above which the queue is closed
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    admit_age: Duration,
    /// How long a roll waits before it is looked for in the queue, and lost if it is not there
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    lost_after: Duration,
    #[command(flatten)]
    records: Records,
    /// How long a request waits for the worker
    #[arg(long, default_value = "2s", value_parser = duration)]
    answer_within: Duration,
    /// How long a session lives unused
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
    /// How long a roll can be read
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = duration)]
    keep_rolls: Duration,
    /// How long a room is kept into which nobody looks
    #[arg(long, value_name = "TIME", default_value = "90d", value_parser = duration)]
    keep_rooms: Duration,
    /// How long a guest is kept who does not come, with all keys; who made a room that is kept
    /// is kept as well
    #[arg(long, value_name = "TIME", default_value = "90d", value_parser = duration)]
    keep_guests: Duration,
    /// How often what is older is looked for
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = duration)]
    sweep_every: Duration,
}

/// How much the API takes from one caller.
#[derive(Debug, Args)]
struct ApiLimits {
    /// Requests that one user may send in a minute; 0 for no limit
    #[arg(long, value_name = "COUNT", default_value_t = 3_000)]
    account_limit: u64,
    /// Requests that may come from one address in a minute; 0 for no limit
    #[arg(long, value_name = "COUNT", default_value_t = 12_000)]
    address_limit: u64,
    /// Guests, sessions and devices that one address may make in a minute; 0 for no limit
    #[arg(long, value_name = "COUNT", default_value_t = 600)]
    guest_limit: u64,
    /// Sockets that may be open
    #[arg(long, value_name = "COUNT", default_value_t = 2_000)]
    sockets_max: usize,
    /// Sockets that may be open from one address
    #[arg(long, value_name = "COUNT", default_value_t = 500)]
    sockets_per_address: usize,
    /// How long a socket may be silent before it is asked for a sign of life
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
