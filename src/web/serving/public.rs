//! Answers visitors: from the press what is a page, else from the routes.

use std::time::Instant;

use axum::Router;
use axum::http::header::{
    ACCEPT_ENCODING, ACCEPT_LANGUAGE, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_MAX_AGE, ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, LOCATION, RANGE,
    RETRY_AFTER,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use tower_service::Service as _;

use crate::model::text::language::Language;
use crate::web::pages::archive::Search;
use crate::web::serving::cache::{PageKey, RenderCache, Rendered};
use crate::web::serving::connections::sitting::Sitting;
use crate::web::serving::connections::visitor::{Proxies, Visitor};
use crate::web::serving::live::Live;
use crate::web::serving::metrics::{AddressForm, HttpFigures, NOWHERE};
use crate::web::serving::response::base_path::{Below, below};
use crate::web::serving::response::body::{Asked, ResponseBody};
use crate::web::serving::response::coding::Coding;
use crate::web::serving::response::give::{give, text};
use crate::web::serving::response::host;
use crate::web::serving::response::security_headers::Guard;
use crate::web::serving::{live, metrics};
use crate::web::table::Address;
use crate::web::table::answer::{AnswerKind, Life};
use crate::web::table::pages::Page;

/// Where open pages listen for changes.
pub const LIVE: &str = "/live";

/// What may be done with a page, and with the form of a report.
const READING: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");
const REPORTING: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS, POST");

/// What can be done at an address.
struct Resource {
    /// Programs that run on other sites may do it, too.
    open: bool,
    /// By which methods.
    methods: HeaderValue,
}

/// Marks the answer of routes that have none.
#[derive(Clone, Copy, Debug)]
pub struct Unrouted;

/// All that visitors can reach.
#[derive(Clone, Debug)]
pub struct Public {
    /// Renders pages.
    pub press: RenderCache,
    /// Tells open pages of changes.
    pub live: Live,
    /// What is no page: forms.
    pub routes: Router,
    /// The proxies before us.
    pub proxies: Proxies,
    /// The site's own address opens with `https`.
    pub secure: bool,
    /// The path that the site's own addresses stand below; empty if there is none.
    pub base: String,
    /// What is counted of requests.
    pub figures: HttpFigures,
}

impl Public {
    /// Answers a request.
    pub async fn answer(&self, asked: Asked, sitting: &Sitting) -> Response<ResponseBody> {
        let begun = Instant::now();
        let (form, answer) = self.answered(asked, sitting).await;
        (self.figures).visited(form, answer.status(), begun.elapsed());
        answer
    }

    /// The answer to a request, and the form of the address that it is for.
    async fn answered(
        &self,
        asked: Asked,
        sitting: &Sitting,
    ) -> (AddressForm, Response<ResponseBody>) {
        let (mut head, body) = asked.into_parts();
        if let Some(why) = host::fault(head.version, &head.headers) {
            return (NOWHERE, host::refusal(why, Guard::closed(self.secure)));
        }
        match below(&head.uri, &self.base) {
            Below::Itself => {}
            Below::Path(uri) => head.uri = uri,
            Below::Base => {
                let place = format!("{}/", self.base);
                return (NOWHERE, self.moved(&place, head.uri.query()));
            }
        }
        let address = Address::parse(head.uri.path());
        let live = address.is_none() && self.is_live(head.uri.path());
        let form = metrics::form(address.as_ref(), live.then_some(LIVE));
        let answer = if matches!(head.method, Method::GET | Method::HEAD) {
            self.read(address, head, body, sitting).await
        } else {
            self.act(head, body, sitting).await
        };
        (form, answer)
    }

    /// Answers who wants to read.
    async fn read(
        &self,
        address: Option<Address>,
        head: Parts,
        body: axum::body::Body,
        sitting: &Sitting,
    ) -> Response<ResponseBody> {
        let open = address
            .as_ref()
            .is_some_and(|address| address.manner().open);
        // What is looked for is found for each who asks.
        let is_search = (address.as_ref()).is_some_and(|address| is_search(&head, address));
        let found = match address {
            _ if is_search => None,
            Some(address) => self.page(&head, address).await,
            None if self.is_live(head.uri.path()) => Some(self.listen(&head, sitting)),
            None => self.slash(&head).await,
        };
        let found = match found {
            None if !is_search => self.file(&head).await,
            found => found,
        };
        if let Some(answer) = found {
            return answer;
        }
        let asked = Parts::clone(&head);
        match self.routed(head, body, sitting).await {
            Some(answer) => answer,
            None => self.missing(&asked, open).await,
        }
    }

    /// Answers who wants to do something else, or to know what can be done.
    async fn act(
        &self,
        head: Parts,
        body: axum::body::Body,
        sitting: &Sitting,
    ) -> Response<ResponseBody> {
        let place = self.place(&head).await;
        if head.method == Method::OPTIONS
            && let Some(place) = &place
        {
            return self.options(place);
        }
        let asked = Parts::clone(&head);
        match (self.routed(head, body, sitting).await, place) {
            (Some(answer), _) => answer,
            (None, Some(place)) => {
                let mut answer = self.empty(StatusCode::METHOD_NOT_ALLOWED, place.open);
                answer.headers_mut().insert(ALLOW, place.methods);
                answer
            }
            (None, None) => self.missing(&asked, false).await,
        }
    }

    /// What can be done at an address; `None` if nothing can.
    async fn place(&self, head: &Parts) -> Option<Resource> {
        let path = head.uri.path();
        let (open, methods) = match Address::parse(path) {
            Some(address) if is_report(&address) => {
                return self.press.edition().takes_reports().then_some(Resource {
                    open: false,
                    methods: REPORTING,
                });
            }
            Some(address) => (address.manner().open, READING),
            None if self.is_live(path) => (true, READING),
            // All that is here.
            None if path == "*" => (false, READING),
            None => {
                if self.slash(head).await.is_none() {
                    self.is_there(head, Address::file(path)?).await?;
                }
                (false, READING)
            }
        };
        Some(Resource { open, methods })
    }

    /// A file of the site's own, or the way to that of a folder.
    async fn file(&self, head: &Parts) -> Option<Response<ResponseBody>> {
        let path = head.uri.path();
        if let Some(answer) = self.page(head, Address::file(path)?).await {
            return Some(answer);
        }
        if let Some(file) = Address::file_in_tongue(path)
            && let Some(answer) = self.page(head, file).await
        {
            return Some(answer);
        }
        let folder = format!("{path}/");
        self.is_there(head, Address::file(&folder)?).await?;
        Some(self.moved(&format!("{}{folder}", self.base), head.uri.query()))
    }

    /// Whether something is at an address.
    async fn is_there(&self, head: &Parts, address: Address) -> Option<()> {
        let edition = self.press.edition();
        let language = spoken(&edition, head, AnswerKind::Html);
        let coding = Coding::Plain;
        let key = PageKey {
            address,
            language,
            coding,
        };
        edition.sheet(key).await.map(|_| ())
    }

    /// Whether open pages listen there, in whichever language of the site.
    fn is_live(&self, path: &str) -> bool {
        let below = path.strip_suffix(LIVE);
        let code = below.and_then(|below| below.strip_prefix('/'));
        path == LIVE || code.is_some_and(|code| self.press.edition().speaks(code))
    }

    /// A page; `None` if there is none.
    async fn page(&self, head: &Parts, address: Address) -> Option<Response<ResponseBody>> {
        let edition = self.press.edition();
        let manner = address.manner();
        let picture = manner.kind.is_picture();
        // A part of a picture is a part of it as it is.
        let range = text(&head.headers, RANGE).filter(|_| picture && head.method == Method::GET);
        let coding = match range {
            Some(_) => Coding::Plain,
            None => liked(&head.headers),
        };
        let key = PageKey {
            address,
            language: spoken(&edition, head, manner.kind),
            coding,
        };
        if let Some(sheet) = edition.ready(&key) {
            return Some(give(head, &sheet, range));
        }
        let sheet = edition.sheet(key).await?;
        Some(give(head, &sheet, range))
    }

    /// Shows the way to an address that lacks its end.
    async fn slash(&self, head: &Parts) -> Option<Response<ResponseBody>> {
        let address = Address::meant(head.uri.path())?;
        let place = format!("{}{address}", self.base);
        self.is_there(head, address).await?;
        Some(self.moved(&place, head.uri.query()))
    }

    /// Leads to another place.
    fn moved(&self, place: &str, query: Option<&str>) -> Response<ResponseBody> {
        let query = query.map_or_else(String::new, |query| format!("?{query}"));
        let mut answer = self.empty(StatusCode::PERMANENT_REDIRECT, false);
        if let Ok(place) = HeaderValue::from_str(&format!("{place}{query}")) {
            answer.headers_mut().insert(LOCATION, place);
            let control = HeaderValue::from_static("public, max-age=3600");
            answer.headers_mut().insert(CACHE_CONTROL, control);
        }
        answer
    }

    /// What may be done here, also asked by programs that run on other sites.
    fn options(&self, place: &Resource) -> Response<ResponseBody> {
        let mut answer = self.empty(StatusCode::NO_CONTENT, place.open);
        let headers = answer.headers_mut();
        headers.insert(ALLOW, place.methods.clone());
        if place.open {
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, place.methods.clone());
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*"));
            headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
        }
        answer
    }

    fn listen(&self, head: &Parts, sitting: &Sitting) -> Response<ResponseBody> {
        let mut answer = self.empty(StatusCode::OK, true);
        let headers = answer.headers_mut();
        let kind = HeaderValue::from_static("text/event-stream");
        headers.insert(CONTENT_TYPE, kind);
        // What buffers in between would keep the news to itself.
        let unbuffered = HeaderName::from_static("x-accel-buffering");
        headers.insert(unbuffered, HeaderValue::from_static("no"));
        if head.method == Method::HEAD {
            return answer;
        }
        let visitor = Visitor::of(sitting.peer(), &head.headers, &self.proxies);
        // Who is seated uncounted and names nobody listens uncounted.
        let is_named = !sitting.is_neighbour() || visitor.0 != sitting.peer();
        let place = self.live.place(is_named.then_some(visitor));
        let Some(place) = place.filter(|_| sitting.listens()) else {
            headers.remove(CONTENT_TYPE);
            headers.insert(RETRY_AFTER, HeaderValue::from_static("30"));
            *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            return answer;
        };
        // It is for this alone: what follows gets a connection of its own.
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        let since = || {
            let mut pairs = head.uri.query()?.split('&');
            pairs.find_map(|pair| pair.strip_prefix("since="))
        };
        let known = text(&head.headers, HeaderName::from_static("last-event-id")).or_else(since);
        let words = self.live.listen(known.and_then(live::revision), place);
        *answer.body_mut() = ResponseBody::Words(words);
        answer
    }

    /// What a route answers; `None` if there is none.
    async fn routed(
        &self,
        head: Parts,
        body: axum::body::Body,
        sitting: &Sitting,
    ) -> Option<Response<ResponseBody>> {
        let visitor = Visitor::of(sitting.peer(), &head.headers, &self.proxies);
        let mut request = Request::from_parts(head, body);
        request.extensions_mut().insert(visitor);
        let Ok(answer) = self.routes.clone().call(request).await;
        if answer.extensions().get::<Unrouted>().is_some() {
            return None;
        }
        let mut answer = answer.map(ResponseBody::Routed);
        self.guard(false).fill(answer.headers_mut());
        Some(answer)
    }

    /// Says that nothing is there; programs that run on other sites may read that,
    /// too, where they may read what could be there.
    async fn missing(&self, asked: &Parts, open: bool) -> Response<ResponseBody> {
        let edition = self.press.edition();
        let language = spoken(&edition, asked, AnswerKind::Html);
        let missing = edition.missing(language, liked(&asked.headers)).await;
        let mut answer = give(asked, &missing, None);
        if open {
            self.guard(true).put(answer.headers_mut());
        }
        answer
    }

    /// An answer without a body.
    fn empty(&self, status: StatusCode, open: bool) -> Response<ResponseBody> {
        let mut answer = Response::new(ResponseBody::empty());
        *answer.status_mut() = status;
        self.guard(open).put(answer.headers_mut());
        let control = HeaderValue::from_static(Life::Never.control(false));
        answer.headers_mut().insert(CACHE_CONTROL, control);
        answer
    }

    fn guard(&self, open: bool) -> Guard {
        Guard {
            open,
            ..Guard::closed(self.secure)
        }
    }
}

/// The language of an answer: only pages for people have more than one.
fn spoken(edition: &Rendered, head: &Parts, kind: AnswerKind) -> Language {
    let accept = text(&head.headers, ACCEPT_LANGUAGE);
    edition.language(accept.filter(|_| kind == AnswerKind::Html))
}

/// Whether an address is that of the form of a report, in any language.
fn is_report(address: &Address) -> bool {
    match address {
        Address::Tongue { address, .. } => is_report(address),
        address => *address == Address::site(Page::Report),
    }
}

/// Whether a visitor looks for something in the history.
fn is_search(head: &Parts, address: &Address) -> bool {
    let query = head.uri.query().unwrap_or_default();
    let address = match address {
        Address::Tongue { address, .. } => &**address,
        address => address,
    };
    *address == Address::site(Page::Incidents) && !Search::from_query(query).is_empty()
}

fn liked(headers: &HeaderMap) -> Coding {
    text(headers, ACCEPT_ENCODING).map_or(Coding::Plain, Coding::liked)
}
