//! The source code as a value: files, what they import, and what they define.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// One file of `src/`, without what is compiled for tests only.
#[derive(Debug)]
pub(super) struct SourceFile {
    /// Path below `src/`.
    pub(super) path: PathBuf,
    /// Names of its module, from the crate's root on.
    pub(super) module: Vec<String>,
    /// Number of lines, without those of tests.
    pub(super) lines: usize,
    /// Every path that begins at the crate's root.
    pub(super) paths: BTreeSet<Vec<String>>,
    /// The types that it defines.
    pub(super) types: Vec<String>,
    /// The length of each function with a body, in lines.
    pub(super) functions: Vec<usize>,
    /// Every path of other crates, and macros, as they are written.
    pub(super) foreign: BTreeSet<String>,
    /// Whether a path begins with `super`.
    pub(super) has_super: bool,
}

impl SourceFile {
    /// The room: the first name of its module.
    pub(super) fn room(&self) -> &str {
        self.module.first().map_or("lib", String::as_str)
    }

    /// Whether it stands on top of a folder.
    pub(super) fn is_door(&self) -> bool {
        self.path.ends_with("mod.rs")
    }
}

/// Lines of all tests: beside the code, and in `tests/`.
pub(super) fn lines_of_tests(files: &[SourceFile]) -> usize {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    list(&root.join("src"), &mut all);
    list(&root.join("tests"), &mut all);
    let total: usize = all.iter().map(|path| read(path).lines().count()).sum();
    total - files.iter().map(|file| file.lines).sum::<usize>()
}

/// Every file of `src/` that is not a test; read once.
pub(super) static FILES: LazyLock<Vec<SourceFile>> = LazyLock::new(files);

/// The types of each file of tests in `src/`, with its path.
pub(super) fn types_of_tests() -> Vec<(PathBuf, Vec<String>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    list(&root, &mut paths);
    paths.retain(|path| is_test(path.strip_prefix(&root).unwrap()));
    let parsed = paths.iter().map(|path| parse(&root, path));
    parsed.map(|file| (file.path, file.types)).collect()
}

/// Whether all of a file is compiled for tests only.
fn is_test(path: &Path) -> bool {
    path.ends_with("tests.rs") || path.iter().any(|part| part == "tests")
}

fn files() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    list(&root, &mut paths);
    paths.sort();
    let own = paths.iter().map(|path| path.strip_prefix(&root).unwrap());
    let own = own.filter(|path| !is_test(path));
    own.map(|path| parse(&root, path)).collect()
}

fn list(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            list(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn parse(root: &Path, path: &Path) -> SourceFile {
    let path = path.strip_prefix(root).unwrap_or(path);
    let text = read(&root.join(path));
    let tree = syn::parse_file(&text).unwrap();
    let mut names: Vec<String> = path
        .with_extension("")
        .iter()
        .map(|part| part.to_str().unwrap().to_owned())
        .collect();
    if matches!(names.last().map(String::as_str), Some("mod" | "lib")) {
        names.pop();
    }
    let mut seen = Seen::default();
    seen.visit_file(&tree);
    SourceFile {
        path: path.to_owned(),
        module: names,
        lines: text.lines().count() - seen.lines_of_tests,
        paths: seen.paths,
        types: seen.types,
        functions: seen.functions,
        foreign: seen.foreign,
        has_super: seen.has_super,
    }
}

/// What is found in one file.
#[derive(Default)]
struct Seen {
    paths: BTreeSet<Vec<String>>,
    foreign: BTreeSet<String>,
    types: Vec<String>,
    functions: Vec<usize>,
    lines_of_tests: usize,
    has_super: bool,
}

impl Seen {
    fn take(&mut self, path: &[String]) {
        match path.first().map(String::as_str) {
            Some("crate") => {
                self.paths.insert(path[1..].to_vec());
            }
            Some("super") => self.has_super = true,
            _ => {
                self.foreign.insert(path.join("::"));
            }
        }
    }

    fn take_use(&mut self, tree: &syn::UseTree, above: &[String]) {
        let with = |name: &syn::Ident| {
            let mut path = above.to_vec();
            path.push(name.to_string());
            path
        };
        match tree {
            syn::UseTree::Path(part) => self.take_use(&part.tree, &with(&part.ident)),
            syn::UseTree::Name(leaf) if leaf.ident == "self" => self.take(above),
            syn::UseTree::Name(leaf) => self.take(&with(&leaf.ident)),
            syn::UseTree::Rename(leaf) => self.take(&with(&leaf.ident)),
            syn::UseTree::Glob(_) => self.take(above),
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.take_use(tree, above);
                }
            }
        }
    }

    /// Paths within a macro, which are tokens only.
    fn take_tokens(&mut self, text: &str) {
        let text = text.replace(" :: ", "::");
        for (at, _) in text.match_indices("crate::") {
            let rest = &text[at..];
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
            let path = rest[..end.unwrap_or(rest.len())].trim_end_matches(':');
            if !text[..at].ends_with(['$', '_']) {
                let names: Vec<_> = path.split("::").map(str::to_owned).collect();
                self.take(&names);
            }
        }
    }

    fn function(&mut self, block: &syn::Block, signature: &syn::Signature) {
        let (from, to) = (signature.span().start().line, block.span().end().line);
        self.functions.push(to + 1 - from);
    }
}

fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let tokens = match &attribute.meta {
            syn::Meta::List(list) if list.path.is_ident("cfg") => list.tokens.to_string(),
            _ => String::new(),
        };
        tokens == "test"
    })
}

impl<'a> Visit<'a> for Seen {
    fn visit_item(&mut self, item: &'a syn::Item) {
        let attributes = match item {
            syn::Item::Mod(item) => &item.attrs,
            syn::Item::Fn(item) => &item.attrs,
            syn::Item::Impl(item) => &item.attrs,
            syn::Item::Use(item) => &item.attrs,
            syn::Item::Const(item) => &item.attrs,
            syn::Item::Struct(item) => &item.attrs,
            _ => &Vec::new(),
        };
        if is_for_tests(attributes) {
            let span = item.span();
            self.lines_of_tests += span.end().line + 1 - span.start().line;
            return;
        }
        let name = match item {
            syn::Item::Struct(item) => Some(&item.ident),
            syn::Item::Enum(item) => Some(&item.ident),
            syn::Item::Trait(item) => Some(&item.ident),
            syn::Item::Type(item) => Some(&item.ident),
            _ => None,
        };
        self.types.extend(name.map(ToString::to_string));
        visit::visit_item(self, item);
    }

    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        self.take_use(&item.tree, &[]);
    }

    fn visit_item_fn(&mut self, item: &'a syn::ItemFn) {
        self.function(&item.block, &item.sig);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'a syn::ImplItemFn) {
        if is_for_tests(&item.attrs) {
            return;
        }
        self.function(&item.block, &item.sig);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_visibility(&mut self, _: &'a syn::Visibility) {
        // `pub(super)` imports nothing.
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let names = path.segments.iter().map(|part| part.ident.to_string());
        self.take(&names.collect::<Vec<_>>());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'a syn::Macro) {
        self.take_tokens(&call.tokens.to_string());
        visit::visit_macro(self, call);
    }
}

/// Which file each module is in.
pub(super) fn by_module(files: &[SourceFile]) -> BTreeMap<&[String], usize> {
    let all = files.iter().enumerate();
    all.map(|(at, file)| (&file.module[..], at)).collect()
}

/// The files that a file imports from, by their places in the list.
pub(super) fn imported(file: &SourceFile, modules: &BTreeMap<&[String], usize>) -> BTreeSet<usize> {
    let targets = file.paths.iter().filter_map(|path| {
        let mut parts = (1..=path.len()).rev();
        parts.find_map(|end| modules.get(&path[..end]).copied())
    });
    targets.collect()
}
