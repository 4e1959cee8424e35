//! What runs critwatch elsewhere: the unit, the package, the hooks and the action.

use std::collections::BTreeSet;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::world::PROGRAM;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn file(path: &str) -> String {
    std::fs::read_to_string(Path::new(ROOT).join(path)).unwrap()
}

fn yaml(path: &str) -> Value {
    serde_saphyr::from_str(&file(path)).unwrap()
}

/// Whether a program is here; where tests must be whole, it has to be.
fn is_here(program: &str) -> bool {
    let is_here = Command::new(program).arg("--version").output().is_ok();
    if !is_here {
        assert!(
            std::env::var_os("CI").is_none(),
            "{program} is not installed"
        );
        eprintln!("{program} is not installed: what needs it is not tested");
    }
    is_here
}

#[test]
fn systemd_takes_the_unit_and_finds_it_well_shut_in() {
    if !is_here("systemd-analyze") {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let unit = place.path().join("critwatch.service");
    let text = file("packaging/systemd/critwatch.service");
    std::fs::write(&unit, text.replace("/usr/bin/critwatch", PROGRAM)).unwrap();
    let analyze = |arguments: &[&str]| {
        let output = Command::new("systemd-analyze")
            .args(arguments)
            .arg(&unit)
            .output()
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            String::from_utf8_lossy(&said).into_owned(),
        )
    };
    let (is_good, said) = analyze(&["verify", "--man=no"]);
    assert!(is_good && said.is_empty(), "{said}");
    // 0 is shut in, 10 is open; the unit has 1.3 at the time of writing.
    let (is_good, said) = analyze(&["security", "--offline=true", "--threshold=15"]);
    assert!(is_good, "{said}");
}

#[test]
fn every_file_that_the_package_ships_is_there() {
    let manifest: toml::Table = file("Cargo.toml").parse().unwrap();
    let package = &manifest["package"]["metadata"]["deb"];
    let assets = package["assets"].as_array().unwrap();
    assert!(assets.len() > 10);
    for asset in assets {
        let source = asset[0].as_str().unwrap();
        // These are built before.
        if source.starts_with("target/") {
            continue;
        }
        let folder = source.split('*').next().unwrap();
        assert!(Path::new(ROOT).join(folder).exists(), "{source}");
    }
    let units = package["systemd-units"]["unit-scripts"].as_str().unwrap();
    assert!(
        Path::new(ROOT)
            .join(units)
            .join("critwatch.service")
            .exists()
    );
    for script in ["postinst", "postrm"] {
        assert!(file(&format!("packaging/debian/{script}")).contains("#DEBHELPER#"));
    }
}

#[test]
fn the_crate_has_all_that_it_is_built_of_and_no_more() {
    let listed = Command::new(env!("CARGO"))
        .args(["package", "--list", "--allow-dirty", "--offline"])
        .current_dir(ROOT)
        .output()
        .unwrap();
    assert!(
        listed.status.success(),
        "{}",
        String::from_utf8_lossy(&listed.stderr)
    );
    let listed = String::from_utf8(listed.stdout).unwrap();
    let listed: BTreeSet<_> = listed.lines().collect();
    // The image is built of these, which a test of its own compares with the sources.
    let recipe = file("Dockerfile");
    let copied = recipe
        .lines()
        .take_while(|line| !line.starts_with("RUN cargo"));
    let copied = copied.filter_map(|line| line.strip_prefix("COPY "));
    let copied: Vec<_> = copied.flat_map(str::split_whitespace).collect();
    assert!(copied.len() > 10);
    for part in copied.iter().filter(|part| **part != "./") {
        let is_in = |path: &&&str| **path == *part || path.starts_with(&format!("{part}/"));
        assert!(listed.iter().any(|path| is_in(&path)), "{part} is left out");
    }
    for folder in [
        "tests/",
        "deploy/",
        "packaging/",
        "fuzz/",
        ".ci/",
        "scripts/",
    ] {
        let found = listed.iter().find(|path| path.starts_with(folder));
        assert!(found.is_none(), "{found:?}");
    }
}

