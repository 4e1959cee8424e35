//! Messages as channels take them, against golden files.

use crate::incident::file::document::Document;
use crate::model::fixtures::golden;
use crate::model::incident::Incident;
use crate::notify::discord;
use crate::notify::message::{Announcement, Occasion};

const OPEN: &str = "---
section: issue
title: \"Rolls <b>fail</b> & \\\"more\\\"\"
date: 2026-03-01T18:48:00Z
resolved: false
affected: [API, Cache]
severity: down
---
*Identified* - A person wrote <script>alert(1)</script> [here](javascript:alert(1)). {{< track \"2026-03-01 18:55:00\" >}}

*Investigating* - The cache is full. {{< track \"2026-03-01 18:48:00\" >}}
";

const PAST: &str = include_str!("../../incidents/2023-01-19-cache-outage.md");

fn incident(file: &str, text: &str) -> Incident {
    Document::parse(text).unwrap().incident(file)
}

#[test]
fn a_message_for_discord() {
    let open = incident("2026-03-01-rolls-fail.md", OPEN);
    let site = Some("https://status.example.org");
    let payload = discord::payload(&Announcement::new(&open, Occasion::Opened, site));
    golden("discord-opened.json", &format!("{payload:#}"));
    let past = incident("2023-01-19-cache-outage.md", PAST);
    let payload = discord::payload(&Announcement::new(&past, Occasion::Resolved, None));
    golden("discord-resolved.json", &format!("{payload:#}"));
}
