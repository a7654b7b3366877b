//! `docs/dialects.md`: its tables say what the operations and error tables say.

use std::fmt::Write;
use std::path::Path;

use serde_json::Value;

use crate::support::contract::{METHODS, document};

const OPEN: &str = "<!-- tables:";
const CLOSE: &str = "<!-- /tables -->";

#[test]
fn the_tables_of_the_dialects_are_the_generated_ones() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/dialects.md");
    let committed = std::fs::read_to_string(&path).unwrap();

    let generated = with_tables(&committed);

    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &generated).unwrap();
        return;
    }
    assert_eq!(committed, generated, "run UPDATE_EXPECT=1 cargo test and look at the difference");
}

/// The document with the text between each pair of marks made anew.
fn with_tables(text: &str) -> String {
    let mut parts = text.split(OPEN);
    let mut made = parts.next().unwrap().to_owned();
    for part in parts {
        let (dialect, rest) = part.split_once(" -->\n").unwrap();
        let (_, after) = rest.split_once(CLOSE).unwrap();
        write!(made, "{OPEN}{dialect} -->\n{}{CLOSE}{after}", tables(dialect)).unwrap();
    }
    made
}

fn tables(dialect: &str) -> String {
    let mut sources = Sources { dialect, texts: Vec::new() };
    let mut tables = String::from("\n| operation | method and path | evidence |\n|---|---|---|\n");
    for (path, item) in document()["paths"].as_object().unwrap() {
        let present = METHODS.into_iter().filter(|method| item[*method]["tags"][0] == dialect);
        for method in present {
            let operation = &item[method];
            let id = text(operation, "operationId").replacen(&format!("{dialect}_"), "", 1);
            let evidence = text(operation, "x-evidence");
            let source = sources.link(&text(operation, "x-source"));
            writeln!(tables, "| `{id}` | {} `{path}` | {evidence} {source} |", method.to_uppercase())
                .unwrap();
        }
    }
    tables.push_str("\n| rule | status | code | message | when | evidence |\n|---|---|---|---|---|---|\n");
    let tags = document()["tags"].as_array().unwrap();
    let tag = tags.iter().find(|tag| tag["name"] == dialect).unwrap();
    for code in tag["x-codes"].as_array().unwrap() {
        let shown = Some(text(code, "code")).filter(|code| !code.is_empty());
        let shown = shown.map_or_else(String::new, |code| format!("`{code}`"));
        let (rule, message, when) = (text(code, "rule"), text(code, "message"), text(code, "when"));
        let (evidence, source) = (text(code, "evidence"), sources.link(&text(code, "source")));
        writeln!(
            tables,
            "| `{rule}` | {} | {shown} | {message} | {when} | {evidence} {source} |",
            code["status"]
        )
        .unwrap();
    }
    tables + "\nSources, and what a choice rests on:\n\n" + &sources.list() + "\n"
}

/// The sources of a dialect, each listed once below its tables.
struct Sources<'a> {
    dialect: &'a str,
    texts: Vec<String>,
}

impl Sources<'_> {
    /// The number of a source, as a link to its place in the list.
    fn link(&mut self, text: &str) -> String {
        let known = self.texts.iter().position(|known| known == text);
        let number = known.unwrap_or_else(|| {
            self.texts.push(text.to_owned());
            self.texts.len() - 1
        });
        format!("[{0}](#{1}-{0})", number + 1, self.dialect)
    }

    fn list(&self) -> String {
        let mut list = String::new();
        for (number, text) in (1..).zip(&self.texts) {
            writeln!(list, "{number}. <a id=\"{}-{number}\"></a>{}", self.dialect, linked(text)).unwrap();
        }
        list
    }
}

/// The text with angle brackets around its addresses, which makes links of them.
fn linked(text: &str) -> String {
    let mut parts = text.split("https://");
    let mut made = parts.next().unwrap().to_owned();
    for part in parts {
        let end = part.find([')', ',', ';', ' ']).unwrap_or(part.len());
        write!(made, "<https://{}>{}", &part[..end], &part[end..]).unwrap();
    }
    made
}

fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap().replace('|', "\\|")
}
