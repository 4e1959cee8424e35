//! Tables of subscribers, as CSV with a heading.

use crate::command::import::services::imported_page::{ImportedPage, PastSubscriber};

/// Whether a text is a table with a column of addresses.
pub(crate) fn is_table(text: &str) -> bool {
    let heading = text.lines().next().map(cells).unwrap_or_default();
    column(&heading, &["email", "email address", "e-mail"]).is_some()
        && !text.starts_with(['{', '['])
}

/// Reads the readers of a table who get mails, all that are confirmed.
pub(crate) fn read(text: &str, file: &str, page: &mut ImportedPage) {
    let mut lines = text.lines();
    let heading = lines.next().map(cells).unwrap_or_default();
    let Some(email) = column(&heading, &["email", "email address", "e-mail"]) else {
        return;
    };
    let quarantined = column(&heading, &["quarantined_at", "quarantined at"]);
    let unconfirmed = column(&heading, &["confirmed", "confirmed_at", "confirmed at"]);
    let components = column(&heading, &["components", "component_ids"]);
    for (number, line) in lines.enumerate() {
        let row = cells(line);
        let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).map_or("", |cell| cell.trim());
        let address = cell(Some(email));
        if address.is_empty() {
            if row.iter().any(|cell| !cell.trim().is_empty()) {
                let message = "a subscriber without an e-mail address, for example by phone or \
                    webhook; critwatch supports only e-mail";
                page.leave_out(file, Some(number + 2), message.to_owned());
            }
            continue;
        }
        let is_confirmed = unconfirmed.is_none()
            || !["", "false", "no", "0"].contains(&cell(unconfirmed).to_lowercase().as_str());
        if !cell(quarantined).is_empty() || !is_confirmed {
            let line = Some(number + 2);
            page.leave_out(
                file,
                line,
                "a subscriber whose address is unconfirmed or bounced".into(),
            );
            continue;
        }
        let chosen = cell(components).split([';', ',', ' ']);
        page.subscribers.push(PastSubscriber {
            address: address.to_owned(),
            components: chosen
                .filter(|id| !id.is_empty())
                .map(str::to_owned)
                .collect(),
        });
    }
}

fn column(heading: &[String], names: &[&str]) -> Option<usize> {
    heading
        .iter()
        .position(|cell| names.contains(&cell.trim().to_lowercase().as_str()))
}

/// The cells of a line; one in quotes may hold commas.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut signs = line.chars().peekable();
    while let Some(sign) = signs.next() {
        match (sign, quoted) {
            ('"', true) if signs.peek() == Some(&'"') => {
                cell.push('"');
                signs.next();
            }
            ('"', _) => quoted = !quoted,
            (',', false) => cells.push(std::mem::take(&mut cell)),
            (sign, _) => cell.push(sign),
        }
    }
    cells.push(cell);
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_are_those_who_are_confirmed() {
        let text = "id,Email,Quarantined at,Components\n1,a@example.org,,\"c1,c2\"\n\
            2,b@example.org,2024-01-01,\n3,,,\n4,\"c@example.org\",,\n";
        assert!(is_table(text) && !is_table("[1]") && !is_table("a,b"));
        let mut page = ImportedPage::default();
        read(text, "s.csv", &mut page);
        let read: Vec<_> = page
            .subscribers
            .iter()
            .map(|one| (&*one.address, one.components.len()))
            .collect();
        assert_eq!(read, [("a@example.org", 2), ("c@example.org", 0)]);
        let lines: Vec<_> = page.findings.iter().map(|one| one.line).collect();
        assert_eq!(lines, [Some(3), Some(4)]);
    }
}
