//! Turns Go's date layouts into the format strings of jiff.

/// Go's elements and what says the same; a longer one stands before its start.
const ELEMENTS: [(&str, &str); 39] = [
    ("January", "%B"),
    ("Jan", "%b"),
    ("Monday", "%A"),
    ("Mon", "%a"),
    ("MST", "%Z"),
    ("002", "%j"),
    ("01", "%m"),
    ("02", "%d"),
    ("03", "%I"),
    ("04", "%M"),
    ("05", "%S"),
    ("06", "%y"),
    ("15", "%H"),
    ("1", "%-m"),
    ("2006", "%Y"),
    ("2", "%-d"),
    ("__2", "%_j"),
    ("_2006", "_%Y"),
    ("_2", "%_d"),
    ("3", "%-I"),
    ("4", "%-M"),
    ("5", "%-S"),
    ("PM", "%p"),
    ("pm", "%P"),
    ("-07:00:00", "%::z"),
    ("-070000", "%z"),
    ("-07:00", "%:z"),
    ("-0700", "%z"),
    ("-07", "%:::z"),
    ("Z07:00:00", "%::z"),
    ("Z070000", "%z"),
    ("Z07:00", "%:z"),
    ("Z0700", "%z"),
    ("Z07", "%:::z"),
    // What the format strings themselves mean by a sign.
    ("%", "%%"),
    // Hugo's own names for layouts in the words of a language.
    (":date_", ""),
    (":time_", ""),
    // Neither is printed otherwise, but both would be taken apart.
    ("\n", "\n"),
    ("\t", "\t"),
];

/// Turns a Go layout as in `January 2, 2006 at 3:04 PM` into one for jiff.
///
/// A few things are printed a little differently, as jiff has no such words:
/// `Z07:00` prints `+00:00` for UTC where Go prints `Z`, `-07` prints minutes
/// and `-070000` leaves out seconds where there are none, `.999` prints all
/// digits that there are, and `MST` prints `-05` for a zone without a name.
///
/// # Errors
///
/// What jiff cannot print: `,999`, and Hugo's own `:date_long` and the like.
pub(crate) fn go_layout(layout: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = layout;
    while let Some(first) = rest.chars().next() {
        if let Some((format, length)) = fraction(rest)? {
            out.push_str(&format);
            rest = &rest[length..];
        } else if let Some((element, format)) = ELEMENTS.iter().find(|(go, _)| begins(rest, go)) {
            if format.is_empty() {
                return Err(format!(
                    "`{layout}` is one of Hugo's own names; write a layout as in `January 2, 2006`"
                ));
            }
            out.push_str(format);
            rest = &rest[element.len()..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    Ok(out)
}

/// Whether an element begins here: `Jan` and `Mon` do not within `Janitor`.
fn begins(rest: &str, element: &str) -> bool {
    let short = matches!(element, "Jan" | "Mon");
    rest.strip_prefix(element)
        .is_some_and(|after| !(short && after.starts_with(|c: char| c.is_ascii_lowercase())))
}

/// Reads `.000`, `,000` or `.999`; the digits must end there.
fn fraction(rest: &str) -> Result<Option<(String, usize)>, String> {
    let Some(sign @ ('.' | ',')) = rest.chars().next() else {
        return Ok(None);
    };
    let digits = &rest[1..];
    let Some(digit @ ('0' | '9')) = digits.chars().next() else {
        return Ok(None);
    };
    let after = digits.trim_start_matches(digit);
    let count = digits.len() - after.len();
    if after.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(None);
    }
    let format = match (sign, digit) {
        // Go prints no more than nine.
        (_, '0') => format!("{sign}%{}f", count.min(9)),
        ('.', _) => "%.f".to_owned(),
        _ => {
            return Err(format!(
                "`{}` cannot be printed; write `.999` or `,000`",
                &rest[..=count]
            ));
        }
    };
    Ok(Some((format, 1 + count)))
}

#[cfg(test)]
mod tests {
    use jiff::fmt::strtime;

    use super::*;

    fn print(layout: &str, at: &str) -> String {
        let at: jiff::Zoned = at.parse().unwrap();
        strtime::format(go_layout(layout).unwrap(), &at).unwrap()
    }

    #[test]
    fn each_element_prints_as_in_go() {
        let at = "2026-03-05T07:08:09.1205-04:00[America/New_York]";
        let at = &at.replace("-04:00", "-05:00");
        for (layout, expected) in [
            (
                "January 2, 2006 at 3:04 PM UTC",
                "March 5, 2026 at 7:08 AM UTC",
            ),
            ("15:04 UTC — Jan 2", "07:08 UTC — Mar 5"),
            ("02.01.2006, 15:04 Uhr", "05.03.2026, 07:08 Uhr"),
            ("15:04 Uhr am 02.01.", "07:08 Uhr am 05.03."),
            ("3:04 PM UTC | Jan 2", "7:08 AM UTC | Mar 5"),
            ("Monday Mon", "Thursday Thu"),
            ("1 01", "3 03"),
            ("2 _2 02 002 __2", "5  5 05 064  64"),
            ("15 3 03", "07 7 07"),
            ("4 04 5 05", "8 08 9 09"),
            ("PM pm", "AM am"),
            ("2006 06 _2006", "2026 26 _2026"),
            ("MST", "EST"),
            (
                "-0700 -07:00 -07:00:00 -07 -070000",
                "-0500 -05:00 -05:00:00 -05 -0500",
            ),
            (
                "Z0700 Z07:00 Z07:00:00 Z07 Z070000",
                "-0500 -05:00 -05:00:00 -05 -0500",
            ),
            ("05.000 05,00 05.0", "09.120 09,12 09.1"),
            ("05.999 05.999999999", "09.1205 09.1205"),
            ("05.0000000000", "09.120500000"),
            ("2.01.2006", "5.03.2026"),
            ("05.0001", "09.0003"),
            ("Janitor Monk January", "Janitor Monk March"),
            ("100 % %d", "300 % %d"),
            ("T-7 Zulu -", "T-7 Zulu -"),
            ("", ""),
        ] {
            let layout_read = go_layout(layout).unwrap();
            // A digit of a literal is an element in Go as well: `100` is month, nought, nought.
            assert_eq!(print(layout, at), expected, "{layout} as {layout_read}");
        }
    }

    #[test]
    fn what_jiff_cannot_print_is_refused() {
        for layout in ["05,999", ":date_long", ":time_full"] {
            assert!(go_layout(layout).is_err(), "{layout}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_layout_is_refused_or_printed(
            words in proptest::collection::vec(
                (proptest::sample::select(ELEMENTS.to_vec()), "[ -~é—.,0-9]{0,4}"), 0..8),
        ) {
            let layout: String = words.iter().flat_map(|((go, _), text)| [*go, text]).collect();
            let at: jiff::Zoned = "2026-03-05T07:08:09+02[+02]".parse().unwrap();
            if let Ok(format) = go_layout(&layout) {
                strtime::format(&format, &at).unwrap();
            }
        }

        #[test]
        fn no_text_makes_it_panic(layout in ".{0,40}") {
            let _ = go_layout(&layout);
        }
    }
}
