//! Conditions of Gatus as expectations of a probe.

use toml::{Table, Value};

/// What the conditions of an endpoint say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct GatusConditions {
    /// Statuses that are good.
    pub(crate) status: Vec<Value>,
    /// A pattern of the body.
    pub(crate) body: Option<String>,
    /// Expectations of its JSON.
    pub(crate) json: Vec<Table>,
    /// From how many seconds on an answer is slow.
    pub(crate) slow: Option<f64>,
    /// How many seconds before its end a certificate is told.
    pub(crate) certificate: Option<f64>,
    /// Conditions that we do not know.
    pub(crate) left_out: Vec<String>,
}

/// Reads conditions.
pub(crate) fn read(conditions: &[String]) -> GatusConditions {
    let mut read = GatusConditions::default();
    for condition in conditions {
        if take(condition, &mut read).is_none() {
            read.left_out.push(shown(condition).to_owned());
        }
    }
    read
}

/// A condition as it may be shown: without the value of what may be a secret.
fn shown(condition: &str) -> &str {
    let end = condition.find([' ', '=', '<', '>', '!']);
    let place = &condition[..end.unwrap_or(condition.len())];
    if is_secret(condition) {
        place
    } else {
        condition
    }
}

/// Whether a place in a document is called like a secret.
fn is_secret(place: &str) -> bool {
    let place = place.to_lowercase();
    let words = [
        "token",
        "secret",
        "password",
        "passwd",
        "credential",
        "key",
        "auth",
    ];
    words.iter().any(|word| place.contains(word))
}

fn take(condition: &str, read: &mut GatusConditions) -> Option<()> {
    let signs = ["==", "!=", "<=", ">=", "<", ">"];
    let (at, sign) = signs
        .iter()
        .filter_map(|sign| condition.find(&format!(" {sign} ")).map(|at| (at, *sign)))
        .min_by_key(|(at, sign)| (*at, std::cmp::Reverse(sign.len())))?;
    let left = condition[..at].trim();
    let right = condition[at + sign.len() + 2..].trim();
    match (left, sign) {
        ("[STATUS]", "==") => {
            let any = list(right, "any(");
            let codes: Option<Vec<i64>> = any.iter().map(|code| code.parse().ok()).collect();
            read.status.extend(codes?.into_iter().map(Value::from));
        }
        ("[STATUS]", "<") if right == "300" => read.status.push(Value::from("2xx")),
        ("[STATUS]", "<") if right == "400" => {
            read.status.extend(["2xx", "3xx"].map(Value::from));
        }
        ("[CONNECTED]", "==") if right == "true" => {}
        ("[RESPONSE_TIME]", "<" | "<=") => {
            read.slow = Some(right.parse::<f64>().ok().filter(|time| *time > 0.0)? / 1000.0);
        }
        ("[CERTIFICATE_EXPIRATION]", ">" | ">=") => read.certificate = Some(seconds(right)?),
        ("[BODY]", "==") => read.body = Some(pattern(right)),
        (left, sign) => {
            let place = left.strip_prefix("[BODY].")?;
            let is_known = !place.contains(['[', '(']) || place.contains("[0]");
            if !is_known || is_secret(place) {
                return None;
            }
            let pointer = place.replace("[0]", "/0").replace('.', "/");
            let mut expectation = Table::new();
            expectation.insert("pointer".to_owned(), Value::from(format!("/{pointer}")));
            let number = || right.parse::<f64>().ok();
            let (key, value) = match sign {
                "==" if right.starts_with("pat(") => ("matches", Value::from(pattern(right))),
                "==" => ("equals", literal(right)),
                "<" => ("below", Value::from(number()?)),
                ">" => ("above", Value::from(number()?)),
                _ => return None,
            };
            expectation.insert(key.to_owned(), value);
            read.json.push(expectation);
        }
    }
    Some(())
}

