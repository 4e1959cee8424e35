//! A change as it would be: the lines of the file, the page, and what receivers are told.

use std::sync::Arc;

use crate::model::board::Board;
use crate::model::facts::planned::Planned;
use crate::model::incident::Incident;
use crate::model::request::incidents::incident_change::ChangedFile;
use crate::model::request::receivers::receiver_preview::{
    PreviewedChange, PreviewedMessage, ReceiverMessage, ReceiverPreviews,
};
use crate::web::ops::api::desk::difference_of;
use crate::web::pages::incident;
use crate::web::site::View;

/// A line of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DifferenceLine {
    /// `gone`, `come`, `place`, or nothing for what stays.
    pub(crate) kind: &'static str,
    /// What a reader hears of it first.
    pub(crate) said: &'static str,
    /// The line.
    pub(crate) text: String,
}

/// A change as it would be.
#[derive(Clone, Debug, Default)]
pub(crate) struct ChangePreview {
    /// What changes in the file; nothing, if nothing does.
    pub(crate) lines: Vec<DifferenceLine>,
    /// The page as visitors would see it, as HTML without links; nothing of what they
    /// would not see.
    pub(crate) article: String,
    /// What each receiver would be told.
    pub(crate) receivers: Vec<ReceiverMessage>,
    /// Whether visitors would see it only once it is published.
    pub(crate) is_draft: bool,
}

impl ChangePreview {
    /// A change upon what a view shows.
    pub(crate) fn new(
        view: &View<'_>,
        changed: &ChangedFile,
        receivers: &ReceiverPreviews,
    ) -> Self {
        let after = board_with(view.board, changed);
        let told = PreviewedChange {
            before: view.board,
            after: &after,
            id: &changed.incident.id,
            now: view.now,
        };
        Self {
            lines: lines(&difference_of(changed)),
            receivers: receivers.of(told),
            article: article(view, changed),
            is_draft: changed.incident.draft,
        }
    }
}

/// What the page would tell, whether or not it is published.
pub(crate) fn article(view: &View<'_>, changed: &ChangedFile) -> String {
    let public = Incident {
        draft: false,
        ..Incident::clone(&changed.incident)
    };
    let file = ChangedFile {
        incident: Arc::new(public),
        ..changed.clone()
    };
    let board = board_with(view.board, &file);
    let shown = View {
        board: &board,
        ..*view
    };
    let article = incident::article(&shown, &changed.incident.id.0);
    // The addresses are those of the page, which answers elsewhere.
    let article = article.and_then(Result::ok).unwrap_or_default();
    article.replace(" href=\"", " data-href=\"")
}

/// Why a receiver would get a new message.
pub(crate) fn occasion(message: &PreviewedMessage) -> &'static str {
    match message.occasion {
        "opened" => "new message: opened",
        "worse" => "new message: worse",
        "recurred" => "new message: recurred",
        "update" => "new message: update",
        "resolved" | "missed" => "new message: resolved",
        "withdrawn" => "new message: withdrawn",
        "announced" => "new message: maintenance planned",
        "rescheduled" => "new message: maintenance moved",
        "extended" => "new message: maintenance extended",
        "completed" => "new message: maintenance done",
        "cancelled" => "new message: maintenance cancelled",
        _ => "new message",
    }
}

/// A board with the file as it would be.
fn board_with(board: &Board, changed: &ChangedFile) -> Board {
    let mut board = board.clone();
    let id = &changed.incident.id;
    let is_it = |incident: &Arc<Incident>| incident.id == *id;
    let mut incidents = board.facts.incidents.to_vec();
    let place = incidents.iter().position(is_it);
    incidents.retain(|incident| !is_it(incident));
    if changed.after.is_some() {
        let newest = incidents
            .iter()
            .position(|one| one.date < changed.incident.date);
        let place = place.or(newest).unwrap_or(incidents.len());
        incidents.insert(place.min(incidents.len()), Arc::clone(&changed.incident));
    }
    board.facts.incidents = Arc::new(incidents.into());
    let works = &mut board.facts.maintenance;
    works.retain(|work| work.id != *id);
    let is_public = changed.incident.is_public();
    works.extend(changed.planned.clone().filter(|_: &Planned| is_public));
    board
}

/// The lines of a difference, without the name of the file.
pub(crate) fn lines(difference: &str) -> Vec<DifferenceLine> {
    let lines = difference.lines().skip(2).map(|line| {
        let (kind, said) = match line.as_bytes().first() {
            Some(b'-') => ("gone", "removed: "),
            Some(b'+') => ("come", "added: "),
            Some(b'@' | b'\\') => ("place", ""),
            _ => ("", ""),
        };
        DifferenceLine {
            kind,
            said,
            text: line.to_owned(),
        }
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use crate::model::fixtures;
    use crate::model::incident::{Phase, Update};
    use crate::model::incidents::body_layout::BodyLayout;
    use crate::model::request::incidents::incident_change::PostMortem;
    use crate::web::site::Names;

    use super::*;

    #[test]
    fn lines_are_told_apart_and_the_head_is_left_out() {
        let kinds: Vec<_> = lines("--- a\n+++ a\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n")
            .into_iter()
            .map(|line| (line.kind, line.text))
            .collect();
        let expected = [
            ("place", "@@ -1,2 +1,2 @@"),
            ("", " a"),
            ("gone", "-b"),
            ("come", "+c"),
        ];
        assert_eq!(kinds, expected.map(|(kind, text)| (kind, text.to_owned())));
        assert_eq!(lines(""), []);
    }

    #[test]
    fn a_page_is_shown_as_it_would_be_and_leads_nowhere() {
        let now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
        let board = fixtures::board(now, [fixtures::component("api", "API")]);
        let names = Names::new("Dice", TimeZone::UTC);
        let changed = ChangedFile {
            incident: Arc::new(Incident {
                draft: true,
                affected: vec!["API".to_owned()],
                updates: vec![Update::new(now, Phase::Investigating, "We **look**.")],
                layout: BodyLayout {
                    more: std::iter::once(0..0).collect(),
                    ..BodyLayout::default()
                },
                ..fixtures::incident("rolls-fail")
            }),
            planned: None,
            changed: vec!["new"],
            report: PostMortem::default(),
            before: None,
            after: Some(b"a\n".to_vec()),
            version: None,
        };
        let nobody = ReceiverPreviews::new(|_| Vec::new());
        let preview = ChangePreview::new(&View::new(&names, &board, now), &changed, &nobody);
        assert!(preview.is_draft);
        assert!(
            preview.article.contains("<strong>look</strong>"),
            "{}",
            preview.article
        );
        assert!(!preview.article.contains(" href="), "{}", preview.article);
        assert_eq!(preview.lines.last().unwrap().text, "+a");
    }
}
