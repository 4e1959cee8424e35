//! A night, by touch on a phone and by keyboard alone on a wide screen: see why, silence,
//! edit, change the severity, confirm a draft, resolve early, reopen, post-mortem.

use serde_json::{Value, json};
use thirtyfour::prelude::*;

use crate::browser::{Browser, axe, barriers};
use crate::console_changes::Night;
use crate::world::patience::until;

/// The links, buttons and fields of the page that somebody can see and name.
const FIND: &str = r"
    const [kind, name] = arguments;
    const seen = el => el.checkVisibility({ visibilityProperty: true });
    const words = el => el.textContent.replace(/\s+/g, ' ').trim();
    const all = kind === 'field' ? [document.getElementById(name)].filter(Boolean)
        : kind === 'choice' ? [...document.querySelectorAll(`input[value='${name}']`)]
        : [...document.querySelectorAll('a[href],button,summary')].filter(el => words(el) === name || words(el).startsWith(name + ' '));
    return all.find(seen) || null;";

/// What sticks out of the page, and what a thumb would miss.
const OUT: &str = r"
    const wide = document.documentElement.clientWidth, out = [];
    if (document.documentElement.scrollWidth > wide) out.push('the page scrolls sideways');
    for (const el of document.querySelectorAll('body *')) {
        const box = el.getBoundingClientRect();
        if (!el.checkVisibility() || box.width < 2 || el.closest('.hidden,.skip,.scroll,svg,[popover]')) continue;
        if (box.right > wide + 1 || box.left < -1) out.push(el.outerHTML.slice(0, 120));
    }
    for (const el of document.querySelectorAll('main :is(.button,summary,.acts a,.sends a,select,input:not([type=hidden],[type=checkbox],[type=radio]),label:has(input))')) {
        const box = el.getBoundingClientRect();
        if (el.checkVisibility() && !el.closest('.hidden') && box.height < 40) out.push('low: ' + el.outerHTML.slice(0, 120));
    }
    return out;";

/// What the page says.
const TEXT: &str = "return document.body ? document.body.innerText : ''";

/// Where a thumb must touch something.
const MIDDLE: &str = r"
    arguments[0].scrollIntoView({ block: 'center' });
    const box = arguments[0].getBoundingClientRect();
    return [box.left + Math.min(box.width / 2, 60), box.top + box.height / 2];";

/// How somebody uses the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hand {
    Touch,
    Keyboard,
}

/// Somebody at night.
struct Operator<'b> {
    browser: &'b Browser,
    hand: Hand,
    axe: &'b str,
}

