//! The small page without its script: forms, and what they refuse.

use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};

use crate::dice::world::World;

/// A browser that follows nothing by itself.
struct Visitor {
    client: Client,
    base: String,
    cookie: String,
}

impl Visitor {
    fn new(world: &World) -> Self {
        Self {
            client: Client::builder().redirect(Policy::none()).build().unwrap(),
            base: format!("http://{}", world.rig.addresses().api),
            cookie: String::new(),
        }
    }

    async fn get(&self, path: &str) -> (StatusCode, String) {
        let request = self.client.get(format!("{}{path}", self.base));
        let response = request.header("cookie", &self.cookie).send().await.unwrap();
        let policy = response.headers()["content-security-policy"]
            .to_str()
            .unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
        (response.status(), response.text().await.unwrap())
    }

    async fn post_from(&self, origin: &str, path: &str, form: &str) -> Response {
        let request = self.client.post(format!("{}{path}", self.base));
        let request = request
            .header("cookie", &self.cookie)
            .header("origin", origin);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.body(form.to_owned()).send().await.unwrap()
    }

    /// Sends a form, keeps the cookie, and returns where it leads.
    async fn post(&mut self, path: &str, form: &str) -> String {
        let response = self.post_from(&self.base, path, form).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER, "{path}");
        if let Some(cookie) = response.headers().get("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
            let cookie = cookie.split(';').next().unwrap();
            cookie.clone_into(&mut self.cookie);
        }
        response.headers()["location"].to_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn two_people_roll_at_a_table_without_any_script() {
    let world = World::new().await;
    let mut ann = Visitor::new(&world);
    assert!(ann.get("/").await.1.contains("Come in"));
    assert_eq!(ann.post("/session", "name=%3Cb%3EAnn").await, "/");
    let room = ann.post("/rooms", "name=Friday&passcode=owl").await;
    assert!(ann.get("/").await.1.contains(&room));
    let mut ben = Visitor::new(&world);
    let (_, way) = ben.get(&room).await;
    assert!(
        way.contains("Passcode") && !way.contains("Friday"),
        "a stranger learns the name"
    );
    let refused = ben
        .post_from(&ben.base, &format!("{room}/join"), "name=Ben&passcode=cat")
        .await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    assert_eq!(
        ben.post(&format!("{room}/join"), "name=Ben&passcode=owl")
            .await,
        room
    );
    assert_eq!(
        ann.post(&format!("{room}/roll"), "equation=2d20kh1%2B5")
            .await,
        room
    );
    assert_eq!(
        ben.post(&format!("{room}/roll"), "equation=&die=d100")
            .await,
        room
    );
    let (_, table) = ben.get(&room).await;
    assert!(table.contains("2d20kh1+5") && table.contains("1d100"));
    assert!(table.contains("&#60;b&#62;Ann") && !table.contains("<b>Ann"));
    let wrong = ann
        .post_from(&ann.base, &format!("{room}/roll"), "equation=2d")
        .await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = wrong.text().await.unwrap();
    assert!(wrong.contains("Not rolled: expected") && wrong.contains("value=\"2d\""));
    ann.post("/session/end", "").await;
    assert!(ann.get("/").await.1.contains("Come in"));
    world.stop().await;
}

#[tokio::test]
async fn forms_of_other_pages_are_refused_and_errors_are_pages() {
    let world = World::new().await;
    let mut ann = Visitor::new(&world);
    ann.post("/session", "name=Ann").await;
    for path in ["/rooms", "/session", "/session/end"] {
        let response = ann.post_from("https://evil.example", path, "name=x").await;
        assert_eq!(response.status(), StatusCode::FORBIDDEN, "{path}");
        assert!(response.headers().get("set-cookie").is_none());
        assert!(response.text().await.unwrap().contains("another page"));
    }
    let (status, page) = ann.get("/room/nowhere").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(page.contains("there is no such room"));
    world.stop().await;
}

#[tokio::test]
async fn a_flushed_redis_logs_people_out_and_the_page_says_so() {
    let world = World::new().await;
    let mut ann = Visitor::new(&world);
    ann.post("/session", "name=Ann").await;
    let room = ann.post("/rooms", "").await;
    let mut redis = world.redis();
    redis::cmd("FLUSHALL").exec_async(&mut redis).await.unwrap();
    assert!(ann.get("/").await.1.contains("You were logged out"));
    assert!(ann.get(&room).await.1.contains("You were logged out"));
    let lost = ann
        .post_from(&ann.base, &format!("{room}/roll"), "die=d6")
        .await;
    assert_eq!(lost.status(), StatusCode::UNAUTHORIZED);
    // The table is still there, and opens to who comes in again.
    assert_eq!(ann.post(&format!("{room}/join"), "name=Ann").await, room);
    assert_eq!(ann.post(&format!("{room}/roll"), "die=d6").await, room);
    world.stop().await;
}
