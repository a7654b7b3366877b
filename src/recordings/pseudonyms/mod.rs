//! Replaces names, e-mail addresses, identifiers and other texts of a seed by invented ones of the same form, and those
//! of exchanges by the same ones.
//!
//! A text always gets the same pseudonym, which depends only on the text and the key, unless two texts would get the
//! same one. What the seed needs as it is (types, states, times, predefined objects) is kept.

mod exchange;
mod vocabulary;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::IpAddr;

use chrono::DateTime;
use hmac_sha256::HMAC;
use serde_json::{Map, Value};

use super::operations::Hosts;
pub(super) use exchange::why_another_response;
use vocabulary::{ERROR_FIELDS, KEPT_FIELDS, NOTATION_FIELDS, PREDEFINED, SERVICE_ATTRIBUTES};
use vocabulary::{collect_identifiers, is_domain, is_identifier, is_of_vendor, is_predefined, prefix_length};

/// The domain below which all pseudonyms of domains are.
const DOMAIN: &str = "example.com";

/// What is between the template and the account in the identifier of an assignment.
const TARGET: &str = "-Target-";

/// The attempts to find a pseudonym that no other text has.
const MAX_ATTEMPTS: u32 = 256;

/// Replaces the texts of the seed, with pseudonyms that depend on `key`.
pub fn pseudonymize(seed: &mut Value, key: &[u8]) {
    Pseudonyms::new(key).replace_in_seed(seed);
}

/// The pseudonyms of all texts so far.
pub struct Pseudonyms {
    key: Vec<u8>,
    /// The identifiers of objects, which are replaced also within other texts.
    identifiers: BTreeSet<String>,
    texts: BTreeMap<String, String>,
    taken: BTreeSet<String>,
}

impl fmt::Debug for Pseudonyms {
    /// Writes nothing: the key and the texts are secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Pseudonyms").finish_non_exhaustive()
    }
}

/// How the texts of a JSON value are replaced.
#[derive(Clone, Copy)]
struct Rules<'a> {
    /// Whether the identifiers are numbers.
    has_numeric_ids: bool,
    /// The hosts to which links lead; in a seed there are none.
    links: Option<&'a Hosts>,
}

impl Pseudonyms {
    /// Returns pseudonyms that depend on `key`.
    pub fn new(key: &[u8]) -> Self {
        Self {
            key: key.to_vec(),
            identifiers: BTreeSet::new(),
            texts: BTreeMap::new(),
            taken: BTreeSet::new(),
        }
    }

    /// Replaces the texts of a seed.
    pub fn replace_in_seed(&mut self, seed: &mut Value) {
        collect_identifiers("", seed, &mut self.identifiers);
        let Some(sections) = seed.as_object_mut() else { return };
        for (name, section) in sections.iter_mut().filter(|(name, _)| !name.starts_with('$')) {
            self.replace("", section, Rules { has_numeric_ids: name == "legacy", links: None });
        }
    }

