//! A list of whole jobs, and the one at the end from which workers take.

use redis::Value;
use serde::Deserialize;

use crate::collect::queue::reading::answers::{Answer, Answers, bytes};
use crate::collect::queue::reading::oldest::{Oldest, Sight};
use crate::collect::queue::reading::question::Question;

/// From which end of a list workers take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// `LPOP`: the first element is the oldest.
    Left,
    /// `RPOP`: the last one is.
    Right,
}

/// What is known of such a list.
#[derive(Debug, Default)]
pub struct Head {
    /// The job that is taken next.
    pub oldest: Oldest,
}

/// Length of a list and age of its oldest job in milliseconds, as far as known.
pub type Wait = (Option<u64>, Option<i64>);

impl Head {
    /// What to ask about the list of that key.
    pub fn questions(key: &[u8], end: End) -> [Question; 2] {
        let element = match end {
            End::Left => Question::first(key),
            End::Right => Question::last(key),
        };
        [Question::new("LLEN", key), element]
    }

    /// Reads the answers; `time` finds the moment that a job carries.
    pub fn read(
        &mut self,
        answers: &mut Answers,
        key: &[u8],
        end: End,
        time: impl Fn(&[u8]) -> Option<i64>,
    ) -> Wait {
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
                Sight::new(&job, time(&job))
            }
            Answer::Later => Sight::Later,
            Answer::Unknown => return (length, None),
        };
        let age = self.oldest.age(sight, answers.now_ms);
        (length, age)
    }
}
