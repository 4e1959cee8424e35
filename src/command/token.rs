//! `critwatch token`: who may use the operators' listener, and for what.

use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use rusqlite::TransactionBehavior;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::access::tokens::{NewToken, PREFIX, TokenRefusal};
use crate::access::{audit, tokens};
use crate::command::terminal::input::{BadInput, OutputFormat};
use crate::command::terminal::output::{note, print, print_json, table};
use crate::command::workspace::settings::StateFolder;
use crate::config::reading::reader::Environment;
use crate::model::access::{Actor, Proof, Scopes};
use crate::model::request::access::{AuditEntry, MAX_NAME, TokenRecord, TokenState, is_name};
use crate::model::time::duration;
use crate::model::token_hash::{self, TokenHash};
use crate::pipeline::stages::Pipeline;
use crate::store;
use crate::store::file::{FILE, Store};

/// The name of the token in the settings.
const RESERVED: &str = "ops";

/// What can be done with tokens; a running `serve` follows within a second.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Create a token and print it; it cannot be shown again
    ///
    /// Scopes: `read` can see everything, including drafts; `write` can also change what visitors
    /// see; `push` can send heartbeats, metrics and alerts; `admin` can do everything.
    #[command(
        after_help = "Examples:\n  critwatch token add ann --scope admin --expires 90d\n  \
        critwatch token add ci --scope read,write\n  \
        critwatch token add prometheus --scope push --format json | jq -r .token"
    )]
    Add(AddToken),
    /// List tokens, without their secrets
    #[command(after_help = "Example:\n  critwatch token list --all")]
    List(ListTokens),
    /// Revoke a token and all logins made with it
    #[command(after_help = "Example:\n  critwatch token revoke ci")]
    Revoke(RevokeToken),
}

/// Arguments of `add`.
#[derive(Debug, Args)]
pub struct AddToken {
    /// Name of the person or program that uses it; the audit log shows it
    name: String,
    /// Scopes, separated by commas: read, write, push, admin
    #[arg(long = "scope", value_name = "SCOPES")]
    scopes: String,
    /// Lifetime, for example `90d` [default: until it is revoked]
    #[arg(long, value_name = "DURATION")]
    expires: Option<String>,
    #[command(flatten)]
    kept: TokenStore,
}

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct ListTokens {
    /// Include expired and revoked tokens
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    kept: TokenStore,
}

/// Arguments of `revoke`.
#[derive(Debug, Args)]
pub struct RevokeToken {
    /// Name of the token
    name: String,
    #[command(flatten)]
    kept: TokenStore,
}

/// Where tokens are kept, and how they are printed.
#[derive(Debug, Args)]
struct TokenStore {
    #[command(flatten)]
    database: StateFolder,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

impl TokenStore {
    /// Who only looks makes no database.
    fn existing(&self) -> anyhow::Result<Option<Store>> {
        let exists = self.database.state.join(FILE).exists();
        let open = || store::open(&self.database.state);
        Ok(exists.then(open).transpose()?)
    }
}

impl TokenCommand {
    /// Does what was asked.
    pub fn run(self, environment: &Environment) -> anyhow::Result<()> {
        match self {
            Self::Add(add) => add.run(environment),
            Self::List(list) => list.run(),
            Self::Revoke(revoke) => revoke.run(environment),
        }
    }
}

/// The user who runs the command.
fn user(environment: &Environment) -> Actor {
    let names = ["SUDO_USER", "USER", "LOGNAME"].map(|name| environment.get(name));
    let name = names.into_iter().flatten().find(|name| is_name(name));
    Actor::new(name.map_or("unknown", String::as_str), Proof::Command)
}

impl AddToken {
    fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let bad = |error: String| BadInput::new(error);
        let scopes: Scopes = self
            .scopes
            .parse()
            .map_err(|error| bad(format!("{error}")))?;
        let lasts = self.expires.as_deref().map(lasting).transpose()?;
        if !is_name(&self.name) || self.name == RESERVED {
            let message = format!(
                "a name is one line of 1 to {MAX_NAME} visible characters, and not `{RESERVED}`, \
                which is the token of the settings"
            );
            return Err(bad(message).into());
        }
        let secret = token_hash::generate(PREFIX);
        let token = NewToken {
            name: self.name,
            hash: TokenHash::of(secret.expose_secret()),
            scopes,
            lasts,
        };
        let now = Pipeline::clock();
        let mut store = store::open(&self.kept.database.state)?;
        let transaction = store
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .context("cannot write the token")?;
        let added = match tokens::add(&transaction, token, now) {
            Err(TokenRefusal::Database(error)) => {
                return Err(anyhow::Error::new(error).context("cannot write the token"));
            }
            Err(refusal) => return Err(bad(refusal.to_string()).into()),
            Ok(added) => added,
        };
        let entry = AuditEntry::new(&user(environment), "add token", &*added.name);
        let entry = entry.detail(format!("scopes {}", added.scopes));
        audit::add(&transaction, &entry, now)
            .and_then(|()| transaction.commit())
            .context("cannot write the token")?;
        match self.kept.format {
            OutputFormat::Json => {
                let mut shown = value(&added, now);
                shown["token"] = secret.expose_secret().into();
                print_json(&shown)
            }
            OutputFormat::Text => {
                note("save the token now; it will not be shown again");
                print(secret.expose_secret())
            }
        }
    }
}

