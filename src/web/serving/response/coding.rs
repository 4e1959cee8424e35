//! How an answer is compressed, and which way a visitor likes best.

use std::io::Write as _;

/// Smaller bodies are left as they are: they travel in one packet either way.
pub(crate) const MIN_COMPRESSED_BYTES: usize = 1_200;

/// The largest body that is worth the slowest way.
const SMALL: usize = 64 * 1024;

/// A way in which a body may travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Coding {
    /// As it is.
    Plain,
    /// Brotli.
    Br,
    /// gzip, which everybody reads.
    Gzip,
}

/// How much work compressing may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    /// For what was made this moment and may change the next.
    Fast,
    /// For what stays.
    Dense,
}

impl Coding {
    /// Those that make a body smaller, the best first.
    pub(crate) const SMALLER: [Self; 2] = [Self::Br, Self::Gzip];

    /// Its name in headers; `None` for what needs no header.
    pub(crate) fn token(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Br => Some("br"),
            Self::Gzip => Some("gzip"),
        }
    }

    /// What the name of a compressed file ends with.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Br => ".br",
            Self::Gzip => ".gz",
        }
    }

    /// The one that a visitor likes best, by `Accept-Encoding` (RFC 9110, 12.5.3).
    ///
    /// Of equal wishes the one that makes it smallest. Who refuses everything is
    /// given the plain body all the same.
    pub(crate) fn preferred(accept: &str) -> Self {
        let mut best = (Self::Plain, weight(accept, "identity").unwrap_or(1));
        for coding in Self::SMALLER.into_iter().rev() {
            let token = coding.token().unwrap_or_default();
            let wish = weight(accept, token).or_else(|| weight(accept, "*"));
            if let Some(wish) = wish.filter(|wish| *wish > 0 && *wish >= best.1) {
                best = (coding, wish);
            }
        }
        best.0
    }

    /// Compresses a body.
    pub(crate) fn compress(self, body: &[u8], effort: Effort) -> std::io::Result<Vec<u8>> {
        let dense = effort == Effort::Dense;
        match self {
            Self::Plain => Ok(body.to_vec()),
            Self::Br => {
                let params = brotli::enc::BrotliEncoderParams {
                    quality: match (dense, body.len() <= SMALL) {
                        (false, _) => 4,
                        (true, true) => 11,
                        (true, false) => 9,
                    },
                    size_hint: body.len(),
                    lgwin: window(body.len()),
                    ..Default::default()
                };
                let mut smaller = Vec::with_capacity(body.len() / 4);
                brotli::BrotliCompress(&mut &*body, &mut smaller, &params)?;
                Ok(smaller)
            }
            Self::Gzip => {
                let level = flate2::Compression::new(if dense { 9 } else { 5 });
                let room = Vec::with_capacity(body.len() / 4);
                let mut encoder = flate2::write::GzEncoder::new(room, level);
                encoder.write_all(body)?;
                encoder.finish()
            }
        }
    }
}

/// The smallest window that holds a body of that length: a larger one costs time.
fn window(length: usize) -> i32 {
    let bits = usize::BITS - length.leading_zeros();
    i32::try_from(bits).unwrap_or(22).clamp(12, 22)
}

/// What a list of wishes says of a name, in thousandths; `None` if nothing.
fn weight(accept: &str, token: &str) -> Option<u16> {
    // Nobody has that many wishes; what is longer is not read.
    accept.split(',').take(16).find_map(|wish| {
        let (name, params) = wish.split_once(';').unwrap_or((wish, ""));
        if !name.trim().eq_ignore_ascii_case(token) {
            return None;
        }
        let q = params.split(';').find_map(|param| {
            let (key, value) = param.split_once('=')?;
            key.trim().eq_ignore_ascii_case("q").then_some(value.trim())
        });
        Some(q.map_or(1000, thousandths))
    })
}

/// Reads `1`, `0.5` or `0.125`; what is something else is no wish.
fn thousandths(text: &str) -> u16 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    match (whole, digits) {
        ("1", true) if part.bytes().all(|digit| digit == b'0') => 1000,
        ("0", true) => format!("{part:0<3}").parse().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_coding_with_the_highest_weight_is_chosen() {
        assert_eq!(Coding::preferred("gzip, br;q=0.9"), Coding::Gzip);
        assert_eq!(Coding::preferred("*, br;q=0"), Coding::Gzip);
    }

    #[test]
    fn the_best_wish_is_taken_and_of_equal_ones_the_smallest() {
        for (accept, expected) in [
            ("", Coding::Plain),
            ("gzip", Coding::Gzip),
            ("gzip, deflate, br, zstd", Coding::Br),
            ("gzip, deflate, zstd", Coding::Gzip),
            ("GZIP;Q=0.5, br;q=0.25", Coding::Gzip),
            ("br;q=0, gzip", Coding::Gzip),
            ("*", Coding::Br),
            ("*;q=0", Coding::Plain),
            ("gzip;q=0.5, identity", Coding::Plain),
            ("gzip;q=0.5", Coding::Gzip),
            ("identity;q=0, gzip;q=0", Coding::Plain),
            ("br;q=2, gzip;q=1.5", Coding::Plain),
            ("br;q=0.1234, gzip;q=0.1", Coding::Gzip),
            ("br;level=4;q=1.000", Coding::Br),
            ("deflate, compress", Coding::Plain),
        ] {
            assert_eq!(Coding::preferred(accept), expected, "{accept}");
        }
    }

    fn plain(coding: Coding, body: &[u8]) -> Vec<u8> {
        use std::io::Read as _;
        let mut plain = Vec::new();
        match coding {
            Coding::Plain => plain.extend_from_slice(body),
            Coding::Br => {
                brotli::BrotliDecompress(&mut &*body, &mut plain).unwrap();
            }
            Coding::Gzip => {
                flate2::read::GzDecoder::new(body)
                    .read_to_end(&mut plain)
                    .unwrap();
            }
        }
        plain
    }

    #[test]
    fn what_is_compressed_comes_back_whole_and_with_more_effort_it_is_smaller() {
        let body = include_bytes!("../../../../templates/style.css");
        for coding in Coding::SMALLER {
            let of = |effort| coding.compress(body, effort).unwrap();
            let (fast, dense) = (of(Effort::Fast), of(Effort::Dense));
            assert_eq!(
                (plain(coding, &fast), plain(coding, &dense)),
                (body.to_vec(), body.to_vec())
            );
            assert!(
                dense.len() < fast.len() && fast.len() < body.len() / 2,
                "{coding:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_list_of_wishes_makes_it_panic(accept in ".{0,60}") {
            let _ = Coding::preferred(&accept);
        }

        #[test]
        fn any_body_comes_back(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            for coding in Coding::SMALLER {
                let smaller = coding.compress(&body, Effort::Fast).unwrap();
                prop_assert_eq!(plain(coding, &smaller), body.clone());
            }
        }
    }
}
