//! What expressions say: `/api/v1/query` and `/api/v1/query_range`.

use axum::extract::State;
use axum::response::Response;

use crate::model::request::samples::question::{FoundValues, QuerySpan};
use crate::web::ops::prometheus::answer::{ApiFault, found, success};
use crate::web::ops::prometheus::door::WindowDoor;
use crate::web::ops::prometheus::parameters::QueryParameters;

/// Evaluates an expression at a moment.
pub(crate) async fn instant(
    State(door): State<WindowDoor>,
    asked: QueryParameters,
) -> Result<Response, ApiFault> {
    let span = QuerySpan::At(asked.moment("time")?);
    let limit = asked.limit()?;
    let values = door.evaluate(asked.expression()?, span).await?;
    Ok(success(&found(limited(values, limit))))
}

/// Evaluates an expression at every step of a time.
pub(crate) async fn range(
    State(door): State<WindowDoor>,
    asked: QueryParameters,
) -> Result<Response, ApiFault> {
    let span = QuerySpan::Over {
        from: asked.needed_moment("start")?,
        until: asked.needed_moment("end")?,
        step: asked.step()?,
    };
    let limit = asked.limit()?;
    let values = door.evaluate(asked.expression()?, span).await?;
    Ok(success(&found(limited(values, limit))))
}

fn limited(mut values: FoundValues, limit: usize) -> FoundValues {
    match &mut values {
        FoundValues::Scalar(_) | FoundValues::Text(..) => {}
        FoundValues::Vector(elements) => elements.truncate(limit),
        FoundValues::Matrix(courses) => courses.truncate(limit),
    }
    values
}
