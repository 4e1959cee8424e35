//! What holds for each channel.

use std::fmt::Write as _;
use std::time::Duration;

use futures_util::future::join_all;

use super::remotes::{ALL, Remote};
use super::stand_in::{SeenRequest, reply};
use super::*;
use crate::model::fixtures::golden;
use crate::notify::message::known::receipt::Receipt;
use crate::notify::message::rules::Updates;

/// A request for a golden file.
fn written(name: &str, request: &SeenRequest) -> String {
    let mut text = format!("## {name}\n{} {}", request.method, request.path);
    if !request.query.is_empty() {
        let _ = write!(text, "?{}", request.query);
    }
    for name in ["authorization", "x-gotify-key", "x-sequence-id"] {
        let value = request.header(name);
        if !value.is_empty() {
            let _ = write!(text, "\n{name}: {value}");
        }
    }
    format!("{text}\n{:#}\n", request.body)
}

async fn life(remote: &Remote) {
    let (channel, stand_in) = connect(remote, "").await;
    let is_edited = channel.updates() == Updates::Edit;
    let begun = message(&opened(), Occasion::Opened);
    let begun = deliver(&channel, &begun, (None, None, "k1")).await.unwrap();
    assert_eq!(begun.message.is_some(), is_edited, "{}", remote.name);
    let occasion = if is_edited {
        Occasion::Edited
    } else {
        Occasion::Update
    };
    let (id, thread) = (begun.message.as_deref(), begun.thread.as_deref());
    let update = message(&updated(), occasion);
    let update = deliver(&channel, &update, (id, thread, "k2"))
        .await
        .unwrap();
    assert_eq!(
        update.message, begun.message,
        "{}: edited again",
        remote.name
    );
    let over = message(&resolved(), Occasion::Resolved);
    deliver(&channel, &over, (None, thread, "k3"))
        .await
        .unwrap();
    deliver(&channel, &planned(), (None, None, "k4"))
        .await
        .unwrap();
    let requests = stand_in.messages();
    let names = [
        "opened",
        occasion.word(),
        "resolved",
        "planned work announced",
    ];
    assert_eq!(requests.len(), names.len(), "{}", remote.name);
    let texts = names.iter().zip(&requests);
    let texts = texts
        .map(|(name, request)| written(name, request))
        .collect::<Vec<_>>();
    golden(
        &format!("channel-{}.txt", remote.name),
        texts.join("\n").trim_end(),
    );
}

#[tokio::test]
async fn each_tells_of_an_incident_from_its_beginning_to_its_end() {
    join_all(ALL.iter().map(life)).await;
}

#[tokio::test]
async fn each_understands_how_it_is_refused() {
    let refusals = ALL.iter().map(async |remote| {
        let (channel, stand_in) = connect(remote, "").await;
        let first = message(&opened(), Occasion::Opened);
        stand_in.will_answer((remote.limited)());
        let limited = deliver(&channel, &first, (None, None, "k"))
            .await
            .unwrap_err();
        let DeliveryError::Later { pause, .. } = &limited else {
            panic!("{}: {limited:?}", remote.name);
        };
        assert_eq!(*pause, Some(Duration::from_secs(2)), "{}", remote.name);
        stand_in.will_answer((remote.dead)());
        let dead = deliver(&channel, &first, (None, None, "k"))
            .await
            .unwrap_err();
        assert!(
            matches!(dead, DeliveryError::Dead { .. }),
            "{}: {dead:?}",
            remote.name
        );
        stand_in.will_answer(reply(503, "<html>away</html>"));
        let away = deliver(&channel, &first, (None, None, "k"))
            .await
            .unwrap_err();
        assert_eq!(away.word(), "unavailable", "{}: {away:?}", remote.name);
        // A server that fails may have taken it.
        let is_doubtful = matches!(away, DeliveryError::Doubtful { .. });
        assert!(is_doubtful, "{}: {away:?}", remote.name);
        stand_in.messages();
    });
    join_all(refusals).await;
}

