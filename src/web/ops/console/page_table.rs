//! The pages of the console: where each is, what it is called, and who may see it.
//!
//! All of them lie below `/console/`; `/` leads there. What belongs to a page, such as a
//! single rule, lies below its address.

use crate::model::access::Scope;

/// The address of the console.
pub(crate) const CONSOLE: &str = "/console/";

/// A page of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConsolePage {
    /// What is the matter at present, and why.
    Now,
    /// What is judged, and by what.
    Rules,
    /// Any expression over the recent samples.
    Explore,
    /// Incidents, and what people do to them.
    Incidents,
    /// Planned work.
    Maintenance,
    /// What opens nothing for a while.
    Silences,
    /// What was done to the service.
    Events,
    /// Who is told by e-mail.
    Subscribers,
    /// What was told to whom.
    Deliveries,
    /// The settings in force.
    Settings,
}

impl ConsolePage {
    /// Every page, in the order of the navigation.
    pub(crate) const ALL: [Self; 10] = [
        Self::Now,
        Self::Rules,
        Self::Explore,
        Self::Incidents,
        Self::Maintenance,
        Self::Silences,
        Self::Events,
        Self::Subscribers,
        Self::Deliveries,
        Self::Settings,
    ];

    /// Its address, which `route_table.rs` lists as well.
    pub(crate) fn address(self) -> &'static str {
        match self {
            Self::Now => CONSOLE,
            Self::Rules => "/console/rules",
            Self::Explore => "/console/explore",
            Self::Incidents => "/console/incidents",
            Self::Maintenance => "/console/maintenance",
            Self::Silences => "/console/silences",
            Self::Events => "/console/events",
            Self::Subscribers => "/console/subscribers",
            Self::Deliveries => "/console/deliveries",
            Self::Settings => "/console/settings",
        }
    }

    /// Its name in the navigation and its heading.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Now => "Now",
            Self::Rules => "Rules",
            Self::Explore => "Explore",
            Self::Incidents => "Incidents",
            Self::Maintenance => "Maintenance",
            Self::Silences => "Silences",
            Self::Events => "Events",
            Self::Subscribers => "Subscribers",
            Self::Deliveries => "Deliveries",
            Self::Settings => "Settings",
        }
    }

    /// What it takes to see it.
    pub(crate) fn scope(self) -> Scope {
        match self {
            Self::Subscribers => Scope::Admin,
            Self::Now
            | Self::Rules
            | Self::Explore
            | Self::Incidents
            | Self::Maintenance
            | Self::Silences
            | Self::Events
            | Self::Deliveries
            | Self::Settings => Scope::Read,
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Method;

    use crate::web::ops::access::route_table::{self, Requirement};

    use super::*;

    #[test]
    fn every_page_has_a_route_of_its_scope() {
        for page in ConsolePage::ALL {
            let ways = route_table::of(page.address());
            let needed = route_table::requirement(&ways, &Method::GET);
            assert_eq!(needed, Some(Requirement::Always(page.scope())), "{page:?}");
        }
    }
}
