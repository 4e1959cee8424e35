//! The small page in a real browser: rolls of others appear, and it has no barriers.

use std::path::PathBuf;

use serde_json::json;
use thirtyfour::prelude::*;

use crate::browser::barriers::{findings, outside};
use crate::browser::pictures::photograph;
use crate::browser::{Browser, axe};
use crate::dice::world::World;
use crate::world::patience::until;

async fn enter(browser: &Browser, name: &str, value: &str) {
    let field = browser
        .driver
        .find(By::Css(format!("input[name={name}]")))
        .await
        .unwrap();
    field.send_keys(value).await.unwrap();
}

async fn press(browser: &Browser, css: &str) {
    let button = browser.driver.find(By::Css(css)).await.unwrap();
    button.click().await.unwrap();
}

async fn wait_for(browser: &Browser, css: &str) {
    until(css, async || {
        browser
            .driver
            .find(By::Css(css))
            .await
            .is_ok()
            .then_some(())
    })
    .await;
}

/// Looks at the page on all screens: barriers, what sticks out, and pictures if they are wanted.
async fn look(browser: &Browser, name: &str) {
    let pictures = std::env::var_os("CRITWATCH_PICTURES").map(PathBuf::from);
    for (width, dark) in [(390, false), (390, true), (1000, false), (1000, true)] {
        browser.screen(width, dark).await;
        // What still fades in has less contrast than it is to have.
        until("nothing moves", async || {
            let moving = browser.ask("return document.getAnimations().length").await;
            (moving == json!(0)).then_some(())
        })
        .await;
        let theme = if dark { "dark" } else { "light" };
        if let Some(folder) = &pictures {
            std::fs::create_dir_all(folder).unwrap();
            photograph(
                browser,
                &folder.join(format!("dice-{name}-{width}-{theme}.png")),
            )
            .await;
        }
        assert_eq!(outside(browser).await, json!([]), "{name} {width} {theme}");
        match axe() {
            Some(axe) => {
                assert_eq!(
                    findings(browser, &axe).await,
                    json!([]),
                    "{name} {width} {theme}"
                );
            }
            None => eprintln!("skipped: no axe-core in target/axe; run scripts/test"),
        }
    }
}

/// Rolls of every kind, which one of them makes and both see.
async fn roll_more(ann: &Browser, ben: &Browser) {
    for (at, formula) in ["8d6", "(2d6+1)*2", "1d100", "4df"].iter().enumerate() {
        let field = ben.driver.find(By::Id("formula")).await.unwrap();
        field.clear().await.unwrap();
        enter(ben, "equation", formula).await;
        press(ben, "#roll .row button").await;
        wait_for(ann, &format!("#rolls > li:nth-child({})", at + 3)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_at_a_table_see_each_others_rolls_at_once() {
    let (Some(ann), Some(ben)) = (Browser::start().await, Browser::start().await) else {
        return;
    };
    let world = World::new().await;
    let base = format!("http://{}", world.rig.addresses().api);
    ann.visit(&base).await;
    look(&ann, "welcome").await;
    enter(&ann, "name", "Ann").await;
    press(&ann, "form.card button").await;
    wait_for(&ann, "input[name=passcode]").await;
    enter(&ann, "name", "Friday night at the Prancing Pony").await;
    press(&ann, "form.card button").await;
    wait_for(&ann, "#table[data-live]").await;
    let room = ann.driver.current_url().await.unwrap().to_string();

    ben.visit(&room).await;
    look(&ben, "join").await;
    enter(&ben, "name", "Ben").await;
    press(&ben, "form.card button").await;
    wait_for(&ben, "#table[data-live]").await;
    wait_for(&ann, "#people li:nth-child(2):not(.away)").await;
    press(&ann, "button[value=d20]").await;
    wait_for(&ben, "#rolls li[data-roll]").await;
    enter(&ben, "equation", "4d6dl1+2").await;
    press(&ben, "#roll .row button").await;
    wait_for(&ann, "#rolls > li:nth-child(2)").await;
    let heard = ann
        .driver
        .find(By::Id("heard"))
        .await
        .unwrap()
        .inner_html()
        .await
        .unwrap();
    assert!(heard.contains("Ben rolled 4d6dl1+2"), "{heard}");
    roll_more(&ann, &ben).await;
    // Shown once each, although the answer and the event both tell of a roll.
    assert_eq!(
        ben.ask("return document.querySelectorAll('#rolls > li').length")
            .await,
        json!(6)
    );
    look(&ann, "table").await;
    enter(&ann, "equation", "2d").await;
    press(&ann, "#roll .row button").await;
    wait_for(&ann, "#problem:not([hidden])").await;
    look(&ann, "problem").await;

    press(&ann, ".who button").await;
    wait_for(&ann, "form[action='/session']").await;
    wait_for(&ben, "#people li:nth-child(1).away").await;
    for (name, path) in [("activate", "/activate"), ("error", "/room/nowhere")] {
        ann.visit(&format!("{base}{path}")).await;
        look(&ann, name).await;
    }
    ann.quit().await;
    ben.quit().await;
    world.stop().await;
}
