//! Any bytes as a metrics page, in both formats and in pieces of any length.
#![no_main]

use critwatch::collect::page::exposition::{ExpositionFormat, PageReader, parse};
use critwatch::collect::query::answer;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for format in [ExpositionFormat::Text, ExpositionFormat::OpenMetrics] {
        let whole = parse(bytes, format);
        let mut samples = Vec::new();
        let mut reader = PageReader::new(format, usize::MAX);
        let size = bytes.first().map_or(1, |byte| usize::from(*byte) + 1);
        let fault = bytes
            .chunks(size)
            .find_map(|piece| reader.feed(piece, |sample| Ok(samples.push(sample))).err())
            .map_or_else(|| reader.end(|_| Ok(())), Err);
        // The last line is handed out at the end; all before it are the same.
        match (whole, fault) {
            (Ok(whole), Ok(())) => assert!(
                whole.len() - samples.len() < 2
                    && whole.iter().zip(&samples).all(|(one, other)| one.metric == other.metric)
            ),
            (Err(one), Err(other)) => assert_eq!(one, other),
            (one, other) => panic!("{one:?} {other:?}"),
        }
    }
    let _ = answer::read(bytes);
});
