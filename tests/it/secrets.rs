//! No secret of the settings is shown, however badly they are written.

use std::path::Path;

use critwatch::config;
use proptest::prelude::*;

use crate::kept::Page;
use crate::world::{self, Monitor};

/// What no output may hold.
const MARK: &str = "hunter2S3CRET";

/// Settings with a secret wherever there may be one.
fn settings() -> String {
    "# the old one was MARK\n\
    [site]\ntitle = \"Dice\"\n\n\
    [ops]\ntoken = \"MARK-that-is-long-enough-for-a-token\"\n\n\
    [[component]]\nid = \"api\"\nname = \"API\"\n\n\
    [[collector]]\nid = \"redis\"\ntype = \"redis\"\nurl = \"redis://:MARK@localhost:6379/1\"\ninterval = \"5s\"\n\n\
    [[collector]]\nid = \"sentinel\"\ntype = \"redis\"\nsentinels = [\"a:1\", \"b:2\"]\n\
    master = \"one\"\nsentinel_password = 'MARK'\n\n\
    [[collector]]\nid = \"page\"\ntype = \"prometheus\"\nurl = \"https://user:MARK@h/metrics?token=MARK\" # MARK\n\
    bearer = \"MARK\"\n[collector.headers]\nauthorization = \"Basic MARK==\"\nid = \"MARK\"\n\n\
    [[collector]]\nid = \"probe\"\ntype = \"http\"\nurl = \"https://h/MARK\"\nmethod = \"POST\"\n\
    headers = { x-key = \"MARK\", cookie = 'a=MARK' }\nbasic = { user = \"MARK\", password = \"MARK\" }\n\
    send = \"\"\"\n{\"password\":\n \"MARK\"}\n\"\"\"\n\n\
    [[collector]]\nid = \"login\"\ntype = \"steps\"\nurl = \"https://h\"\n\
    [[collector.step]]\nname = \"log in\"\npath = \"/login?key=MARK\"\nform = { user = \"me\", pass = \"MARK\" }\n\
    headers = { authorization = \"Bearer MARK\" }\nexpect = { pointer = \"/a\", equals = \"MARK\" }\n\n\
    [[rule]]\nid = \"high\"\nexpr = \"\"\"\nredis_up{job=\"redis\"}\n  == 0\n\"\"\"\nseverity = \"down\"\n\
    components = [\"api\"]\ntitle = \"T\"\ntext = \"t\"\n\n\
    [[notifier]]\nid = \"discord\"\ntype = \"discord\"\nwebhook = \"https://discord.com/api/webhooks/1/MARK\"\n"
        .replace("MARK", MARK)
}

/// What a finger may hit.
const TYPED: [&str; 16] = [
    "\"", "'", "=", "#", "[", "]", "{", "}", "\n", ",", "\\", "$", "${", "\"\"\"", "'''", " ",
];

