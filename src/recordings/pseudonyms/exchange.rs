//! The pseudonyms of an exchange: its URL, its bodies, and the links and errors in its response.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::super::bodies::parse_json;
use super::super::exchange::RecordedExchange;
use super::super::operations::{Hosts, RecordedOperation};
use super::vocabulary::{ERROR_FIELDS, collect_identifiers};
use super::{Pseudonyms, Rules};
use crate::http::base_url::encode_component;

/// The query parameters whose values are words of the vendor.
const KEPT_PARAMETERS: [&str; 7] =
    ["sort", "order", "direction", "service_name", "service_group_id", "policy_type", "format"];

/// The query parameters that select a part of a list.
const PAGES: [&str; 8] = ["limit", "offset", "page", "per_page", "pagesize", "pagetoken", "start", "cursor"];

/// The methods by which a resource of a link is found.
const LINK_METHODS: [&str; 4] = ["GET", "PUT", "DELETE", "POST"];

/// The operations whose responses show nothing of the account.
const WITHOUT_OBJECTS: [&str; 1] = ["create_token"];

/// The lists that are sorted by name also if the request does not ask for it.
const SORTED_BY_NAME: [(&str, &str); 1] = [("ibm", "list_access_groups")];

/// The least length of a text that is replaced within the texts of errors.
const MIN_SENT_BYTES: usize = 2;

/// The texts of a request with their replacements.
#[derive(Default)]
struct Sent(Vec<(String, String)>);

/// Returns the reason why the response to a request is another one with pseudonyms.
pub(in super::super) fn why_another_response(operation: &RecordedOperation) -> Option<&'static str> {
    let is_page = PAGES.iter().any(|name| operation.query(name).is_some());
    let is_sorted =
        operation.query("sort").is_some() || SORTED_BY_NAME.contains(&(operation.dialect(), operation.id()));
    if operation.query("search").is_some() {
        Some("a search for a part of a name finds other objects with pseudonyms")
    } else if is_page && is_sorted {
        Some("a page of a sorted list shows other objects with pseudonyms")
    } else {
        None
    }
}

impl Pseudonyms {
    /// Returns the exchange with the texts replaced, except for its headers.
    pub(in super::super) fn replace_in_exchange(
        &mut self,
        exchange: &RecordedExchange,
        operation: &RecordedOperation,
        hosts: &Hosts,
    ) -> RecordedExchange {
        let mut replaced = exchange.clone();
        let has_numeric_ids = operation.dialect() == "legacy";
        let mut sent = Sent::default();
        for (name, value) in operation.params.iter().chain(&operation.query) {
            if name.ends_with("id") {
                self.identifiers.insert(value.clone());
            }
        }
        replaced.url = self.operation_url(&exchange.url, operation, &mut sent);
        if let Ok(mut json) = parse_json(&exchange.request.body) {
            let original = json.clone();
            self.replace_in_body(&mut json, Rules { has_numeric_ids, links: Some(hosts) });
            sent.add_all(&original, &json);
            replaced.request.body = json.to_string().into_bytes();
        }
        sent.0.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        if let Ok(mut json) = parse_json(&exchange.response.body) {
            if exchange.status < 400 && !WITHOUT_OBJECTS.contains(&operation.id()) {
                self.replace_in_body(&mut json, Rules { has_numeric_ids, links: Some(hosts) });
            }
            sent.replace_in_errors(&mut json, exchange.status >= 400);
            replaced.response.body = json.to_string().into_bytes();
        }
        for (_, value) in replaced.response.headers.iter_mut().filter(|(name, _)| name == "location") {
            if let Some(link) = self.link(value, hosts) {
                *value = link;
            }
        }
        replaced
    }

    fn replace_in_body(&mut self, body: &mut Value, rules: Rules<'_>) {
        collect_identifiers("", body, &mut self.identifiers);
        self.replace("", body, rules);
    }

    /// Returns the link to an operation with the identifiers replaced; `None` for another text.
    pub(super) fn link(&mut self, text: &str, hosts: &Hosts) -> Option<String> {
        if !text.contains("://") {
            return None;
        }
        // A link can lead to a resource that cannot be read.
        let operation = LINK_METHODS.iter().find_map(|method| hosts.find(method, text).ok())?;
        Some(self.operation_url(text, &operation, &mut Sent::default()))
    }

    /// Returns the replacement of a text that consists of two texts of the seed, such as a first and a last name.
    pub(super) fn full_name(&self, text: &str) -> Option<String> {
        let (first, last) = text.split_once(' ').filter(|_| !self.texts.contains_key(text))?;
        Some(format!("{} {}", self.texts.get(first)?, self.texts.get(last)?))
    }

