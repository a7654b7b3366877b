//! `docs/dialects.md`: its tables are generated from the operations and error tables.

use std::fmt::Write;
use std::path::Path;

use serde_json::Value;

use crate::support::contract::{rules_of, source};
use crate::support::operation::{METHODS, document};

const OPEN: &str = "<!-- tables:";
const CLOSE: &str = "<!-- /tables -->";

#[test]
fn the_committed_tables_are_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/dialects.md");
    let committed = std::fs::read_to_string(&path).unwrap();

    let generated = with_tables(&committed);

    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &generated).unwrap();
        return;
    }
    assert_eq!(committed, generated, "run UPDATE_EXPECT=1 cargo test and look at the difference");
}

/// Returns the document with the content between each pair of markers generated again.
fn with_tables(document: &str) -> String {
    let mut parts = document.split(OPEN);
    let mut generated = parts.next().unwrap().to_owned();
    for part in parts {
        let (dialect, rest) = part.split_once(" -->\n").unwrap();
        let (_, after) = rest.split_once(CLOSE).unwrap();
        write!(generated, "{OPEN}{dialect} -->\n{}{CLOSE}{after}", tables(dialect)).unwrap();
    }
    generated
}

fn tables(dialect: &str) -> String {
    let mut sources = Sources { dialect, sources: Vec::new() };
    let mut tables = String::from("\n| operation | method and path | evidence |\n|---|---|---|\n");
    for (path, item) in document()["paths"].as_object().unwrap() {
        let methods = METHODS.into_iter().filter(|method| belongs_to(&item[*method], dialect));
        for method in methods {
            let operation = &item[method];
            let id = string(operation, "operationId").replacen(&format!("{dialect}_"), "", 1);
            let evidence = string(operation, "x-evidence");
            let source = sources.link(source(operation));
            writeln!(tables, "| `{id}` | {} `{path}` | {evidence} {source} |", method.to_uppercase())
                .unwrap();
        }
    }
    tables.push_str("\n| rule | status | code | message | when | evidence |\n|---|---|---|---|---|---|\n");
    for code in rules_of(dialect) {
        let vendor_code = Some(string(code, "code")).filter(|code| !code.is_empty());
        let vendor_code = vendor_code.map_or_else(String::new, |code| format!("`{code}`"));
        let (rule, message, when) =
            (string(code, "rule"), string(code, "message"), string(code, "description"));
        let (evidence, source) = (string(code, "evidence"), sources.link(&string(code, "source")));
        writeln!(
            tables,
            "| `{rule}` | {} | {vendor_code} | {message} | {when} | {evidence} {source} |",
            code["status"]
        )
        .unwrap();
    }
    let dialects = document()["x-dialects"].as_array().unwrap();
    let described = dialects.iter().find(|it| it["name"] == dialect).unwrap();
    let differences = described["x-fidelity"].as_array().map_or(&[][..], Vec::as_slice);
    if !differences.is_empty() {
        tables
            .push_str("\n| difference | `--fidelity documented` | `--fidelity live` | evidence for live |\n");
        tables.push_str("|---|---|---|---|\n");
    }
    for difference in differences {
        let [subject, documented, live, evidence] =
            ["subject", "documented", "live", "evidence"].map(|field| string(difference, field));
        let source = sources.link(source(difference));
        writeln!(tables, "| {subject} | {documented} | {live} | {evidence} {source} |").unwrap();
    }
    tables + "\nSources, and what a choice rests on:\n\n" + &sources.list() + "\n"
}

fn belongs_to(operation: &Value, dialect: &str) -> bool {
    operation["operationId"].as_str().is_some_and(|id| id.split_once('_').unwrap().0 == dialect)
}

/// The sources of a dialect; each is listed once after its tables.
struct Sources<'a> {
    dialect: &'a str,
    sources: Vec<String>,
}

impl Sources<'_> {
    /// Returns the number of a source as a link to its list entry.
    fn link(&mut self, source: &str) -> String {
        let known = self.sources.iter().position(|known| known == source);
        let number = known.unwrap_or_else(|| {
            self.sources.push(source.to_owned());
            self.sources.len() - 1
        });
        format!("[{0}](#{1}-{0})", number + 1, self.dialect)
    }

    fn list(&self) -> String {
        let mut list = String::new();
        for (number, source) in (1..).zip(&self.sources) {
            writeln!(list, "{number}. <a id=\"{}-{number}\"></a>{}", self.dialect, with_links(source))
                .unwrap();
        }
        list
    }
}

/// Returns a source with angle brackets around its URLs, which makes them links in Markdown.
fn with_links(source: &str) -> String {
    let mut parts = source.split("https://");
    let mut linked = parts.next().unwrap().to_owned();
    for part in parts {
        let end = part.find([')', ',', ';', ' ']).unwrap_or(part.len());
        write!(linked, "<https://{}>{}", &part[..end], &part[end..]).unwrap();
    }
    linked
}

fn string(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap().replace('|', "\\|")
}
