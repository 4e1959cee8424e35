//! Components and categories from cState's systems and categories.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::cstate::site::{CategorySettings, Shown};
use crate::config::cstate::tree::node::{TreeMap, TreeNode, TreePlace};
use crate::config::cstate::tree::notes::SiteNotes;
use crate::config::cstate::tree::value;
use crate::model::component::{Component, ComponentId};
use crate::model::text::nearest::hint;
use crate::model::text::slug;

/// Reads the categories in the order of the page.
pub(crate) fn categories(params: &TreeMap, notes: &mut SiteNotes) -> Vec<CategorySettings> {
    let mut categories: Vec<CategorySettings> = Vec::new();
    for (node, table) in value::tables(params, "categories", notes) {
        let Some(name) = value::text(table, "name", notes) else {
            notes.warn(
                "no-name",
                &node.place,
                "this category has no name; add `name:`",
            );
            continue;
        };
        if categories.iter().any(|other| other.name == name) {
            let message = format!("the category `{name}` stands here twice; delete one");
            notes.warn("repeated-category", place(node, table), message);
        }
        categories.push(CategorySettings {
            name,
            description: value::text(table, "description", notes),
            closed: value::flag(table, "closed", false, notes),
            untitled: value::flag(table, "untitled", false, notes),
        });
    }
    categories
}

/// Reads the components in the order of the page, and how each is shown.
pub(crate) fn components(
    params: &TreeMap,
    categories: &[CategorySettings],
    notes: &mut SiteNotes,
) -> (Vec<Component>, BTreeMap<ComponentId, Shown>) {
    let mut components: Vec<Component> = Vec::new();
    let mut shown: BTreeMap<ComponentId, Shown> = BTreeMap::new();
    let tables = value::tables(params, "systems", notes);
    if let (true, false, Some(entry)) = (
        categories.is_empty(),
        tables.is_empty(),
        params.get("systems"),
    ) {
        let message = "there are no `categories`, and cState 4 and later shows no system outside of one; \
            here they stand under no heading unless they name one";
        notes.warn("no-categories", &entry.place, message);
    }
    for (node, table) in tables {
        let Some(name) = value::text(table, "name", notes) else {
            notes.warn(
                "no-name",
                &node.place,
                "this system has no name; add `name:`",
            );
            continue;
        };
        let slug = slug::component(&name);
        if components.iter().any(|other| other.name == name) {
            let message =
                format!("the system `{name}` stands here twice, and posts affect both; delete one");
            notes.warn("repeated-system", place(node, table), message);
        } else if let Some(other) = components
            .iter()
            .find(|other| shown[&other.id].slug == slug)
        {
            let message = format!(
                "`{name}` and `{}` share the address `affected/{slug}`; rename one",
                other.name
            );
            notes.warn("same-address", place(node, table), message);
        }
        let id = unique(&slug, &shown);
        components.push(Component {
            id: id.clone(),
            name,
            description: value::text(table, "description", notes),
            category: category(node, table, categories, notes),
            needs: Vec::new(),
        });
        let display_name = value::text(table, "displayName", notes);
        let link = value::link(table, "link", notes);
        shown.insert(
            id,
            Shown {
                display_name,
                link,
                slug,
            },
        );
    }
    (components, shown)
}

/// The category of a system as it is written, known or not.
fn category(
    node: &TreeNode,
    table: &TreeMap,
    categories: &[CategorySettings],
    notes: &mut SiteNotes,
) -> Option<String> {
    let name = value::text(table, "category", notes);
    let lost = "cState leaves the system out of its home page";
    if categories.is_empty() {
        return name;
    }
    match &name {
        None => {
            let message = format!("no `category`, so {lost}; name one of the categories");
            notes.warn("no-category", place(node, table), message);
        }
        Some(name) if !categories.iter().any(|category| category.name == *name) => {
            let meant = hint(
                name,
                categories.iter().map(|category| category.name.as_str()),
            );
            let message = format!("there is no category `{name}`, so {lost}; add it{meant}");
            let at = table
                .get("category")
                .map_or(&node.place, |entry| &entry.place);
            notes.warn("unknown-category", at, message);
        }
        Some(_) => {}
    }
    name
}

