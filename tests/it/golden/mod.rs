//! Everything that is text, made from one fixed board, against golden files.

pub(crate) mod board;
mod pages;

pub(crate) fn check(name: &str, text: &str) {
    // The marks of the style sheet and the scripts change with every letter.
    let mut pieces = text.split(['?']);
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let marked =
            piece.len() >= 16 && piece.bytes().take(16).all(|byte| byte.is_ascii_hexdigit());
        text.extend(if marked {
            ["?MARK", &piece[16..]]
        } else {
            ["?", piece]
        });
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, &text));
}

#[test]
fn every_golden_file_is_compared_with_something() {
    // What is pure is compared where it is made.
    let own = [
        include_str!("mod.rs"),
        include_str!("board.rs"),
        include_str!("pages.rs"),
        include_str!("../console_changes/pages.rs"),
        include_str!("../../../src/incident/reconcile/tests/outage.rs"),
        include_str!("../../../src/config/tests/mod.rs"),
        include_str!("../../../src/notify/tests/mails.rs"),
        include_str!("../../../src/notify/tests/mod.rs"),
        include_str!("../../../src/notify/tests/webhook.rs"),
        include_str!("../../../src/notify/tests/channels/chats.rs"),
        include_str!("../../../src/notify/tests/channels/html_chats.rs"),
        include_str!("../../../src/notify/tests/channels/pagers.rs"),
        include_str!("../notify.rs"),
        include_str!("../ops_api/working.rs"),
        include_str!("../machines/mod.rs"),
        include_str!("../../../src/chart/tests.rs"),
        include_str!("../../../src/drill/report/tests.rs"),
        include_str!("../../../src/drill/scenario/tests.rs"),
        include_str!("../../../src/incident/postmortem/write/tests.rs"),
    ]
    .concat();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let name = file.trim_end_matches(".snap");
        // Those of channels are named after their remote sides.
        let name = match name.strip_prefix("channel-") {
            Some(remote) => remote.trim_end_matches(".txt"),
            None => name,
        };
        assert!(
            own.contains(&format!("\"{name}\"")),
            "nothing is compared with {file}"
        );
    }
}
