//! Any bytes as a provider's status page, in every form that we know.
#![no_main]

use critwatch::collect::provider::formats::format::{ProviderFormat, ProviderPage, document};
use critwatch::collect::provider::report::Filter;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some(page) = document(bytes) else { return };
    let narrow = Filter {
        components: vec!["API".to_owned()],
        region: Some("eu-west-1".to_owned()),
        services: vec!["ec2".to_owned()],
    };
    for filter in [Filter::default(), narrow] {
        for format in ProviderFormat::ALL {
            let Some(report) = format.read(&page, &filter) else { continue };
            for trouble in &report.troubles {
                assert!(trouble.title.chars().count() <= 161);
                assert!(!trouble.title.contains(char::is_control));
                // Google's are below its page, and are looked at once they are whole.
                let link = trouble.link.as_deref().filter(|_| format != ProviderFormat::Google);
                assert!(link.is_none_or(|link| link.starts_with("http")));
            }
            if let Ok(narrowed) = report.clone().narrow(&filter.components) {
                assert!(narrowed.troubles.len() <= report.troubles.len());
            }
            if let ProviderPage::Json(page) = &page {
                let _ = format.parts(page);
            }
        }
    }
});
