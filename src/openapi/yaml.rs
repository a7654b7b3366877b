//! Writes a document as YAML that parsers of version 1.1 and 1.2 read alike: small collections on one line.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// The maximum length of a line with a collection: one that is longer takes a line with indentation for each field.
const MAX_WIDTH: usize = 160;

/// The indentation of a level. The document has up to ten levels, so that one more space would be a tenth of its bytes.
const INDENT: usize = 1;

/// Returns `document`, an object, as YAML.
pub fn to_yaml(document: &Value) -> String {
    let mut yaml = String::new();
    if let Value::Object(fields) = document {
        write_fields(&mut yaml, fields, 0, "");
    }
    yaml
}

/// Writes the fields of an object; `first` replaces the indentation of the first one.
fn write_fields(yaml: &mut String, fields: &Map<String, Value>, indent: usize, first: &str) {
    for (index, (name, value)) in fields.iter().enumerate() {
        if index == 0 && !first.is_empty() {
            yaml.push_str(first);
        } else {
            write_indent(yaml, indent);
        }
        let name = scalar(name, false);
        let prefix = indent + name.len() + 2;
        yaml.push_str(&name);
        yaml.push(':');
        match on_one_line(value, prefix) {
            Some(line) => writeln!(yaml, " {line}"),
            None => writeln!(yaml),
        }
        .expect("a string can always be written to");
        if on_one_line(value, prefix).is_none() {
            write_block(yaml, value, indent);
        }
    }
}

/// Writes a collection below a field that is indented by `indent`.
fn write_block(yaml: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Object(fields) => write_fields(yaml, fields, indent + INDENT, ""),
        Value::Array(items) => items.iter().for_each(|item| write_item(yaml, item, indent)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn write_item(yaml: &mut String, item: &Value, indent: usize) {
    if let (Value::Object(fields), None) = (item, on_one_line(item, indent + 2)) {
        let first = " ".repeat(indent) + "- ";
        write_fields(yaml, fields, indent + 2, &first);
        return;
    }
    write_indent(yaml, indent);
    // A list in a list is always on one line.
    let line = on_one_line(item, indent + 2).unwrap_or_else(|| flow(item));
    yaml.push_str("- ");
    yaml.push_str(&line);
    yaml.push('\n');
}

fn write_indent(yaml: &mut String, indent: usize) {
    yaml.extend(std::iter::repeat_n(' ', indent));
}

/// Returns a scalar, or a collection that fits in the line.
fn on_one_line(value: &Value, prefix: usize) -> Option<String> {
    match value {
        Value::Object(fields) if fields.is_empty() => Some("{}".to_owned()),
        Value::Array(items) if items.is_empty() => Some("[]".to_owned()),
        Value::Object(_) | Value::Array(_) => {
            Some(flow(value)).filter(|line| prefix + line.len() <= MAX_WIDTH)
        }
        Value::String(text) => Some(scalar(text, false)),
        Value::Null | Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
    }
}

/// Returns a value in flow style.
fn flow(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields =
                fields.iter().map(|(name, value)| format!("{}: {}", scalar(name, true), flow(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::String(text) => scalar(text, true),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// Returns a string, quoted if it could be read as something else.
fn scalar(text: &str, is_in_flow: bool) -> String {
    if text.chars().any(char::is_control) {
        return Value::from(text).to_string();
    }
    if is_plain(text) && !(is_in_flow && text.contains([',', '[', ']', '{', '}', ':'])) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// Returns whether a string needs no quotes in block style: it starts with a letter or a slash, or with `$` or `_`, so
/// that it is neither a number nor a time, and has no indicator.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    text.starts_with(|first: char| first.is_alphabetic() || ['/', '$', '_'].contains(&first))
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}
