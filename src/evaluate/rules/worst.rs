//! Which of several elements speaks for a rule, and what it says as evidence.

use crate::evaluate::promql::value::Element;
use crate::evaluate::rules::template::Worst;

use crate::model::verdict::Evidence;

pub(super) fn evidence(element: &Element) -> Evidence {
    Evidence {
        series: element.labels.to_string(),
        value: element.value,
    }
}

/// The element that matters most; what is no number matters least.
pub(super) fn worst(elements: &[Element], smallest: bool) -> Worst {
    let numbers = elements.iter().filter(|element| !element.value.is_nan());
    let order = |one: &&Element, other: &&Element| {
        let order = one.value.total_cmp(&other.value);
        if smallest { order.reverse() } else { order }
    };
    // Of equal values the first, so that the text stays the same.
    let worst = numbers.rev().max_by(order).or(elements.first());
    worst.map_or_else(Worst::none, |worst| Worst {
        value: worst.value,
        labels: worst.labels.clone(),
        count: elements.len(),
    })
}
