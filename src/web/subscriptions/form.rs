//! What the forms of subscriptions send.

use std::collections::BTreeSet;

use crate::model::component::ComponentId;
use crate::model::request::receivers::subscription::{
    MailAddress, ReportRhythm, SubscriptionChoice,
};
use crate::model::text::language::Language;
use crate::web::site::View;

/// The fields of a form, in the order in which they were sent.
pub(crate) type Fields = Vec<(String, String)>;

/// Why a form is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormFault {
    /// It has no address, or one that is none.
    Address,
    /// Nothing is chosen, so nothing would be sent.
    Nothing,
    /// It is not as our pages send it.
    Unclear,
}

/// Reads the address.
pub(crate) fn address(fields: &Fields) -> Result<MailAddress, FormFault> {
    let mut sent = fields.iter().filter(|(name, _)| name == "address");
    let (Some((_, text)), None) = (sent.next(), sent.next()) else {
        return Err(FormFault::Address);
    };
    MailAddress::parse(text).ok_or(FormFault::Address)
}

/// Reads what is chosen. A form with the address alone chooses what most want.
pub(crate) fn choice(
    fields: &Fields,
    view: &View<'_>,
    default: Language,
) -> Result<SubscriptionChoice, FormFault> {
    let mut choice = SubscriptionChoice {
        language: default,
        components: BTreeSet::new(),
        incidents: false,
        maintenance: false,
        report: None,
    };
    let mut is_chosen = false;
    for (name, value) in fields {
        let is_known = match name.as_str() {
            "address" => continue,
            "language" => Language::from_tag(value)
                .filter(|language| language.tag() == value)
                .map(|language| choice.language = language)
                .is_some(),
            "kind" => {
                is_chosen = true;
                match value.as_str() {
                    "incidents" => choice.incidents = true,
                    "maintenance" => choice.maintenance = true,
                    // A form says in this way that it asks at all.
                    "" => {}
                    _ => return Err(FormFault::Unclear),
                }
                true
            }
            "report" => {
                choice.report = ReportRhythm::from_word(value);
                choice.report.is_some() || value.is_empty()
            }
            "component" => {
                let mut components = view.board.components.iter();
                let found = components.find(|state| state.component.id.0 == *value);
                found
                    .map(|state| choice.components.insert(state.component.id.clone()))
                    .is_some()
            }
            _ => true,
        };
        if !is_known {
            return Err(FormFault::Unclear);
        }
    }
    if !is_chosen && choice.report.is_none() {
        (choice.incidents, choice.maintenance) = (true, true);
    }
    keep_whole(&mut choice.components, view);
    choice.is_some().then_some(choice).ok_or(FormFault::Nothing)
}

/// Who chooses every component wants those that are yet to come as well.
fn keep_whole(components: &mut BTreeSet<ComponentId>, view: &View<'_>) {
    let mut all = view.board.components.iter();
    if all.all(|state| components.contains(&state.component.id)) {
        components.clear();
    }
}
