//! Sees where the answers of Redis end, so that no more is read than was asked.

/// No line of an answer is longer: texts of any length come with their length.
const LINE: usize = 64 * 1024;

/// No answer that we ask for is nested deeper.
pub(crate) const DEPTH: usize = 16;
/// No scrape's answer has more values; each takes far more memory than bytes.
const VALUES: usize = 500_000;

/// Counts the answers in what has arrived so far.
///
/// Whatever a server sends costs one look at its bytes, and what is nested or
/// split beyond reason is refused before the rest of it is waited for.
#[derive(Debug)]
pub struct Replies {
    /// Values that are still due: of the whole, then of each list that is open.
    due: Vec<usize>,
    /// Values that are there or were announced.
    values: usize,
    /// Where the next one begins.
    at: usize,
    /// Bytes that all of them may have.
    limit: usize,
}

impl Replies {
    /// Waits for that many answers in no more bytes than the limit.
    pub fn new(count: usize, limit: usize) -> Self {
        Self {
            due: vec![count],
            values: count,
            at: 0,
            limit,
        }
    }

    /// Whether all answers are there; the words say why they never will be.
    ///
    /// `bytes` is all that arrived since the question.
    pub fn complete(&mut self, bytes: &[u8]) -> Result<bool, String> {
        while let Some(due) = self.due.last().copied() {
            if due == 0 {
                self.due.pop();
                continue;
            }
            let rest = &bytes[self.at..];
            let Some(end) = line_end(rest) else {
                return if rest.len() > LINE {
                    Err(odd(rest))
                } else {
                    Ok(false)
                };
            };
            let (kind, word) = rest[..end].split_first().unwrap_or((&0, &[]));
            let mut length = end + 2;
            let number = || std::str::from_utf8(word).ok()?.parse::<i64>().ok();
            let mut list = None;
            match (kind, number()) {
                (b'+' | b'-' | b':', _) | (b'$' | b'*', Some(-1)) => {}
                (b'$', Some(size)) => {
                    let size = usize::try_from(size).unwrap_or(usize::MAX);
                    length = length.saturating_add(size).saturating_add(2);
                    self.within(length)?;
                    if rest.len() < length {
                        return Ok(false);
                    }
                }
                (b'*', Some(size)) => list = Some(usize::try_from(size).unwrap_or(usize::MAX)),
                _ => return Err(odd(rest)),
            }
            if let Some(due) = self.due.last_mut() {
                *due -= 1;
            }
            if let Some(size) = list {
                self.open(size)?;
            }
            self.at += length;
        }
        if bytes.len() > self.at {
            return Err("more was answered than asked".to_owned());
        }
        Ok(true)
    }

    fn open(&mut self, size: usize) -> Result<(), String> {
        if self.due.len() > DEPTH {
            return Err(format!("the answer is nested deeper than {DEPTH} lists"));
        }
        // Each has three bytes at least.
        self.within(size.saturating_mul(3))?;
        self.values = self.values.saturating_add(size);
        if self.values > VALUES {
            return Err(format!("the answer has more than {VALUES} values"));
        }
        self.due.push(size);
        Ok(())
    }

    fn within(&self, length: usize) -> Result<(), String> {
        if self.at.saturating_add(length) > self.limit {
            return Err(format!("the answer is longer than {} bytes", self.limit));
        }
        Ok(())
    }
}

/// Why this is no answer of a Redis.
fn odd(bytes: &[u8]) -> String {
    // How TLS begins an alert, with which it answers what is none of it.
    if bytes.starts_with(&[0x15, 0x03]) {
        return "the server speaks TLS on this port; write rediss://".to_owned();
    }
    "this is not the language of Redis".to_owned()
}

