//! Themes as clients read them.

use serde_json::{Map, Value, json};

use crate::dice::api::themes::theme::Theme;

/// When the catalogue was last changed.
const CHANGED_AT: &str = "2023-01-01T00:00:00.000Z";
const SIDES: [u16; 6] = [4, 6, 8, 10, 12, 20];

/// Writes a theme with all of its fields. There are no models and pictures here, so clients that
/// draw use their own.
pub(crate) fn theme(theme: &Theme) -> Value {
    let mut dice: Vec<String> = SIDES.iter().map(|sides| format!("d{sides}")).collect();
    let mut values: Map<String, Value> = SIDES
        .iter()
        .map(|sides| (format!("d{sides}"), (1..=*sides).collect::<Value>()))
        .collect();
    dice.push("d10x".to_owned());
    let tens: Value = (1..=10).map(|face| face % 10 * 10).collect();
    values.insert("d10x".to_owned(), tens);
    if theme.has_fate {
        dice.push("df".to_owned());
        values.insert("df".to_owned(), json!([-1, 0, 1]));
    }
    let available: Vec<Value> = dice
        .iter()
        .map(|die| json!({ "id": die, "type": die, "notation": die }))
        .collect();
    json!({
        "id": theme.id,
        "name": theme.name,
        "description": theme.description,
        "author": "critwatch",
        "label": { "color": theme.color, "background_color": theme.background },
        "version": theme.version,
        "api_version": "1.0",
        "available_dice": available,
        "meshes": {},
        "textures": [],
        "uniforms": {},
        "sizes": {},
        "physics": {},
        "particles": [],
        "sounds": [],
        "values": values,
        "preview": {},
        "extend": "",
        "frag_shader": "",
        "vert_shader": "",
        "options": {},
        "user": null,
        "created_at": CHANGED_AT,
        "updated_at": CHANGED_AT,
    })
}
