//! Several steps in a row, against a service of the tests' own and the real one.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::{AUTHORIZATION, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::{Probing, serve};
use crate::dice::world::{World, kill};

/// The steps of our own settings, at another address.
fn rolls(address: SocketAddr) -> String {
    let alerts = include_str!("../../../alerts.toml");
    let start = alerts.find("type = \"steps\"").unwrap();
    let rest = &alerts[start..];
    let end = rest.find("\n# When something is wrong").unwrap();
    rest[..end].replace(
        "${DICE_API_URL:-http://127.0.0.1:8090}",
        &format!("http://{address}"),
    )
}

/// A fourth step to our own: the roll is there for who asks for it.
const READ_BACK: &str = r#"
[[collector.step]]
name = "read it back"
path = "/roll/{{ roll }}"
expect = [{ pointer = "/data/uuid", equals = "{{ roll }}" }, { pointer = "/data/room/slug", equals = "{{ room }}" }]
"#;

#[tokio::test]
async fn a_guest_rolls_with_the_session_it_has_until_that_is_lost() {
    let world = World::new().await;
    let steps = rolls(world.rig.addresses().api);
    let steps = steps.replace(
        "status = 200",
        "status = 200\nsave = { roll = \"/data/uuid\" }",
    );
    let mut probing = Probing::new(&(steps + READ_BACK));
    let seen = probing.take().await;
    assert_eq!(seen.failure(), "", "{seen:#?}");
    seen.says(&[
        ("probe_success", 1.0),
        ("probe_step_success{step=\"sit down\"}", 1.0),
        ("probe_step_success{step=\"open a room\"}", 1.0),
        ("probe_step_success{step=\"roll\"}", 1.0),
        ("probe_step_success{step=\"read it back\"}", 1.0),
        ("probe_kept_losses_total", 0.0),
    ]);
    let total = seen.value("probe_json_value{pointer=\"/data/total_value\",step=\"roll\"}");
    assert!((1.0..=20.0).contains(&total));
    let age = seen.value("probe_kept_seconds");

    let seen = probing.take().await;
    assert_eq!(seen.failure(), "");
    assert!(!seen.has("probe_step_success{step=\"sit down\"}"));
    assert!(seen.value("probe_kept_seconds") > age);

    // Sessions are in the service's Redis, and are gone with what it held.
    let flush = redis::cmd("FLUSHALL").exec_async(&mut world.redis()).await;
    flush.unwrap();
    let seen = probing.take().await;
    assert_eq!(
        seen.failure(),
        "step `roll`: the target answered 401 Unauthorized"
    );
    seen.says(&[
        ("up", 1.0),
        ("probe_success", 0.0),
        ("probe_step_success{step=\"roll\"}", 0.0),
        ("probe_kept_losses_total", 1.0),
        ("probe_kept_seconds", 0.0),
    ]);
    let seen = probing.take().await;
    assert_eq!(seen.failure(), "");
    seen.says(&[
        ("probe_step_success{step=\"sit down\"}", 1.0),
        ("probe_kept_losses_total", 1.0),
    ]);
    world.stop().await;
}

#[tokio::test]
async fn a_roll_that_nobody_answers_is_a_failure_and_no_loss() {
    let world = World::new().await;
    let mut probing = Probing::new(&rolls(world.rig.addresses().api));
    assert_eq!(probing.take().await.failure(), "");
    // Nobody is left to roll.
    kill(&world.processes("dice worker"));
    let seen = probing.take().await;
    assert_eq!(
        seen.failure(),
        "step `roll`: the target answered 503 Service Unavailable"
    );
    seen.says(&[
        ("probe_success", 0.0),
        ("probe_step_success{step=\"roll\"}", 0.0),
        ("probe_kept_losses_total", 0.0),
    ]);
    assert!(seen.value("probe_kept_seconds") > 0.0);
    world.stop().await;
}

