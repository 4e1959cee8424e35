//! Answers visitors: from the press what is a page, else from the routes.

pub mod alike;
pub mod body;
pub mod coding;
pub mod condition;
pub mod guard;
pub mod listeners;
pub mod live;
pub mod press;
pub mod sheet;
pub mod sitting;
pub mod visitor;

use axum::Router;
use axum::http::header::{
    ACCEPT_ENCODING, ACCEPT_LANGUAGE, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_MAX_AGE, ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE, LOCATION, RANGE, RETRY_AFTER,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri};
use tower_service::Service as _;

use crate::model::language::Language;
use crate::web::answer::{Kind, Life, Manner, Policy};
use crate::web::archive::Search;
use crate::web::serving::body::Body;
use crate::web::serving::coding::Coding;
use crate::web::serving::condition::{Part, knows, part};
use crate::web::serving::guard::Guard;
use crate::web::serving::live::Live;
use crate::web::serving::press::{Edition, Key, Press};
use crate::web::serving::sheet::Sheet;
use crate::web::serving::sitting::Sitting;
use crate::web::serving::visitor::{Proxies, Visitor};
use crate::web::table::Address;
use crate::web::table::pages::Page;

/// Where open pages listen for changes.
pub const LIVE: &str = "/live";

/// What may be done with a page.
const READING: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");

/// Marks the answer of routes that have none.
#[derive(Clone, Copy, Debug)]
pub struct Unrouted;

/// All that visitors can reach.
#[derive(Clone, Debug)]
pub struct Public {
    /// Renders pages.
    pub press: Press,
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
}

impl Public {
    /// Answers a request.
    pub async fn answer<B>(&self, request: Request<B>, sitting: &Sitting) -> Response<Body>
    where
        B: hyper::body::Body<Data = bytes::Bytes, Error = hyper::Error> + Send + 'static,
    {
        let (mut head, body) = request.into_parts();
        let body = axum::body::Body::new(body);
        match below(&head.uri, &self.base) {
            Below::Itself => {}
            Below::Path(uri) => head.uri = uri,
            Below::Base => return self.moved(&format!("{}/", self.base), head.uri.query()),
        }
        let reads = matches!(head.method, Method::GET | Method::HEAD);
        let address = Address::parse(head.uri.path());
        let known = address.as_ref().map(Address::manner);
        match address {
            // What is looked for is found for each who asks.
            Some(address) if reads && is_search(&head, &address) => {
                return self.routed(head, body, None, sitting).await;
            }
            Some(address) if head.method == Method::OPTIONS => return self.options(&address),
            None if reads && self.is_live(head.uri.path()) => return self.listen(&head, sitting),
            Some(address) if reads => {
                if let Some(answer) = self.page(&head, address).await {
                    return answer;
                }
            }
            None if reads => {
                if let Some(answer) = self.slash(&head).await {
                    return answer;
                }
            }
            _ => {}
        }
        if reads && let Some(answer) = self.file(&head).await {
            return answer;
        }
        self.routed(head, body, known, sitting).await
    }