#[test]
fn hooks_and_the_action_run_what_there_is() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    for hook in hooks.as_array().unwrap() {
        let entry = hook["entry"].as_str().unwrap();
        let mut words = entry.split_whitespace();
        assert_eq!(words.next(), Some("critwatch"));
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join("alerts.toml"), "[site]\ntitle = 'T'\n").unwrap();
        let run = Command::new(PROGRAM)
            .args(words)
            .current_dir(place.path())
            .status();
        assert!(run.unwrap().success(), "{entry}");
        let files = regex::Regex::new(hook["files"].as_str().unwrap()).unwrap();
        assert!(files.is_match("alerts.toml") && files.is_match("incidents/2026-03-01-a.md"));
        assert!(!files.is_match("README.md"));
        // The hook reads what is at the top; a change elsewhere must not run it in vain.
        assert!(!files.is_match("status/alerts.toml") && !files.is_match("a/incidents/b.md"));
    }
    let action = yaml("action.yml");
    for step in action["runs"]["steps"].as_array().unwrap() {
        let script = step["run"].as_str().unwrap().trim_matches('"');
        let path = script.strip_prefix("$GITHUB_ACTION_PATH/").unwrap();
        assert!(Path::new(ROOT).join(path).exists(), "{path}");
    }
}

#[test]
fn the_action_shows_each_finding_at_its_line() {
    if !is_here("jq") {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let programs = place.path().join("bin");
    std::fs::create_dir(&programs).unwrap();
    symlink(PROGRAM, programs.join("critwatch")).unwrap();
    let output = place.path().join("output");
    let check = |settings: &str, strict: &str| {
        std::fs::write(place.path().join("alerts.toml"), settings).unwrap();
        std::fs::write(&output, "").unwrap();
        let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
        let run = Command::new(Path::new(ROOT).join("packaging/action/check"))
            .current_dir(place.path())
            .env("PATH", path)
            .env("GITHUB_OUTPUT", &output)
            .env("STRICT", strict)
            .output()
            .unwrap();
        (run.status.code(), String::from_utf8(run.stdout).unwrap())
    };
    assert_eq!(
        check("[site]\ntitle = 'T'\n", "true"),
        (Some(0), String::new())
    );
    assert_eq!(std::fs::read_to_string(&output).unwrap(), "findings=[]\n");
    let (code, said) = check("[site]\ntitle = 'T'\ntimezone = 'Mars'\n", "false");
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.starts_with("::error file=alerts.toml,line=3,col="),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "a message is one line: {said}");
    // A preset without its collector is a warning.
    let warned = "use = ['redis']\n[site]\ntitle = 'T'\n[[component]]\nid = 'c'\nname = 'C'\n";
    let (code, said) = check(warned, "false");
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.starts_with("::warning file=alerts.toml,line=1,"),
        "{said}"
    );
    assert_ne!(check(warned, "true").0, Some(0));
}

#[test]
fn the_compose_file_mounts_what_is_there() {
    let compose = yaml("compose.yaml");
    let services = compose["services"].as_object().unwrap();
    let mut mounted = 0;
    for (name, service) in services {
        for volume in service["volumes"].as_array().into_iter().flatten() {
            let source = volume.as_str().unwrap().split(':').next().unwrap();
            if let Some(path) = source.strip_prefix("./") {
                assert!(Path::new(ROOT).join(path).exists(), "{name}: {path}");
                mounted += 1;
            } else {
                assert!(compose["volumes"].get(source).is_some(), "{name}: {source}");
            }
        }
    }
    assert_eq!(mounted, 4);
    if !is_here("promtool") {
        return;
    }
    // Both files lie in one folder there.
    let place = tempfile::tempdir().unwrap();
    for path in [
        "deploy/compose/prometheus.yml",
        "deploy/prometheus/critwatch-rules.yml",
    ] {
        let name = Path::new(path).file_name().unwrap();
        std::fs::write(place.path().join(name), file(path)).unwrap();
    }
    let checked = Command::new("promtool")
        .args(["check", "config", "prometheus.yml"])
        .current_dir(place.path())
        .output();
    let checked = checked.unwrap();
    assert!(
        checked.status.success(),
        "{}",
        String::from_utf8_lossy(&checked.stderr)
    );
}
