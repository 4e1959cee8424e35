//! A list of whole jobs, and the one at the end from which workers take.

use redis::Value;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::collect::queue::reading::answers::{Answer, Answers, bytes};
use crate::collect::queue::reading::oldest::{Oldest, OldestSight};
use crate::collect::queue::reading::question::Question;

/// The end of a list from which workers take jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ListEnd {
    /// `LPOP`: the first element is the oldest.
    Left,
    /// `RPOP`: the last element is the oldest.
    Right,
}

/// What is known of such a list.
#[derive(Debug, Default)]
pub(crate) struct ListState {
    /// The job that is taken next.
    pub(crate) oldest: Oldest,
}

/// Length of a list and age of its oldest job in milliseconds, as far as known.
pub(crate) type ListWait = (Option<u64>, Option<i64>);

impl ListState {
    /// What to ask about the list of that key.
    pub(crate) fn questions(key: &[u8], end: ListEnd) -> [Question; 2] {
        let element = match end {
            ListEnd::Left => Question::first(key),
            ListEnd::Right => Question::last(key),
        };
        [Question::new("LLEN", key), element]
    }

    /// Reads the answers; `time` finds the moment that a job carries.
    pub(crate) fn read(
        &mut self,
        answers: &mut Answers,
        key: &[u8],
        end: ListEnd,
        time: impl Fn(&[u8]) -> Option<i64>,
    ) -> ListWait {
        let [length, element] = Self::questions(key, end);
        let length = answers.count(&length);
        let element = answers.take(&element);
        if length == Some(0) {
            self.oldest.clear();
            return (length, Some(0));
        }
        let sight = match element {
            Answer::Value(Value::Nil) => {
                // Taken between the two questions: nothing is left that waits.
                self.oldest.clear();
                return (length, Some(0));
            }
            Answer::Value(value) => {
                let Some(job) = bytes(value) else {
                    return (length, None);
                };
                OldestSight::new(&job, time(&job))
            }
            Answer::Later => OldestSight::Later,
            Answer::Unknown => return (length, None),
        };
        let age = self.oldest.age(sight, answers.now_ms);
        (length, age)
    }
}
