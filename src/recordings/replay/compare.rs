//! Compares a response of the replay with the recorded one.

use std::collections::BTreeSet;

use axum::http::HeaderMap;
use serde_json::Value;

use super::super::bodies::parse_json;
use super::super::exchange::Message;
use super::super::operations::RecordedOperation;
use super::bindings::{Bindings, NumberKind};
use super::difference::{Difference, DifferenceKind};
use super::volatile::{BOUND_HEADERS, COMMON_HEADERS, CURSORS, Volatile};
use crate::control::redaction;

/// The maximum length of a value in the report.
const MAX_SHOWN_CHARS: usize = 200;

/// The fields by which the items of a list are found in another order, the first one that all items have.
const ITEM_NAMES: [&str; 8] = ["id", "iam_id", "groupId", "recordId", "roleId", "userId", "name", "email"];

/// A response of the replay.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// The comparison of one exchange.
pub(super) struct Comparison<'a> {
    pub(super) operation: &'a RecordedOperation,
    pub(super) bindings: &'a mut Bindings,
    /// The base URL of the recorded links and of those of the replay, if they differ.
    pub(super) base_urls: (&'a str, &'a str),
    /// The URL and the body of the recorded request: what the client has chosen is not drawn by the service.
    pub(super) sent: &'a str,
    /// Whether the items of a list may be in another order.
    pub(super) ignores_order: bool,
    pub(super) differences: Vec<Difference>,
}

