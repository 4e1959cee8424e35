//! Signatures of tokens (RFC 7515), checked by `ring` with the provider's keys.
//!
//! The crate `openidconnect` would check them as well, by a second set of
//! cryptography beside `ring`, and with an RSA that has an open advisory.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents,
    UnparsedPublicKey, VerificationAlgorithm,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Keys of one provider that are tried.
const MAX_KEYS: usize = 64;

/// A public key of a provider (RFC 7517), as far as we can use it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// All keys of a provider; those that we cannot read are left out.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct JwkSet {
    keys: Vec<Value>,
}

/// Why a token is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JwsError {
    /// It is no token.
    #[error("the token cannot be read")]
    Unreadable,
    /// It is signed in a way that we do not take, or not at all.
    #[error("the token is not signed by a method that we take")]
    Method,
    /// The provider has no such key, or has it no more, or not yet.
    #[error("the provider has no key for the token")]
    UnknownKey,
    /// Somebody else signed it, or changed it.
    #[error("the signature of the token is wrong")]
    Signature,
}

#[derive(Deserialize)]
struct JwsHeader {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

/// A way to sign, which decides what a key must be.
#[derive(Clone, Copy)]
enum SigningMethod {
    Rsa(&'static RsaParameters),
    /// The curve, and the bytes of a coordinate.
    Ec(&'static str, usize, &'static dyn VerificationAlgorithm),
    Ed,
}

impl SigningMethod {
    /// Only what is signed with a private key: a provider's public key is no secret.
    fn of(alg: &str) -> Option<Self> {
        Some(match alg {
            "RS256" => Self::Rsa(&RSA_PKCS1_2048_8192_SHA256),
            "RS384" => Self::Rsa(&RSA_PKCS1_2048_8192_SHA384),
            "RS512" => Self::Rsa(&RSA_PKCS1_2048_8192_SHA512),
            "PS256" => Self::Rsa(&RSA_PSS_2048_8192_SHA256),
            "PS384" => Self::Rsa(&RSA_PSS_2048_8192_SHA384),
            "PS512" => Self::Rsa(&RSA_PSS_2048_8192_SHA512),
            "ES256" => Self::Ec("P-256", 32, &ECDSA_P256_SHA256_FIXED),
            "ES384" => Self::Ec("P-384", 48, &ECDSA_P384_SHA384_FIXED),
            "EdDSA" => Self::Ed,
            _ => return None,
        })
    }

    fn fits(self, key: &Jwk) -> bool {
        match self {
            Self::Rsa(_) => key.kty == "RSA",
            Self::Ec(curve, ..) => key.kty == "EC" && key.crv.as_deref() == Some(curve),
            Self::Ed => key.kty == "OKP" && key.crv.as_deref() == Some("Ed25519"),
        }
    }

