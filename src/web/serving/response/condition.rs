//! What a visitor has already: marks of earlier answers, and parts of pictures.

use std::ops::Range;

/// Whether one of the marks in `If-None-Match` is this one (RFC 9110, 13.1.2).
///
/// Weak marks count, too: what stands between us and the visitor makes marks
/// weak when it compresses.
pub(crate) fn contains_etag(marks: &str, mark: &str) -> bool {
    if marks.trim() == "*" {
        return true;
    }
    let mut rest = marks;
    // No client caches more of one address; a longer list is ignored.
    for _ in 0..32 {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let strong = rest.strip_prefix("W/").unwrap_or(rest);
        let Some(end) = strong
            .strip_prefix('"')
            .and_then(|inner| Some(inner.find('"')? + 2))
        else {
            return false;
        };
        if &strong[..end] == mark {
            return true;
        }
        rest = &strong[end..];
    }
    false
}

/// A wish for a part of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RequestedRange {
    /// The whole of it: nothing else was asked, or in a way that we do not serve.
    Whole,
    /// These bytes.
    Bytes(Range<usize>),
    /// Bytes that it does not have.
    None,
}

/// Reads `Range` for a body of that length (RFC 9110, 14.2).
///
/// Several parts at once are answered with the whole.
pub(crate) fn part(range: &str, length: usize) -> RequestedRange {
    let Some((from, to)) = range
        .strip_prefix("bytes=")
        .and_then(|range| range.trim().split_once('-'))
    else {
        return RequestedRange::Whole;
    };
    let number = |text: &str| -> Option<usize> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // A number beyond all bodies is one all the same.
        digits.then(|| text.parse().unwrap_or(usize::MAX))
    };
    match (number(from), number(to)) {
        (None, Some(last)) if from.is_empty() => match last.min(length) {
            0 => RequestedRange::None,
            last => RequestedRange::Bytes(length - last..length),
        },
        (Some(from), _) if from >= length && (to.is_empty() || number(to).is_some()) => {
            RequestedRange::None
        }
        (Some(from), Some(to)) if from <= to => RequestedRange::Bytes(from..to.min(length - 1) + 1),
        (Some(from), None) if to.is_empty() => RequestedRange::Bytes(from..length),
        _ => RequestedRange::Whole,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_range_is_read_from_either_end() {
        assert_eq!(part("bytes=2-4", 10), RequestedRange::Bytes(2..5));
        assert_eq!(part("bytes=-3", 10), RequestedRange::Bytes(7..10));
        assert_eq!(part("bytes=10-", 10), RequestedRange::None);
    }

    #[test]
    fn a_weak_mark_matches() {
        assert!(contains_etag(r#""a", W/"b-br""#, r#""b-br""#));
        assert!(!contains_etag(r#""a""#, r#""b""#));
    }

    #[test]
    fn a_mark_is_known_wherever_it_stands_in_the_list() {
        for (marks, matches) in [
            (r#""m""#, true),
            (r#"W/"m""#, true),
            (r#""a","b" , W/"m""#, true),
            (r#""a, "m""#, false),
            ("*", true),
            (" * ", true),
            (r#""mm""#, false),
            ("m", false),
            (r#""m"#, false),
            ("", false),
        ] {
            assert_eq!(contains_etag(marks, r#""m""#), matches, "{marks}");
        }
    }

    #[test]
    fn a_part_is_within_the_body_or_there_is_none() {
        for (range, expected) in [
            ("bytes=0-0", RequestedRange::Bytes(0..1)),
            ("bytes=0-99", RequestedRange::Bytes(0..10)),
            ("bytes=9-", RequestedRange::Bytes(9..10)),
            ("bytes=-99", RequestedRange::Bytes(0..10)),
            ("bytes=-0", RequestedRange::None),
            ("bytes=10-12", RequestedRange::None),
            ("bytes=99999999999999999999999-", RequestedRange::None),
            ("bytes=4-2", RequestedRange::Whole),
            ("bytes=0-1,3-4", RequestedRange::Whole),
            ("bytes=a-b", RequestedRange::Whole),
            ("bytes=-", RequestedRange::Whole),
            ("lines=1-2", RequestedRange::Whole),
        ] {
            assert_eq!(part(range, 10), expected, "{range}");
        }
        assert_eq!(part("bytes=0-", 0), RequestedRange::None);
    }

    proptest! {
        #[test]
        fn no_header_makes_them_panic(text in "[\"W/, *a-]{0,40}", range in "(bytes=)?[0-9,-]{0,40}") {
            let _ = contains_etag(&text, "\"a\"");
            if let RequestedRange::Bytes(bytes) = part(&range, 7) {
                prop_assert!(bytes.start < bytes.end && bytes.end <= 7);
            }
        }
    }
}
