//! Every address against its row.

use proptest::prelude::*;

use crate::web::table::*;

#[test]
fn every_page_is_found_at_its_own_address() {
    for page in Page::ALL {
        let name = match page.row().of {
            Of::Site => "",
            _ => "2026-03-01-rolls-fail",
        };
        let address = Address::of(page, name);
        let read = if page == Page::File {
            Address::file(&address.to_string())
        } else {
            Address::parse(&address.to_string())
        };
        assert_eq!(read, Some(address));
    }
}

#[test]
fn what_machines_ask_for_is_in_the_same_table() {
    for (path, traits, is_named) in forms("x") {
        let address = Address::parse(&path).unwrap();
        assert_eq!(
            (address.traits(), address.name() == "x"),
            (traits, is_named),
            "{path}"
        );
    }
    let address = Address::parse("/affected/a%20b/index.xml").unwrap();
    assert_eq!(
        address,
        Address::Machine(MachineAddress::AffectedFeed("a b".into()))
    );
    assert_eq!(address.to_string(), "/affected/a%20b/index.xml");
}

#[test]
fn what_lacks_an_end_is_meant_all_the_same() {
    for (path, meant) in [
        ("/issues", Some("/issues/")),
        ("/issues/a", Some("/issues/a/")),
        ("/embed", Some("/embed/")),
        ("/figures/a", Some("/figures/a/day/")),
        ("/figures/a/", Some("/figures/a/day/")),
        ("/figures/a/week", Some("/figures/a/week/")),
        ("/history/2026/11", Some("/history/2026/11/")),
        ("/about/us", Some("/about/us/")),
    ] {
        let found = Address::meant(path).map(|address| address.to_string());
        assert_eq!(found.as_deref(), meant, "{path}");
    }
}

#[test]
fn what_is_no_address_is_none() {
    for path in ["", "issues/", "/issues", "/issues//", "//", "/issues/%ff/"] {
        assert_eq!(Address::parse(path), None, "{path}");
    }
}

proptest! {
    #[test]
    fn any_name_comes_back_from_its_address(name in "[^/]{1,20}") {
        let address = Address::of(Page::Incident, &name);
        prop_assert_eq!(Address::parse(&address.to_string()), Some(address));
    }

    #[test]
    fn no_path_makes_it_panic(path in ".{0,40}") {
        let _ = Address::parse(&path);
    }
}

#[test]
fn addresses_of_other_languages_stand_below_their_codes() {
    for (path, code, inner) in [
        ("/de/", "de", "/"),
        ("/de/issues/a%20b/", "de", "/issues/a%20b/"),
        ("/pt-br/index.json", "pt-br", "/index.json"),
        (
            "/de/affected/api/index.xml",
            "de",
            "/affected/api/index.xml",
        ),
        ("/de/about/us/", "de", "/about/us/"),
    ] {
        let address = Address::parse(path).unwrap();
        let expected = Address::Translated {
            code: code.into(),
            address: Box::new(Address::parse(inner).unwrap()),
        };
        assert_eq!(address, expected, "{path}");
        assert_eq!(address.to_string(), path);
        assert_eq!(address.traits(), Address::parse(inner).unwrap().traits());
    }
    assert_eq!(Address::meant("/de").unwrap().to_string(), "/de/");
    assert_eq!(
        Address::meant("/de/issues").unwrap().to_string(),
        "/de/issues/"
    );
    for path in [
        "/issues/de/",
        "/about/us/",
        "/Deutsch/issues/",
        "/d/issues/",
        "/-/issues/",
    ] {
        let address = Address::parse(path).unwrap();
        assert!(!matches!(address, Address::Translated { .. }), "{path}");
    }
}
