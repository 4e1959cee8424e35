//! The table of addresses and the render cache as one service: it answers all that
//! no route is for.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::http::header::{
    ACCEPT_ENCODING, ACCEPT_LANGUAGE, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_MAX_AGE, ALLOW, RANGE,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use futures_util::future::{BoxFuture, Either, FutureExt as _};
use tower::Service;

use crate::model::text::language::Language;
use crate::web::serving::cache::RenderCache;
use crate::web::serving::cache::rendered_board::{PageKey, Rendered};
use crate::web::serving::live::LIVE;
use crate::web::serving::metrics;
use crate::web::serving::response::coding::Coding;
use crate::web::serving::response::empty::{empty, moved};
use crate::web::serving::response::respond::{respond, text};
use crate::web::serving::response::security_headers::SecurityHeaders;
use crate::web::site::Names;
use crate::web::table::Address;
use crate::web::table::answer::AnswerKind;
use crate::web::table::pages::Page;

/// What may be done with a page, and with one that has a form.
const READING: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");
const SENDING: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS, POST");

/// What can be done at an address.
struct Resource {
    /// Programs that run on other sites may do it, too.
    open: bool,
    /// By which methods.
    methods: HeaderValue,
}

/// Every page, as visitors ask for it.
#[derive(Clone, Debug)]
pub(crate) struct RenderedPages {
    cache: RenderCache,
    /// The path that the site's own addresses stand below; empty if there is none.
    base: Arc<str>,
    /// The site's own address opens with `https`.
    secure: bool,
}

impl Service<Request> for RenderedPages {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<
        Ready<Result<Response, Infallible>>,
        BoxFuture<'static, Result<Response, Infallible>>,
    >;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (head, _) = request.into_parts();
        let address = Address::parse(head.uri.path());
        let live = address.is_none() && self.is_live(head.uri.path());
        let form = metrics::form(address.as_ref(), live.then_some(LIVE));
        let counted = move |mut answer: Response| {
            answer.extensions_mut().insert(form);
            Ok(answer)
        };
        if let Some(address) = &address
            && let Some(answer) = self.ready(&head, address)
        {
            return Either::Left(ready(counted(answer)));
        }
        let pages = self.clone();
        let answer = async move { counted(pages.answer(&head, address).await) };
        Either::Right(answer.boxed())
    }
}

impl RenderedPages {
    /// The pages of a site with these names.
    pub(crate) fn new(cache: RenderCache, names: &Names) -> Self {
        Self {
            cache,
            base: names.base().into(),
            secure: names.is_secure(),
        }
    }

    /// Whether open pages listen there, in whichever language of the site.
    pub(crate) fn is_live(&self, path: &str) -> bool {
        let below = path.strip_suffix(LIVE);
        let code = below.and_then(|below| below.strip_prefix('/'));
        path == LIVE || code.is_some_and(|code| self.cache.rendered().has_language(code))
    }

    /// The answer if it was made before.
    fn ready(&self, head: &Parts, address: &Address) -> Option<Response> {
        if !is_reading(&head.method) {
            return None;
        }
        let rendered = self.cache.rendered();
        let (key, range) = requested(&rendered, head, address.clone());
        let response = rendered.ready(&key)?;
        Some(respond(head, &response, range))
    }

    async fn answer(&self, head: &Parts, address: Option<Address>) -> Response {
        let is_open = address
            .as_ref()
            .is_some_and(|address| address.traits().open);
        if !is_reading(&head.method) {
            return match self.resource(head).await {
                Some(resource) if head.method == Method::OPTIONS => self.options(&resource),
                Some(resource) => {
                    let security_headers = self.security_headers(resource.open);
                    let mut answer = empty(StatusCode::METHOD_NOT_ALLOWED, security_headers);
                    answer.headers_mut().insert(ALLOW, resource.methods);
                    answer
                }
                None => self.missing(head, false).await,
            };
        }
        let found = match address {
            Some(address) => self.page(head, address).await,
            None => self.redirect_to_slash(head).await,
        };
        let found = match found {
            None => self.file(head).await,
            found => found,
        };
        match found {
            Some(answer) => answer,
            None => self.missing(head, is_open).await,
        }
    }

