//! Colours that can be read: contrast after WCAG 2.2, reached by lightness alone.

use std::fmt;

/// Contrast of text (1.4.3, level AA).
pub(crate) const WORDS: f64 = 4.5;

/// Contrast of signs and bars (1.4.11).
pub(crate) const SIGNS: f64 = 3.0;

/// How much a colour tints the background of its own text.
const TINT: f64 = 0.07;

/// Steps between black and white in which a better lightness is looked for.
const STEPS: u32 = 400;

/// An RGB colour; each part from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Colour {
    /// Red.
    pub(crate) red: f64,
    /// Green.
    pub(crate) green: f64,
    /// Blue.
    pub(crate) blue: f64,
}

/// Backgrounds of text: the page and its cards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Backdrop {
    /// The page.
    pub(crate) paper: Colour,
    /// The foreground.
    pub(crate) card: Colour,
}

impl Colour {
    /// Reads `#rrggbb`; `None` for anything else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| {
            digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
        })?;
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        let [red, green, blue] = [part(0)?, part(2)?, part(4)?].map(|part| f64::from(part) / 255.0);
        Some(Self { red, green, blue })
    }

    /// How bright it is to the eye (WCAG's relative luminance).
    pub(crate) fn luminance(self) -> f64 {
        let [red, green, blue] = self.parts().map(|part| {
            if part <= 0.040_45 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.0722_f64.mul_add(blue, 0.2126_f64.mul_add(red, 0.7152 * green))
    }

    /// The contrast of two colours, from 1 to 21.
    pub(crate) fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance() + 0.05, other.luminance() + 0.05);
        one.max(other) / one.min(other)
    }

    /// This colour with a share of another.
    #[must_use]
    pub(crate) fn mixed(self, other: Self, share: f64) -> Self {
        let mix = |one: f64, other: f64| one + (other - one) * share;
        Self {
            red: mix(self.red, other.red),
            green: mix(self.green, other.green),
            blue: mix(self.blue, other.blue),
        }
    }

    /// Hue in degrees; `None` for a grey.
    #[cfg(test)]
    pub(crate) fn hue(self) -> Option<f64> {
        let (least, most) = self.ends();
        let reach = most - least;
        if reach < 1e-9 {
            return None;
        }
        let [red, green, blue] = self.parts();
        let sixth = if red >= most {
            ((green - blue) / reach).rem_euclid(6.0)
        } else if green >= most {
            (blue - red) / reach + 2.0
        } else {
            (red - green) / reach + 4.0
        };
        Some(sixth * 60.0)
    }

    /// The same hue and saturation with another lightness, from 0 to 1.
    #[must_use]
    pub(crate) fn with_lightness(self, lightness: f64) -> Self {
        let (least, most) = self.ends();
        let middle = f64::midpoint(least, most);
        let room = 1.0 - (2.0 * middle - 1.0).abs();
        let saturation = if room < 1e-9 {
            0.0
        } else {
            (most - least) / room
        };
        let reach = saturation * (1.0 - (2.0 * lightness - 1.0).abs());
        let low = lightness - reach / 2.0;
        let place = |part: f64| {
            if most - least < 1e-9 {
                lightness
            } else {
                low + (part - least) / (most - least) * reach
            }
        };
        let [red, green, blue] = self.parts().map(place).map(|part| part.clamp(0.0, 1.0));
        Self { red, green, blue }
    }

    /// The nearest lightness in which its words can be read on a ground, and on
    /// the ground that it tints itself.
    #[must_use]
    pub(crate) fn readable(self, ground: &Backdrop) -> Self {
        self.nearest(ground, |colour| {
            let tinted = ground.card.mixed(colour, TINT);
            [ground.paper, ground.card, tinted]
                .iter()
                .all(|below| colour.contrast(*below) >= WORDS)
        })
    }

    /// The nearest lightness that can be seen on a ground.
    #[must_use]
    pub(crate) fn visible(self, ground: &Backdrop) -> Self {
        self.nearest(ground, |colour| {
            let grounds = [ground.paper, ground.card];
            grounds.iter().all(|below| colour.contrast(*below) >= SIGNS)
        })
    }

    /// Black or white, whichever can be read on this colour.
    #[must_use]
    pub(crate) fn ink(self) -> Self {
        let [black, white] = [0.0, 1.0].map(|part| Self {
            red: part,
            green: part,
            blue: part,
        });
        if self.contrast(white) >= self.contrast(black) {
            white
        } else {
            black
        }
    }

    fn nearest(self, ground: &Backdrop, good: impl Fn(Self) -> bool) -> Self {
        let (least, most) = self.ends();
        let from = f64::midpoint(least, most);
        let away = if ground.paper.luminance() > 0.18 {
            0.0
        } else {
            1.0
        };
        // What is printed is what must be readable.
        let printed = |colour: Self| Self::parse(&colour.to_string()).unwrap_or(colour);
        if good(printed(self)) {
            return self;
        }
        let tries = (1..=STEPS).map(|step| {
            let share = f64::from(step) / f64::from(STEPS);
            self.with_lightness(from + (away - from) * share)
        });
        let mut tries = tries.map(printed);
        tries
            .find(|colour| good(*colour))
            .unwrap_or(ground.paper.ink())
    }

    fn parts(self) -> [f64; 3] {
        [self.red, self.green, self.blue]
    }

    fn ends(self) -> (f64, f64) {
        let [red, green, blue] = self.parts();
        (red.min(green).min(blue), red.max(green).max(blue))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.parts().map(byte);
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and 255"
)]
fn byte(part: f64) -> u8 {
    (part.clamp(0.0, 1.0) * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_six_digits_are_a_colour() {
        assert_eq!(Colour::parse("#0a0c0f").unwrap().to_string(), "#0a0c0f");
        assert!(Colour::parse("red").is_none());
    }

    fn colour(text: &str) -> Colour {
        Colour::parse(text).unwrap()
    }

    fn grounds() -> [Backdrop; 2] {
        [("#fbfbfa", "#ffffff"), ("#101316", "#171b1f")].map(|(paper, card)| Backdrop {
            paper: colour(paper),
            card: colour(card),
        })
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        for (one, other, expected) in [
            ("#000000", "#ffffff", 21.0),
            ("#777777", "#ffffff", 4.48),
            ("#0000ff", "#ffffff", 8.59),
            ("#ff0000", "#ffffff", 4.0),
            ("#008000", "#ffffff", 5.14),
            ("#336699", "#336699", 1.0),
        ] {
            let contrast = colour(one).contrast(colour(other));
            assert!(
                (contrast - expected).abs() < 0.01,
                "{one} {other}: {contrast}"
            );
        }
    }

    #[test]
    fn what_can_be_read_stays_as_it_is_and_the_rest_changes_its_lightness_only() {
        let [light, dark] = grounds();
        for (ground, text) in [(&light, "#008000"), (&light, "#24478f"), (&dark, "#ffcc00")] {
            assert_eq!(colour(text).readable(ground), colour(text));
        }
        for (ground, text) in [(&light, "#ffcc00"), (&dark, "#24478f"), (&light, "#ffffff")] {
            let readable = colour(text).readable(ground);
            let tinted = ground.card.mixed(readable, TINT);
            let grounds = [ground.paper, ground.card, tinted];
            let least = grounds.map(|below| readable.contrast(below));
            let least = least.into_iter().fold(21.0, f64::min);
            // The nearest one, not just any.
            assert!((WORDS..WORDS + 0.1).contains(&least), "{readable}: {least}");
        }
        assert_eq!(colour("#0a0c0f").ink().to_string(), "#ffffff");
        assert_eq!(colour("#ffcc00").ink().to_string(), "#000000");
    }

    /// The distance of two hues on their circle.
    fn apart(one: f64, other: f64) -> f64 {
        let apart = (one - other).abs();
        apart.min(360.0 - apart)
    }

    proptest! {
        #[test]
        fn every_colour_becomes_readable_and_keeps_its_hue(red: u8, green: u8, blue: u8) {
            let text = format!("#{red:02x}{green:02x}{blue:02x}");
            let own = colour(&text);
            prop_assert_eq!(own.to_string(), text);
            for ground in grounds() {
                let readable = own.readable(&ground);
                let tinted = ground.card.mixed(readable, TINT);
                for below in [ground.paper, ground.card, tinted] {
                    prop_assert!(readable.contrast(below) >= WORDS);
                }
                prop_assert!(own.visible(&ground).contrast(ground.paper) >= SIGNS);
                let (least, most) = readable.ends();
                // In a colour that is nearly grey one step of a part is many degrees.
                if let (Some(one), Some(other)) = (own.hue(), readable.hue())
                    && most - least > 0.2
                    && own.ends().1 - own.ends().0 > 0.1
                {
                    prop_assert!(apart(one, other) < 6.0, "{} {}", own, readable);
                }
            }
            prop_assert!(own.contrast(own.ink()) >= WORDS);
        }

        #[test]
        fn no_text_makes_it_panic(text in "#?.{0,8}") {
            let _ = Colour::parse(&text);
        }
    }
}
