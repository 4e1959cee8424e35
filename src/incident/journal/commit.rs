//! Writes decisions into the files of the folder, and logs each.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::incident::file::change::{FileChange, NewFile, Turn};
use crate::incident::file::slug;
use crate::incident::folder::Folder;
use crate::incident::folder::error::WriteError;
use crate::incident::postmortem::facts::IncidentFacts;
use crate::incident::postmortem::{picture, write};
use crate::model::component::Severity;

/// Writes a new file; with the name that it has, or would have: the day of the
/// first bad sample in the site's zone, and the title's words.
pub async fn open(
    folder: &mut Folder,
    opening: &NewFile,
    (zone, dates): (&TimeZone, &TimeZone),
    now: Timestamp,
) -> (String, Result<(), WriteError>) {
    let (title, date) = (&opening.title, opening.date);
    let file = match folder.name_for(title, date, zone, false).await {
        Ok(file) => file,
        Err(error) => return (slug::file(title, date, zone, |_| false), Err(error.into())),
    };
    let result = create(folder, &file, opening, dates, now).await;
    (file, result)
}

async fn create(
    folder: &mut Folder,
    file: &str,
    opening: &NewFile,
    dates: &TimeZone,
    now: Timestamp,
) -> Result<(), WriteError> {
    let document = opening.clone().noted_at(now).document(dates)?;
    folder.write(file, None, document).await?;
    tracing::info!(
        kind = "incident",
        incident.file = file,
        severity = opening.change.severity.map(Severity::word),
        "opened {file}: {}",
        opening.title,
    );
    Ok(())
}

/// Changes a file that is there.
pub async fn change(
    folder: &mut Folder,
    file: &str,
    change: &FileChange,
) -> Result<(), WriteError> {
    folder.update(file, change).await?;
    let word = match change.turn {
        Some(Turn::Over(_) | Turn::AsPlanned) => Some("resolved"),
        Some(Turn::Again) => Some("reopened"),
        Some(Turn::Planned(_)) | None => None,
    };
    if let Some(word) = word {
        tracing::info!(kind = "incident", incident.file = file, "{word} {file}");
    } else if let Some(update) = change.updates.last() {
        tracing::info!(
            kind = "incident",
            incident.file = file,
            "updated {file}: {} - {}",
            update.word,
            update.text,
        );
    }
    Ok(())
}

/// Writes the post-mortem of an incident, the picture first: the text must not refer
/// to a missing file.
pub async fn write_post_mortem(
    folder: &mut Folder,
    file: &str,
    story: &mut IncidentFacts<'_>,
) -> Result<(), WriteError> {
    let before = folder.open(file).await?;
    story.pictured = match picture::draw_picture(story) {
        Some(svg) if write::wants_picture(&before, story) => {
            let picture = story.incident.picture();
            folder.write_picture(&picture, svg).await?;
            true
        }
        _ => false,
    };
    let document = write::write(&before, story)?;
    folder.write(file, Some(&before), document).await?;
    Ok(())
}
