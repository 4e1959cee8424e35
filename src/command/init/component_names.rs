//! Names for several addresses: as short as tells them from each other.

use reqwest::Url;

/// A name for each address: its host, and more where hosts are the same.
pub(crate) fn distinct(addresses: &[&str]) -> Vec<String> {
    let forms: Vec<_> = addresses.iter().map(|address| forms(address)).collect();
    let named = forms.iter().map(|own| {
        let mut levels = own.iter().enumerate();
        let is_alone = |(level, form): &(usize, &String)| {
            forms.iter().filter(|other| &&other[*level] == form).count() == 1
        };
        let found = levels.find(is_alone).map(|(_, form)| form);
        found.unwrap_or(&own[0]).clone()
    });
    named.collect()
}

/// An address in words, the shortest form first.
fn forms(address: &str) -> [String; 5] {
    let Ok(url) = Url::parse(address) else {
        return std::array::from_fn(|_| address.to_owned());
    };
    let host = url.host_str().unwrap_or(address).to_owned();
    let path = match url.path() {
        "/" => String::new(),
        path => format!(" {path}"),
    };
    let place = match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.clone(),
    };
    [
        host.clone(),
        format!("{host}{path}"),
        place.clone(),
        format!("{place}{path}"),
        address.to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_addresses_have_one_name() {
        for (addresses, expected) in [
            (vec!["https://a/", "https://b/x"], ["a", "b"]),
            (
                vec!["http://localhost:80/", "http://localhost/history/"],
                ["localhost", "localhost /history/"],
            ),
            (
                vec!["http://h:9100/metrics", "http://h:9101/metrics"],
                ["h:9100", "h:9101"],
            ),
            (vec!["http://h:1/a", "http://h:2/b"], ["h /a", "h /b"]),
            (vec!["http://h/", "https://h/"], ["http://h/", "https://h/"]),
        ] {
            assert_eq!(distinct(&addresses), expected, "{addresses:?}");
        }
    }
}
