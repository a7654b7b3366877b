//! Holds the imports of `src/` against the rules of ARCHITECTURE.md.

use std::path::{Path, PathBuf};

/// What a part of the crate may import of the crate; the first rule whose place begins a module's path counts.
struct Rule {
    /// The beginning of a module's path, such as `store`.
    place: &'static str,
    /// The modules it may import, by the beginnings of their paths.
    may_import: &'static [&'static str],
}

const DIALECT_MODEL: &[&str] =
    &["config", "failure", "seed_error", "seed_list", "store", "strict_json", "credentials"];
const DIALECT: &[&str] = &["app", "config", "credentials", "failure", "http", "store"];

/// From the bottom to the top; a dialect may also import itself.
const RULES: [Rule; 35] = [
    Rule { place: "store", may_import: &[] },
    Rule { place: "failure", may_import: &[] },
    Rule { place: "seed_error", may_import: &[] },
    Rule { place: "seed_list", may_import: &[] },
    Rule { place: "credentials", may_import: &[] },
    Rule { place: "strict_json", may_import: &[] },
    Rule { place: "wire", may_import: &[] },
    Rule { place: "tls", may_import: &["store"] },
    Rule { place: "config", may_import: &["control", "store", "tls"] },
    Rule { place: "control", may_import: &["failure", "store", "strict_json"] },
    Rule { place: "http", may_import: &["app", "config", "control", "failure", "store", "strict_json"] },
    Rule { place: "dialect::cloudflare::model", may_import: DIALECT_MODEL },
    Rule { place: "dialect::cloudflare::seed", may_import: DIALECT_MODEL },
    Rule { place: "dialect::cloudflare", may_import: DIALECT },
    Rule { place: "dialect::ibm::model", may_import: DIALECT_MODEL },
    Rule { place: "dialect::ibm::seed", may_import: DIALECT_MODEL },
    Rule { place: "dialect::ibm", may_import: DIALECT },
    Rule { place: "dialect::authress::model", may_import: DIALECT_MODEL },
    Rule { place: "dialect::authress::seed", may_import: DIALECT_MODEL },
    Rule { place: "dialect::authress", may_import: DIALECT },
    Rule { place: "dialect::legacy::model", may_import: DIALECT_MODEL },
    Rule { place: "dialect::legacy::seed", may_import: DIALECT_MODEL },
    Rule { place: "dialect::legacy", may_import: DIALECT },
    Rule { place: "dialect", may_import: &["admin", "dialect", "http"] },
    Rule { place: "world", may_import: &["credentials", "dialect", "seed", "seed_error", "store"] },
    Rule {
        place: "seed",
        may_import: &["credentials", "dialect", "seed_error", "store", "strict_json", "world"],
    },
    Rule { place: "spaces", may_import: &["config", "control", "seed", "seed_error", "store", "world"] },
    Rule {
        place: "app",
        may_import: &["config", "control", "credentials", "seed", "seed_error", "spaces", "store", "world"],
    },
    Rule { place: "state_file", may_import: &["app", "seed", "seed_error", "store"] },
    Rule { place: "catalog", may_import: &["dialect", "http"] },
    Rule { place: "nearest", may_import: &["catalog", "http"] },
    Rule {
        place: "admin",
        may_import: &[
            "app",
            "catalog",
            "config",
            "control",
            "dialect",
            "failure",
            "http",
            "nearest",
            "openapi",
            "seed",
            "seed_error",
            "spaces",
            "store",
            "strict_json",
            "world",
        ],
    },
    Rule { place: "openapi", may_import: &["dialect", "failure", "http"] },
    Rule {
        place: "front",
        may_import: &[
            "admin", "app", "catalog", "config", "control", "dialect", "failure", "http", "nearest", "seed",
            "spaces", "store",
        ],
    },
    Rule { place: "router", may_import: &["app", "catalog", "dialect", "front"] },
];

