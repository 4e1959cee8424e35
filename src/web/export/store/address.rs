//! The name of a place in an object store: `s3://bucket/prefix`.

use std::fmt;

use crate::web::export::manifest::is_inside;

/// What such a name begins with.
const SCHEME: &str = "s3://";

/// A bucket, and what the names of our objects in it begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreAddress {
    /// The bucket.
    pub bucket: String,
    /// What stands before each name, without slashes at its ends; it may be empty.
    pub prefix: String,
}

/// Why a text names no place in an object store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Another kind of store.
    #[error(
        "only folders and `s3://bucket/prefix` can be exported to; most stores speak S3 at an \
         address of their own, which AWS_ENDPOINT_URL names"
    )]
    Scheme,
    /// There is no bucket in it.
    #[error("`s3://` needs the name of a bucket: `s3://bucket/prefix`")]
    Bucket,
    /// The prefix can stand before no name.
    #[error("the prefix after the bucket has an empty part, or one that leads elsewhere")]
    Prefix,
}

impl StoreAddress {
    /// Reads a name; `None` is the name of a folder.
    ///
    /// ```
    /// # use critwatch::web::export::store::address::StoreAddress;
    /// let address = StoreAddress::read("s3://pages/status/").unwrap().unwrap();
    /// assert_eq!((&*address.bucket, &*address.prefix), ("pages", "status"));
    /// assert!(StoreAddress::read("public").is_none());
    /// assert!(StoreAddress::read("s3://").unwrap().is_err());
    /// ```
    pub fn read(text: &str) -> Option<Result<Self, AddressError>> {
        let Some(named) = text.strip_prefix(SCHEME) else {
            return text.contains("://").then_some(Err(AddressError::Scheme));
        };
        let (bucket, prefix) = named.split_once('/').unwrap_or((named, ""));
        let prefix = prefix.trim_end_matches('/');
        if bucket.is_empty() || bucket.contains(|c: char| c.is_control() || c.is_whitespace()) {
            return Some(Err(AddressError::Bucket));
        }
        if !prefix.is_empty() && !is_inside(prefix) {
            return Some(Err(AddressError::Prefix));
        }
        Some(Ok(Self {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        }))
    }

    /// The whole name of an object.
    pub(crate) fn key(&self, path: &str) -> String {
        match &*self.prefix {
            "" => path.to_owned(),
            prefix => format!("{prefix}/{path}"),
        }
    }
}

impl fmt::Display for StoreAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}", self.bucket)?;
        match &*self.prefix {
            "" => Ok(()),
            prefix => write!(f, "/{prefix}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_and_printed() {
        for (text, printed) in [
            ("s3://pages", "s3://pages"),
            ("s3://pages/", "s3://pages"),
            ("s3://pages/a/b/", "s3://pages/a/b"),
        ] {
            let address = StoreAddress::read(text).unwrap().unwrap();
            assert_eq!(address.to_string(), printed);
        }
        for (text, why) in [
            ("gs://pages", AddressError::Scheme),
            ("s3:///a", AddressError::Bucket),
            ("s3://pages/../b", AddressError::Prefix),
            ("s3://pages//b", AddressError::Prefix),
        ] {
            assert_eq!(StoreAddress::read(text), Some(Err(why)), "{text}");
        }
        assert_eq!(StoreAddress::read("./public"), None);
    }
}
