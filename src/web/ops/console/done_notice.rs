//! What a page says first after a form was sent: that it was done.
//!
//! The address of the page names one of these words, never a text: nobody can make the
//! console say something by a link.

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DoneNotice {
    /// An event was noted.
    EventNoted,
    /// An update was written.
    UpdatePublished,
    /// The newest update was corrected.
    UpdateCorrected,
    /// Keys were changed.
    IncidentChanged,
    /// An incident was opened.
    IncidentOpened,
    /// A draft was written.
    DraftOpened,
    /// A draft was deleted.
    DraftDeleted,
    /// Something was called over.
    IncidentResolved,
    /// Something was opened again.
    IncidentReopened,
    /// Something was withdrawn.
    IncidentWithdrawn,
    /// A draft or a post-mortem was published.
    IncidentPublished,
    /// A risk was accepted.
    RiskAccepted,
    /// A post-mortem was written.
    PostMortemSaved,
    /// A whole file was replaced.
    FileSaved,
    /// Nothing was different.
    NothingChanged,
    /// Work was announced.
    WorkPlanned,
    /// Work ends at another moment.
    WorkExtended,
    /// Work was ended.
    WorkEnded,
    /// Work was called off.
    WorkCancelled,
    /// A silence was kept.
    SilenceKept,
    /// A silence was kept that is about nothing at present.
    IdleSilenceKept,
    /// A silence was ended.
    SilenceEnded,
    /// A message is sent again.
    MessageResent,
    /// A message is sent again once the settings are reloaded.
    MessageResentAfterReload,
    /// A message is sent again once its notifier gets through.
    MessageResentAfterFailure,
    /// A message is sent again after the quiet hours.
    MessageResentAfterQuietHours,
    /// A subscriber was erased.
    SubscriberRemoved,
    /// The settings were read again.
    SettingsRead,
}

impl DoneNotice {
    /// Every notice.
    const ALL: [Self; 28] = [
        Self::EventNoted,
        Self::UpdatePublished,
        Self::UpdateCorrected,
        Self::IncidentChanged,
        Self::IncidentOpened,
        Self::DraftOpened,
        Self::DraftDeleted,
        Self::IncidentResolved,
        Self::IncidentReopened,
        Self::IncidentWithdrawn,
        Self::IncidentPublished,
        Self::RiskAccepted,
        Self::PostMortemSaved,
        Self::FileSaved,
        Self::NothingChanged,
        Self::WorkPlanned,
        Self::WorkExtended,
        Self::WorkEnded,
        Self::WorkCancelled,
        Self::SilenceKept,
        Self::IdleSilenceKept,
        Self::SilenceEnded,
        Self::MessageResent,
        Self::MessageResentAfterReload,
        Self::MessageResentAfterFailure,
        Self::MessageResentAfterQuietHours,
        Self::SubscriberRemoved,
        Self::SettingsRead,
    ];

    /// Its word in the address: `?done=event-noted`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::EventNoted => "event-noted",
            Self::UpdatePublished => "update-published",
            Self::UpdateCorrected => "update-corrected",
            Self::IncidentChanged => "changed",
            Self::IncidentOpened => "opened",
            Self::DraftOpened => "draft-opened",
            Self::DraftDeleted => "draft-deleted",
            Self::IncidentResolved => "resolved",
            Self::IncidentReopened => "reopened",
            Self::IncidentWithdrawn => "withdrawn",
            Self::IncidentPublished => "published",
            Self::RiskAccepted => "risk-accepted",
            Self::PostMortemSaved => "post-mortem-saved",
            Self::FileSaved => "file-saved",
            Self::NothingChanged => "nothing-changed",
            Self::WorkPlanned => "planned",
            Self::WorkExtended => "extended",
            Self::WorkEnded => "ended",
            Self::WorkCancelled => "cancelled",
            Self::SilenceKept => "silenced",
            Self::IdleSilenceKept => "silenced-nothing",
            Self::SilenceEnded => "silence-ended",
            Self::MessageResent => "message-resent",
            Self::MessageResentAfterReload => "message-resent-after-reload",
            Self::MessageResentAfterFailure => "message-resent-after-failure",
            Self::MessageResentAfterQuietHours => "message-resent-after-quiet-hours",
            Self::SubscriberRemoved => "subscriber-removed",
            Self::SettingsRead => "settings-read",
        }
    }

    /// What the page says.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::EventNoted => "The event is added.",
            Self::UpdatePublished => "The update is published.",
            Self::UpdateCorrected => "The update is corrected.",
            Self::IncidentChanged => "The change is saved.",
            Self::IncidentOpened => "The incident is open, and visitors see it.",
            Self::DraftOpened => "The draft is written. Visitors do not see it yet.",
            Self::DraftDeleted => "The draft is deleted.",
            Self::IncidentResolved => "The incident is resolved.",
            Self::IncidentReopened => "The incident is open again.",
            Self::IncidentWithdrawn => "The incident is withdrawn.",
            Self::IncidentPublished => "Published.",
            Self::RiskAccepted => "The risk is accepted in your name.",
            Self::PostMortemSaved => "The post-mortem is saved.",
            Self::FileSaved => "The file is saved.",
            Self::NothingChanged => "Nothing changed: the file says this already.",
            Self::WorkPlanned => "The maintenance is announced.",
            Self::WorkExtended => "The new end is announced.",
            Self::WorkEnded => "The maintenance is over.",
            Self::WorkCancelled => "The maintenance is cancelled.",
            Self::SilenceKept => "The silence is saved.",
            Self::IdleSilenceKept => {
                "The silence is saved, but no alert of any rule has these labels at present."
            }
            Self::SilenceEnded => "The silence has ended.",
            Self::MessageResent => "The message is sent again.",
            Self::MessageResentAfterReload => {
                "This notifier is paused. It sends the message when you reload the settings."
            }
            Self::MessageResentAfterFailure => {
                "This notifier is failing. It sends the message as soon as it gets through."
            }
            Self::MessageResentAfterQuietHours => {
                "It is quiet now. The message is sent after the quiet hours."
            }
            Self::SubscriberRemoved => "The subscriber is erased.",
            Self::SettingsRead => "The settings are reloaded and in force.",
        }
    }

    /// Reads the word; `None` for anything else.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back_and_no_text_is() {
        for notice in DoneNotice::ALL {
            assert_eq!(DoneNotice::from_word(notice.word()), Some(notice));
        }
        assert_eq!(DoneNotice::from_word("The+event+is+noted."), None);
    }
}
