//! A device gets its key after a person has confirmed it.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::dice::world::{World, body};

async fn poll(world: &World, code: &str, secret: &str) -> (u16, Value) {
    let address = world.rig.addresses().api;
    let url = format!("http://{address}/api/1.0/activate/{code}");
    let request = world
        .client
        .get(url)
        .header("authorization", format!("Secret {secret}"));
    let response = request.send().await.unwrap();
    (
        response.status().as_u16(),
        body(response).await["data"].clone(),
    )
}

#[tokio::test]
async fn a_device_acts_for_who_confirms_its_code_and_gets_its_key_once() {
    let world = World::new().await;
    let (status, device) = world.send_as("", Method::POST, "/activate", None).await;
    assert_eq!(status, 200);
    let [code, secret] = ["code", "secret"].map(|name| device["data"][name].as_str().unwrap());
    assert!(device["data"]["expires_at"].is_string());
    let (status, waiting) = poll(&world, code, secret).await;
    assert_eq!((status, waiting.get("token")), (200, None));
    assert_eq!(poll(&world, code, &"x".repeat(40)).await.0, 404);
    assert_eq!(poll(&world, code, "short").await.0, 401);

    let cookie = world.session().await;
    let confirm = async |code: &str, cookie: &str| {
        let url = format!("http://{}/activate", world.rig.addresses().api);
        let request = world.client.post(url).header("cookie", cookie);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request
            .body(format!("code={code}"))
            .send()
            .await
            .unwrap()
            .status()
    };
    assert_eq!(confirm(code, "").await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        confirm("ZZZZZZ", &cookie).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(confirm(&code.to_lowercase(), &cookie).await, StatusCode::OK);
    assert_eq!(
        confirm(code, &cookie).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );

    let (_, confirmed) = poll(&world, code, secret).await;
    let key = confirmed["token"].as_str().unwrap();
    let (_, user) = world.send_as(key, Method::GET, "/user", None).await;
    assert_eq!(
        user["data"],
        body(world.user_of(&cookie).await).await["data"]
    );
    assert_eq!(user["data"], confirmed["user"]);
    assert_eq!(poll(&world, code, secret).await.0, 404);
    world.stop().await;
}

#[tokio::test]
async fn any_page_uses_the_api_with_a_key_and_none_but_ours_with_a_session() {
    let world = World::new().await;
    let cookie = world.session().await;
    let url = format!("http://{}/api/1.0/user", world.rig.addresses().api);
    let preflight = world
        .client
        .request(Method::OPTIONS, &url)
        .header("origin", "https://vtt.example")
        .header("access-control-request-method", "PATCH")
        .header(
            "access-control-request-headers",
            "authorization,content-type,x-extension,x-socket-id",
        )
        .send()
        .await
        .unwrap();
    let headers = preflight.headers();
    assert_eq!(
        headers["access-control-allow-origin"],
        "https://vtt.example"
    );
    assert_eq!(headers["access-control-allow-credentials"], "true");
    let allowed = headers["access-control-allow-headers"].to_str().unwrap();
    for name in [
        "authorization",
        "content-type",
        "x-extension",
        "x-socket-id",
    ] {
        assert!(allowed.contains(name), "{name} is not in {allowed}");
    }
    assert!(
        headers["access-control-allow-methods"]
            .to_str()
            .unwrap()
            .contains("PATCH")
    );
    let from = async |origin: &str| {
        let request = world.client.get(&url).header("origin", origin);
        request.header("cookie", &cookie).send().await.unwrap()
    };
    let foreign = from("https://vtt.example").await;
    assert_eq!(foreign.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(
        foreign.headers()["access-control-allow-origin"],
        "https://vtt.example"
    );
    assert_eq!(body(foreign).await["type"], json!("error"));
    let own = from(&format!("http://{}", world.rig.addresses().api)).await;
    assert_eq!(own.status(), StatusCode::OK);
    world.stop().await;
}
