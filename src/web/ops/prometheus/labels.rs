//! Which series there are: `/api/v1/labels`, `/api/v1/label/…/values`, `/api/v1/series`.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::Value;

use crate::model::sample::Metric;
use crate::web::ops::prometheus::answer::{self, ApiFault, success};
use crate::web::ops::prometheus::door::WindowDoor;
use crate::web::ops::prometheus::parameters::QueryParameters;

/// The label under which Prometheus keeps the name of a metric.
const NAME: &str = "__name__";

/// The names of labels.
pub(crate) async fn names(
    State(door): State<WindowDoor>,
    asked: QueryParameters,
) -> Result<Response, ApiFault> {
    let series = measured(&door, &asked).await?;
    let mut names: BTreeSet<&str> = series.iter().flat_map(label_names).collect();
    if !series.is_empty() {
        names.insert(NAME);
    }
    Ok(success(&listed(names, &asked)?))
}

/// The values of a label.
pub(crate) async fn values(
    State(door): State<WindowDoor>,
    Path(name): Path<String>,
    asked: QueryParameters,
) -> Result<Response, ApiFault> {
    let series = measured(&door, &asked).await?;
    let value = |metric| label_value(metric, &name);
    let values: BTreeSet<&str> = series.iter().filter_map(value).collect();
    Ok(success(&listed(values, &asked)?))
}

/// The series that selectors select.
pub(crate) async fn series(
    State(door): State<WindowDoor>,
    asked: QueryParameters,
) -> Result<Response, ApiFault> {
    if asked.selectors()?.is_empty() {
        return Err(ApiFault::bad("no match[] parameter provided"));
    }
    let series = measured(&door, &asked).await?;
    let limited = series.into_iter().take(asked.limit()?);
    Ok(success(&limited.map(answer::labels).collect()))
}

async fn measured(door: &WindowDoor, asked: &QueryParameters) -> Result<Vec<Metric>, ApiFault> {
    let time = (asked.moment("start")?, asked.moment("end")?);
    Ok(door.series(asked.selectors()?, time).await?)
}

fn label_names(metric: &Metric) -> impl Iterator<Item = &str> {
    metric.labels.keys().map(String::as_str)
}

fn label_value<'m>(metric: &'m Metric, name: &str) -> Option<&'m str> {
    if name == NAME {
        return Some(&metric.name);
    }
    metric.labels.get(name).map(String::as_str)
}

fn listed(texts: BTreeSet<&str>, asked: &QueryParameters) -> Result<Value, ApiFault> {
    Ok(texts.into_iter().take(asked.limit()?).collect())
}