/// A source file with the path of its module.
struct Module {
    file: PathBuf,
    path: String,
    text: String,
}

impl Module {
    /// The module that its `super` is.
    fn parent(&self) -> &str {
        self.path.rsplit_once("::").map_or("", |(parent, _)| parent)
    }

    /// The lines before the tests that are no comments, with their numbers.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = (1..).zip(self.text.lines()).take_while(|(_, line)| *line != "mod tests {");
        numbered.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// Everything of the crate that it names, as whole paths: `store::Key`, with the line.
    fn named(&self) -> Vec<(usize, String)> {
        let mut named = Vec::new();
        for (number, line) in self.lines() {
            for rest in after(line, "crate::") {
                named.extend(alternatives(rest).into_iter().map(|path| (number, path)));
            }
            for rest in after(line, "super::super::") {
                let above = self.parent().rsplit_once("::").map_or("", |(above, _)| above);
                named.extend(alternatives(rest).into_iter().map(|path| (number, joined(above, &path))));
            }
            for rest in after(line, "super::").into_iter().filter(|rest| !rest.starts_with("super::")) {
                if line.contains("super::super::") {
                    continue;
                }
                named.extend(
                    alternatives(rest).into_iter().map(|path| (number, joined(self.parent(), &path))),
                );
            }
        }
        named.retain(|(_, path)| !path.is_empty());
        named
    }
}

/// What stands behind each `prefix` that begins a path.
fn after<'a>(line: &'a str, prefix: &str) -> Vec<&'a str> {
    let found = line.match_indices(prefix);
    let begins = found.filter(|(at, _)| {
        !line[..*at].ends_with(|before: char| before.is_alphanumeric() || before == ':' || before == '_')
    });
    begins.map(|(at, _)| &line[at + prefix.len()..]).collect()
}

/// The paths that the rest of an import names: of `{a::b, c}` both, else the one.
fn alternatives(rest: &str) -> Vec<String> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    let path_of = |text: &str| text.trim().chars().take_while(|letter| is_part(*letter)).collect::<String>();
    match rest.strip_prefix('{') {
        Some(list) if !list.contains('}') => panic!("write `use` lines of one module each, not `{rest}`"),
        Some(list) => list.split(',').map(path_of).filter(|path| !path.is_empty()).collect(),
        None => vec![path_of(rest)],
    }
}

fn joined(parent: &str, path: &str) -> String {
    if parent.is_empty() { path.to_owned() } else { format!("{parent}::{path}") }
}

/// Whether `path` is `place` or lies in it.
fn is_in(path: &str, place: &str) -> bool {
    path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// The dialect that a module belongs to, such as `dialect::ibm`.
fn dialect_of(path: &str) -> Option<&str> {
    let name = path.strip_prefix("dialect::")?.split("::").next()?;
    Some(&path[.."dialect::".len() + name.len()])
}

/// The modules of `src/`; the files of a module's tests count as the module.
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
                let text = std::fs::read_to_string(&file).unwrap();
                let path = module_path(file.strip_prefix(&root).unwrap());
                modules.push(Module { file, path, text });
            }
        }
    }
    assert!(modules.len() > 30, "the sources are not where they are looked for");
    modules.sort_by(|left, right| left.file.cmp(&right.file));
    modules
}

fn module_path(file: &Path) -> String {
    let path = file.with_extension("");
    let parts: Vec<&str> = path.iter().map(|part| part.to_str().unwrap()).collect();
    parts.join("::").trim_end_matches("::mod").to_owned()
}

