//! Opens an address as the probe that is to watch it will.

use std::path::Path;

use crate::collect::probe::address::ProbeAddress;
use crate::collect::probe::http::WEB;
use crate::command::workspace::asked::{self, CollectorAnswer};
use crate::config;
use crate::config::reading::reader::Environment;

/// Settings with that probe alone.
const SETTINGS: &str = "\
[site]
title = \"init\"
[[component]]
id = \"page\"
name = \"Page\"
[[collector]]
id = \"page\"
type = \"http\"
url = \"${PAGE}\"
timeout = \"5s\"
";

/// Probes an address once; the error says why visitors do not see it.
pub(crate) async fn open(url: &str) -> Result<(), String> {
    ProbeAddress::parse(url, WEB).map_err(|why| format!("{why}; write it as https://host/path"))?;
    let environment = Environment::from_iter([("PAGE".to_owned(), url.to_owned())]);
    let config = config::read(SETTINGS, "init", Path::new("."), environment, None);
    let mut config = config.map_err(|_| "it cannot be probed".to_owned())?;
    let answers = asked::ask(&mut config).await;
    let answers = answers.map_err(|error| format!("{error:#}"))?;
    for one in answers {
        if let CollectorAnswer::Came {
            failure: Some(why), ..
        } = one.answer
        {
            return Err(why);
        }
    }
    Ok(())
}