/// The values of `any(1, 2)`, or the one that stands there.
fn list<'t>(text: &'t str, function: &str) -> Vec<&'t str> {
    let inside = text
        .strip_prefix(function)
        .and_then(|rest| rest.strip_suffix(')'));
    match inside {
        Some(inside) => inside.split(',').map(str::trim).collect(),
        None => vec![text],
    }
}

/// A value of JSON as it is written.
fn literal(text: &str) -> Value {
    let bare = text.trim_matches('"');
    match text.parse::<i64>() {
        Ok(number) => Value::from(number),
        Err(_) if text == "true" || text == "false" => Value::from(text == "true"),
        Err(_) => Value::from(bare),
    }
}

/// A regular expression for a text, or for `pat(*text*)`.
fn pattern(text: &str) -> String {
    let inside = text
        .strip_prefix("pat(")
        .and_then(|rest| rest.strip_suffix(')'));
    match inside {
        Some(inside) => {
            let parts: Vec<_> = inside.split('*').map(regex::escape).collect();
            format!("^{}$", parts.join("(?s:.*)"))
        }
        None => format!("^{}$", regex::escape(text)),
    }
}

/// A duration as Go writes it: `48h`, `1h30m`.
pub(crate) fn seconds(text: &str) -> Option<f64> {
    let parsed = crate::model::time::duration::parse(text).ok()?;
    (!parsed.is_zero()).then_some(parsed.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn conditions(all: &[&str]) -> GatusConditions {
        let all: Vec<_> = all.iter().map(|one| (*one).to_owned()).collect();
        read(&all)
    }

    #[test]
    fn conditions_become_expectations() {
        let read = conditions(&[
            "[STATUS] == any(200, 204)",
            "[RESPONSE_TIME] < 300",
            "[CERTIFICATE_EXPIRATION] > 48h",
            "[CONNECTED] == true",
            "[BODY].status == UP",
            "[BODY].data[0].id == 7",
            "[BODY].load < 0.5",
            "[BODY].name == pat(john*)",
            "[BODY] == pat(*ok*)",
        ]);
        assert_eq!(read.status, [Value::from(200), Value::from(204)]);
        assert_eq!((read.slow, read.certificate), (Some(0.3), Some(172_800.0)));
        assert_eq!(read.body.as_deref(), Some("^(?s:.*)ok(?s:.*)$"));
        assert_eq!(read.left_out, Vec::<String>::new());
        let json: Vec<_> = read.json.iter().map(ToString::to_string).collect();
        let json: Vec<_> = json
            .iter()
            .map(|one| one.trim().replace('\n', ", "))
            .collect();
        assert_eq!(
            json,
            [
                "equals = \"UP\", pointer = \"/status\"",
                "equals = 7, pointer = \"/data/0/id\"",
                "below = 0.5, pointer = \"/load\"",
                "matches = \"^john(?s:.*)$\", pointer = \"/name\"",
            ]
        );
    }

    #[test]
    fn what_is_unknown_is_named() {
        let all = [
            "len([BODY].list) > 5",
            "[BODY].x != 1",
            "[IP] == 127.0.0.1",
            "has([BODY].a) == true",
            "[STATUS] == ok",
            "nonsense",
        ];
        assert_eq!(conditions(&all).left_out, all);
    }

    #[test]
    fn the_value_of_what_may_be_a_secret_is_neither_taken_nor_shown() {
        let read = conditions(&["[BODY].token == abc", "len([BODY].api_key)==abc"]);
        let places = ["[BODY].token", "len([BODY].api_key)"];
        assert_eq!(
            (read.json.len(), read.left_out),
            (0, places.map(str::to_owned).into())
        );
    }

    proptest! {
        #[test]
        fn no_condition_makes_it_panic(text in "(\\[BODY\\]|\\[STATUS\\]|==|<|any\\(|pat\\(| |\\.|é|[0-9*)]){0,12}") {
            read(&[text]);
        }
    }
}
