//! On which day each public incident began.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::incidents::list::Incidents;

/// Every public incident with the day on which it began; each page of the history counts them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct IncidentDays {
    /// Newest first.
    days: Vec<(usize, Option<Date>)>,
    /// Indices into `days`, by year and month.
    months: Months,
}

/// Indices by year and month.
pub(crate) type Months = BTreeMap<i16, BTreeMap<i8, Vec<usize>>>;

/// The index of an incident in the list of incidents, with the day on which it began.
pub(crate) type DatedIndex = (usize, Option<Date>);

impl IncidentDays {
    /// Collects the public incidents; their days are those of the zone.
    pub(crate) fn new(incidents: &Incidents, zone: &TimeZone) -> Self {
        let public = incidents.iter().enumerate();
        let public = public.filter(|(_, incident)| incident.is_public());
        let days = public.map(|(at, incident)| (at, incident.began_on(zone)));
        let days: Vec<_> = days.collect();
        let mut months = Months::new();
        for (at, (_, date)) in days.iter().enumerate() {
            if let Some(date) = date {
                let year = months.entry(date.year()).or_default();
                year.entry(date.month()).or_default().push(at);
            }
        }
        Self { days, months }
    }

    /// All public incidents, newest first.
    pub(crate) fn all(&self) -> &[DatedIndex] {
        &self.days
    }

    /// Indices into [`IncidentDays::all`], by year and month.
    pub(crate) fn months(&self) -> &Months {
        &self.months
    }

    /// The incidents of a year, or of a month of it, newest first.
    pub(crate) fn within(&self, year: i16, month: Option<i8>) -> Vec<&DatedIndex> {
        let months = self.months.get(&year).into_iter().flatten();
        let months = months.filter(|(of, _)| month.is_none_or(|month| month == **of));
        let mut indices: Vec<_> = months.flat_map(|(_, indices)| indices).collect();
        // Weighted files stand out of order.
        indices.sort_unstable();
        indices.into_iter().map(|at| &self.days[*at]).collect()
    }
}
