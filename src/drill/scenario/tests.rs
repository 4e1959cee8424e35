//! Scenario files, right and wrong.

use crate::drill::scenario::builtin::BUILT_IN;
use crate::drill::scenario::read;
use crate::model::fixtures;

fn faults(text: &str) -> String {
    read::scenario(text, "outage.toml").unwrap_err().to_string()
}

#[test]
fn every_scenario_that_comes_with_the_program_can_be_read() {
    for built_in in BUILT_IN {
        let scenario = read::scenario(built_in.scenario, built_in.name);
        let scenario = scenario.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(scenario.head.name, built_in.name);
        assert!(
            !scenario.head.synthetic.is_empty(),
            "what is chosen is told"
        );
    }
}

#[test]
fn every_fault_is_told_with_its_place_and_the_way_out() {
    let text = BUILT_IN[2].scenario;
    let wrong = text
        .replace("schema = 1", "schema = 2")
        .replace("grace = 5", "grase = 5")
        .replace("from = 0\nto = 30", "from = 5\nto = 4")
        .replace("page = [\"down\"]", "page = []")
        .replace("do = \"hang-api\"", "do = \"hang-apis\"")
        .replace("indicator = \"major\"\n", "")
        .replace("[before]", "[befor]");
    fixtures::golden("drill-faults.txt", &faults(&wrong));
}

#[test]
fn what_operators_do_stands_in_the_order_of_time() {
    let text = BUILT_IN[2].scenario.replace("at = 60\ndo", "at = -20\ndo");
    assert!(faults(&text).contains("in the order of time"));
}
