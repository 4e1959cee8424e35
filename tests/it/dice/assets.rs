//! Images go in and thumbnails come out; a hard one takes nothing else with it.

use std::io::Cursor;

use image::{GenericImageView as _, GrayImage, ImageFormat};
use reqwest::{Method, Response, StatusCode};

use crate::dice::world::{World, body};
use crate::world::patience::until;

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut made = Cursor::new(Vec::new());
    let image = GrayImage::new(width, height);
    image.write_to(&mut made, ImageFormat::Png).unwrap();
    made.into_inner()
}

async fn send(world: &World, image: Vec<u8>) -> Response {
    let url = format!("http://{}/api/1.0/asset", world.rig.addresses().api);
    let request = world.client.post(url).bearer_auth(&world.token);
    request.body(image).send().await.unwrap()
}

async fn taken(world: &World, image: Vec<u8>) -> String {
    let response = send(world, image).await;
    assert_eq!(response.status(), StatusCode::ACCEPTED);
    let uuid = &body(response).await["data"]["uuid"];
    uuid.as_str().unwrap().to_owned()
}

async fn done(world: &World, uuid: &str) -> Response {
    until("the asset is done", async || {
        let path = format!("/asset/{uuid}");
        let response = world.send(Method::GET, &path, None).await;
        (response.status() != StatusCode::ACCEPTED).then_some(response)
    })
    .await
}

#[tokio::test]
async fn an_image_becomes_a_thumbnail_and_what_is_none_says_why() {
    let world = World::new().await;
    let uuid = taken(&world, png(300, 600)).await;
    let response = done(&world, &uuid).await;
    assert_eq!(response.headers()["content-type"], "image/png");
    let bytes = response.bytes().await.unwrap();
    let small = image::load_from_memory(&bytes).unwrap();
    assert_eq!(small.dimensions(), (64, 128));

    let broken = png(30, 30)[..60].to_vec();
    let uuid = taken(&world, broken).await;
    let response = done(&world, &uuid).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(world.count(true, "dice_jobs_failed_total").await >= 1);

    let nothing = "/asset/1b4e28ba-2fa1-11d2-883f-0016d3cca427";
    let response = world.send(Method::GET, nothing, None).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    // A longer one could be cut off before the answer is read.
    for (image, status) in [
        (b"GIF89a".to_vec(), StatusCode::UNPROCESSABLE_ENTITY),
        (vec![0; (2 << 20) + 1], StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        assert_eq!(send(&world, image).await.status(), status);
    }
    world.stop().await;
}

#[tokio::test]
async fn an_image_that_breaks_the_kernel_limit_is_given_up_and_rolls_go_on() {
    let settings = "--hard-limit --child-memory-mib 64 --restart-pause 50ms --claim-after 300ms";
    let world = World::with("", settings).await;
    let small = taken(&world, png(300, 300)).await;
    assert_eq!(done(&world, &small).await.status(), StatusCode::OK);
    // It decodes to 64 000 000 bytes.
    let large = taken(&world, png(8000, 8000)).await;
    let rolled = async {
        let mut uuids = Vec::new();
        for _ in 0..20 {
            uuids.extend(world.roll_taken().await);
        }
        for uuid in &uuids {
            world.answered(uuid).await;
        }
        uuids.len()
    };
    let (response, rolled) = tokio::join!(done(&world, &large), rolled);
    assert_eq!(rolled, 20);
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let message = body(response).await["data"]["message"].clone();
    assert_eq!(message, "there is no thumbnail: delivered too often");
    let killed = "dice_worker_restarts_total{reason=\"killed\"}";
    assert_eq!(world.count(true, killed).await, 5);
    world.stop().await;
}