impl Comparison<'_> {
    /// Compares the responses.
    pub(super) fn compare(&mut self, (status, recorded): (u16, &Message), actual: &Response, has_body: bool) {
        if status != actual.status {
            self.add(
                DifferenceKind::Status,
                "status",
                Some(status.to_string()),
                Some(actual.status.to_string()),
            );
            // The other parts of responses with different statuses differ anyway.
            return;
        }
        // Cassettes can be without any headers.
        if !recorded.headers.is_empty() {
            self.headers(recorded, &actual.headers);
        }
        if has_body && recorded.missing.is_none() {
            self.body(&recorded.body, &actual.body);
        }
    }

    fn volatile(&self) -> &'static Volatile {
        Volatile::of(self.operation.dialect())
    }

    fn headers(&mut self, recorded: &Message, actual: &HeaderMap) {
        let api = self.operation.api.headers.iter().map(|(name, _)| name.to_ascii_lowercase());
        let operation = self.operation.operation.responses().flat_map(|response| response.headers);
        let names: BTreeSet<String> = api
            .chain(operation.map(|(name, _)| name.to_ascii_lowercase()))
            .chain(COMMON_HEADERS.map(str::to_owned))
            .collect();
        for name in names {
            let path = format!("header {name}");
            let found = actual.get(&name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
            match (recorded.header(&name), found) {
                (None, None) => {}
                (Some(value), None) => self.add(DifferenceKind::Missing, &path, Some(value.to_owned()), None),
                (None, Some(value)) => self.add(DifferenceKind::Additional, &path, None, Some(value)),
                (Some(recorded), Some(actual)) => self.header(&name, recorded, &actual),
            }
        }
    }

    fn header(&mut self, name: &str, recorded: &str, actual: &str) {
        let (kind, is_equal) = match name {
            "content-type" => (DifferenceKind::MediaType, media_type(recorded) == media_type(actual)),
            name if BOUND_HEADERS.contains(&name) => {
                (DifferenceKind::Header, self.bindings.matches(recorded, actual, true))
            }
            name if self.volatile().headers.contains(&name) => return,
            "location" if self.volatile().has_numeric_ids => {
                (DifferenceKind::Header, self.numeric_locations_match(recorded, actual))
            }
            _ => (DifferenceKind::Header, self.texts_match(recorded, actual, false)),
        };
        if !is_equal {
            self.add(kind, &format!("header {name}"), Some(recorded.to_owned()), Some(actual.to_owned()));
        }
    }

    fn body(&mut self, recorded: &[u8], actual: &[u8]) {
        match (recorded.is_empty(), actual.is_empty()) {
            (true, true) => return,
            (true, false) => return self.add(DifferenceKind::Additional, "body", None, Some(lossy(actual))),
            (false, true) => return self.add(DifferenceKind::Missing, "body", Some(lossy(recorded)), None),
            (false, false) => {}
        }
        match (parse_json(recorded), parse_json(actual)) {
            (Ok(recorded), Ok(actual)) => self.json("$", "", &recorded, &actual),
            _ if recorded == actual => {}
            _ => self.add(DifferenceKind::Value, "body", Some(lossy(recorded)), Some(lossy(actual))),
        }
    }

    /// Compares two JSON values; `field` is the name of the innermost field that contains them.
    fn json(&mut self, path: &str, field: &str, recorded: &Value, actual: &Value) {
        if self.volatile().ignores(self.operation.id(), field) {
            return;
        }
        match (recorded, actual) {
            (Value::Object(recorded), Value::Object(actual)) => {
                for (name, value) in recorded {
                    let path = child(path, name);
                    match actual.get(name) {
                        Some(actual) => self.json(&path, name, value, actual),
                        None => self.add(DifferenceKind::Missing, &path, Some(shown(value)), None),
                    }
                }
                for (name, value) in actual.iter().filter(|(name, _)| !recorded.contains_key(*name)) {
                    self.add(DifferenceKind::Additional, &child(path, name), None, Some(shown(value)));
                }
            }
            (Value::Array(recorded), Value::Array(actual)) => self.array(path, field, recorded, actual),
            (Value::String(left), Value::String(right)) => {
                let is_drawn = self.volatile().drawn.contains(&field) && !self.sent.contains(left.as_str());
                if !self.texts_match(left, right, is_drawn) {
                    self.add(DifferenceKind::Value, path, Some(shown(recorded)), Some(shown(actual)));
                }
            }
            (Value::Number(left), Value::Number(right)) => {
                let kind = NumberKind::of(parent(path), field).filter(|_| self.volatile().has_numeric_ids);
                let is_equal = match (kind, left.as_u64(), right.as_u64()) {
                    (Some(kind), Some(left), Some(right)) => self.bindings.bind_number(kind, left, right),
                    _ => left == right || left.as_f64() == right.as_f64(),
                };
                if !is_equal {
                    self.add(DifferenceKind::Value, path, Some(shown(recorded)), Some(shown(actual)));
                }
            }
            (left, right) if type_name(left) != type_name(right) => {
                let (left, right) = (type_name(left).to_owned(), type_name(right).to_owned());
                self.add(DifferenceKind::Type, path, Some(left), Some(right));
            }
            (left, right) if left != right => {
                self.add(DifferenceKind::Value, path, Some(shown(left)), Some(shown(right)));
            }
            (_, _) => {}
        }
    }

    fn array(&mut self, path: &str, field: &str, recorded: &[Value], actual: &[Value]) {
        let order = self.other_order(field, recorded, actual);
        if let Some(positions) = &order {
            if !self.ignores_order && !self.depends_on_drawn_ids(recorded, actual, positions) {
                self.add(DifferenceKind::Order, path, Some(names(recorded)), Some(names(actual)));
            }
            for (index, position) in positions.iter().enumerate() {
                self.json(&format!("{path}[{index}]"), field, &recorded[index], &actual[*position]);
            }
            return;
        }
        for (index, (recorded, actual)) in recorded.iter().zip(actual).enumerate() {
            self.json(&format!("{path}[{index}]"), field, recorded, actual);
        }
        for (index, item) in recorded.iter().enumerate().skip(actual.len()) {
            self.add(DifferenceKind::Missing, &format!("{path}[{index}]"), Some(shown(item)), None);
        }
        for (index, item) in actual.iter().enumerate().skip(recorded.len()) {
            self.add(DifferenceKind::Additional, &format!("{path}[{index}]"), None, Some(shown(item)));
        }
    }

    /// Returns the position of the counterpart of each recorded item, if all are there in another order.
    fn other_order(&self, field: &str, recorded: &[Value], actual: &[Value]) -> Option<Vec<usize>> {
        if recorded.len() != actual.len() || recorded.len() < 2 {
            return None;
        }
        // An identifier that is drawn helps only once it is bound; then the names of the items are compared.
        ITEM_NAMES.iter().find_map(|name| {
            let key = |item: &Value| match item {
                Value::Object(fields) => fields.get(*name).cloned(),
                Value::String(_) => Some(item.clone()),
                _ => None,
            };
            let recorded = recorded
                .iter()
                .map(|item| key(item).map(|key| self.counterpart(&key, NumberKind::of(field, name))));
            let recorded: Vec<Value> = recorded.collect::<Option<_>>()?;
            let actual: Vec<Value> = actual.iter().map(key).collect::<Option<_>>()?;
            if recorded == actual {
                return Some(None);
            }
            let position = |key: &Value| actual.iter().position(|other| other == key);
            let positions: Vec<usize> = recorded.iter().map(position).collect::<Option<_>>()?;
            let distinct: BTreeSet<usize> = positions.iter().copied().collect();
            (distinct.len() == positions.len()).then_some(Some(positions))
        })?
    }

    /// Returns whether only items of the same name are in another order, and their identifiers are drawn: a list that is
    /// sorted by name has them in the order of the identifiers, which is another one in each replay.
    fn depends_on_drawn_ids(&self, recorded: &[Value], actual: &[Value], positions: &[usize]) -> bool {
        let has_same_name =
            |(left, right): (&Value, &Value)| left["name"].is_string() && left["name"] == right["name"];
        let is_drawn =
            |item: &Value| item["id"].as_str().is_some_and(|id| *self.bindings.substitute(id) != *id);
        let mut moved = positions.iter().enumerate().filter(|(index, position)| index != *position);
        recorded.iter().zip(actual).all(has_same_name) && moved.any(|(index, _)| is_drawn(&recorded[index]))
    }

    fn counterpart(&self, value: &Value, kind: Option<NumberKind>) -> Value {
        match (value, kind) {
            (Value::String(text), _) => self.bindings.substitute(text).into(),
            (Value::Number(number), Some(kind)) => match number.as_u64() {
                Some(number) => self.bindings.substitute_number(kind, number).into(),
                None => value.clone(),
            },
            (other, _) => other.clone(),
        }
    }

    fn texts_match(&mut self, recorded: &str, actual: &str, is_drawn: bool) -> bool {
        if let (Some((recorded, left)), Some((actual, right))) =
            (split_cursor(recorded), split_cursor(actual))
        {
            return self.bindings.matches(&left, &right, true) && self.texts_match(&recorded, &actual, false);
        }
        let (recorded_base, actual_base) = self.base_urls;
        if recorded_base != actual_base && recorded.contains(recorded_base) {
            let recorded = recorded.replace(recorded_base, actual_base);
            return self.bindings.matches(&recorded, actual, false);
        }
        self.bindings.matches(recorded, actual, is_drawn)
    }

    /// Compares the URLs of objects whose identifiers are numbers.
    fn numeric_locations_match(&mut self, recorded: &str, actual: &str) -> bool {
        match (split_number(recorded), split_number(actual)) {
            (Some((start, number, end)), Some((actual_start, actual_number, actual_end))) => {
                end == actual_end
                    && self.texts_match(start, actual_start, false)
                    && self.bindings.bind_number(NumberKind::Group, number, actual_number)
            }
            (_, _) => self.texts_match(recorded, actual, false),
        }
    }

    fn add(&mut self, kind: DifferenceKind, path: &str, recorded: Option<String>, actual: Option<String>) {
        let shown = |value: String| shorten(&redaction::text(&value));
        self.differences.push(Difference {
            kind,
            path: path.to_owned(),
            recorded: recorded.map(shown),
            actual: actual.map(shown),
            is_accepted: false,
        });
    }
}

