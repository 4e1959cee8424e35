//! Slips in settings of pages and queries.

use crate::config::tests::faults;

/// What is wrong behind the head of a settings file, its line, and what is said.
const SLIPS: &[(&str, u32, &str)] = &[
    (
        "{page}[[collector.relabel]]\nregex = '('\n",
        11,
        "not a regular expression: unclosed group",
    ),
    (
        "{page}[[collector.relabel]]\naction = 'hash'\n",
        11,
        "unknown value `hash`",
    ),
    (
        "{page}[[collector.relabel]]\naction = 'hashmod'\ntarget_label = 'a'\n",
        10,
        "`action = \"hashmod\"` needs `modulus`",
    ),
    (
        "{page}[[collector.relabel]]\nregex = 'a'\n",
        10,
        "`action = \"replace\"` needs `target_label`",
    ),
    (
        "{page}bearer = 'a'\nusername = 'b'\n",
        9,
        "exclude each other",
    ),
    ("{page}ca = 'a'\n", 10, "there is no certificate"),
    ("{query}", 8, "nothing is asked"),
    (
        "{query}[[collector.query]]\nname = 'a b'\nexpr = 'c'\n",
        9,
        "`a b` is not a metric name",
    ),
    (
        "{query}[[collector.query]]\nname = 'up'\nexpr = 'c'\n",
        9,
        "choose another name",
    ),
    (
        "{page}labels = { __name__ = 'a' }\n",
        9,
        "`__name__` in `labels` is not a valid label name",
    ),
    (
        "{page}labels = { zone = '' }\n",
        9,
        "the label `zone` has no value",
    ),
    (
        "{query}{rule}source = 'ot'\nexpr = 'up'\n",
        16,
        "there are `it`",
    ),
    (
        "{query}{rule}source = 'it'\nexpr = 'sum(('\n",
        17,
        "unclosed left parenthesis",
    ),
    ("{query}{rule}source = 'it'\n", 10, "missing key `expr`"),
    (
        "type = 'provider'\nurl = 'https://health.aws.amazon.com'\nformat = 'aws'\n",
        9,
        "set `region`",
    ),
    (
        "type = 'provider'\nurl = 'gopher://x'\n",
        9,
        "http:// or https://",
    ),
];

#[test]
fn a_slip_in_the_settings_is_told_with_its_line_and_the_way_out() {
    let head =
        "[site]\ntitle = 'D'\n[[component]]\nid = 'c'\nname = 'C'\n[[collector]]\nid = 'it'\n";
    let page = "type = 'prometheus'\nurl = 'http://localhost/'\n";
    let query = "type = 'query'\nurl = 'http://localhost/'\n";
    let rule =
        "[[rule]]\nid = 'r'\nseverity = 'down'\ncomponents = ['c']\ntitle = 'T'\ntext = 't'\n";
    for (rest, line, words) in SLIPS {
        let rest = rest
            .replace("{page}", page)
            .replace("{query}", query)
            .replace("{rule}", rule);
        let messages = faults(&format!("{head}{rest}"));
        let place = format!("alerts.toml:{line}:");
        assert!(
            messages.contains(words) && messages.contains(&place),
            "{rest}\n{messages}"
        );
    }
    let all = format!("source = 'it'\n{head}{page}{rule}expr = 'up == 0'\n");
    assert!(
        faults(&all).contains("alerts.toml:1:10"),
        "{}",
        faults(&all)
    );
}
