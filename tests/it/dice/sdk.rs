//! dddice's own SDK uses the API without knowing: the npm package as it is, with the two
//! addresses of the service replaced in a copy.
//!
//! The package is not ours to pass on, so `scripts/test` fetches it into `target/`; without it,
//! or without node, this test says so and checks nothing.

use std::path::Path;

use tokio::process::Command;

use crate::dice::world::World;

const SCRIPT: &str = include_str!("sdk.mjs");

/// The site, the host of the socket, and the port that goes with the host `localhost`.
const ADDRESSES: [&str; 3] = ["https://dddice.com", "\"ws.dddice.com\"", "wsPort:6001"];

#[tokio::test]
async fn the_unmodified_sdk_works_against_this_api() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/dddice/package");
    let Ok(bundle) = std::fs::read_to_string(package.join("dddice-latest.node.mjs")) else {
        eprintln!("skipped: no dddice-js in target/dddice; run scripts/test");
        return;
    };
    let world = World::new().await;
    let api = world.rig.addresses().api;
    let own = [
        format!("http://{api}"),
        "\"localhost\"".to_owned(),
        format!("wsPort:{}", api.port()),
    ];
    let mut copy = bundle;
    for (theirs, ours) in ADDRESSES.iter().zip(&own) {
        assert!(copy.contains(theirs), "the package does not hold {theirs}");
        copy = copy.replace(theirs, ours);
    }
    let folder = world.dir.path();
    std::fs::write(folder.join("dddice.mjs"), copy).unwrap();
    std::fs::write(folder.join("sdk.mjs"), SCRIPT).unwrap();
    let mut node = Command::new("node");
    node.arg("sdk.mjs").current_dir(folder).kill_on_drop(true);
    let output = match node.output().await {
        Ok(output) => output,
        Err(error) => {
            eprintln!("skipped: no node on PATH ({error}); run scripts/test");
            world.stop().await;
            return;
        }
    };
    let said = String::from_utf8_lossy(&output.stdout);
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{complaints}");
    assert!(said.ends_with("all done\n"), "{said}\n{complaints}");
    world.stop().await;
}