    /// Returns the URL of an operation with the parameters replaced, and notes each with its replacement.
    fn operation_url(&mut self, url: &str, operation: &RecordedOperation, sent: &mut Sent) -> String {
        let (path, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
        let trimmed = path.trim_end_matches('/');
        let mut segments: Vec<String> = trimmed.split('/').map(str::to_owned).collect();
        let template = operation.operation.path.trim_end_matches('/').split('/');
        for (segment, template) in segments.iter_mut().rev().zip(template.rev()) {
            let Some((name, _)) = template.strip_prefix('{').and_then(|rest| rest.split_once('}')) else {
                continue;
            };
            let value = percent_decode_str(segment).decode_utf8_lossy().into_owned();
            let replaced = self.parameter(operation, name, &value);
            if replaced != value {
                *segment = encode_component(&replaced).to_string();
                sent.add(&value, &replaced);
            }
        }
        let path = format!("{}{}", segments.join("/"), &path[trimmed.len()..]);
        let Some(query) = query else { return path };
        let pairs = query.split('&').map(|pair| {
            let Some((name, value)) = pair.split_once('=') else { return pair.to_owned() };
            let value = percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned();
            if is_kept(operation, name) {
                return pair.to_owned();
            }
            let parts = if name.ends_with("id") { value.split(',').collect() } else { vec![value.as_str()] };
            let replaced: Vec<String> =
                parts.iter().map(|part| self.parameter(operation, name, part)).collect();
            parts.iter().zip(&replaced).for_each(|(part, replaced)| sent.add(part, replaced));
            format!("{name}={}", encode_component(&replaced.join(",")))
        });
        let pairs: Vec<String> = pairs.collect();
        format!("{path}?{}", pairs.join("&"))
    }

    /// Returns the replacement of the value of a parameter.
    fn parameter(&mut self, operation: &RecordedOperation, name: &str, value: &str) -> String {
        if operation.dialect() == "legacy" {
            let (stem, suffix) = value.split_at(value.find('.').unwrap_or(value.len()));
            return match stem.parse::<u64>() {
                Ok(id) if id > 0 => format!("{}{suffix}", self.number(id)),
                Ok(_) | Err(_) => value.to_owned(),
            };
        }
        self.text(name, value)
    }
}

/// Returns whether the values of a query parameter are not replaced: numbers, booleans and fixed lists of values.
fn is_kept(operation: &RecordedOperation, name: &str) -> bool {
    let mut parameters = operation.operation.parameters.iter();
    let schema = parameters.find(|it| it.name == name && it.location == "query").map(|it| it.schema);
    let is_text = |schema: &str| !["integer", "boolean", "enum"].iter().any(|word| schema.contains(word));
    KEPT_PARAMETERS.contains(&name) || PAGES.contains(&name) || schema.is_some_and(|schema| !is_text(schema))
}

impl Sent {
    fn add(&mut self, text: &str, replacement: &str) {
        if text != replacement && text.len() >= MIN_SENT_BYTES {
            self.0.push((text.to_owned(), replacement.to_owned()));
        }
    }

    /// Adds the texts of a JSON value with their replacements.
    fn add_all(&mut self, original: &Value, replaced: &Value) {
        match (original, replaced) {
            (Value::String(text), Value::String(replacement)) => self.add(text, replacement),
            (Value::Array(items), Value::Array(others)) => {
                items.iter().zip(others).for_each(|(item, other)| self.add_all(item, other));
            }
            (Value::Object(fields), Value::Object(others)) => {
                fields.values().zip(others.values()).for_each(|(value, other)| self.add_all(value, other));
            }
            (_, _) => {}
        }
    }

    /// Replaces what was sent within the texts of errors: all of them in the response to a request that failed.
    fn replace_in_errors(&self, value: &mut Value, is_error: bool) {
        match value {
            Value::String(text) if is_error => *text = self.replace_in_text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.replace_in_errors(item, is_error)),
            Value::Object(fields) => {
                for (name, value) in fields.iter_mut() {
                    self.replace_in_errors(value, is_error || ERROR_FIELDS.contains(&name.as_str()));
                }
            }
            Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => {}
        }
    }

    /// Replaces whole words, and the longest text first, which may contain another one.
    fn replace_in_text(&self, text: &str) -> String {
        let mut result = String::with_capacity(text.len());
        let mut rest = text;
        let mut is_start = true;
        while let Some(char) = rest.chars().next() {
            let is_whole = |text: &str| {
                rest.starts_with(text)
                    && !rest[text.len()..].chars().next().is_some_and(char::is_alphanumeric)
            };
            let found = self.0.iter().find(|(text, _)| is_start && is_whole(text));
            let (done, replacement) = match found {
                Some((text, replacement)) => (text.as_str(), replacement.as_str()),
                None => (&rest[..char.len_utf8()], &rest[..char.len_utf8()]),
            };
            result.push_str(replacement);
            is_start = !done.ends_with(char::is_alphanumeric);
            rest = &rest[done.len()..];
        }
        result
    }
}