    /// A file of the site's own, or the way to that of a folder.
    async fn file(&self, head: &Parts) -> Option<Response<Body>> {
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
        let language = spoken(&edition, head, Kind::Html);
        let coding = Coding::Plain;
        let key = Key {
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
    async fn page(&self, head: &Parts, address: Address) -> Option<Response<Body>> {
        let edition = self.press.edition();
        let manner = address.manner();
        let picture = manner.kind.is_picture();
        // A part of a picture is a part of it as it is.
        let range = text(&head.headers, RANGE).filter(|_| picture && head.method == Method::GET);
        let coding = match range {
            Some(_) => Coding::Plain,
            None => liked(&head.headers),
        };
        let key = Key {
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
    async fn slash(&self, head: &Parts) -> Option<Response<Body>> {
        let address = Address::meant(head.uri.path())?;
        let place = format!("{}{address}", self.base);
        self.is_there(head, address).await?;
        Some(self.moved(&place, head.uri.query()))
    }

    /// Leads to another place.
    fn moved(&self, place: &str, query: Option<&str>) -> Response<Body> {
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
    fn options(&self, address: &Address) -> Response<Body> {
        let open = address.manner().open;
        let mut answer = self.empty(StatusCode::NO_CONTENT, open);
        let headers = answer.headers_mut();
        headers.insert(ALLOW, READING);
        if open {
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, READING);
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*"));
            headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
        }
        answer
    }

    fn listen(&self, head: &Parts, sitting: &Sitting) -> Response<Body> {
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
        let is_named = sitting.counted().is_some() || visitor.0 != sitting.peer();
        let place = self.live.place(is_named.then(|| visitor.counted()));
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
        *answer.body_mut() = Body::Words(words);
        answer
    }

    async fn routed(
        &self,
        head: Parts,
        body: axum::body::Body,
        known: Option<Manner>,
        sitting: &Sitting,
    ) -> Response<Body> {
        let visitor = Visitor::of(sitting.peer(), &head.headers, &self.proxies);
        let asked = Parts::clone(&head);
        let mut request = Request::from_parts(head, body);
        request.extensions_mut().insert(visitor);
        let Ok(answer) = self.routes.clone().call(request).await;
        if answer.extensions().get::<Unrouted>().is_none() {
            let mut answer = answer.map(Body::Routed);
            self.protect(answer.headers_mut());
            return answer;
        }
        let reads = matches!(asked.method, Method::GET | Method::HEAD);
        if let Some(manner) = known.filter(|_| !reads) {
            let mut answer = self.empty(StatusCode::METHOD_NOT_ALLOWED, manner.open);
            answer.headers_mut().insert(ALLOW, READING);
            return answer;
        }
        let edition = self.press.edition();
        let language = spoken(&edition, &asked, Kind::Html);
        let missing = edition.missing(language, liked(&asked.headers)).await;
        let mut answer = give(&asked, &missing, None);
        if known.is_some_and(|known| known.open) {
            // Programs that run on other sites may read that, too.
            self.guard(true).put(answer.headers_mut());
        }
        answer
    }

    /// An answer without a body.
    fn empty(&self, status: StatusCode, open: bool) -> Response<Body> {
        let mut answer = Response::new(Body::empty());
        *answer.status_mut() = status;
        self.guard(open).put(answer.headers_mut());
        let control = HeaderValue::from_static(Life::Never.control(false));
        answer.headers_mut().insert(CACHE_CONTROL, control);
        answer
    }

    fn guard(&self, open: bool) -> Guard {
        Guard {
            open,
            policy: Policy::Page,
            secure: self.secure,
        }
    }

    /// What routes do not say themselves is said for them.
    fn protect(&self, headers: &mut HeaderMap) {
        let control = (CACHE_CONTROL, Life::Never.control(false));
        for (name, value) in self.guard(false).headers().into_iter().chain([control]) {
            let value = HeaderValue::from_static(value);
            headers.entry(name).or_insert(value);
        }
    }
}

/// What an address is of a site below a path.
enum Below {
    /// It is as it is: a proxy before us may take the path away.
    Itself,
    /// It stands below the path.
    Path(Uri),
    /// It is the path, without the slash at its end.
    Base,
}

fn below(uri: &Uri, base: &str) -> Below {
    if base.is_empty() {
        return Below::Itself;
    }
    match uri.path().strip_prefix(base) {
        Some("") => Below::Base,
        Some(rest) if rest.starts_with('/') => {
            let query = uri
                .query()
                .map_or_else(String::new, |query| format!("?{query}"));
            format!("{rest}{query}")
                .parse()
                .map_or(Below::Itself, Below::Path)
        }
        _ => Below::Itself,
    }
}

/// Gives a sheet to who asks, or says that it is known.
fn give(head: &Parts, sheet: &Sheet, range: Option<&str>) -> Response<Body> {
    let mut answer = Response::new(Body::whole(sheet.body.clone()));
    *answer.status_mut() = sheet.status;
    *answer.headers_mut() = sheet.head.clone();
    let headers = answer.headers_mut();
    if sheet.life == Life::Marked && head.uri.query() == Some(&*sheet.tag) {
        let control = HeaderValue::from_static(sheet.life.control(true));
        headers.insert(CACHE_CONTROL, control);
    }
    let Some(mark) = sheet.head.get(ETAG).and_then(|mark| mark.to_str().ok()) else {
        return answer;
    };
    if text(&head.headers, IF_NONE_MATCH).is_some_and(|marks| knows(marks, mark)) {
        headers.remove(CONTENT_TYPE);
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        *answer.body_mut() = Body::empty();
        return answer;
    }
    // A part of what has changed meanwhile would fit to nothing.
    let fits = text(&head.headers, IF_RANGE).is_none_or(|wanted| wanted == mark);
    let Some(range) = range.filter(|_| fits) else {
        return answer;
    };
    let length = sheet.body.len();
    let of = |what: String| HeaderValue::from_str(&what).ok();
    match part(range, length) {
        Part::Whole => {}
        Part::Bytes(bytes) => {
            let told = of(format!("bytes {}-{}/{length}", bytes.start, bytes.end - 1));
            headers.extend(told.map(|told| (CONTENT_RANGE, told)));
            *answer.status_mut() = StatusCode::PARTIAL_CONTENT;
            *answer.body_mut() = Body::whole(sheet.body.slice(bytes));
        }
        Part::None => {
            let told = of(format!("bytes */{length}"));
            headers.extend(told.map(|told| (CONTENT_RANGE, told)));
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
            *answer.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            *answer.body_mut() = Body::empty();
        }
    }
    answer
}

/// The language of an answer: only pages for people have more than one.
fn spoken(edition: &Edition, head: &Parts, kind: Kind) -> Language {
    let accept = text(&head.headers, ACCEPT_LANGUAGE);
    edition.language(accept.filter(|_| kind == Kind::Html))
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

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn liked(headers: &HeaderMap) -> Coding {
    text(headers, ACCEPT_ENCODING).map_or(Coding::Plain, Coding::liked)
}
