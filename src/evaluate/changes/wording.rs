//! What was seen, in words for visitors: names of components, and no others.

use crate::evaluate::text::format::NumberFormat;
use crate::language::speech::{Slot, Speech};
use crate::model::component::{Component, ComponentId};

/// Names that are listed; of more it is told how many.
const NAMED: usize = 3;

/// What it happened to, and the language in which it is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'s> {
    /// The components that the collector is there for; there may be none.
    pub(crate) components: &'s [Component],
    /// Whether it keeps data, or works.
    pub(crate) is_store: bool,
    /// The language.
    pub(crate) speech: &'s Speech,
}

impl Subject<'_> {
    /// The ids of the components.
    pub(crate) fn ids(&self) -> Vec<ComponentId> {
        let ids = self.components.iter().map(|component| &component.id);
        ids.cloned().collect()
    }

    /// That it was restarted; once, or so many more times.
    pub(crate) fn restarted(&self, more: Option<u32>) -> String {
        let n = self.components.len().max(1);
        match more {
            None => self.tell("seen-restarted", [("n", n.into())]),
            Some(more) => {
                let slots = [("n", n.into()), ("more", more.into())];
                self.tell("seen-restarted-again", slots)
            }
        }
    }

    /// That data was deleted by command.
    pub(crate) fn flushed(&self, more: Option<u32>) -> String {
        match more {
            None => self.tell("seen-flushed", []),
            Some(more) => self.tell("seen-flushed-again", [("more", more.into())]),
        }
    }

    /// That most of the data is gone.
    pub(crate) fn collapsed(&self) -> String {
        self.tell("seen-collapsed", [])
    }

    /// That a limit was changed; zero is none.
    pub(crate) fn limited(&self, from: f64, to: f64) -> String {
        let bytes = NumberFormat::Bytes;
        let (mut before, mut after) = (bytes.say(from), bytes.say(to));
        if before == after {
            (before, after) = (format!("{from:.0} bytes"), format!("{to:.0} bytes"));
        }
        if to <= 0.0 {
            self.tell("seen-limit-removed", [("before", before.into())])
        } else if from <= 0.0 {
            self.tell("seen-limit-set", [("after", after.into())])
        } else {
            let slots = [("before", before.into()), ("after", after.into())];
            self.tell("seen-limit", slots)
        }
    }

    /// A sentence about it.
    fn tell<const N: usize>(&self, name: &str, slots: [(&str, Slot<'_>); N]) -> String {
        let is_subject = name.starts_with("seen-restarted");
        let names = [("names", self.name(is_subject).into())];
        let mut text = self.speech.tell_all(name, slots.into_iter().chain(names));
        // A name has its own letters.
        if self.components.is_empty()
            && let Some(first) = text.chars().next()
        {
            text.replace_range(..first.len_utf8(), &first.to_uppercase().to_string());
        }
        text
    }

    /// Its components, or what it is: as who does something, or to whom it is done.
    fn name(&self, is_subject: bool) -> String {
        let all: Vec<_> = self.components.iter().map(|one| one.name.clone()).collect();
        let (named, others) = all.split_at(all.len().min(NAMED));
        match (named, others) {
            ([], _) if self.is_store && is_subject => self.speech.say("seen-a-store"),
            ([], _) if self.is_store => self.speech.say("seen-store"),
            ([], _) => self.speech.say("seen-process"),
            (named, []) => self.speech.row(named),
            (named, others) => {
                let row = named.join(&self.speech.say("row-comma"));
                let slots = [("names", row.into()), ("n", others.len().into())];
                self.speech.tell("row-others", slots)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::model::fixtures::component;
    use crate::model::text::language::Language;

    use super::*;

    fn components(names: &[&str]) -> Vec<Component> {
        let of = |name: &&str| component(&name.to_lowercase(), name);
        names.iter().map(of).collect()
    }

    fn of(names: &[&str], say: impl Fn(Subject<'_>) -> String) -> String {
        say(Subject {
            components: &components(names),
            is_store: true,
            speech: &Speech::of(Language::En),
        })
    }

    #[test]
    fn what_happened_is_told_of_components_or_in_neutral_words() {
        let restarted = |more| move |subject: Subject<'_>| subject.restarted(more);
        for (value, expected) in [
            (of(&["Cache"], restarted(None)), "Cache was restarted."),
            (
                of(&["Cache"], restarted(Some(1))),
                "Cache was restarted once more.",
            ),
            (
                of(&["Cache"], restarted(Some(7))),
                "Cache was restarted 7 more times.",
            ),
            (of(&["A", "B"], restarted(None)), "A and B were restarted."),
            (
                of(&["A", "B", "C"], restarted(None)),
                "A, B and C were restarted.",
            ),
            (
                of(&["A", "B", "C", "D", "E"], restarted(None)),
                "A, B, C and 2 others were restarted.",
            ),
            (of(&[], restarted(None)), "A data store was restarted."),
        ] {
            assert_eq!(value, expected);
        }
        let process = Subject {
            components: &[],
            is_store: false,
            speech: &Speech::of(Language::En),
        };
        let neutral = "A service process was restarted.";
        assert_eq!(process.restarted(None), neutral);
    }

    #[test]
    fn what_was_deleted_or_limited_is_told_with_its_figures() {
        let mib = |from: f64, to: f64| {
            move |subject: Subject<'_>| subject.limited(from * 1_048_576.0, to * 1_048_576.0)
        };
        for (value, expected) in [
            (
                of(&["Cache"], |one| one.flushed(None)),
                "Data in Cache was deleted by a command.",
            ),
            (
                of(&["Cache"], |one| one.flushed(Some(2))),
                "Data in Cache was deleted 2 more times.",
            ),
            (
                of(&[], |one| one.collapsed()),
                "Most of the data in a data store is gone.",
            ),
            (
                of(&["Cache"], mib(100.0, 256.0)),
                "The memory limit of Cache was changed from 100 MiB to 256 MiB.",
            ),
            (
                of(&[], mib(0.0, 256.0)),
                "The memory limit of a data store was set to 256 MiB; there was no limit before.",
            ),
            (
                of(&["Cache"], mib(100.0, 0.0)),
                "The memory limit of Cache was removed; it was 100 MiB before.",
            ),
            (
                of(&["Cache"], |one| one.limited(104_857_600.0, 104_857_601.0)),
                "The memory limit of Cache was changed from 104857600 bytes to 104857601 bytes.",
            ),
        ] {
            assert_eq!(value, expected);
        }
    }
}
