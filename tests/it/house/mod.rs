//! The house: floors, circles, effects and names of `ARCHITECTURE.md` as tests.
//!
//! `scripts/measures` prints what [`measures`] finds.

mod source;

use std::collections::{BTreeMap, BTreeSet};

use self::source::{FILES, SourceFile};

/// Each room's floor; what is not here has no place in the house.
const FLOORS: [(&str, u32); 22] = [
    ("main", 6),
    ("command", 5),
    ("app", 4),
    ("drill", 4),
    ("config", 3),
    ("pipeline", 3),
    ("access", 2),
    ("collect", 2),
    ("evaluate", 2),
    ("git", 2),
    ("history", 2),
    ("incident", 2),
    ("lease", 2),
    ("notify", 2),
    ("web", 2),
    ("model", 1),
    ("language", 1),
    ("store", 1),
    ("runtime", 1),
    ("dice", 1),
    ("chart", 1),
    ("files", 1),
];

/// What rooms of the lower floors may import besides themselves.
const MAY: [(&str, &[&str]); 12] = [
    ("access", &["model", "store"]),
    ("collect", &["model", "store"]),
    ("evaluate", &["model", "language"]),
    ("git", &["model", "files"]),
    ("history", &["model", "language", "store"]),
    ("incident", &["model", "language", "chart", "files"]),
    ("lease", &["model"]),
    ("notify", &["model", "language", "store"]),
    ("web", &["model", "language", "chart", "files"]),
    ("language", &["model"]),
    ("store", &["model"]),
    ("chart", &["model", "language"]),
];

/// Longer files hold more than one thing.
const LONGEST: usize = 400;

/// From here on a file counts as long; few may be.
const LONG: usize = 300;

fn floor(room: &str) -> u32 {
    let found = FLOORS.iter().find(|(name, _)| *name == room);
    found.unwrap_or_else(|| panic!("{room} has no floor")).1
}

fn may_import(room: &str, other: &str) -> bool {
    let lower = MAY.iter().find(|(name, _)| *name == room);
    room == other
        || match lower {
            Some((_, rooms)) => rooms.contains(&other),
            None => floor(other) < floor(room) && floor(room) > 2,
        }
}

/// Imports from a floor that is not below, with both files.
fn upward(files: &[SourceFile]) -> Vec<String> {
    let within = files.iter().filter(|file| !file.module.is_empty());
    let arrows = within.flat_map(|file| {
        let rooms: BTreeSet<_> = file.paths.iter().filter_map(|path| path.first()).collect();
        rooms.into_iter().map(move |room| (file, room))
    });
    arrows
        .filter(|(file, room)| {
            FLOORS.iter().any(|(name, _)| name == room) && !may_import(file.room(), room)
        })
        .map(|(file, room)| format!("{} imports {room}", file.path.display()))
        .collect()
}

/// Groups of files that import each other, directly or through others.
fn circles(files: &[SourceFile]) -> Vec<Vec<String>> {
    let modules = source::by_module(files);
    let arrows: Vec<_> = files
        .iter()
        .enumerate()
        .map(|(at, file)| {
            let mut imported = source::imported(file, &modules);
            imported.remove(&at);
            imported
        })
        .collect();
    // What a file reaches; the house is small enough for the plain way.
    let reach: Vec<BTreeSet<usize>> = (0..files.len())
        .map(|from| {
            let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
            while let Some(at) = next.pop() {
                next.extend(arrows[at].iter().filter(|to| seen.insert(**to)));
            }
            seen
        })
        .collect();
    let mut found = BTreeSet::new();
    for from in 0..files.len() {
        let circle = reach[from].iter().filter(|to| reach[**to].contains(&from));
        let circle: Vec<_> = circle
            .map(|at| files[*at].path.display().to_string())
            .collect();
        if !circle.is_empty() {
            found.insert(circle);
        }
    }
    found.into_iter().collect()
}

/// Names of types that stand in more than one file, with these files.
fn names_twice(files: &[SourceFile]) -> BTreeMap<&str, Vec<String>> {
    let mut all: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for file in files {
        for name in &file.types {
            all.entry(name)
                .or_default()
                .push(file.path.display().to_string());
        }
    }
    all.retain(|_, places| places.len() > 1);
    all
}

