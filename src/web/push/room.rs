//! How much the samples of one request may take: a body says once what each of its
//! samples repeats, so that its own length bounds nothing.

use std::collections::BTreeMap;

/// The most that a sample takes with the name and the labels of its series, in bytes.
const SAMPLE: usize = 16 * 1024;

/// The most that all samples of a request take.
const REQUEST: usize = 64 * 1024 * 1024;

/// What a sample takes besides its texts, and what a label does.
const OVERHEAD: usize = 96;

/// What is left for the samples of a request.
#[derive(Debug)]
pub(crate) struct BatchRoom(usize);

impl Default for BatchRoom {
    fn default() -> Self {
        Self(REQUEST)
    }
}

impl BatchRoom {
    /// Takes the room of so many samples of a series before they are made, or says why
    /// there is none.
    pub(crate) fn take(
        &mut self,
        name: &str,
        labels: &BTreeMap<String, String>,
        samples: usize,
    ) -> Result<(), &'static str> {
        let texts = labels.iter();
        let texts = texts.map(|(name, value)| OVERHEAD + name.len() + value.len());
        let each = OVERHEAD + name.len() + texts.sum::<usize>();
        if each > SAMPLE {
            return Err("the name and the labels of a series take more than 16 KiB");
        }
        let left = self.0.checked_sub(each.saturating_mul(samples));
        self.0 = left.ok_or("the samples take more than 64 MiB; send less at once")?;
        Ok(())
    }
}