    /// Replaces the texts in `value`, which is that of `field`.
    fn replace(&mut self, field: &str, value: &mut Value, rules: Rules<'_>) {
        match value {
            Value::String(text) => {
                let known =
                    rules.links.and_then(|hosts| self.link(text, hosts).or_else(|| self.full_name(text)));
                *text = known.unwrap_or_else(|| self.text(field, text));
            }
            Value::Number(number) if rules.has_numeric_ids && (field == "id" || field.ends_with("_id")) => {
                if let Some(id) = number.as_u64().filter(|id| *id > 0) {
                    *number = self.number(id).into();
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.replace(field, item, rules)),
            Value::Object(fields) if is_of_vendor(fields) => {}
            Value::Object(fields) => self.replace_fields(field, fields, rules),
            Value::Number(_) | Value::Bool(_) | Value::Null => {}
        }
    }

    /// Replaces the texts in an object, which is the value of `field`.
    fn replace_fields(&mut self, field: &str, fields: &mut Map<String, Value>, rules: Rules<'_>) {
        // The keys of these objects are identifiers, or paths with identifiers.
        let has_id_keys = matches!(field, "accounts" | "zones" | "account_groups" | "account_group_names");
        let is_neighbors = field == "neighbors";
        let is_attribute = matches!(field, "attributes" | "tags") && fields.contains_key("value");
        let is_vendors = |name: &&str| {
            fields.get(*name).and_then(Value::as_str).is_some_and(|it| SERVICE_ATTRIBUTES.contains(&it))
        };
        let is_service = is_attribute && ["name", "key"].iter().any(is_vendors);
        for (name, mut value) in std::mem::take(fields) {
            let is_error = rules.links.is_some() && ERROR_FIELDS.contains(&name.as_str());
            if is_error || (is_attribute && name == "name") || (is_service && name == "value") {
                fields.insert(name, value);
                continue;
            }
            let inner = match field {
                "account_groups" => "account_id",
                "account_group_names" => "name",
                _ => &name,
            };
            self.replace(inner, &mut value, rules);
            let name = match (has_id_keys, is_neighbors) {
                (true, _) => self.identifier(&name),
                (_, true) => self.neighbor_path(&name),
                (false, false) => name,
            };
            fields.insert(name, value);
        }
    }

    /// Returns the path of a list of neighbors with replaced identifiers: `access/apps/{id}/policies`.
    fn neighbor_path(&mut self, path: &str) -> String {
        let segments: Vec<&str> = path.split('/').collect();
        // An identifier is between the names of two lists.
        let is_id = |index: usize| index + 2 == segments.len() && segments.len() > 2;
        let replaced = segments.iter().enumerate().map(|(index, segment)| {
            if is_id(index) { self.identifier(segment) } else { (*segment).to_owned() }
        });
        replaced.collect::<Vec<_>>().join("/")
    }

    /// Returns the replacement of the text of a field.
    fn text(&mut self, field: &str, text: &str) -> String {
        let is_kept = KEPT_FIELDS.contains(&field)
            || text.is_empty()
            || text == "[redacted]"
            || DateTime::parse_from_rfc3339(text).is_ok()
            || matches!(text.trim_matches('"'), "true" | "false" | "*");
        if is_kept {
            return text.to_owned();
        }
        let is_notation = ["crn:", "com.cloudflare.", "/"].iter().any(|start| text.starts_with(start));
        if is_notation || NOTATION_FIELDS.contains(&field) {
            return self.notation(text);
        }
        if let Some((scheme, rest)) = text.split_once("://") {
            return self.url(scheme, rest);
        }
        if let Some((local, domain)) = text.rsplit_once('@').filter(|(_, domain)| is_domain(domain)) {
            return format!("{}@{}", self.form(local), self.domain(domain));
        }
        if let Some(address) = self.address(text) {
            return address;
        }
        if field == "domain" && is_domain(text) {
            return self.domain(text);
        }
        self.identifier(text)
    }

    /// Returns the replacement of an identifier, or of any other text: its prefix is kept.
    fn identifier(&mut self, text: &str) -> String {
        if PREDEFINED.contains(&text) || is_predefined(text) {
            return text.to_owned();
        }
        if text.starts_with("crn:") {
            return self.notation(text);
        }
        if let Some((template, account)) = text.split_once(TARGET) {
            return format!("{}{TARGET}{}", self.identifier(template), self.identifier(account));
        }
        let length = prefix_length(text);
        let (prefix, rest) = text.split_at(length);
        format!("{prefix}{}", self.form(rest))
    }

    /// Replaces only the tokens that are identifiers: UUIDs, hexadecimal ones, and those of objects of the seed.
    fn notation(&mut self, text: &str) -> String {
        let mut result = String::with_capacity(text.len());
        let mut rest = text;
        loop {
            let end = rest.find([':', '/', '.']).unwrap_or(rest.len());
            let token = &rest[..end];
            // The scope of a CRN; an identifier before a slash can also end with an `a`.
            let is_account = result.ends_with(":a/");
            let is_id = is_account || is_identifier(token) || self.identifiers.contains(token);
            result.push_str(&if is_id { self.identifier(token) } else { token.to_owned() });
            let Some(separator) = rest[end..].chars().next() else { return result };
            result.push(separator);
            rest = &rest[end + 1..];
        }
    }

    fn url(&mut self, scheme: &str, rest: &str) -> String {
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let host = authority.rsplit('@').next().unwrap_or_default();
        let host = host.split(':').next().unwrap_or_default();
        format!("{scheme}://{}{}", self.domain(host), self.form(path))
    }

    fn domain(&mut self, domain: &str) -> String {
        let label: String = domain.chars().map(|char| if char == '.' { '-' } else { char }).collect();
        format!("{}.{DOMAIN}", self.form(&label))
    }

    /// Returns an address of the ranges for documentation in the place of an IP address, with its prefix length.
    fn address(&self, text: &str) -> Option<String> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, format!("/{length}")),
            None => (text, String::new()),
        };
        let bytes = self.digest(address, 0);
        Some(match address.parse::<IpAddr>().ok()? {
            IpAddr::V4(_) => format!("203.0.113.{}{length}", bytes[0]),
            IpAddr::V6(_) => format!("2001:db8::{:x}{:02x}{length}", bytes[0], bytes[1]),
        })
    }

    /// Returns the pseudonym of an id of FlickRocket, which is a positive 32-bit number.
    fn number(&mut self, id: u64) -> u64 {
        let text = format!("number {id}");
        if let Some(known) = self.texts.get(&text).and_then(|known| known.parse().ok()) {
            return known;
        }
        let mut attempt = 0;
        loop {
            let bytes = self.digest(&text, attempt);
            let number = u64::from(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) >> 2) + 1;
            if self.taken.insert(format!("number {number}")) || attempt > MAX_ATTEMPTS {
                self.texts.insert(text, number.to_string());
                return number;
            }
            attempt += 1;
        }
    }

    /// Returns a text of the same form: each letter and digit is replaced by another one of its class.
    fn form(&mut self, text: &str) -> String {
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        if !text.chars().any(char::is_alphanumeric) {
            return text.to_owned();
        }
        let mut attempt = 0;
        let pseudonym = loop {
            let mut pseudonym = self.form_once(text, attempt);
            if attempt > MAX_ATTEMPTS {
                // There are more texts of this form than pseudonyms.
                pseudonym.push_str(&attempt.to_string());
            }
            if self.taken.insert(pseudonym.clone()) {
                break pseudonym;
            }
            attempt += 1;
        };
        self.texts.insert(text.to_owned(), pseudonym.clone());
        pseudonym
    }

    fn form_once(&self, text: &str, attempt: u32) -> String {
        let is_hex = is_identifier(text);
        let mut bytes = Vec::new();
        let mut pseudonym = String::with_capacity(text.len());
        for (index, char) in text.chars().enumerate() {
            if index % 32 == 0 {
                let block = u32::try_from(index / 32).unwrap_or(u32::MAX);
                bytes = self.digest(&format!("{block} {text}"), attempt).to_vec();
            }
            let byte = bytes[index % 32];
            let is_version = is_hex && text.len() == 36 && (index == 14 || index == 19);
            pseudonym.push(match char {
                _ if is_version => char,
                'a'..='f' | '0'..='9' if is_hex => char::from(b"0123456789abcdef"[usize::from(byte % 16)]),
                '0'..='9' => char::from(b'0' + byte % 10),
                char if char.is_uppercase() => char::from(b'A' + byte % 26),
                char if char.is_alphanumeric() => char::from(b'a' + byte % 26),
                char => char,
            });
        }
        pseudonym
    }

    fn digest(&self, text: &str, attempt: u32) -> [u8; 32] {
        HMAC::mac([&attempt.to_be_bytes(), text.as_bytes()].concat(), &self.key)
    }
}
