//! Charts drawn from courses of every shape.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::chart::subject::{Chart, ChartForm, ReferenceLine, Shade};
use crate::language::speech::Speech;
use crate::model::fixtures::golden;
use crate::model::series::minute::ChartBucket;
use crate::model::text::language::Language;
use crate::model::text::unit::Unit;

use super::draw;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_772_388_000 + second).unwrap()
}

fn bucket(minute: i64, min: f64, mean: f64, max: f64) -> ChartBucket {
    ChartBucket {
        at: at(minute * 60),
        min,
        mean,
        max,
    }
}

static ENGLISH: LazyLock<Arc<Speech>> = LazyLock::new(|| Speech::of(Language::default()));

fn chart<'a>(buckets: &'a [ChartBucket], zone: &'a TimeZone) -> Chart<'a> {
    Chart {
        id: "memory",
        title: "Memory of the cache <& \"more\">",
        unit: Unit::Bytes,
        from: at(0),
        until: at(7200),
        step: Duration::from_mins(1),
        buckets,
        marks: vec![
            ReferenceLine {
                label: "limit",
                value: 104_857_600.0,
                grave: true,
            },
            ReferenceLine {
                label: "nearly full",
                value: 94_371_840.0,
                grave: false,
            },
        ],
        shades: vec![Shade {
            from: at(3000),
            until: Some(at(4500)),
            label: "Cache is full, rolls are failing".to_owned(),
        }],
        zone,
        speech: &ENGLISH,
    }
}

/// Two hours: it fills, is full, nothing is seen, and it is emptied.
fn outage() -> Vec<ChartBucket> {
    let minutes = (0..120_i32).filter(|minute| !(70..75).contains(minute));
    let bucket = |minute: i32| {
        let part = f64::from(minute.min(50)) / 50.0;
        let mean = if minute < 80 { 4e7 + part * 6.4e7 } else { 3e7 };
        bucket(minute.into(), mean - 1e6, mean, mean + 8e5)
    };
    minutes.map(bucket).collect()
}

#[test]
fn an_outage_is_drawn_the_same_each_time() {
    let (buckets, zone) = (outage(), TimeZone::get("Europe/Berlin").unwrap());
    let chart = chart(&buckets, &zone);
    golden("chart-alone.svg", &draw(&chart, ChartForm::Alone));
    golden("chart-inline.svg", &draw(&chart, ChartForm::Inline));
}

#[test]
fn a_chart_without_any_value_says_so() {
    let zone = TimeZone::UTC;
    let mut empty = chart(&[], &zone);
    empty.marks.clear();
    empty.shades.clear();
    golden("chart-empty.svg", &draw(&empty, ChartForm::Inline));
}

#[test]
fn a_gap_is_not_drawn_over_and_a_single_part_is_a_dot() {
    let zone = TimeZone::UTC;
    let buckets = [
        bucket(0, 1.0, 2.0, 3.0),
        bucket(1, 1.0, 2.0, 3.0),
        bucket(9, 1.0, 2.0, 3.0),
        bucket(10, f64::NAN, 2.0, 3.0),
        bucket(11, 1.0, 2.0, f64::INFINITY),
    ];
    let svg = draw(&chart(&buckets, &zone), ChartForm::Inline);
    assert_eq!(svg.matches("class=\"chart-line\"").count(), 1);
    assert_eq!(svg.matches("class=\"chart-dot\"").count(), 1);
}

/// Reads a drawing as XML and looks for what lies outside of it.
fn outside(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let view = document.root_element().attribute("viewBox").unwrap();
    let view: Vec<f64> = view.split(' ').map(|part| part.parse().unwrap()).collect();
    let number = |text: &str| text.parse::<f64>().unwrap();
    let mut wrong = Vec::new();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let mut points = Vec::new();
        let get = |name: &str| node.attribute(name).map_or(0.0, number);
        match node.tag_name().name() {
            "rect" => {
                points.push((get("x"), get("y")));
                points.push((get("x") + get("width"), get("y") + get("height")));
            }
            "text" => points.push((get("x"), get("y"))),
            "circle" => points.push((get("cx"), get("cy"))),
            "path" => {
                let path = node.attribute("d").unwrap();
                let parts = path
                    .split([' ', 'M', 'L', 'Z'])
                    .filter(|part| !part.is_empty());
                points.extend(parts.map(|part| {
                    let (x, y) = part.split_once(',').unwrap();
                    (number(x), number(y))
                }));
            }
            _ => {}
        }
        for (x, y) in points {
            // A rounded coordinate may be off by a twentieth.
            if !(-0.1..=view[2] + 0.1).contains(&x) || !(-0.1..=view[3] + 0.1).contains(&y) {
                wrong.push(format!("{} at {x},{y}", node.tag_name().name()));
            }
        }
    }
    wrong
}

fn any_chart(
    values: &[(i64, f64, f64, f64)],
    form: ChartForm,
    unit: Unit,
    texts: (&str, &str),
    (length, step): (i64, u64),
    (mark, shade): (f64, (i64, i64)),
) -> String {
    let zone = TimeZone::get("America/New_York").unwrap();
    let buckets: Vec<_> = values
        .iter()
        .map(|(minute, min, mean, max)| bucket(*minute, *min, *mean, *max))
        .collect();
    let chart = Chart {
        id: texts.0,
        title: texts.0,
        unit,
        until: at(length),
        step: Duration::from_secs(step),
        marks: vec![ReferenceLine {
            label: texts.1,
            value: mark,
            grave: true,
        }],
        shades: vec![Shade {
            from: at(shade.0),
            until: (shade.1 > 0).then(|| at(shade.1)),
            label: texts.1.to_owned(),
        }],
        ..chart(&buckets, &zone)
    };
    draw(&chart, form)
}

proptest! {
    #[test]
    fn any_values_make_valid_xml_within_its_box(
        values in prop::collection::vec(
            (-500_i64..5000, any::<f64>(), any::<f64>(), any::<f64>()), 0..30,
        ),
        alone in any::<bool>(),
        unit in 0..5_usize,
        title in "\\PC{0,80}|[\\x00-\\x7f]{0,20}",
        label in "\\PC{0,60}",
        length in -100_i64..10_000_000,
        step in 0_u64..100_000,
        mark in any::<f64>(),
        shade in (-10_000_i64..200_000, -10_000_i64..200_000),
    ) {
        let units = [Unit::Seconds, Unit::Bytes, Unit::Percent, Unit::Count, Unit::PerSecond];
        let form = if alone { ChartForm::Alone } else { ChartForm::Inline };
        let texts = (&*title, &*label);
        let svg = any_chart(&values, form, units[unit], texts, (length, step), (mark, shade));
        prop_assert_eq!(outside(&svg), Vec::<String>::new());
        for forbidden in ["<script", "href", "url(", "javascript:"] {
            let own = svg.replace(&crate::model::text::xml::escape(&title), "");
            let own = own.replace(&crate::model::text::xml::escape(&label), "");
            prop_assert!(title.contains(forbidden) || label.contains(forbidden) || !own.contains(forbidden));
        }
    }
}
