//! Where the site is exported to, as the command line names it.

use std::time::Duration;

use crate::command::terminal::input::BadInput;
use crate::config::reading::reader::Environment;
use crate::runtime::client;
use crate::web::export::error::ExportError;
use crate::web::export::place::ExportPlace;
use crate::web::export::store::address::StoreAddress;
use crate::web::export::store::bucket::Bucket;
use crate::web::export::store::connection::StoreClient;

/// How long a request to a store may take.
const TIMEOUT: Duration = Duration::from_mins(1);

/// How long the network of this machine may take to name credentials.
const NEAR: Duration = Duration::from_secs(2);

/// The place of that name: a folder, or `s3://bucket/prefix`, whose store the environment
/// describes.
pub(crate) fn named(name: &str, environment: &Environment) -> anyhow::Result<ExportPlace> {
    let unusable =
        |why: &dyn std::error::Error| BadInput::new(format!("cannot export to {name}: {why}"));
    let Some(address) = StoreAddress::read(name) else {
        let scheme = name.split_once(':').map(|(scheme, _)| scheme);
        if scheme == Some("s3") || name.contains("://") {
            let message = format!("cannot export to {name}: write a folder or s3://bucket/prefix");
            return Err(BadInput::new(message).into());
        }
        return Ok(ExportPlace::Folder(name.into()));
    };
    let address = address.map_err(|error| unusable(&error))?;
    let client = StoreClient {
        store: client::new(TIMEOUT, false)?,
        near: client::direct(NEAR)?,
    };
    let bucket = Bucket::new(address, environment, client);
    Ok(ExportPlace::Store(
        bucket.map_err(|error| unusable(&error))?,
    ))
}

/// What a command says of an export that failed: what lasts until somebody does something
/// about it is input that cannot be used.
pub(crate) fn failed(error: ExportError) -> anyhow::Error {
    if error.needs_hands() {
        BadInput::new(format!("{:#}", anyhow::Error::from(error))).into()
    } else {
        error.into()
    }
}
