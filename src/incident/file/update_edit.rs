//! Changes of a document below its head: updates put in, and the first one amended.

use jiff::Timestamp;

use crate::incident::file::body::{self};
use crate::incident::file::document::Document;
use crate::model::incident::Update;

impl Document {
    /// Puts an update above the others.
    pub fn prepend(&mut self, update: &Update) {
        let above = &self.bytes[..self.head.body];
        let newline = if above.ends_with(b"\r\n") {
            "\r\n"
        } else {
            "\n"
        };
        let mut text = body::print(update, &self.zone).replace('\n', newline);
        if !above.is_empty() && !above.ends_with(b"\n") {
            // The closing line of the head was the last of the file.
            text.insert_str(0, newline);
            self.bytes.extend(text.bytes());
            self.head.body = self.bytes.len() - text.len() + newline.len();
            return;
        }
        text.push_str(newline);
        if !self.body_bytes().trim_ascii().is_empty() {
            text.push_str(newline);
        }
        self.bytes
            .splice(self.head.body..self.head.body, text.bytes());
    }

    /// Puts an update where its time belongs among the others.
    pub fn insert(&mut self, update: &Update) {
        let at = update.at.unwrap_or(Timestamp::MAX);
        let place = match std::str::from_utf8(self.body_bytes()) {
            Ok(body) => body::place(body, at, &self.zone),
            // What is no text has no places that could be told.
            Err(_) => 0,
        };
        if place == 0 || self.body_bytes()[..place].trim_ascii().is_empty() {
            return self.prepend(update);
        }
        let bytes = self.bytes();
        let newline = if bytes[..self.head.body].ends_with(b"\r\n") {
            "\r\n"
        } else {
            "\n"
        };
        let place = self.head.body + place;
        let mut text = body::print(update, &self.zone).replace('\n', newline);
        text.push_str(newline);
        if place < bytes.len() {
            text.push_str(newline);
        } else {
            let blank = if bytes.ends_with(b"\n") { 1 } else { 2 };
            text.insert_str(0, &newline.repeat(blank));
        }
        self.bytes.splice(place..place, text.bytes());
    }

    /// The update that stands first, with all of its paragraphs.
    pub fn first_update(&self) -> Option<Update> {
        let body = std::str::from_utf8(self.body_bytes()).ok()?;
        body::first(body, &self.zone).map(|(_, update)| update)
    }

    /// Gives the update that stands first another text; its word and its time stay.
    ///
    /// Whether there is such an update.
    pub fn amend_first(&mut self, text: &str) -> bool {
        let Ok(body) = std::str::from_utf8(self.body_bytes()) else {
            return false;
        };
        let Some((range, update)) = body::first(body, &self.zone) else {
            return false;
        };
        let update = Update {
            text: text.to_owned(),
            ..update
        };
        let newline = if body.contains("\r\n") { "\r\n" } else { "\n" };
        let printed = body::print(&update, &self.zone).replace('\n', newline);
        let place = self.head.body + range.start..self.head.body + range.end;
        self.bytes.splice(place, printed.bytes());
        true
    }
}
