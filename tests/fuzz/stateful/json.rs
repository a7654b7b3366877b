//! JSON bodies with changes that JSON libraries cannot express, such as duplicate fields and lone surrogates.

use std::fmt::Write;

use serde_json::Value;

use crate::rng::Rng;

/// A JSON value whose scalars are text, valid or not.
#[derive(Debug, Clone)]
pub(super) enum Json {
    Raw(String),
    Array(Vec<Self>),
    Object(Vec<(String, Self)>),
}

/// Scalars, valid and invalid, that replace values.
const SCALARS: [&str; 34] = [
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1",
    "24",
    "1.5",
    "1e2",
    "1e999",
    "-0",
    "-0.0",
    "0.1",
    "18446744073709551616",
    "9223372036854775808",
    "123456789012345678901234567890",
    "\"\"",
    "\" \"",
    "\"a\"",
    "\"0\"",
    "\"null\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\ud83d\\ude00\"",
    "\"\\u00e4\\u0308\"",
    "\"\u{feff}\"",
    "\"a\\/b\"",
    "\"*\"",
    "\"2026-02-30T00:00:00Z\"",
    "\"2026-03-01T12:00:00.123456789+01:00\"",
    "{}",
    "[]",
    "[null]",
    "{\"\":{}}",
];

/// Text that is not JSON.
const GARBAGE: [&str; 8] = ["", "{", "\"", "[1,]", "{\"a\":1,}", "nul", "\u{feff}{}", "{}{}"];

impl From<&Value> for Json {
    fn from(value: &Value) -> Self {
        match value {
            Value::Array(items) => Self::Array(items.iter().map(Self::from).collect()),
            Value::Object(fields) => {
                Self::Object(fields.iter().map(|(name, value)| (name.clone(), value.into())).collect())
            }
            scalar => Self::Raw(scalar.to_string()),
        }
    }
}

impl Json {
    /// Returns the text of the value.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        match self {
            Self::Raw(raw) => text.push_str(raw),
            Self::Array(items) => {
                text.push('[');
                for (number, item) in items.iter().enumerate() {
                    text.push_str(if number == 0 { "" } else { "," });
                    item.write(text);
                }
                text.push(']');
            }
            Self::Object(fields) => {
                text.push('{');
                for (number, (name, value)) in fields.iter().enumerate() {
                    let separator = if number == 0 { "" } else { "," };
                    let _ = write!(text, "{separator}{}:", Value::from(name.as_str()));
                    value.write(text);
                }
                text.push('}');
            }
        }
    }

    /// Changes one value somewhere in the tree; `pool` has strings that name existing records.
    pub(super) fn mutate(&mut self, rng: &mut Rng, pool: &[String]) {
        // Descend with a probability that reaches all depths.
        let children = match self {
            Self::Raw(_) => 0,
            Self::Array(items) => items.len(),
            Self::Object(fields) => fields.len(),
        };
        if children > 0 && rng.percent(75) {
            let child = rng.below(children);
            match self {
                Self::Raw(_) => {}
                Self::Array(items) => items[child].mutate(rng, pool),
                Self::Object(fields) => fields[child].1.mutate(rng, pool),
            }
            return;
        }
        match self {
            Self::Array(items) if rng.percent(70) => mutate_array(items, rng),
            Self::Object(fields) if rng.percent(85) => mutate_object(fields, rng),
            value => *value = random_value(rng, pool),
        }
    }
}

fn mutate_array(items: &mut Vec<Json>, rng: &mut Rng) {
    match rng.below(4) {
        0 => items.clear(),
        1 => drop(items.pop()),
        2 => items.push(Json::Raw((*rng.choose(&SCALARS)).to_owned())),
        _ => {
            let Some(first) = items.first().cloned() else { return };
            let count = if rng.percent(10) { 60 } else { 1 };
            items.extend(std::iter::repeat_n(first, count));
        }
    }
}

fn mutate_object(fields: &mut Vec<(String, Json)>, rng: &mut Rng) {
    if fields.is_empty() {
        return fields.push(("x".to_owned(), Json::Raw("1".to_owned())));
    }
    let at = rng.below(fields.len());
    match rng.below(5) {
        0 => drop(fields.remove(at)),
        1 => fields[at].1 = Json::Raw((*rng.choose(&SCALARS)).to_owned()),
        2 => fields.push((format!("x{}", rng.below(3)), Json::Raw((*rng.choose(&SCALARS)).to_owned()))),
        3 => {
            let field = fields[at].clone();
            fields.push(field);
        }
        _ => fields.swap_remove(at).1.mutate(rng, &[]),
    }
}

fn random_value(rng: &mut Rng, pool: &[String]) -> Json {
    let text = match rng.below(10) {
        0..=3 if !pool.is_empty() => Value::from(rng.choose(pool).as_str()).to_string(),
        4 => format!("\"{}\"", "x".repeat([10, 64, 129, 300, 5_000][rng.below(5)])),
        5 if rng.percent(20) => {
            let depth = [10, 100, 127, 128, 200, 2_000][rng.below(6)];
            format!("{}1{}", "[".repeat(depth), "]".repeat(depth))
        }
        6 => format!("\"name {}\"", rng.below(1_000)),
        _ => (*rng.choose(&SCALARS)).to_owned(),
    };
    Json::Raw(text)
}

/// Returns the body of a request: the example of the operation, mostly changed.
pub(super) fn body(example: &Value, rng: &mut Rng, pool: &[String]) -> String {
    if rng.percent(3) {
        return (*rng.choose(&GARBAGE)).to_owned();
    }
    let mut json = Json::from(example);
    rename(&mut json, rng);
    if rng.percent(65) {
        for _ in 0..=rng.below(3) {
            json.mutate(rng, pool);
        }
    }
    json.text()
}

/// Gives the record another name, so that creating it does not conflict with an earlier one.
fn rename(json: &mut Json, rng: &mut Rng) {
    let Json::Object(fields) = json else { return };
    for (name, value) in fields {
        match name.as_str() {
            "entry" => rename(value, rng),
            "name" => *value = Json::Raw(format!("\"name {}\"", rng.below(50))),
            "groupId" => *value = Json::Raw(format!("\"grp_{}\"", rng.below(12))),
            "target" => *value = Json::Raw(format!("\"target-{}\"", rng.below(8))),
            _ => {}
        }
    }
}
