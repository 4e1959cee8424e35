//! Expressions of Prometheus as we evaluate them, or why we do not.

use std::time::Duration;

use crate::command::import::prometheus_rules::recorded::RecordedSeries;
use crate::evaluate::promql::Expression;
use crate::model::time::duration;

/// How far back samples may be kept for imported rules: each takes memory.
const LONGEST_WINDOW: Duration = Duration::from_hours(7 * 24);

/// The expression as it is to stand in the settings; another server that evaluates it
/// may know more than we do.
pub(crate) fn taken(
    expr: &str,
    recorded: &RecordedSeries,
    is_elsewhere: bool,
) -> Result<String, String> {
    let expr = without_variables(expr.trim())?;
    if is_elsewhere {
        return match Expression::check(&expr) {
            Ok(()) => Ok(expr),
            Err(error) => Err(error.to_string()),
        };
    }
    let expr = recorded.put_into(&expr);
    let parsed = Expression::parse(&expr).map_err(|error| error.to_string())?;
    let names = parsed.metric_names();
    if let Some(name) = names.iter().find(|name| recorded.has(name)) {
        return Err(format!(
            "it needs the recorded series `{name}` with labels, a range or an offset, which \
            only a Prometheus keeps; let that evaluate the rule (`--source COLLECTOR`)"
        ));
    }
    let back = parsed.look_back();
    if back > LONGEST_WINDOW && back < Duration::MAX {
        return Err(format!(
            "it looks back {}, for which samples would have to be kept; let a Prometheus \
            evaluate it (`--source COLLECTOR`)",
            duration::print(back)
        ));
    }
    Ok(expr)
}

/// An expression without `${name}`, which would be taken from the environment; `$name`
/// means the same where no letter follows.
fn without_variables(expr: &str) -> Result<String, String> {
    let mut written = String::new();
    let mut rest = expr;
    while let Some(start) = rest.find("${") {
        written.push_str(&rest[..start]);
        let inside = &rest[start + 2..];
        let end = inside.find('}').ok_or("`${` has no `}` behind it")?;
        let (name, behind) = (&inside[..end], &inside[end + 1..]);
        let goes_on = behind.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let is_number = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
        let is_name = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        match (is_number, is_name && !goes_on) {
            (true, _) => written.extend(["${", name, "}"]),
            (false, true) => written.extend(["$", name]),
            (false, false) => {
                return Err(format!("`${{{name}}}` would be taken from the environment"));
            }
        }
        rest = behind;
    }
    Ok(written + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_an_expression_is_taken_from_the_environment() {
        for (expr, expected) in [
            ("label_replace(a, \"b\", \"${1}\", \"c\", \"(.*)\")", None),
            (
                "label_replace(a, \"b\", \"${x}-\", \"c\", \"(?P<x>.*)\")",
                Some("label_replace(a, \"b\", \"$x-\", \"c\", \"(?P<x>.*)\")"),
            ),
        ] {
            assert_eq!(
                without_variables(expr).as_deref(),
                Ok(expected.unwrap_or(expr))
            );
        }
        for expr in ["${x}y", "${", "${a-b}"] {
            assert!(without_variables(expr).is_err(), "{expr}");
        }
    }
}