impl Operator<'_> {
    async fn find(&self, kind: &str, name: &str) -> WebElement {
        let script = async || {
            let arguments = vec![json!(kind), json!(name)];
            let found = self.browser.driver.execute(FIND, arguments).await;
            found.ok()?.element().ok()
        };
        until(&format!("{kind} {name} is there"), async || {
            script().await.ok_or_else(|| name.to_owned())
        })
        .await
    }

    /// Goes to something: a thumb scrolls, a keyboard presses Tab.
    async fn reach(&self, kind: &str, name: &str) -> WebElement {
        let wanted = self.find(kind, name).await;
        if self.hand == Hand::Touch {
            return wanted;
        }
        for _ in 0..150 {
            // The page may have put a fresh one in its place, which has the focus.
            let wanted = self.find(kind, name).await;
            let active = self.browser.driver.active_element().await;
            if active.is_ok_and(|active| active == wanted) {
                return wanted;
            }
            self.key(Key::Tab).await;
        }
        panic!("no Tab leads to {kind} {name}");
    }

    async fn tap(&self, wanted: &WebElement) {
        let arguments = vec![wanted.to_json().unwrap()];
        let middle = self.browser.driver.execute(MIDDLE, arguments).await;
        let middle = middle.unwrap().json().clone();
        let thumb = json!({ "x": middle[0], "y": middle[1] });
        for (kind, points) in [("touchStart", json!([thumb])), ("touchEnd", json!([]))] {
            let touch = json!({ "type": kind, "touchPoints": points });
            self.browser.order("Input.dispatchTouchEvent", touch).await;
        }
    }

    async fn key(&self, key: Key) {
        let chain = self.browser.driver.action_chain().send_keys(key);
        chain.perform().await.unwrap();
    }

    /// Follows a link, presses a button, or opens what is folded.
    async fn press(&self, name: &str) {
        let wanted = self.reach("press", name).await;
        match self.hand {
            Hand::Touch => self.tap(&wanted).await,
            Hand::Keyboard => self.key(Key::Enter).await,
        }
    }

    /// Ticks a box or chooses one of several.
    async fn choose(&self, value: &str, steps: usize) {
        if self.hand == Hand::Touch {
            let wanted = self.reach("choice", value).await;
            self.tap(&wanted).await;
            return;
        }
        // A group is one stop of the keyboard; arrows move within it.
        for _ in 0..150 {
            let at = "return document.activeElement.type || ''";
            if self.browser.ask(at).await == "radio" {
                break;
            }
            self.key(Key::Tab).await;
        }
        for _ in 0..steps {
            self.key(Key::Up).await;
        }
        let chosen = format!("return document.querySelector(`input[value='{value}']`).checked");
        assert_eq!(self.browser.ask(&chosen).await, true, "{value}");
    }

    async fn type_into(&self, field: &str, text: &str) {
        let wanted = self.reach("field", field).await;
        if self.hand == Hand::Touch {
            self.tap(&wanted).await;
        }
        let driver = &self.browser.driver;
        let chain = driver.action_chain().key_down(Key::Control).send_keys("a");
        let chain = chain.key_up(Key::Control).send_keys(text);
        chain.perform().await.unwrap();
    }

    /// Waits for a page that says something, and looks for barriers on it.
    async fn sees(&self, words: &str) {
        until(&format!("the page says {words}"), async || {
            let text = self.browser.ask(TEXT).await;
            let text = text.as_str().unwrap_or_default().replace('\u{a0}', " ");
            text.contains(words).then_some(()).ok_or(text)
        })
        .await;
        let found = barriers::findings(self.browser, self.axe).await;
        let at = self.browser.driver.current_url().await.unwrap();
        assert_eq!(found, json!([]), "{at}");
        assert_eq!(self.browser.ask(OUT).await, json!([]), "{at}");
    }

    /// Sends a form, and sends it again if the service wrote the file meanwhile.
    async fn sends(&self, button: &str, done: &str) {
        const CHANGED: &str = "This file has changed since you opened the form.";
        self.press(button).await;
        let said = until(&format!("the page says {done}"), async || {
            let text = self.browser.ask(TEXT).await;
            let text = text.as_str().unwrap_or_default().replace('\u{a0}', " ");
            let mut answers = [done, CHANGED].into_iter();
            answers.find(|words| text.contains(words)).ok_or(text)
        })
        .await;
        if said == CHANGED {
            self.press(button).await;
        }
        self.sees(done).await;
    }

    /// Opens a page of the navigation.
    async fn go(&self, page: &str) {
        if self.hand == Hand::Touch {
            self.press("Menu").await;
        }
        self.press(page).await;
    }

    /// Sees why.
    async fn sees_why(&self) {
        self.sees("Waiting for you").await;
        self.press("Rolls are failing").await;
        self.sees("42 % of all rolls fail.").await;
    }

    /// Silences the rule.
    async fn silences(&self) {
        self.press("Silence").await;
        self.sees("Preview").await;
        self.type_into("reason", "We know.").await;
        self.press("Preview").await;
        self.sees("Matching alerts").await;
        self.press("Silence").await;
        self.sees("The silence is saved.").await;
    }

    /// Edits, and changes the severity.
    async fn edits(&self, night: &Night) {
        self.go("Incidents").await;
        self.sees("Waiting for you").await;
        self.press("Rolls are failing").await;
        self.press("Write an update").await;
        self.sees("Visitors see it at once").await;
        self.type_into("text", "The cache is full.").await;
        self.press("Title, severity and components").await;
        self.choose("down", 1).await;
        self.press("Preview").await;
        self.sees("+severity: down").await;
        self.sends("Publish the update", "The update is published.")
            .await;
        assert!(night.file("rolls").contains("severity: down"));
    }

    /// Confirms a draft.
    async fn confirms(&self) {
        self.go("Incidents").await;
        self.press("The app is slow").await;
        self.sees("Draft: visitors do not see it").await;
        self.press("Publish").await;
        self.sees("Visitors see it at once").await;
        self.sends("Publish", "Published.").await;
    }

    /// Resolves early, reopens, resolves.
    async fn resolves(&self) {
        self.go("Incidents").await;
        self.press("Rolls are failing").await;
        self.press("Resolve").await;
        self.sees("Ends the incident now").await;
        self.sends("Resolve", "The incident is resolved.").await;
        self.press("Reopen").await;
        self.sees("Rules may join it").await;
        self.sends("Reopen", "The incident is open again.").await;
        self.press("Resolve").await;
        self.sends("Resolve", "The incident is resolved.").await;
    }

    /// Writes and publishes the post-mortem.
    async fn learns(&self, night: &Night) {
        self.press("Write the post-mortem").await;
        self.sees("Visitors see each section").await;
        self.type_into("text", "## Problem\n\nThe cache was full.")
            .await;
        self.sends("Save the post-mortem", "The post-mortem is saved.")
            .await;
        self.press("Publish").await;
        self.sends("Publish", "Published.").await;
        let file = night.file("rolls");
        assert!(file.contains("## Problem\n\nThe cache was full."), "{file}");
        assert!(file.contains("*Post-mortem* - "), "{file}");
    }
}

async fn night(hand: Hand, width: u32) {
    let Some(axe) = axe() else {
        eprintln!("skipped: no axe-core in target/axe; run scripts/test");
        return;
    };
    let Some(browser) = Browser::start().await else {
        return;
    };
    let night = Night::new().await;
    browser.screen(width, hand == Hand::Touch).await;
    let touches = json!({ "enabled": hand == Hand::Touch });
    browser
        .order("Emulation.setTouchEmulationEnabled", touches)
        .await;
    browser.visit(&night.url("/console/incidents")).await;
    let one = Operator {
        browser: &browser,
        hand,
        axe: &axe,
    };
    one.type_into("token", "open the door please").await;
    one.press("Log in").await;

    one.sees_why().await;
    one.silences().await;
    one.edits(&night).await;
    one.confirms().await;
    one.resolves().await;
    one.learns(&night).await;
    // And all the other pages.
    for (page, words) in [
        ("Maintenance", "Nothing is planned."),
        ("Silences", "Active"),
        ("Events", "Last 24 hours"),
        ("Subscribers", "Find a subscriber"),
        ("Deliveries", "Notifiers"),
        ("Settings", "Findings"),
    ] {
        one.go(page).await;
        one.sees(words).await;
    }
    assert_eq!(
        browser
            .ask("return document.querySelectorAll('[style]').length")
            .await,
        Value::from(0)
    );
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_night_by_keyboard_alone() {
    night(Hand::Keyboard, 1280).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_night_by_touch_on_a_phone() {
    night(Hand::Touch, 390).await;
}