#[tokio::test]
async fn a_roll_that_is_only_accepted_or_impossible_is_a_failure() {
    for (status, total, failure) in [
        (200, "1", ""),
        (200, "\"20\"", ""),
        (202, "1", "step `roll`: the target answered 202 Accepted"),
        (
            200,
            "21",
            "step `roll`: the value at `/data/total_value` is not a number between 1 and 20",
        ),
        (
            200,
            "null",
            "step `roll`: the value at `/data/total_value` is not a number between 1 and 20",
        ),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let roll = format!("{{\"data\": {{\"total_value\": {total}}}}}");
        let routes = Router::new()
            .route("/api/1.0/session", post(async || "{}"))
            .route("/api/1.0/room", post(async || r#"{"data": {"slug": "a"}}"#))
            .route("/api/1.0/roll", post(async move || (status, roll)));
        let seen = Probing::new(&rolls(serve(routes).await)).take().await;
        assert_eq!(seen.failure(), failure);
        let success = f64::from(u8::from(failure.is_empty()));
        seen.says(&[("probe_success", success), ("up", 1.0)]);
    }
}

/// A shop with sessions: who knows the word gets a cookie and a ticket.
#[derive(Default)]
struct Shop {
    logins: AtomicU32,
    /// What it answers to who asks for an order.
    mood: AtomicU32,
}

async fn login(State(shop): State<Arc<Shop>>, headers: HeaderMap, body: Bytes) -> Response {
    assert_eq!(headers["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(&body[..], b"name=a%20b&word=%26hidden");
    let number = shop.logins.fetch_add(1, Ordering::SeqCst) + 1;
    let cookie = format!("session=s{number}; Path=/; HttpOnly");
    let head = [(SET_COOKIE, cookie), (LOCATION, "/home".to_owned())];
    (StatusCode::FOUND, head).into_response()
}

async fn order(State(shop): State<Arc<Shop>>, headers: HeaderMap, body: Bytes) -> Response {
    let mood = u16::try_from(shop.mood.load(Ordering::SeqCst)).unwrap();
    let mood = StatusCode::from_u16(mood).unwrap_or(StatusCode::OK);
    if mood != StatusCode::OK {
        return mood.into_response();
    }
    let number = shop.logins.load(Ordering::SeqCst);
    assert_eq!(headers[COOKIE], format!("session=s{number}"));
    assert_eq!(headers[AUTHORIZATION], format!("Ticket s{number}"));
    (StatusCode::CREATED, [("x-order", "a/b")], body).into_response()
}

async fn shown(Path(id): Path<String>) -> String {
    assert_eq!(id, "a/b");
    r#"{"state": "open"}"#.to_owned()
}

const ORDERS: &str = r#"
type = "steps"
cookies = true

[[collector.step]]
name = "log in"
path = "/login"
form = { name = "a b", word = "&hidden" }
status = 302
save = { ticket = "cookie:session" }
once = true

[[collector.step]]
name = "order"
path = "/order"
json = { id = 7, of = "{{ ticket }}" }
headers = { authorization = "Ticket {{ ticket }}" }
status = 201
expect = { pointer = "/of", equals = "{{ ticket }}" }
save = { order = "header:x-order", id = "/id" }

[[collector.step]]
name = "look"
path = "/order/{{ order }}?id={{ id }}"
expect = { pointer = "/state", matches = "^(open|sent)$" }
"#;

async fn shop() -> (Arc<Shop>, Probing) {
    let shop = Arc::new(Shop::default());
    let routes = Router::new()
        .route("/login", post(login))
        .route("/order", post(order))
        .route("/order/{id}", get(shown))
        .with_state(shop.clone());
    let address = serve(routes).await;
    let rest = ORDERS.replace(
        "cookies = true",
        &format!("cookies = true\nurl = 'http://{address}'"),
    );
    (shop, Probing::new(&rest))
}

/// What the shop answers; then success, logins and losses so far, what is said.
const MOODS: &[(u32, f64, u32, f64, &str)] = &[
    (200, 1.0, 1, 0.0, ""),
    (200, 1.0, 1, 0.0, ""),
    (
        500,
        0.0,
        1,
        0.0,
        "step `order`: the target answered 500 Internal Server Error",
    ),
    (
        429,
        0.0,
        1,
        0.0,
        "step `order`: the target answered 429 Too Many Requests",
    ),
    (200, 1.0, 1, 0.0, ""),
    (
        419,
        0.0,
        1,
        1.0,
        "step `order`: the target answered 419 <unknown status code>",
    ),
    // A new session that is refused at once is not lost: it never worked.
    (
        419,
        0.0,
        2,
        1.0,
        "step `order`: the target answered 419 <unknown status code>",
    ),
    (
        419,
        0.0,
        2,
        1.0,
        "step `order`: the target answered 419 <unknown status code>",
    ),
    (200, 1.0, 3, 1.0, ""),
    (
        404,
        0.0,
        3,
        2.0,
        "step `order`: the target answered 404 Not Found",
    ),
];

#[tokio::test]
async fn a_session_is_kept_and_only_a_refusal_ends_it() {
    let (shop, mut probing) = shop().await;
    for &(mood, success, logins, losses, words) in MOODS {
        shop.mood.store(mood, Ordering::SeqCst);
        let seen = probing.take().await;
        assert_eq!(seen.failure(), words);
        assert_eq!(shop.logins.load(Ordering::SeqCst), logins, "after {mood}");
        seen.says(&[
            ("probe_success", success),
            ("probe_step_success{step=\"order\"}", success),
            ("probe_kept_losses_total", losses),
        ]);
        assert_eq!(seen.has("probe_step_success{step=\"look\"}"), success > 0.0);
    }
    let shown = format!("{:?}", probing.collector);
    assert!(
        !shown.contains("hidden") && !shown.contains("s3"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_step_that_does_not_end_in_time_is_named() {
    let hang = async || std::future::pending::<()>().await;
    let routes = Router::new()
        .route("/fast", get(async || "{}"))
        .route("/slow", get(hang));
    let address = serve(routes).await;
    let rest = format!(
        "type = 'steps'\ntimeout = '200ms'\nurl = 'http://{address}/'\n\
         step = [{{ name = 'a', path = '/fast', once = true }}, {{ name = 'b', path = '/slow' }}]"
    );
    let mut probing = Probing::new(&rest);
    let seen = probing.take().await;
    assert_eq!(seen.failure(), "step `b`: no answer in time");
    seen.says(&[
        ("probe_step_success{step=\"a\"}", 1.0),
        ("probe_step_success{step=\"b\"}", 0.0),
    ]);
    assert!(seen.value("probe_step_duration_seconds{step=\"b\"}") > 0.05);
    // What was done once is kept, however slow the step behind it is.
    assert!(!probing.take().await.has("probe_step_success{step=\"a\"}"));
}
