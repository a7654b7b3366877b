//! The layers of `src/`: each folder imports only folders below it, as ARCHITECTURE.md describes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use regex_lite::Regex;

/// A folder of `src/` and the folders that it may import.
struct Layer {
    folder: &'static str,
    may_import: &'static [&'static str],
}

const fn layer(folder: &'static str, may_import: &'static [&'static str]) -> Layer {
    Layer { folder, may_import }
}

/// The layers from the bottom to the top.
const LAYERS: [Layer; 18] = [
    layer("store", &[]),
    layer("json", &[]),
    layer("spec", &[]),
    layer("control", &["json", "spec", "store"]),
    layer("config", &["control", "store"]),
    layer("domain", &["config", "json", "spec", "store"]),
    layer("app", &["config", "control", "domain", "store"]),
    layer("http", &["app", "config", "control", "json", "spec", "store"]),
    layer("pipeline", &["app", "control", "http", "spec", "store"]),
    layer("openapi", &["http", "spec"]),
    layer("dialects", &["app", "config", "domain", "http", "json", "spec", "store"]),
    layer("console", &[]),
    layer(
        "admin",
        &["app", "config", "console", "control", "domain", "http", "json", "openapi", "spec", "store"],
    ),
    layer(
        "router",
        &["admin", "app", "config", "console", "dialects", "http", "openapi", "pipeline", "spec"],
    ),
    layer("recordings", &["app", "config", "control", "domain", "http", "json", "router", "spec", "store"]),
    layer("server", &["app", "config", "http", "pipeline", "router"]),
    layer("testing", &["admin", "app", "config", "control", "domain", "router", "server", "spec", "store"]),
    layer("cli", &[]),
];

/// A source file.
struct Module {
    file: PathBuf,
    /// The path of the module, such as `store::collection`.
    path: Vec<String>,
    /// The code without comments and unit tests.
    code: String,
}

/// An import: the path from the root of the crate, and whether it is a re-export.
#[derive(Debug, PartialEq)]
struct Import {
    path: Vec<String>,
    is_reexport: bool,
}

impl Module {
    fn new(file: &Path, root: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap();
        let code = text.split("\nmod tests {").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        let path = file.strip_prefix(root).unwrap().with_extension("");
        let mut path: Vec<String> = path.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        path.pop_if(|last| last == "mod");
        Self { file: file.to_owned(), path, code: lines.collect::<Vec<_>>().join("\n") }
    }

    fn folder(&self) -> &str {
        &self.path[0]
    }

    /// Returns everything of the crate that the module names: in `use` lines and in other code.
    fn imports(&self, modules: &BTreeSet<Vec<String>>) -> Vec<Import> {
        let notation =
            Regex::new(r"(pub )?(?:use )?\b(crate|super)((?:::super)*)((?:::\w+)*)(?:::\{([^}]*)\})?")
                .unwrap();
        let mut imports = Vec::new();
        for found in notation.captures_iter(&self.code) {
            if found[4].is_empty() && found.get(5).is_none() {
                // A visibility such as `pub(super)`.
                continue;
            }
            let supers = 1 + found[3].matches("super").count();
            let mut base = match &found[2] {
                "crate" => Vec::new(),
                _ => self.path[..self.path.len().saturating_sub(supers)].to_vec(),
            };
            base.extend(segments(&found[4]));
            let is_reexport = found.get(1).is_some();
            for item in found.get(5).map_or("", |list| list.as_str()).split(',') {
                let path = base.iter().cloned().chain(segments(item)).collect();
                imports.push(Import { path, is_reexport });
            }
        }
        let child = Regex::new(r"(?m)^(pub )?use ([\w:]+)(?:::\{([^}]*)\})?").unwrap();
        for found in child.captures_iter(&self.code) {
            let base: Vec<String> = self.path.iter().cloned().chain(segments(&found[2])).collect();
            if !modules.contains(&base[..=self.path.len()]) {
                continue;
            }
            for item in found.get(3).map_or("", |list| list.as_str()).split(',') {
                let path = base.iter().cloned().chain(segments(item)).collect();
                imports.push(Import { path, is_reexport: found.get(1).is_some() });
            }
        }
        imports
    }
}

/// Returns the segments of a path such as `::a::b as c`.
fn segments(path: &str) -> impl Iterator<Item = String> {
    let path = path.trim().split(" as ").next().unwrap_or_default();
    path.split("::").map(|segment| segment.trim().to_owned()).filter(|it| !it.is_empty() && it != "self")
}

/// Returns the source files in the folders of `src/`.
fn modules() -> Vec<Module> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut modules = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let file = entry.unwrap().path();
            if file.is_dir() {
                folders.push(file);
            } else if file.extension().is_some_and(|extension| extension == "rs") {
                modules.push(Module::new(&file, &root));
            }
        }
    }
    modules.retain(|module| !["lib", "main"].contains(&module.folder()));
    modules.retain(|module| !module.path.iter().any(|part| part == "tests"));
    assert!(modules.len() > 100, "the sources were not found");
    modules.sort_by(|left, right| left.path.cmp(&right.path));
    modules
}

fn paths(modules: &[Module]) -> BTreeSet<Vec<String>> {
    modules.iter().map(|module| module.path.clone()).collect()
}

#[test]
fn only_lib_and_main_are_beside_the_folders() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let entries = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap());
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();

    let mut expected: Vec<&str> =
        LAYERS.iter().map(|layer| layer.folder).chain(["lib.rs", "main.rs"]).collect();
    expected.sort_unstable();

    assert_eq!(names, expected);
}

