//! The catalogue of themes.

/// The theme of dice that name none; every guest has it.
pub(crate) const USUAL: &str = "dddice-bees";

/// A look of dice.
#[derive(Debug)]
pub(crate) struct Theme {
    /// Its name in addresses and rolls.
    pub(crate) id: &'static str,
    /// The name shown.
    pub(crate) name: &'static str,
    /// One sentence about it.
    pub(crate) description: &'static str,
    /// Color of the numbers.
    pub(crate) color: &'static str,
    /// Color of the dice.
    pub(crate) background: &'static str,
    /// The newest version.
    pub(crate) version: &'static str,
    /// Whether it is in every box from the start.
    pub(crate) is_free: bool,
    /// Whether it has dice with -1, 0 and 1.
    pub(crate) has_fate: bool,
}

/// All themes, by id.
pub(crate) const THEMES: [Theme; 6] = [
    Theme {
        id: USUAL,
        name: "Bees",
        description: "Honey and black stripes.",
        color: "#1B1300",
        background: "#FFC914",
        version: "1.2.0",
        is_free: true,
        has_fate: false,
    },
    Theme {
        id: "table-ember",
        name: "Ember",
        description: "Glows long after the fire is out.",
        color: "#FFF4E8",
        background: "#B3361B",
        version: "1.0.1",
        is_free: true,
        has_fate: false,
    },
    Theme {
        id: "table-fate",
        name: "Fate",
        description: "Pluses, minuses and blanks.",
        color: "#10212B",
        background: "#9FD8CB",
        version: "1.1.0",
        is_free: true,
        has_fate: true,
    },
    Theme {
        id: "table-gold",
        name: "Gold",
        description: "For those who ask for it.",
        color: "#2B2100",
        background: "#D9B44A",
        version: "2.0.0",
        is_free: false,
        has_fate: true,
    },
    Theme {
        id: "table-ink",
        name: "Ink",
        description: "Plain and easy to read.",
        color: "#FFFFFF",
        background: "#20242C",
        version: "1.4.2",
        is_free: true,
        has_fate: false,
    },
    Theme {
        id: "table-tide",
        name: "Tide",
        description: "Blue, and never quite still.",
        color: "#F2FBFF",
        background: "#1F6F8B",
        version: "1.0.0",
        is_free: true,
        has_fate: false,
    },
];

/// Finds a theme.
pub(crate) fn find(id: &str) -> Option<&'static Theme> {
    THEMES.iter().find(|theme| theme.id == id)
}
