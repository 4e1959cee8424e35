//! Component names as people type them, compared with those of the settings.

use crate::model::component::Component;
use crate::model::text::nearest::nearest;

/// Names as the settings have them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownComponents {
    /// Each name once, in the order in which they were typed.
    pub names: Vec<String>,
    /// What was typed otherwise, and the name that was meant.
    pub corrected: Vec<(String, String)>,
}

/// A name that no component has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no component `{name}`; {hint}")]
pub struct UnknownComponent {
    name: String,
    hint: String,
}

/// Finds the component that each name means: by name or id, whatever the case.
///
/// Names in `present` stand in the file already and are taken as they are: a
/// component may have left the settings since.
pub fn check(
    typed: &[String],
    components: &[Component],
    present: &[String],
) -> Result<KnownComponents, UnknownComponent> {
    let mut affected = KnownComponents::default();
    for name in typed {
        let exact = components
            .iter()
            .map(|component| &component.name)
            .chain(present)
            .find(|exact| *exact == name);
        let meant = match exact.or_else(|| nearly(name, components)) {
            Some(meant) => meant.clone(),
            None => return Err(unknown(name, components)),
        };
        if meant != *name {
            affected.corrected.push((name.clone(), meant.clone()));
        }
        if !affected.names.contains(&meant) {
            affected.names.push(meant);
        }
    }
    Ok(affected)
}

fn nearly<'c>(name: &str, components: &'c [Component]) -> Option<&'c String> {
    let name = name.trim().to_lowercase();
    components
        .iter()
        .find(|component| {
            component.name.to_lowercase() == name || component.id.0.to_lowercase() == name
        })
        .map(|component| &component.name)
}

fn unknown(name: &str, components: &[Component]) -> UnknownComponent {
    let likely = nearest(name, components.iter().map(|one| &*one.name));
    let hint = if let Some(likely) = likely {
        format!("did you mean `{likely}`?")
    } else {
        let names = components
            .iter()
            .map(|component| format!("`{}`", component.name));
        format!("there are {}", names.collect::<Vec<_>>().join(", "))
    };
    UnknownComponent {
        name: name.to_owned(),
        hint,
    }
}

#[cfg(test)]
mod tests {
    use crate::model::fixtures::component;

    use super::*;

    fn components() -> Vec<Component> {
        [
            ("api", "API"),
            ("roll-queue", "Roll queue"),
            ("ü", "Überspace & Co."),
        ]
        .map(|(id, name)| component(id, name))
        .to_vec()
    }

    fn names(typed: &[&str]) -> Result<KnownComponents, String> {
        let typed: Vec<_> = typed.iter().map(|name| (*name).to_owned()).collect();
        check(&typed, &components(), &["Gone".to_owned()]).map_err(|error| error.to_string())
    }

    #[test]
    fn a_name_in_other_letters_or_an_id_is_corrected() {
        let affected = names(&["api", "API", "ROLL-queue", "überspace & co.", "Gone"]).unwrap();
        assert_eq!(
            affected.names,
            ["API", "Roll queue", "Überspace & Co.", "Gone"]
        );
        let corrected: Vec<_> = affected
            .corrected
            .iter()
            .map(|(typed, _)| &**typed)
            .collect();
        assert_eq!(corrected, ["api", "ROLL-queue", "überspace & co."]);
    }

    #[test]
    fn an_unknown_name_is_told_with_the_likely_one() {
        for (typed, hint) in [
            ("AIP", "did you mean `API`?"),
            ("APIs", "did you mean `API`?"),
            ("Rol queu", "did you mean `Roll queue`?"),
            ("gone", "there are `API`, `Roll queue`, `Überspace & Co.`"),
        ] {
            let error = names(&[typed]).unwrap_err();
            assert!(error.ends_with(hint), "{error}");
        }
    }
}