#[test]
fn imports_go_down_only() {
    let files = &*FILES;
    assert!(files.len() > 40);
    let wrong = upward(files);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_files_import_each_other() {
    let circles = circles(&FILES);
    assert!(circles.is_empty(), "{circles:#?}");
}

#[test]
fn a_door_is_imported_by_nothing_in_its_folder() {
    let files = &*FILES;
    let modules = source::by_module(files);
    let mut wrong = Vec::new();
    for file in files {
        for at in source::imported(file, &modules) {
            let door = &files[at];
            let within = file.module.starts_with(&door.module) && file.module != door.module;
            if door.is_door() && within {
                wrong.push(format!(
                    "{} imports from {}",
                    file.path.display(),
                    door.path.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_path_hides_behind_super() {
    let files = &*FILES;
    let hidden: Vec<_> = files
        .iter()
        .filter(|file| file.has_super)
        .map(|file| &file.path)
        .collect();
    assert!(hidden.is_empty(), "{hidden:#?}");
}

#[test]
fn the_guest_is_known_to_nobody_but_its_commands_the_demo_and_the_drill() {
    let files = &*FILES;
    let known = files.iter().filter(|file| {
        let mut rooms = file.paths.iter().filter_map(|path| path.first());
        !["dice", "drill"].contains(&file.room()) && rooms.any(|room| room == "dice")
    });
    let known: Vec<_> = known.map(|file| file.path.to_str().unwrap()).collect();
    let commands = [
        "demo/mod",
        "dice/api",
        "dice/load",
        "dice/mod",
        "dice/options",
        "drill",
    ]
    .map(|name| format!("command/{name}.rs"));
    assert_eq!(known, commands);
}

#[test]
fn a_types_name_stands_once() {
    let files = &*FILES;
    let twice = names_twice(files);
    assert!(twice.is_empty(), "{twice:#?}");
}

/// A test that calls its own type by a name of the code is read wrongly.
#[test]
fn no_test_takes_the_name_of_a_type() {
    let files = &*FILES;
    let types: BTreeSet<_> = files.iter().flat_map(|file| &file.types).collect();
    let mut wrong = Vec::new();
    for (path, own) in source::types_of_tests() {
        let taken = own.iter().filter(|name| types.contains(name));
        wrong.extend(taken.map(|name| format!("{} defines {name}", path.display())));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn measures() {
    let files = &*FILES;
    let sorted = |mut all: Vec<usize>| {
        all.sort_unstable();
        all
    };
    let lines = sorted(files.iter().map(|file| file.lines).collect());
    let functions = sorted(
        files
            .iter()
            .flat_map(|file| file.functions.clone())
            .collect(),
    );
    let part = |all: &[usize], percent: usize| all[(all.len() - 1) * percent / 100];
    let total: usize = lines.iter().sum();
    let mut rooms: BTreeMap<&str, usize> = BTreeMap::new();
    for file in files {
        *rooms.entry(file.room()).or_default() += file.lines;
    }
    let (largest, most) = rooms.iter().max_by_key(|(_, lines)| **lines).unwrap();
    let long = files.iter().filter(|file| file.lines > LONG).count();
    let longest = files.iter().max_by_key(|file| file.lines).unwrap();
    let share = |part: usize, whole: usize| 100 * part / whole;
    println!("files                {} with {total} lines", files.len());
    println!(
        "lines of a file      {} median, {} p90, {} largest ({})",
        part(&lines, 50),
        part(&lines, 90),
        longest.lines,
        longest.path.display()
    );
    println!(
        "files over {LONG}       {long} ({} %)",
        share(long, files.len())
    );
    println!(
        "lines of a function  {} median, {} p90, {} longest",
        part(&functions, 50),
        part(&functions, 90),
        part(&functions, 100)
    );
    println!("circles              {}", circles(files).len());
    println!("upward imports       {}", upward(files).len());
    println!("names twice          {}", names_twice(files).len());
    println!("largest room         {largest} ({} %)", share(*most, total));
    let tests = source::lines_of_tests(files);
    println!("tests over code      0.{:02}", share(tests, total));
    let over: Vec<_> = files
        .iter()
        .filter(|file| file.lines > LONGEST)
        .map(|file| format!("{} has {} lines", file.path.display(), file.lines))
        .collect();
    assert!(over.is_empty(), "{over:#?}");
    assert!(
        long * 100 < files.len() * 3,
        "{long} files have over {LONG} lines"
    );
}

/// Crates and modules whose use is an effect: on disks, networks, processes, threads.
const EFFECTS: [&str; 13] = [
    "axum::serve",
    "hyper_util",
    "notify",
    "reqwest",
    "rusqlite",
    "rustix",
    "std::fs",
    "std::net::TcpListener",
    "std::process",
    "std::thread",
    "tempfile",
    "tokio::fs",
    "tokio::net",
];

/// The files and folders of law 10, without what is in braces.
fn rim() -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/ARCHITECTURE.md");
    let text = std::fs::read_to_string(path).unwrap();
    let law = text.lines().find(|line| line.starts_with("10. ")).unwrap();
    let quoted = law.split('`').skip(1).step_by(2);
    quoted.flat_map(alternatives).collect()
}

/// `a/{b,c}.rs` as `a/b.rs` and `a/c.rs`.
fn alternatives(pattern: &str) -> Vec<String> {
    let Some((before, rest)) = pattern.split_once('{') else {
        return vec![pattern.to_owned()];
    };
    let (inner, after) = rest.split_once('}').unwrap();
    let all = inner.split(',');
    all.flat_map(|one| alternatives(&format!("{before}{one}{after}")))
        .collect()
}

#[test]
fn effects_live_where_law_10_says() {
    let rim = rim();
    let at_the_rim = |file: &SourceFile| {
        let path = file.path.to_str().unwrap();
        rim.iter()
            .any(|part| path == part || (part.ends_with('/') && path.starts_with(part)))
    };
    let has_effects = |file: &SourceFile| {
        let is = |path: &String, effect: &str| {
            path == effect || path.starts_with(&format!("{effect}::"))
        };
        let mut paths = file.foreign.iter();
        paths.any(|path| EFFECTS.iter().any(|effect| is(path, effect)))
    };
    let inside = FILES
        .iter()
        .filter(|file| has_effects(file) && !at_the_rim(file));
    let inside: Vec<_> = inside.map(|file| &file.path).collect();
    assert!(inside.is_empty(), "law 10 does not name {inside:#?}");
    for part in &rim {
        let mut files = FILES.iter();
        let exists = files.any(|file| file.path.starts_with(part));
        assert!(exists, "law 10 names {part}, which is not there");
    }
}