    /// What can be done at an address; `None` if nothing can.
    async fn resource(&self, head: &Parts) -> Option<Resource> {
        let path = head.uri.path();
        let (open, methods) = match Address::parse(path) {
            Some(address) if address.page() == Some(Page::Report) => {
                let takes = self.cache.rendered().takes_form(Page::Report);
                return takes.then_some(Resource {
                    open: false,
                    methods: SENDING,
                });
            }
            Some(address)
                if address.page() == Some(Page::Subscribe)
                    && self.cache.rendered().takes_form(Page::Subscribe) =>
            {
                (false, SENDING)
            }
            Some(address) => (address.traits().open, READING),
            None if self.is_live(path) => (true, READING),
            // All that is here.
            None if path == "*" => (false, READING),
            None => {
                if self.redirect_to_slash(head).await.is_none() {
                    self.is_there(head, Address::file(path)?).await?;
                }
                (false, READING)
            }
        };
        Some(Resource { open, methods })
    }

    /// A file of the site's own, or the way to that of a folder.
    async fn file(&self, head: &Parts) -> Option<Response> {
        let path = head.uri.path();
        if let Some(answer) = self.page(head, Address::file(path)?).await {
            return Some(answer);
        }
        if let Some(file) = Address::translated_file(path)
            && let Some(answer) = self.page(head, file).await
        {
            return Some(answer);
        }
        let folder = format!("{path}/");
        self.is_there(head, Address::file(&folder)?).await?;
        Some(self.moved(&folder, head))
    }

    /// Whether something is at an address.
    async fn is_there(&self, head: &Parts, address: Address) -> Option<()> {
        let rendered = self.cache.rendered();
        let language = response_language(&rendered, head, AnswerKind::Html);
        let coding = Coding::Plain;
        let key = PageKey {
            address,
            language,
            coding,
        };
        rendered.response(key).await.map(|_| ())
    }

    /// A page; `None` if there is none.
    async fn page(&self, head: &Parts, address: Address) -> Option<Response> {
        let rendered = self.cache.rendered();
        let (key, range) = requested(&rendered, head, address);
        let response = rendered.response(key).await?;
        Some(respond(head, &response, range))
    }

    /// Shows the way to an address that lacks its end.
    async fn redirect_to_slash(&self, head: &Parts) -> Option<Response> {
        let address = Address::meant(head.uri.path())?;
        let place = address.to_string();
        self.is_there(head, address).await?;
        Some(self.moved(&place, head))
    }

    fn moved(&self, place: &str, head: &Parts) -> Response {
        let place = format!("{}{place}", self.base);
        moved(&place, head.uri.query(), self.security_headers(false))
    }

    /// What may be done here, also asked by programs that run on other sites.
    fn options(&self, resource: &Resource) -> Response {
        let mut answer = empty(StatusCode::NO_CONTENT, self.security_headers(resource.open));
        let headers = answer.headers_mut();
        headers.insert(ALLOW, resource.methods.clone());
        if resource.open {
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, resource.methods.clone());
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*"));
            headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
        }
        answer
    }

    /// Says that nothing is there; programs that run on other sites may read that,
    /// too, where they may read what could be there.
    async fn missing(&self, asked: &Parts, is_open: bool) -> Response {
        let rendered = self.cache.rendered();
        let language = response_language(&rendered, asked, AnswerKind::Html);
        let missing = rendered
            .missing(language, accepted_coding(&asked.headers))
            .await;
        let mut answer = respond(asked, &missing, None);
        if is_open {
            self.security_headers(true)
                .insert_into(answer.headers_mut());
        }
        answer
    }

    fn security_headers(&self, open: bool) -> SecurityHeaders {
        SecurityHeaders {
            open,
            ..SecurityHeaders::closed(self.secure)
        }
    }
}

fn is_reading(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Which page is wanted, and which part of it.
fn requested<'h>(
    rendered: &Rendered,
    head: &'h Parts,
    address: Address,
) -> (PageKey, Option<&'h str>) {
    let kind = address.traits().kind;
    // A part of a picture is a part of it as it is.
    let range = text(&head.headers, RANGE);
    let range = range.filter(|_| kind.is_picture() && head.method == Method::GET);
    let coding = match range {
        Some(_) => Coding::Plain,
        None => accepted_coding(&head.headers),
    };
    let key = PageKey {
        address,
        language: response_language(rendered, head, kind),
        coding,
    };
    (key, range)
}

/// The language of an answer: only pages for people have more than one.
fn response_language(rendered: &Rendered, head: &Parts, kind: AnswerKind) -> Language {
    let accept = text(&head.headers, ACCEPT_LANGUAGE);
    rendered.language(accept.filter(|_| kind == AnswerKind::Html))
}

fn accepted_coding(headers: &HeaderMap) -> Coding {
    text(headers, ACCEPT_ENCODING).map_or(Coding::Plain, Coding::preferred)
}
