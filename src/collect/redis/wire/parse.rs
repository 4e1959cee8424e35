//! Makes values of answers that are known to be whole.
//!
//! The client library's parser is made for answers that come in pieces, and
//! costs several times as much; what it makes of an answer is what this makes.

use redis::{RedisError, RedisResult, Value};

use crate::collect::redis::wire::reply::DEPTH;

/// Reads so many values, one after the other.
pub(crate) fn values(bytes: &[u8], count: usize) -> RedisResult<Vec<Value>> {
    let mut rest = bytes;
    (0..count).map(|_| value(&mut rest, DEPTH)).collect()
}

fn value(rest: &mut &[u8], depth: usize) -> RedisResult<Value> {
    let whole = *rest;
    let line = take_line(rest)?;
    let (kind, word) = line.split_first().ok_or_else(odd)?;
    let number = || -> RedisResult<i64> {
        let text = std::str::from_utf8(word).map_err(|_| odd())?;
        text.parse().map_err(|_| odd())
    };
    Ok(match kind {
        b'+' if word == b"OK" => Value::Okay,
        b'+' => Value::SimpleString(std::str::from_utf8(word).map_err(|_| odd())?.to_owned()),
        b':' => Value::Int(number()?),
        // Of errors there are few, and their kinds are the library's to know.
        b'-' => redis::parse_redis_value(&whole[..line.len() + 2])?,
        b'$' | b'*' if number()? == -1 => Value::Nil,
        b'$' => {
            let size = usize::try_from(number()?).map_err(|_| odd())?;
            let text = rest.get(..size).ok_or_else(odd)?.to_vec();
            *rest = rest.get(size + 2..).ok_or_else(odd)?;
            Value::BulkString(text)
        }
        b'*' if depth > 0 => {
            let size = usize::try_from(number()?).map_err(|_| odd())?;
            Value::Array(
                (0..size)
                    .map(|_| value(rest, depth - 1))
                    .collect::<Result<_, _>>()?,
            )
        }
        _ => return Err(odd()),
    })
}

fn take_line<'t>(rest: &mut &'t [u8]) -> RedisResult<&'t [u8]> {
    let end = rest
        .windows(2)
        .position(|pair| pair == b"\r\n")
        .ok_or_else(odd)?;
    let line = &rest[..end];
    *rest = &rest[end + 2..];
    Ok(line)
}

fn odd() -> RedisError {
    let words = "this is not the language of Redis";
    std::io::Error::new(std::io::ErrorKind::InvalidData, words).into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answers() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            "\\+[a-zA-Z ]{0,9}\r\n",
            Just("+OK\r\n".to_owned()),
            "-(ERR|OOM|NOPERM|MOVED|WRONGTYPE|MINE) [a-z0-9 .:]{0,20}\r\n",
            any::<i64>().prop_map(|number| format!(":{number}\r\n")),
            Just("$-1\r\n".to_owned()),
            Just("*-1\r\n".to_owned()),
            "\\PC{0,20}".prop_map(|text| format!("${}\r\n{text}\r\n", text.len())),
        ];
        leaf.prop_recursive(4, 30, 5, |inner| {
            prop::collection::vec(inner, 0..5)
                .prop_map(|items| format!("*{}\r\n{}", items.len(), items.concat()))
        })
    }

    proptest! {
        #[test]
        fn an_answer_means_what_the_client_library_takes_it_for(one in answers(), two in answers()) {
            let both = format!("{one}{two}");
            let theirs = [one, two].map(|text| redis::parse_redis_value(text.as_bytes()).unwrap());
            prop_assert_eq!(values(both.as_bytes(), 2).unwrap(), theirs);
        }

        #[test]
        fn no_bytes_at_all_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = values(&bytes, 3);
        }
    }

    #[test]
    fn an_answer_that_is_nested_without_end_is_refused() {
        assert!(values("*1\r\n".repeat(100_000).as_bytes(), 1).is_err());
    }
}