/// One slip of the pen, at a place of the file.
#[derive(Clone, Debug)]
enum Slip {
    Leave,
    Type(&'static str),
    Swap,
    Twice,
    Join,
}

fn slip() -> impl Strategy<Value = (Slip, prop::sample::Index, bool, isize)> {
    let slip = prop_oneof![
        4 => Just(Slip::Leave),
        4 => prop::sample::select(&TYPED[..]).prop_map(Slip::Type),
        1 => Just(Slip::Swap),
        1 => Just(Slip::Twice),
        1 => Just(Slip::Join),
    ];
    (
        slip,
        any::<prop::sample::Index>(),
        any::<bool>(),
        -12_isize..26,
    )
}

fn make(text: &mut String, (slip, index, near, off): &(Slip, prop::sample::Index, bool, isize)) {
    let marks: Vec<_> = text.match_indices(MARK).map(|(at, _)| at).collect();
    let at = match near {
        true if !marks.is_empty() => index.get(&marks).saturating_add_signed(*off),
        _ => index.index(text.len()),
    };
    let at = at.min(text.len() - 1);
    // The secret itself stays whole, or it could not be looked for.
    if marks
        .iter()
        .any(|mark| (*mark + 1..mark + MARK.len()).contains(&at))
        || !text.is_char_boundary(at)
    {
        return;
    }
    let begins = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let ends = text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
    match slip {
        Slip::Leave if !marks.contains(&at) => drop(text.remove(at)),
        Slip::Type(what) => text.insert_str(at, what),
        Slip::Swap
            if at > begins
                && !marks.contains(&at)
                && !marks.iter().any(|mark| mark + MARK.len() == at) =>
        {
            let one = text.remove(at);
            text.insert(at - 1, one);
        }
        Slip::Twice => {
            let line = text[begins..ends].to_owned();
            text.insert_str(begins, &line);
        }
        Slip::Join if ends < text.len() => drop(text.remove(ends - 1)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn no_slip_of_the_pen_shows_a_secret(slips in prop::collection::vec(slip(), 1..4)) {
        let mut text = settings();
        for slip in &slips {
            make(&mut text, slip);
        }
        let nothing = config::reading::reader::Environment::new();
        let (told, debug) = match config::read(&text, "alerts.toml", Path::new("."), nothing, None) {
            Ok(read) => (format!("{:?}", read.findings), format!("{read:?}")),
            Err(error) => {
                let faults: Vec<_> = error.faults.iter().map(|fault| fault.message.as_str()).collect();
                (format!("{error}\n{}", faults.join("\n")), format!("{error:?}"))
            }
        };
        prop_assert!(!told.contains(MARK), "{told}\n\n{text}");
        // What a probe expects of an answer is no secret, and one letter away.
        let expects = text.contains("header =");
        prop_assert!(expects || !debug.contains(MARK), "{debug}");
    }
}

#[test]
fn settings_without_a_slip_have_no_fault_but_the_one_that_is_looked_for() {
    let nothing = config::reading::reader::Environment::new();
    let read = config::read(&settings(), "alerts.toml", Path::new("."), nothing, None);
    let faults = read.map_or_else(|error| error.to_string(), |_| String::new());
    assert_eq!(faults, "");
}

#[test]
fn what_the_environment_fills_in_is_not_told_either() {
    let text =
        "[site]\ntitle = 'T'\n[[notifier]]\nid = '${SECRET}'\ntype = '${SECRET}'\nwebhook = 'x'\n";
    let environment = [("SECRET".to_owned(), MARK.to_owned())].into();
    let error = config::read(text, "alerts.toml", Path::new("."), environment, None).unwrap_err();
    let told = format!("{error} {error:?}");
    assert!(!error.faults.is_empty() && !told.contains(MARK), "{told}");
}

#[tokio::test]
async fn a_failed_reload_tells_neither_the_log_nor_who_asked_for_it() {
    let page = Page::start().await;
    let place = page.place(&[("high", "expr = 'bad > 5'")], "");
    let place = place.path();
    let monitor = Monitor::serve(place, &[]).await;
    let good = std::fs::read_to_string(place.join("alerts.toml")).unwrap();
    let webhook = "[[notifier]]\nid = 'd'\ntype = 'discord'\n";
    for slip in [
        format!("{good}{webhook}webhok = 'https://h/{MARK}'\n"),
        format!("{good}{webhook}webhook = https://h/{MARK}\n"),
        format!("{good}{webhook}webhook = ['https://h/{MARK}']\n"),
        format!("{good}{webhook}webhook = 'https://h/{MARK}\n"),
        format!("{good}[ops]\ntoken = {MARK}\n"),
        format!("{good}[[collector]]\nid = 'r'\ntype = 'redis'\nurl = 'redis://:{MARK}@h:99999'\n"),
    ] {
        std::fs::write(place.join("alerts.toml"), slip).unwrap();
        let url = format!("{}/-/reload", monitor.ops);
        let answer = reqwest::Client::new().post(url).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 500);
        let said = answer.text().await.unwrap();
        assert!(
            said.contains("alerts.toml:") && !said.contains(MARK),
            "{said}"
        );
    }
    let log = std::fs::read_to_string(place.join("monitor.log")).unwrap();
    assert_eq!(log.matches("the old ones stay in force").count(), 6);
    assert!(!log.contains(MARK), "{log}");
    let (_, metrics) = world::get(&format!("{}/metrics", monitor.ops)).await;
    assert!(!metrics.contains(MARK));
    assert!(monitor.stop().await.success());
}
