//! Writes what was decided into the files of the folder, and says so in the log.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::incident::file::slug;
use crate::incident::folder::Folder;
use crate::incident::folder::error::WriteError;
use crate::incident::journal::apply;
use crate::incident::postmortem::facts::IncidentFacts;
use crate::incident::postmortem::{picture, write};
use crate::incident::reconcile::input::{Change, Opening, Turn};
use crate::model::component::Severity;

/// Writes a new file; with the name that it has, or would have: the day of the
/// first bad sample in the site's zone, and the title's words.
pub async fn open(
    folder: &mut Folder,
    opening: &Opening,
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
    opening: &Opening,
    dates: &TimeZone,
    now: Timestamp,
) -> Result<(), WriteError> {
    let document = apply::opened(opening, dates, now)?;
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
pub async fn change(folder: &mut Folder, file: &str, change: &Change) -> Result<(), WriteError> {
    let before = folder.open(file).await?;
    let mut document = before.clone();
    apply::changed(&mut document, change)?;
    folder.write(file, Some(&before), document).await?;
    if let Some(turn) = change.turn {
        let word = match turn {
            Turn::Over(_) => "resolved",
            Turn::Again => "reopened",
        };
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

/// Writes what is to be told of an incident that is over, the picture first:
/// nothing refers to what is not there.
pub async fn tell(
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
