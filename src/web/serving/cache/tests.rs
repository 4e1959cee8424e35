//! Rendered pages, and what is reused from the last board.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::component::Health;
use crate::model::fixtures;
use crate::model::text::language::Language;
use crate::web::serving::cache::rendered_board::PageKey;
use crate::web::serving::cache::*;
use crate::web::serving::response::coding::Coding;
use crate::web::site::Names;
use crate::web::table::Address;
use crate::web::table::pages::Page;

fn board(second: i64, health: Health) -> Arc<Board> {
    let board = fixtures::board(Timestamp::from_second(second).unwrap(), []);
    Arc::new(Board { health, ..board })
}

type Boards = (watch::Sender<Arc<Board>>, watch::Sender<Site>);

fn cache() -> (Boards, RenderCache, CacheUpdater) {
    let (boards, board) = watch::channel(board(1, Health::Ok));
    let names = Names::new("Dice", TimeZone::UTC);
    let (sites, site) = watch::channel(Site::new(names, board));
    let (cache, updater) = RenderCache::new(site);
    ((boards, sites), cache, updater)
}

fn key(page: Page, coding: Coding) -> PageKey {
    PageKey {
        address: Address::site(page),
        language: Language::En,
        coding,
    }
}

#[tokio::test]
async fn a_page_is_made_once_for_all_who_ask() {
    let (_boards, cache, _updater) = cache();
    let rendered = cache.rendered();
    for coding in [Coding::Plain, Coding::Br] {
        let key = key(Page::First, coding);
        let (one, other) = tokio::join!(
            rendered.response(key.clone()),
            rendered.response(key.clone())
        );
        let (one, other) = (one.unwrap(), other.unwrap());
        assert!(Arc::ptr_eq(&one, &other) && one.coding == coding);
        assert!(Arc::ptr_eq(&one, &rendered.ready(&key).unwrap()));
    }
}

#[tokio::test]
async fn only_what_is_shown_makes_an_edition_and_its_number_grows() {
    let ((boards, _sites), cache, mut updater) = cache();
    let first = cache.rendered();
    boards.send_replace(board(2, Health::Ok));
    assert!(!updater.step() && Arc::ptr_eq(&first, &cache.rendered()));
    boards.send_replace(board(3, Health::Down));
    assert!(updater.step());
    let second = cache.rendered();
    assert!(second.revision > first.revision);
    // A clock that stepped back must not bring an old number again.
    boards.send_replace(board(1, Health::Ok));
    assert!(updater.step() && cache.rendered().revision > second.revision);
}

#[tokio::test]
async fn other_names_of_the_site_make_an_edition_of_the_same_board() {
    let ((boards, sites), cache, updater) = cache();
    let first = cache.rendered();
    let stop = CancellationToken::new();
    let mut renders = cache.renders();
    let names = Names::new("Cards", TimeZone::UTC);
    sites.send_replace(Site::new(names, boards.subscribe()));
    let observe = async {
        renders.changed().await.unwrap();
        stop.cancel();
    };
    tokio::join!(updater.run(stop.clone()), observe);
    let second = cache.rendered();
    assert!(second.revision > first.revision && second.names.title == "Cards");
    let response = second
        .response(key(Page::First, Coding::Plain))
        .await
        .unwrap();
    assert!(
        std::str::from_utf8(&response.body)
            .unwrap()
            .contains("Cards")
    );
}

#[tokio::test]
async fn what_stays_is_taken_over_and_becomes_smaller() {
    let ((boards, _sites), cache, mut updater) = cache();
    let mut bodies = Vec::new();
    for second in 2..5 {
        // A page for people names its revision, and is another with each.
        let key = PageKey {
            address: Address::parse("/api/openapi.json").unwrap(),
            ..key(Page::First, Coding::Gzip)
        };
        let response = cache.rendered().response(key).await;
        bodies.push(response.unwrap());
        // What cState counts is on no page of ours.
        let counted = Health::ALL[usize::try_from(second).unwrap()];
        let board = Board::clone(&board(second, Health::Ok));
        boards.send_replace(Arc::new(Board { counted, ..board }));
        assert!(updater.step());
    }
    assert!(bodies[1].body.len() <= bodies[0].body.len());
    assert!(!Arc::ptr_eq(&bodies[0], &bodies[1]) && Arc::ptr_eq(&bodies[1], &bodies[2]));
    assert_eq!(bodies[0].tag, bodies[2].tag);
}

#[tokio::test]
async fn what_is_not_there_takes_no_room() {
    let (_boards, cache, _updater) = cache();
    let rendered = cache.rendered();
    for number in 0..100 {
        let address = Address::of(Page::Incident, &format!("nothing-{number}"));
        let key = PageKey {
            address,
            ..key(Page::First, Coding::Plain)
        };
        assert!(rendered.response(key).await.is_none());
    }
    assert!(rendered.pages.is_empty());
}