fn line_end(bytes: &[u8]) -> Option<usize> {
    let line = &bytes[..bytes.len().min(LINE + 2)];
    line.windows(2).position(|pair| pair == b"\r\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(count: usize, bytes: &[u8]) -> Result<bool, String> {
        Replies::new(count, 1000).complete(bytes)
    }

    #[test]
    fn answers_are_complete_when_the_last_byte_is_there() {
        let whole: &[u8] =
            b"+OK\r\n-ERR no\r\n:5\r\n$-1\r\n$2\r\n\r\n\r\n*2\r\n*0\r\n*1\r\n$0\r\n\r\n";
        assert_eq!(check(6, whole), Ok(true));
        assert_eq!(check(7, whole), Ok(false));
        assert!(check(5, whole).is_err());
        for cut in 0..whole.len() {
            assert_eq!(check(6, &whole[..cut]), Ok(false), "{cut}");
        }
    }

    #[test]
    fn what_cannot_be_an_answer_is_refused_at_once() {
        for bytes in [
            &b"HTTP/1.1 200 OK\r\n"[..],
            b"\r\n",
            b"$-9\r\n",
            b"$x\r\n",
            b"$2000\r\n",
            b"*400\r\n",
            b"*9223372036854775807\r\n",
            b"$9223372036854775807\r\n",
            b"$99999999999999999999\r\n",
        ] {
            assert!(check(1, bytes).is_err(), "{bytes:?}");
        }
        assert!(check(1, "+".repeat(LINE + 9).as_bytes()).is_err());
    }

    #[test]
    fn what_is_nested_or_split_beyond_reason_is_refused_at_once() {
        let nested = |depth: usize| format!("{}:1\r\n", "*1\r\n".repeat(depth));
        assert_eq!(check(1, nested(DEPTH).as_bytes()), Ok(true));
        let cut = "*1\r\n".repeat(DEPTH + 1);
        let why = check(1, cut.as_bytes()).unwrap_err();
        assert_eq!(why, "the answer is nested deeper than 16 lists");
        // Lists that close do not count.
        let wide = format!("*50\r\n{}", "*1\r\n:1\r\n".repeat(50));
        assert_eq!(check(1, wide.as_bytes()), Ok(true));
        let mut replies = Replies::new(1, usize::MAX);
        let why = replies.complete(b"*500000\r\n").unwrap_err();
        assert_eq!(why, "the answer has more than 500000 values");
        assert_eq!(
            check(1, b"\x15\x03\x01\x00\x02\x02\r\n").unwrap_err(),
            "the server speaks TLS on this port; write rediss://"
        );
    }

    fn answers() -> impl Strategy<Value = Vec<u8>> {
        let leaf = prop_oneof![
            Just(b"+OK\r\n".to_vec()),
            any::<i64>().prop_map(|number| format!(":{number}\r\n").into_bytes()),
            prop::collection::vec(any::<u8>(), 0..20).prop_map(|text| {
                let mut bytes = format!("${}\r\n", text.len()).into_bytes();
                bytes.extend(text);
                bytes.extend(b"\r\n");
                bytes
            }),
        ];
        leaf.prop_recursive(4, 30, 5, |inner| {
            prop::collection::vec(inner, 0..5).prop_map(|items| {
                let mut bytes = format!("*{}\r\n", items.len()).into_bytes();
                bytes.extend(items.concat());
                bytes
            })
        })
    }

    proptest! {
        #[test]
        fn a_nested_answer_is_counted_as_the_client_library_reads_it(
            one in answers(), two in answers(), cut in any::<prop::sample::Index>(),
        ) {
            prop_assert!(redis::parse_redis_value(&one).is_ok());
            let both = [one, two].concat();
            let mut replies = Replies::new(2, 10_000);
            // In whatever pieces it comes.
            prop_assert_eq!(replies.complete(&both[..cut.index(both.len())]), Ok(false));
            prop_assert_eq!(replies.complete(&both), Ok(true));
        }

        #[test]
        fn no_bytes_at_all_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = check(3, &bytes);
        }
    }
}
