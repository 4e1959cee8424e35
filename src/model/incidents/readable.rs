//! What open incidents said when their files could be read last.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The bytes of each file, by its path within the incidents folder.
pub type ReadableTexts = BTreeMap<String, Arc<[u8]>>;