    /// Whether the key signed the message; `None` if it is none.
    fn verify(self, key: &Jwk, message: &[u8], signature: &[u8]) -> Option<bool> {
        let part = |part: &Option<String>| bytes(part.as_deref()?);
        Some(match self {
            Self::Rsa(parameters) => {
                let (n, e) = (part(&key.n)?, part(&key.e)?);
                let (n, e) = (without_zeros(&n), without_zeros(&e));
                let key = RsaPublicKeyComponents { n, e };
                key.verify(parameters, message, signature).is_ok()
            }
            Self::Ec(_, size, algorithm) => {
                let (x, y) = (part(&key.x)?, part(&key.y)?);
                if x.len() != size || y.len() != size {
                    return None;
                }
                let point = [&[4], &*x, &*y].concat();
                let key = UnparsedPublicKey::new(algorithm, point);
                key.verify(message, signature).is_ok()
            }
            Self::Ed => {
                let key = UnparsedPublicKey::new(&ED25519, part(&key.x)?);
                key.verify(message, signature).is_ok()
            }
        })
    }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// A number as `ring` wants it: some write a zero before it.
fn without_zeros(number: &[u8]) -> &[u8] {
    let first = number.iter().position(|byte| *byte != 0);
    first.map_or(&[], |first| &number[first..])
}

/// What a token says, if the provider signed it.
pub(crate) fn verify<T: DeserializeOwned>(token: &str, keys: &JwkSet) -> Result<T, JwsError> {
    let parts: Vec<_> = token.split('.').collect();
    let [head, body, signature] = parts[..] else {
        return Err(JwsError::Unreadable);
    };
    let header = bytes(head).and_then(|head| serde_json::from_slice::<JwsHeader>(&head).ok());
    let header = header.ok_or(JwsError::Unreadable)?;
    let method = SigningMethod::of(&header.alg).ok_or(JwsError::Method)?;
    // What it says there must be understood, and we understand nothing of it.
    if header.crit.is_some() {
        return Err(JwsError::Method);
    }
    let signed = &token.as_bytes()[..head.len() + 1 + body.len()];
    let signature = bytes(signature).ok_or(JwsError::Unreadable)?;
    let keys = keys.keys.iter().take(MAX_KEYS);
    let keys = keys.filter_map(|key| Jwk::deserialize(key).ok());
    let is_meant = |key: &Jwk| {
        method.fits(key)
            && (header.kid.is_none() || key.kid == header.kid)
            && key.usage.as_ref().is_none_or(|usage| usage == "sig")
            && key.alg.as_ref().is_none_or(|alg| *alg == header.alg)
    };
    let verified = keys
        .filter(is_meant)
        .filter_map(|key| method.verify(&key, signed, &signature));
    match verified.reduce(|one, other| one || other) {
        None => Err(JwsError::UnknownKey),
        Some(false) => Err(JwsError::Signature),
        Some(true) => {
            let body = bytes(body).ok_or(JwsError::Unreadable)?;
            serde_json::from_slice(&body).map_err(|_| JwsError::Unreadable)
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use ring::rand::SystemRandom;
    use ring::signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
    };
    use serde_json::json;

    use super::*;

    fn text(bytes: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn signed(head: &Value, body: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
        let [head, body] = [head, body].map(|part| text(part.to_string().as_bytes()));
        let message = format!("{head}.{body}");
        let signature = text(&sign(message.as_bytes()));
        format!("{message}.{signature}")
    }

    fn check(token: &str, keys: &Value) -> Result<Value, JwsError> {
        verify(
            token,
            &serde_json::from_value(json!({ "keys": keys })).unwrap(),
        )
    }

    #[test]
    fn what_the_provider_signed_is_believed_and_nothing_else() {
        let random = SystemRandom::new();
        let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let made = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(kind, made.as_ref(), &random).unwrap();
        let sign = |message: &[u8]| pair.sign(&random, message).unwrap().as_ref().to_vec();
        let point = pair.public_key().as_ref();
        let jwk = |kid: &str, usage: &str| {
            json!({ "kty": "EC", "crv": "P-256", "kid": kid, "use": usage,
                "x": text(&point[1..33]), "y": text(&point[33..]) })
        };
        let keys = json!([{ "kty": "unheard" }, 7, jwk("a", "sig")]);
        let body = json!({ "sub": "7" });
        let es = |kid: Value| json!({ "alg": "ES256", "kid": kid });
        let good = signed(&es("a".into()), &body, sign);
        assert_eq!(check(&good, &keys), Ok(body.clone()));
        assert_eq!(
            check(&signed(&es(Value::Null), &body, sign), &keys),
            Ok(body.clone())
        );
        let other = signed(&es("b".into()), &body, sign);
        assert_eq!(check(&other, &keys), Err(JwsError::UnknownKey));
        assert_eq!(
            check(&good, &json!([jwk("a", "enc")])),
            Err(JwsError::UnknownKey)
        );
        for (head, expected) in [
            (json!({ "alg": "none" }), JwsError::Method),
            (json!({ "alg": "HS256", "kid": "a" }), JwsError::Method),
            (json!({ "alg": "RS256", "kid": "a" }), JwsError::UnknownKey),
            (json!({ "alg": "ES256", "crit": ["x"] }), JwsError::Method),
            (json!({ "kid": "a" }), JwsError::Unreadable),
        ] {
            let token = signed(&head, &body, sign);
            assert_eq!(check(&token, &keys), Err(expected), "{head}");
        }
        let parts: Vec<_> = good.split('.').collect();
        let forged = text(br#"{"sub":"8"}"#);
        let forged = [parts[0], &forged, parts[2]].join(".");
        assert_eq!(check(&forged, &keys), Err(JwsError::Signature));
        let bare = [parts[0], parts[1], ""].join(".");
        assert_eq!(check(&bare, &keys), Err(JwsError::Signature));
        for bad in ["", "a.b", "a.b.c", "..", &format!("{good}.x")] {
            assert_eq!(check(bad, &keys), Err(JwsError::Unreadable), "{bad}");
        }
    }

    /// Made once by `openssl genrsa` and `openssl dgst -sha256 -sign`.
    #[test]
    fn what_others_sign_by_rsa_is_taken() {
        let n = "pFdzz8klJBNUKnMI2ve8-HVwZppa3sba47qlPK6En-2yUYrIq6Ju0P6J68Rud86JKTVcuroRPaiGFZl16K1x\
            FPcdGy3QU6_qO8n97NY2L_NiTVata6qmfwpjybxeA2U-dKUEM7IeC0BID2ZbWUXwoAr-J96a2Sd5MmcpzFh-\
            kzAELWe1IDi9srSC5sLMgDFhZ9BdbWE956gwftpoL92Ra4JwKCuk4l-XY5UXBHWOQM5SI__1zZ2M0F4CDTl4\
            7mX154UzTwdrom35RfWXviar3maXe7fnz2wvbZfzMQ4b1qS2X62EMnI67kOLI_o2x8YnMDO-S6o9PaCTnWzb\
            s8YyQw";
        let pkcs1 = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UifQ.K6xBHZq8wy0UouFZgYjCUBj89f255uqAQwK4sCg_Erxg\
            bsYuRZhnyUuzFEpDF5qmP9eYsrqihA0OcMBW9vhyxmpaQIVw0TjA9GtyLWD7duhWemNZSdrIUznGXOSPgqz7\
            JI774-6vmSjs_v2Q8DWp5PVVYmdz1VTzgEIj2SeIJqojaoKBZG3YD-OTdicqfjafyTV2B3zpc9UjeKxX01dD\
            _SFYCIBUF1Kqg-GBOu5hG4Svc0sUHkkTXeexhXTOLzzzqLtzLLpRx1QYv_xc7JG8jjyBMvolxvZKkyHBZ3Ey\
            aP5LmS2xBzTY_uPDLiEtZRUSSvbF0dSkWkUDrn4KHoJLLQ";
        let pss = "eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJqb2UifQ.Zg7FSoZdBY2p0ih3ZlMT0CDLWH7w0gDeTH9K4jIPXWhO\
            OuevqfLWvFOdoTRKBtFx5eIgezJP29QbXRhfGNwJwESO1YqCnooNnppemJMSBZhelpJNvUMaWiHvkGRJ9Iud\
            N7PjLXoeKyyAUsW6eXSLRDw9oUh8o6ggYWeB37ZoBw0FlB15L32qVY4f4xiEM3auUtukuifhcRl1UNON_pq7\
            Rxc5UEaktg_VMJKUa_bCi7pP07nc7MMgRGgSOgbkZsIi0cu0hsHOxpf7ZmPxeal_O2x38Bg-U7uzlOw4KMCr\
            UCCBoz-xB4f8RmiFcgA9rgsF5cLl1Kw2qclt4YdOAMjgrQ";
        let keys = |n: &str| json!([{ "kty": "RSA", "n": n, "e": "AQAB" }]);
        let zero = [&[0], &*URL_SAFE_NO_PAD.decode(n).unwrap()].concat();
        for token in [pkcs1, pss] {
            assert_eq!(check(token, &keys(n)).unwrap()["iss"], "joe");
            assert!(check(token, &keys(&text(&zero))).is_ok());
            let forged = token.replacen(".ey", ".ez", 1);
            assert_eq!(check(&forged, &keys(n)), Err(JwsError::Signature));
        }
    }

    #[test]
    fn keys_of_the_edwards_curve_are_taken_too() {
        let made = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(made.as_ref()).unwrap();
        let x = text(pair.public_key().as_ref());
        let keys = json!([{ "kty": "OKP", "crv": "Ed25519", "x": x }]);
        let sign = |message: &[u8]| pair.sign(message).as_ref().to_vec();
        let token = signed(&json!({ "alg": "EdDSA" }), &json!({}), sign);
        assert_eq!(check(&token, &keys), Ok(json!({})));
    }
}