fn place<'n>(node: &'n TreeNode, table: &'n TreeMap) -> &'n TreePlace {
    table.get("name").map_or(&node.place, |entry| &entry.place)
}

/// A key that no other component has: letters, digits and single dashes.
fn unique(slug: &str, taken: &BTreeMap<ComponentId, Shown>) -> ComponentId {
    let words = slug.split(|c: char| !c.is_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let base = match words.join("-") {
        base if base.is_empty() => "component".to_owned(),
        base => base,
    };
    let taken: BTreeSet<_> = taken.keys().map(|id| id.0.as_str()).collect();
    let mut id = base.clone();
    let mut number = 1;
    while taken.contains(id.as_str()) {
        number += 1;
        id = format!("{base}-{number}");
    }
    ComponentId(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::cstate::tree::parse;

    fn read(text: &str) -> (Vec<Component>, Vec<String>) {
        let params = parse::parse(text, "config.yml").unwrap();
        let mut notes = SiteNotes::default();
        let categories = categories(&params, &mut notes);
        let (components, shown) = components(&params, &categories, &mut notes);
        assert_eq!(components.len(), shown.len());
        let findings = notes.findings.iter().map(|finding| {
            let (line, column) = (finding.line.unwrap(), finding.column.unwrap());
            format!("{line}:{column} {}", finding.kind)
        });
        (components, findings.collect())
    }

    #[test]
    fn a_slug_is_made_as_hugo_makes_it() {
        for (name, address, id) in [
            ("Web App", "web-app", "web-app"),
            (
                "LON1/Storage (a, b)",
                "lon1/storage-a-b",
                "lon1-storage-a-b",
            ),
            ("Überspace & Co.", "überspace-co.", "überspace-co"),
            ("C++", "c++", "c"),
            ("*.jenkins.io", ".jenkins.io", "jenkins-io"),
            ("a.b:c", "a.bc", "a-bc"),
            ("it's", "its", "its"),
            ("a - b", "a-b", "a-b"),
            (" ?! ", "", "component"),
        ] {
            assert_eq!(slug::component(name), address);
            assert_eq!(unique(address, &BTreeMap::new()).0, id);
        }
    }

    #[test]
    fn doubtful_systems_are_told_and_kept() {
        let (components, findings) = read(
            "categories:\n- name: Core\n- name: Core\n- closed: true\nsystems:\n\
             - name: API\n  category: Core\n- name: API\n  category: core\n- category: Core\n\
             - name: api!\n- just words\n- name: ' Dice '\n  category: Cor\n",
        );
        let names: Vec<_> = components
            .iter()
            .map(|component| component.name.as_str())
            .collect();
        assert_eq!(names, ["API", "API", "api!", " Dice "]);
        let ids: Vec<_> = components
            .iter()
            .map(|component| component.id.0.as_str())
            .collect();
        assert_eq!(ids, ["api", "api-2", "api-3", "dice"]);
        assert_eq!(
            findings,
            [
                "3:3 repeated-category",
                "4:3 no-name",
                "12:3 wrong-type",
                "8:3 repeated-system",
                "9:3 unknown-category",
                "10:3 no-name",
                "11:3 same-address",
                "11:3 no-category",
                "14:3 unknown-category",
            ]
        );
    }

    #[test]
    fn a_site_without_categories_is_told_once() {
        let (components, findings) = read("systems:\n- name: A\n- name: B\n  category: X\n");
        assert_eq!(components[1].category.as_deref(), Some("X"));
        assert_eq!(findings, ["1:1 no-categories"]);
        assert_eq!(read("systems:\ncategories: null\n").1, Vec::<String>::new());
    }
}
