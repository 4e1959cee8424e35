//! Any bytes as the answer of a Redis: where it ends, and as its `INFO`.
#![no_main]

use std::collections::BTreeSet;

use critwatch::collect::redis::info;
use critwatch::collect::redis::info::sections::Info;
use critwatch::collect::redis::wire::reply::Replies;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // What is held for complete is what the client's parser can read whole.
    let mut replies = Replies::new(1, 1 << 20);
    if replies.complete(bytes) == Ok(true) {
        let _ = redis::parse_redis_value(bytes);
        for cut in [0, bytes.len() / 2, bytes.len() - 1] {
            assert_ne!(Replies::new(1, 1 << 20).complete(&bytes[..cut]), Ok(true));
        }
    }
    let text = String::from_utf8_lossy(bytes);
    let mut databases = BTreeSet::new();
    for _ in 0..2 {
        let samples = info::samples(&Info::read(&text), Some(0), &mut databases);
        let metrics: BTreeSet<_> = samples.iter().map(|sample| &sample.metric).collect();
        assert_eq!(metrics.len(), samples.len(), "a metric is there twice");
        assert!(samples.iter().all(|sample| sample.value.is_finite()));
    }
});
