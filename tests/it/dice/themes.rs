//! Themes, and the dice boxes that they lie in.

use reqwest::Method;
use serde_json::{Value, json};

use crate::dice::world::{World, body};

/// Follows the links of a list as they are, as the SDK does.
async fn all(world: &World, key: &str, path: &str) -> Vec<Value> {
    let mut next = Some(format!(
        "http://{}/api/1.0{path}",
        world.rig.addresses().api
    ));
    let mut found = Vec::new();
    while let Some(address) = next {
        let request = world.client.get(address).bearer_auth(key);
        let page = body(request.send().await.unwrap()).await;
        assert_eq!(page["type"], "theme[]");
        found.extend(page["data"].as_array().unwrap().clone());
        next = page["links"]["next"].as_str().map(str::to_owned);
    }
    found
}

fn ids(themes: &[Value]) -> Vec<&str> {
    themes
        .iter()
        .map(|theme| theme["id"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn themes_are_complete_and_listed_in_pages() {
    let world = World::new().await;
    let key = world.guest().await;
    let themes = all(&world, &key, "/theme").await;
    assert!(themes.len() > 4, "they fill one page only");
    for theme in &themes {
        for field in [
            "id",
            "name",
            "label",
            "version",
            "api_version",
            "available_dice",
            "meshes",
            "textures",
            "uniforms",
            "sizes",
            "physics",
            "sounds",
            "values",
            "preview",
            "extend",
            "frag_shader",
            "vert_shader",
            "user",
            "created_at",
            "updated_at",
        ] {
            assert!(theme.get(field).is_some(), "{field} is missing in {theme}");
        }
        for die in theme["available_dice"].as_array().unwrap() {
            let faces = &theme["values"][die["id"].as_str().unwrap()];
            assert!(!faces.as_array().unwrap().is_empty(), "{die} has no faces");
        }
    }
    let (status, bees) = world
        .send_as(&key, Method::GET, "/theme/dddice-bees", None)
        .await;
    assert_eq!((status, &bees["type"]), (200, &json!("theme")));
    let (status, _) = world.send_as(&key, Method::GET, "/theme/none", None).await;
    assert_eq!(status, 404);
    world.stop().await;
}

#[tokio::test]
async fn a_dice_box_holds_what_is_free_and_what_was_put_in() {
    let world = World::new().await;
    let key = world.guest().await;
    let whole = all(&world, &key, "/dice-box").await;
    assert!(ids(&whole).contains(&"dddice-bees") && !ids(&whole).contains(&"table-gold"));
    let gold = Some(json!({ "id": "table-gold" }));
    let (status, _) = world.send_as(&key, Method::POST, "/dice-box", gold).await;
    assert_eq!(status, 200);
    let more = all(&world, &key, "/dice-box").await;
    assert_eq!(more.len(), whole.len() + 1);
    let filtered = all(&world, &key, "/dice-box?filter=GOLD").await;
    assert_eq!(ids(&filtered), ["table-gold"]);
    let named = all(&world, &key, "/dice-box?ids=table-ink,dddice-bees,none").await;
    assert_eq!(ids(&named), ["dddice-bees", "table-ink"]);
    let (status, _) = world
        .send_as(&key, Method::DELETE, "/dice-box/table-gold", None)
        .await;
    assert_eq!(status, 200);
    let (status, _) = world
        .send_as(&key, Method::DELETE, "/dice-box/table-gold", None)
        .await;
    assert_eq!(status, 404);
    assert_eq!(all(&world, &key, "/dice-box").await.len(), whole.len());
    world.stop().await;
}
