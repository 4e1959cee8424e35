//! Names in addresses, as Hugo makes them of components' names.

/// The last part of the address of a component's page: `Web App` is `web-app`.
///
/// Letters and digits of any script stay, and some signs; a slash parts it.
///
/// ```
/// # use critwatch::model::text::slug::component;
/// assert_eq!(component("LON1/Storage (a, b)"), "lon1/storage-a-b");
/// ```
pub fn component(name: &str) -> String {
    let mut out = String::new();
    let mut gap = false;
    for (at, c) in name.char_indices() {
        if is_kept(c) || (c == '%' && is_escape(&name[at + 1..])) {
            if gap && c != '-' {
                out.push('-');
            }
            gap = false;
            // Go knows one small letter for each, and no more.
            out.extend(c.to_lowercase().next());
        } else if !out.is_empty() && !out.ends_with('-') && c.is_whitespace() {
            gap = true;
        }
    }
    cleaned(&out)
}

fn is_kept(c: char) -> bool {
    c.is_alphanumeric() || "./\\_#+~-@".contains(c)
}

/// Whether a sign stands as a number, as in `%41`.
fn is_escape(rest: &str) -> bool {
    let digits = rest.as_bytes().first_chunk::<2>();
    digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

/// A path without empty parts and dots: `https//h/x` is `https/h/x`.
fn cleaned(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    // An address of dots alone would be that of a folder.
    if path.chars().all(|c| c == '.') {
        String::new()
    } else {
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_the_addresses_that_hugo_makes_of_them() {
        for (name, expected) in [
            ("https://h/x/y", "https/h/x/y"),
            ("http://h:8080/", "http/h8080"),
            ("\u{1f53b}", ""),
            ("a//b", "a/b"),
            ("//x", "x"),
            ("/lead", "lead"),
            ("trail/", "trail"),
            ("x/../y", "y"),
            ("x/./y", "x/y"),
            ("a/..", ""),
            (".", ""),
            ("..", ""),
            ("...", ""),
            ("A--B  C", "a--b-c"),
            ("a?b#c", "ab#c"),
            ("%41", "%41"),
            ("100%", "100"),
            ("a: b", "a-b"),
            ("a/ b", "a/-b"),
            ("a /b", "a-/b"),
            ("a\tb", "a-b"),
            ("\u{130}", "i"),
            ("- x", "-x"),
            ("x -", "x-"),
            ("*.jenkins.io", ".jenkins.io"),
            ("C++", "c++"),
        ] {
            assert_eq!(component(name), expected, "{name}");
        }
    }
}
