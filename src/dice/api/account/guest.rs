//! Guests: users who give at most a name.

use uuid::Uuid;

use crate::dice::clock;
use crate::dice::roll::job::User;

/// The longest name, in characters.
pub(crate) const NAME_MAX: usize = 40;

/// Makes a guest, who is not in the database yet.
pub(crate) fn guest(name: Option<&str>) -> User {
    let uuid = Uuid::new_v4();
    let short: String = uuid.simple().to_string().chars().take(8).collect();
    let now = clock::stamp(clock::now());
    User {
        uuid,
        name: name
            .and_then(usable_name)
            .unwrap_or_else(|| "Guest".to_owned()),
        username: format!("guest-{short}"),
        has_external_accounts: false,
        subscription: None,
        created_at: now.clone(),
        updated_at: now,
    }
}

/// Takes the blanks and control characters out of a name; none if nothing is left.
pub(crate) fn usable_name(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|char| !char.is_control()).collect();
    let name: String = plain.trim().chars().take(NAME_MAX).collect();
    (!name.is_empty()).then_some(name)
}