#[tokio::test]
async fn each_knows_whether_a_lost_answer_leaves_a_doubt() {
    let losses = ALL.iter().map(async |remote| {
        let (channel, stand_in) = connect(remote, "").await;
        let first = message(&opened(), Occasion::Opened);
        stand_in.will_answer(None);
        let lost = deliver(&channel, &first, (None, None, "k"))
            .await
            .unwrap_err();
        let is_doubtful = if channel.is_idempotent() {
            matches!(lost, DeliveryError::Doubtful { .. })
        } else {
            matches!(lost, DeliveryError::Unknown { .. })
        };
        assert!(is_doubtful, "{}: {lost:?}", remote.name);
        let again = deliver(&channel, &first, (None, None, "k")).await;
        let again = again.unwrap();
        let requests = stand_in.messages();
        let [one, two] = &*requests else {
            panic!("{requests:?}");
        };
        let request =
            |seen: &SeenRequest| (seen.path.clone(), seen.query.clone(), seen.body.clone());
        assert_eq!(
            request(one),
            request(two),
            "{}: not recognizable",
            remote.name
        );
        if again.message.is_some() {
            stand_in.will_answer(None);
            let edit = message(&updated(), Occasion::Edited);
            let edit = deliver(&channel, &edit, (again.message.as_deref(), None, "k"));
            let lost = edit.await.unwrap_err();
            assert!(
                matches!(lost, DeliveryError::Later { .. }),
                "{}",
                remote.name
            );
            stand_in.will_answer(reply(503, "<html>away</html>"));
            let edit = message(&updated(), Occasion::Edited);
            let edit = deliver(&channel, &edit, (again.message.as_deref(), None, "k"));
            let away = edit.await.unwrap_err();
            let is_later = matches!(away, DeliveryError::Later { .. });
            assert!(is_later, "{}: {away:?}", remote.name);
        }
    });
    join_all(losses).await;
}

#[tokio::test]
async fn each_says_that_a_message_can_no_longer_be_edited() {
    for remote in &ALL {
        let Some(gone) = remote.gone else {
            continue;
        };
        let (channel, stand_in) = connect(remote, "").await;
        let first = message(&opened(), Occasion::Opened);
        let first = deliver(&channel, &first, (None, None, "k")).await.unwrap();
        stand_in.will_answer(gone());
        let edit = message(&updated(), Occasion::Edited);
        let edit = deliver(&channel, &edit, (first.message.as_deref(), None, "k")).await;
        let error = edit.unwrap_err();
        assert!(
            matches!(error, DeliveryError::Gone { .. }),
            "{}: {error:?}",
            remote.name
        );
    }
}

/// Words that want to be more than words.
fn hostile() -> Vec<String> {
    let short = [
        "**bold** _it_ ~s~ `code` [x](https://evil.example) # h | t * + \\ \\*",
        "> quoted",
        "# head",
        "@everyone @channel @here <!channel> <@U1> <users/all> @room {{x}} ${X} %0a",
        "<b>bold</b> & <script>alert(1)</script> &amp; &lt; \"quoted\" 'single' <br>",
        "x\r\nBcc: a@example.org\r\nX-Priority: 5\u{0}",
        "invoice\u{202e}txt.exe\u{200b}\u{feff}\u{2066}",
        "השרת אינו זמין",
        "日本語のタイトル 🎲 e\u{301}",
    ];
    let long = ["x", "&", "\"", "*", "🎲", "\\", "@a ", "<b>", "word "];
    let long = long.map(|part| part.repeat(10_000 / part.len()));
    short.map(str::to_owned).into_iter().chain(long).collect()
}

#[tokio::test]
async fn each_shows_hostile_words_as_words() {
    let shows = ALL.iter().map(async |remote| {
        let (channel, stand_in) = connect(remote, "").await;
        for words in hostile() {
            let mut incident = updated();
            incident.title.clone_from(&words);
            incident.affected = vec![words.clone(); 3];
            for update in &mut incident.updates {
                update.text.clone_from(&words);
            }
            let two = incident.updates.clone();
            incident.updates = std::iter::repeat_n(two, 6).flatten().collect();
            let message = message(&incident, Occasion::Opened);
            deliver(&channel, &message, (None, None, "k"))
                .await
                .unwrap();
            let requests = stand_in.messages();
            let shown = (remote.shown)(&requests[0]);
            let hidden = [
                '\u{202e}', '\u{200b}', '\u{feff}', '\u{2066}', '\u{0}', '\r',
            ];
            assert!(!shown.contains(hidden), "{}: {shown:?}", remote.name);
            if words.len() < 200 {
                let name = remote.name;
                assert!(shown.contains(&message.title), "{name}: {shown}");
                assert!(shown.contains(message.text()), "{name}: {shown}");
                assert!(shown.contains(&message.affected[0]), "{name}: {shown}");
            }
        }
    });
    join_all(shows).await;
}

#[tokio::test]
async fn each_tells_of_what_has_no_page_any_more() {
    let mut receipt = Receipt::new(Stage::Open, Severity::Down);
    "Rolls are failing".clone_into(&mut receipt.title);
    let id = TopicId::Incident(opened().id);
    let topic = Topic::gone(id, &receipt);
    let message = Announcement::new(&topic, Occasion::Withdrawn, None);
    for remote in &ALL {
        let (channel, stand_in) = connect(remote, "").await;
        deliver(&channel, &message, (None, None, "k"))
            .await
            .unwrap();
        assert_eq!(stand_in.messages().len(), 1, "{}", remote.name);
    }
}
