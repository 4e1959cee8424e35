//! Rooms and participants as clients read them.

use serde_json::{Value, json};

use crate::dice::database::participants::Participant;
use crate::dice::database::rooms::Room;

/// Writes a room; its passcode only for those who are in it.
pub(crate) fn room(room: &Room, with_passcode: bool) -> Value {
    let participants: Vec<Value> = room.participants.iter().map(participant).collect();
    json!({
        "id": room.id,
        "slug": room.slug,
        "custom_slug": null,
        "name": room.door.name,
        "is_public": room.door.is_public,
        "passcode": room.door.passcode.as_ref().filter(|_| with_passcode),
        "bg_file_path": null,
        "participants": participants,
        "user": room.owner,
        "settings": settings(),
        "created_at": room.created_at,
        "updated_at": room.updated_at,
    })
}

/// Writes a participant.
pub(crate) fn participant(one: &Participant) -> Value {
    json!({
        "id": one.id,
        "username": one.look.username,
        "color": one.look.color,
        "user": one.user,
        "dice_tray": one.look.dice_tray,
        "position": one.look.position,
        "settings": {},
        "created_at": one.created_at,
        "updated_at": one.updated_at,
    })
}

/// The settings that clients expect of each room; here they are the same for all.
fn settings() -> Value {
    json!({
        "participant": { "defaultDiceTrayToGM": false },
        "chat": {
            "backgroundColor": 0, "deleteAfter": 0, "fadeAfter": 0, "isDiceExpanded": true,
            "isDiceSorted": false, "isUsernameVisible": true, "isVisible": true,
            "textColor": 0x00ff_ffff, "textSize": "md",
        },
        "lighting": {
            "ambientColor": 0x00ff_ffff, "ambientIntensity": 0.5,
            "spotlightColor": 0x00ff_ffff, "spotlightIntensity": 0.5,
        },
        "physics": { "gravity": 1, "throwSpeed": 1 },
        "roll": {
            "allowPlayerRollUpdates": false, "allowPlayerMoveDice": false, "autoClear": 0,
            "defaultClickBehavior": "nothing", "diceLimit": 100, "diceSize": 2,
            "diceTrayColor": 0, "disableDiceOutline": false, "disableDiceShadows": false,
            "disableShakingSound": true, "pickUp": 1,
        },
    })
}