#[test]
fn each_folder_imports_only_folders_below_it() {
    let modules = modules();
    let paths = paths(&modules);
    for module in &modules {
        let layer = LAYERS.iter().find(|layer| layer.folder == module.folder()).unwrap();
        for import in module.imports(&paths) {
            let Some(folder) = import.path.first().filter(|first| paths.contains(&vec![(*first).clone()]))
            else {
                continue;
            };
            let is_allowed = folder == layer.folder || layer.may_import.contains(&folder.as_str());
            assert!(is_allowed, "{} may not import {}", module.file.display(), import.path.join("::"));
        }
    }
}

#[test]
fn every_layer_imports_only_layers_before_it() {
    for (index, layer) in LAYERS.iter().enumerate() {
        for imported in layer.may_import {
            let is_below = LAYERS[..index].iter().any(|below| below.folder == *imported);
            assert!(is_below, "{imported} is not below {}", layer.folder);
        }
    }
}

/// Returns the module in which an import is defined, after following re-exports.
fn defining_module(
    path: &[String],
    paths: &BTreeSet<Vec<String>>,
    reexports: &BTreeMap<Vec<String>, Vec<String>>,
) -> Option<Vec<String>> {
    let mut path = path.to_vec();
    for _ in 0..4 {
        let Some((prefix, target)) =
            (1..=path.len()).rev().find_map(|length| reexports.get_key_value(&path[..length]))
        else {
            break;
        };
        path = target.iter().chain(&path[prefix.len()..]).cloned().collect();
    }
    (1..=path.len()).rev().map(|length| path[..length].to_vec()).find(|prefix| paths.contains(prefix))
}

#[test]
fn no_files_import_one_another_in_a_circle() {
    let modules = modules();
    let paths = paths(&modules);
    let mut reexports = BTreeMap::new();
    for module in &modules {
        for import in module.imports(&paths).into_iter().filter(|import| import.is_reexport) {
            let name = import.path.last().unwrap().clone();
            reexports.insert(module.path.iter().cloned().chain([name]).collect(), import.path);
        }
    }
    let mut imports: BTreeMap<Vec<String>, BTreeSet<Vec<String>>> = BTreeMap::new();
    for module in &modules {
        let found = module.imports(&paths).into_iter().filter(|import| !import.is_reexport);
        let defined = found.filter_map(|import| defining_module(&import.path, &paths, &reexports));
        imports.insert(module.path.clone(), defined.filter(|path| *path != module.path).collect());
    }

    // A module that imports none of the remaining modules, or is imported by none of them, is not part of a circle.
    let is_free = |path: &Vec<String>, left: &BTreeMap<Vec<String>, BTreeSet<Vec<String>>>| {
        !left[path].iter().any(|imported| left.contains_key(imported))
            || !left.values().any(|imported| imported.contains(path))
    };
    while let Some(free) = imports.keys().find(|path| is_free(path, &imports)).cloned() {
        imports.remove(&free);
    }
    let circles: Vec<String> = imports.keys().map(|path| path.join("::")).collect();

    assert!(circles.is_empty(), "in circles: {circles:#?}");
}

#[test]
fn a_dialect_knows_no_other_dialect() {
    const DIALECTS: [&str; 4] = ["authress", "cloudflare", "ibm", "legacy"];

    let modules = modules();
    let paths = paths(&modules);
    for module in &modules {
        let Some(own) = module.path.get(1).filter(|name| DIALECTS.contains(&name.as_str())) else { continue };
        for import in module.imports(&paths) {
            let other = import.path.get(1).filter(|name| DIALECTS.contains(&name.as_str()) && *name != own);
            assert!(other.is_none(), "{} imports {}", module.file.display(), import.path.join("::"));
        }
    }
}

#[test]
fn domain_spec_and_store_know_no_http_server() {
    for module in modules().iter().filter(|module| ["domain", "spec", "store"].contains(&module.folder())) {
        for word in ["tower", "hyper", "tokio", "axum::"] {
            // Methods and statuses are in axum's `http`.
            let code = module.code.replace("axum::http::", "");
            assert!(!code.contains(word), "{} knows {word}", module.file.display());
        }
    }
    for module in modules().iter().filter(|module| ["domain", "store"].contains(&module.folder())) {
        assert!(!module.code.contains("axum"), "{} knows axum", module.file.display());
    }
}

#[test]
fn only_the_command_line_knows_clap_and_the_environment() {
    for module in modules().iter().filter(|module| module.folder() != "cli") {
        for (line, text) in (1..).zip(module.code.lines()) {
            let knows = ["clap::", "std::env", "env::var"].iter().find(|word| text.contains(**word));
            assert!(knows.is_none(), "{}:{line}: {}", module.file.display(), text.trim());
        }
    }
}

#[test]
fn time_and_randomness_have_one_source_each() {
    for module in modules() {
        for (line, text) in (1..).zip(module.code.lines()) {
            let forbidden = [
                ("Utc::now", "store::clock"),
                ("Local::now", "store::clock"),
                ("SystemTime::now", "store::clock"),
                ("new_v4", "store::id_generator"),
            ];
            for (word, home) in forbidden {
                let is_home = module.path.join("::") == home;
                assert!(is_home || !text.contains(word), "{}:{line}: `{word}`", module.file.display());
            }
        }
    }
}

#[test]
fn no_lint_is_switched_off_without_a_reason() {
    for module in modules() {
        for (line, text) in (1..).zip(module.code.lines()) {
            let where_it_is = format!("{}:{line}: {}", module.file.display(), text.trim());
            assert!(!text.contains("#[allow") && !text.contains("#![allow"), "{where_it_is}");
        }
    }
}
