//! A bucket: what is in it, and what we put there.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path;
use object_store::{
    Attribute, Attributes, BackoffConfig, ObjectStore as _, ObjectStoreExt as _, PutOptions,
    RetryConfig,
};

use crate::web::export::store::address::StoreAddress;
use crate::web::export::store::connection::StoreClient;
use crate::web::export::store::error::{BucketError, deepest};

/// How often a request that failed is sent again before the export gives up for a while.
const RETRIES: usize = 4;

/// For how long at most.
const RETRY_FOR: Duration = Duration::from_secs(30);

/// The pauses in between grow from the one to the other.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));

/// Objects that may lie below the prefix.
const MOST: usize = 500_000;

/// What the variables that say something of the store begin with.
const VARIABLES: &str = "AWS_";

/// A bucket of an object store, and where in it our objects are.
#[derive(Clone)]
pub struct Bucket {
    address: StoreAddress,
    store: Arc<AmazonS3>,
}

/// An object as it is to be.
#[derive(Clone, Debug)]
pub(crate) struct StoredFile {
    /// Its path below the prefix.
    pub path: String,
    /// What it holds.
    pub bytes: Bytes,
    /// Its media type.
    pub kind: &'static str,
    /// How long it may be cached.
    pub control: &'static str,
}

impl Bucket {
    /// A bucket as the environment's variables `AWS_…` describe its store. Asks nobody.
    pub fn new(
        address: StoreAddress,
        environment: &BTreeMap<String, String>,
        client: StoreClient,
    ) -> Result<Self, BucketError> {
        let mut builder = AmazonS3Builder::new().with_bucket_name(&address.bucket);
        let variables = environment.range(VARIABLES.to_owned()..);
        for (name, value) in variables.take_while(|(name, _)| name.starts_with(VARIABLES)) {
            // Others of this kind are meant for other programs.
            let Ok(key) = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>() else {
                continue;
            };
            if key != AmazonS3ConfigKey::Bucket && !value.is_empty() {
                builder = builder.with_config(key, value);
            }
        }
        let store = builder
            .with_retry(RetryConfig {
                backoff: BackoffConfig {
                    init_backoff: PAUSES.0,
                    max_backoff: PAUSES.1,
                    base: 2.0,
                },
                max_retries: RETRIES,
                retry_timeout: RETRY_FOR,
            })
            .with_http_connector(client)
            .build()
            .map_err(|error| BucketError::Settings(deepest(&error).to_string()))?;
        Ok(Self {
            address,
            store: Arc::new(store),
        })
    }

    /// Where it is.
    pub fn address(&self) -> &StoreAddress {
        &self.address
    }

    /// The paths of all objects below the prefix.
    pub(crate) async fn paths(&self) -> Result<HashSet<String>, BucketError> {
        let prefix = self.key("")?;
        let mut all = self.store.list(Some(&prefix));
        let start = match &*self.address.prefix {
            "" => 0,
            prefix => prefix.len() + 1,
        };
        let mut paths = HashSet::new();
        while let Some(object) = all.try_next().await? {
            if paths.len() == MOST {
                return Err(BucketError::Crowded(MOST));
            }
            paths.extend(object.location.as_ref().get(start..).map(str::to_owned));
        }
        Ok(paths)
    }

    /// What an object holds; `None` if there is none.
    pub(crate) async fn read(&self, path: &str) -> Result<Option<Bytes>, BucketError> {
        match self.store.get(&self.key(path)?).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Puts an object in its place: whoever asks gets the old one or the new one.
    pub(crate) async fn put(&self, file: StoredFile) -> Result<(), BucketError> {
        let attributes = Attributes::from_iter([
            (Attribute::ContentType, file.kind),
            (Attribute::CacheControl, file.control),
        ]);
        let options = PutOptions {
            attributes,
            ..PutOptions::default()
        };
        let key = self.key(&file.path)?;
        let put = self.store.put_opts(&key, file.bytes.into(), options).await;
        Ok(put.map(drop)?)
    }

    /// Removes objects; those that are gone already are no fault.
    pub(crate) async fn remove(&self, paths: &[&str]) -> Result<(), BucketError> {
        let keys: Result<Vec<_>, _> = paths.iter().map(|path| self.key(path)).collect();
        let keys = futures_util::stream::iter(keys?.into_iter().map(Ok));
        let removed = self.store.delete_stream(Box::pin(keys));
        Ok(removed.try_for_each(|_| async { Ok(()) }).await?)
    }

    fn key(&self, path: &str) -> Result<Path, BucketError> {
        let key = self.address.key(path);
        Path::parse(key).map_err(|error| BucketError::Settings(error.to_string()))
    }
}

/// The store knows credentials, which nobody may see.
impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Bucket").field(&self.address).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_reads_the_credentials_of_a_bucket() {
        let address = StoreAddress::read("s3://pages/a").unwrap().unwrap();
        let client = || {
            let _ = rustls::crypto::ring::default_provider().install_default();
            let client = reqwest::Client::builder().tls_certs_only([]).build();
            StoreClient {
                store: client.unwrap(),
                near: reqwest::Client::builder()
                    .tls_certs_only([])
                    .build()
                    .unwrap(),
            }
        };
        let environment = |secret: &str| {
            [
                ("AWS_ACCESS_KEY_ID", "somebody"),
                ("AWS_SECRET_ACCESS_KEY", secret),
                ("AWS_PROFILE", "of another program"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
        };
        let bucket = Bucket::new(address.clone(), &environment("hush"), client()).unwrap();
        let shown = format!("{bucket:?}");
        assert!(shown.contains("pages"), "{shown}");
        for secret in ["somebody", "hush"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        let half = Bucket::new(address, &environment(""), client()).unwrap_err();
        assert!(half.to_string().contains("SecretAccessKey"), "{half}");
    }
}