fn lasting(text: &str) -> Result<Duration, BadInput> {
    let lasts = duration::parse(text).map_err(|error| BadInput::new(error.to_string()))?;
    if lasts.is_zero() {
        return Err(BadInput::new("the token would already have expired"));
    }
    Ok(lasts)
}

impl ListTokens {
    fn run(self) -> anyhow::Result<()> {
        let now = Pipeline::clock();
        let listed = match self.kept.existing()? {
            Some(store) => tokens::list(&store).context("cannot read the tokens")?,
            None => Vec::new(),
        };
        let is_shown = |one: &&TokenRecord| self.all || one.state(now) == TokenState::Valid;
        let mut listed = listed.iter().filter(is_shown).peekable();
        match self.kept.format {
            OutputFormat::Json => {
                print_json(&listed.map(|one| value(one, now)).collect::<Vec<_>>())
            }
            OutputFormat::Text if listed.peek().is_none() => print("none"),
            OutputFormat::Text => {
                let head = ["NAME", "STATE", "SCOPES", "ADDED", "ENDS", "LAST USED"];
                let mut rows = vec![head.map(str::to_owned).to_vec()];
                rows.extend(listed.map(|one| row(one, now)));
                print(&table(&rows))
            }
        }
    }
}

impl RevokeToken {
    fn run(self, environment: &Environment) -> anyhow::Result<()> {
        let unknown = || {
            let name = &self.name;
            BadInput::new(format!(
                "there is no valid token `{name}`; see `critwatch token list --all`"
            ))
        };
        let now = Pipeline::clock();
        let mut store = self.kept.existing()?.ok_or_else(unknown)?;
        let unwritten = "cannot revoke the token";
        let transaction = store
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .context(unwritten)?;
        let revoked = tokens::revoke(&transaction, &self.name, now).context(unwritten)?;
        let revoked = revoked.ok_or_else(unknown)?;
        let entry = AuditEntry::new(&user(environment), "revoke token", &*revoked.name);
        audit::add(&transaction, &entry, now)
            .and_then(|()| transaction.commit())
            .context(unwritten)?;
        match self.kept.format {
            OutputFormat::Json => print_json(&value(&revoked, now)),
            OutputFormat::Text => print("revoked"),
        }
    }
}

/// A token as a row.
fn row(token: &TokenRecord, now: Timestamp) -> Vec<String> {
    let minute = |at: Option<Timestamp>, none: &str| {
        at.map_or(none.to_owned(), |at| {
            at.strftime("%F %H:%M UTC").to_string()
        })
    };
    vec![
        token.name.clone(),
        token.state(now).word().to_owned(),
        token.scopes.to_string(),
        minute(Some(token.created), ""),
        minute(token.revoked.or(token.expires), "never"),
        minute(token.used, "never"),
    ]
}

/// A token for programs.
fn value(token: &TokenRecord, now: Timestamp) -> Value {
    json!({
        "name": token.name,
        "state": token.state(now).word(),
        "scopes": token.scopes,
        "createdAt": token.created,
        "expiresAt": token.expires,
        "lastUsedAt": token.used,
        "revokedAt": token.revoked,
    })
}