/// Splits a link with a position in a list into the link without the position, and the decoded position.
fn split_cursor(link: &str) -> Option<(String, String)> {
    let query = link.find('?').filter(|_| link.contains("://"))?;
    let (start, name) = CURSORS.iter().find_map(|name| {
        let at = link[query..].find(name)? + query;
        link[..at].ends_with(['?', '&']).then_some((at, name))
    })?;
    let value = start + name.len();
    let end = link[value..].find('&').map_or(link.len(), |length| value + length);
    let position = percent_encoding::percent_decode_str(&link[value..end]).decode_utf8_lossy().into_owned();
    Some((format!("{}{}", &link[..start], &link[end..]), position))
}

/// Splits a URL before and after the number at the start of its last segment.
fn split_number(url: &str) -> Option<(&str, u64, &str)> {
    let (start, last) = url.split_at(url.rfind('/')? + 1);
    let (number, end) = last.split_at(last.find('.').unwrap_or(last.len()));
    Some((start, number.parse().ok()?, end))
}

/// Returns the names of the items of a list for the report.
fn names(items: &[Value]) -> String {
    items.iter().map(|item| shown(&item[name_of(items)])).collect::<Vec<_>>().join(", ")
}

/// Returns the first of [`ITEM_NAMES`] that all items have.
fn name_of(items: &[Value]) -> &'static str {
    let is_everywhere = |name: &&&str| items.iter().all(|item| item.get(**name).is_some());
    ITEM_NAMES.iter().find(is_everywhere).copied().unwrap_or("id")
}

/// Returns the field that contains the object, or the list of objects, of a field with this path.
fn parent(path: &str) -> &str {
    let object = path.rsplit_once('.').map_or("", |(object, _)| object);
    let name = object.rsplit_once('.').map_or(object, |(_, name)| name);
    name.split_once('[').map_or(name, |(name, _)| name)
}

/// Returns the path of a field: in brackets if it is no plain name.
fn child(path: &str, name: &str) -> String {
    let is_plain = !name.is_empty() && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
    if is_plain { format!("{path}.{name}") } else { format!("{path}[{}]", Value::from(name)) }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Returns a JSON value for the report, without credentials.
fn shown(value: &Value) -> String {
    lossy(&redaction::body(value.to_string().as_bytes()))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Returns a media type in lower case and without whitespace.
fn media_type(text: &str) -> String {
    text.chars().filter(|char| !char.is_whitespace()).collect::<String>().to_ascii_lowercase()
}