#[test]
fn imports_are_found_in_every_notation() {
    let text = "use crate::store::{Key, Record};\nuse crate::{app, http::Meta};\nuse super::wire;\n\
                use super::super::ibm::model;\n// use crate::server;\nlet name = crate::world::World::name();\n\
                use super::*;\nmod tests {\nuse crate::router;";
    let module =
        Module { file: PathBuf::new(), path: "dialect::legacy::routes".to_owned(), text: text.to_owned() };

    let named: Vec<(usize, String)> = module.named();

    let expected = [
        (1, "store::"),
        (2, "app"),
        (2, "http::Meta"),
        (3, "dialect::legacy::wire"),
        (4, "dialect::ibm::model"),
        (6, "world::World::name"),
        (7, "dialect::legacy::"),
    ];
    assert_eq!(named, expected.map(|(line, path)| (line, path.to_owned())));
}

#[test]
fn every_module_imports_only_what_lies_below_it() {
    for module in modules() {
        let Some(rule) = RULES.iter().find(|rule| is_in(&module.path, rule.place)) else { continue };
        let own = dialect_of(&module.path).unwrap_or(rule.place);
        for (line, named) in module.named() {
            let may = is_in(&named, own) || rule.may_import.iter().any(|allowed| is_in(&named, allowed));
            assert!(may, "{}:{line}: `{}` may not import `{named}`", module.file.display(), module.path);
        }
    }
}

#[test]
fn every_module_but_the_top_ones_has_a_rule() {
    const TOP: [&str; 5] = ["lib", "main", "cli", "server", "fixture"];

    for module in modules() {
        let has_rule = RULES.iter().any(|rule| is_in(&module.path, rule.place));
        let is_top = TOP.iter().any(|top| is_in(&module.path, top));
        assert!(has_rule || is_top, "no rule says what `{}` may import", module.path);
    }
}

#[test]
fn records_and_seeds_of_a_dialect_know_no_http() {
    for module in modules() {
        let Some(dialect) = dialect_of(&module.path) else { continue };
        let inner = module.path[dialect.len()..].trim_start_matches("::");
        if !is_in(inner, "model") && !is_in(inner, "seed") {
            continue;
        }
        for (line, text) in module.lines() {
            let knows = ["axum", "crate::http", "tower"].iter().find(|word| text.contains(**word));
            assert!(knows.is_none(), "{}:{line}: {}", module.file.display(), text.trim());
        }
    }
}

#[test]
fn the_store_and_the_failures_know_no_protocol_and_no_runtime() {
    for module in modules() {
        if !["store", "failure", "credentials", "config"].iter().any(|place| is_in(&module.path, place)) {
            continue;
        }
        for (line, text) in module.lines() {
            let words = ["axum", "tokio", "tower", "serde_json", "hyper"];
            let knows = words.iter().find(|word| text.contains(&format!("{word}::")));
            assert!(knows.is_none(), "{}:{line}: {}", module.file.display(), text.trim());
        }
    }
}

#[test]
fn only_the_command_line_knows_clap_and_the_environment() {
    for module in modules().into_iter().filter(|module| !is_in(&module.path, "cli")) {
        for (line, text) in module.lines() {
            let knows = ["clap::", "std::env", "env::var"].iter().find(|word| text.contains(**word));
            assert!(knows.is_none(), "{}:{line}: {}", module.file.display(), text.trim());
        }
    }
}

#[test]
fn time_and_randomness_have_one_source_each() {
    for module in modules() {
        for (line, text) in module.lines() {
            let forbidden = [
                ("Utc::now", "store::clock"),
                ("Local::now", "store::clock"),
                ("SystemTime::now", "store::clock"),
                ("new_v4", "store::ids"),
            ];
            for (word, home) in forbidden {
                let is_home = module.path == home;
                assert!(is_home || !text.contains(word), "{}:{line}: `{word}`", module.file.display());
            }
        }
    }
}

#[test]
fn no_lint_is_switched_off_without_a_reason() {
    for module in modules() {
        for (line, text) in module.lines() {
            let where_it_is = format!("{}:{line}: {}", module.file.display(), text.trim());
            assert!(!text.contains("#[allow") && !text.contains("#![allow"), "{where_it_is}");
        }
    }
}
