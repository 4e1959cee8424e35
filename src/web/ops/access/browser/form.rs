//! Forms of people whom their browser shows to us by itself: each brings a token that
//! no other site can know.

use axum::Form;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::web::ops::access::acting::Admitted;
use crate::web::ops::access::error::OpsError;

/// The field that every form has.
#[derive(Deserialize)]
struct FormField {
    #[serde(default)]
    form_token: String,
}

/// A form of somebody whom their browser shows to us, with the right token.
pub(crate) struct CheckedForm<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for CheckedForm<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let needed = request.extensions().get::<Admitted>();
        let needed = needed.and_then(|one| one.form_token.clone());
        let (head, body) = request.into_parts();
        let with = |body: Bytes| Request::from_parts(head.clone(), Body::from(body));
        let body = Request::from_parts(head.clone(), body);
        let body = Bytes::from_request(body, state)
            .await
            .map_err(axum::response::IntoResponse::into_response)?;
        let unreadable = |error: axum::extract::rejection::FormRejection| error.into_response();
        let field = Form::<FormField>::from_request(with(body.clone()), state).await;
        let Form(FormField { form_token }) = field.map_err(unreadable)?;
        if !needed.is_some_and(|needed| needed.fits(&form_token)) {
            let words = "this form is not one of yours, or of a login that has ended; open the \
                page again and send it from there";
            return Err(OpsError::whole(StatusCode::FORBIDDEN, words).into_response());
        }
        let Form(form) = Form::<T>::from_request(with(body), state)
            .await
            .map_err(unreadable)?;
        Ok(Self(form))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::CONTENT_TYPE;

    use crate::model::access::{Actor, Proof, Scopes};
    use crate::web::ops::access::browser::form_token::FormToken;

    use super::*;

    #[derive(Deserialize)]
    struct Sent {
        title: String,
    }

    async fn send(admission: Option<Admitted>, body: &str) -> Result<String, u16> {
        let request = Request::post("/").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let mut request = request.body(Body::from(body.to_owned())).unwrap();
        if let Some(admission) = admission {
            request.extensions_mut().insert(admission);
        }
        let form = CheckedForm::<Sent>::from_request(request, &()).await;
        form.map(|CheckedForm(sent)| sent.title)
            .map_err(|refused| refused.status().as_u16())
    }

    #[tokio::test]
    async fn a_form_needs_the_token_of_its_own_session() {
        let admission = |token| {
            let ann = Actor::new("Ann", Proof::Token);
            Admitted::new(ann, Scopes::default()).by_browser(None, token)
        };
        let (own, other) = (FormToken::of("a", "session"), FormToken::of("b", "session"));
        let body = format!("title=x&form_token={}", own.expose());
        assert_eq!(
            send(Some(admission(own.clone())), &body).await,
            Ok("x".to_owned())
        );
        assert_eq!(send(Some(admission(other)), &body).await, Err(403));
        assert_eq!(send(None, &body).await, Err(403));
        assert_eq!(
            send(Some(admission(own.clone())), "title=x").await,
            Err(403)
        );
        let bare = format!("form_token={}", own.expose());
        assert_eq!(send(Some(admission(own.clone())), &bare).await, Err(422));
        assert_eq!(format!("{own:?}"), "FormToken(..)");
        assert_ne!(own.expose(), FormToken::of("a", "Ann").expose());
    }
}
