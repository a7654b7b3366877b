//! Replaces names, e-mail addresses, identifiers and other texts of a seed by invented ones of the same form.
//!
//! A text always gets the same pseudonym, which depends only on the text and the key, unless two texts would get the
//! same one. What the seed needs as it is (types, states, times, predefined objects) is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use chrono::DateTime;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value};
use sha2::Sha256;

/// The fields whose texts are kept: they are names of types, states, operators and other values of the vendors.
const KEPT_FIELDS: [&str; 38] = [
    "version",
    "type",
    "membership_type",
    "decision",
    "operator",
    "claim",
    "status",
    "state",
    "target_type",
    "operation",
    "template_version",
    "invite_type",
    "realm",
    "language",
    "notification_language",
    "country_code",
    "scopes",
    "label",
    "editable",
    "effect",
    "access",
    "action",
    "actions",
    "action_type",
    "pattern",
    "session_duration",
    "system_role_id",
    "quota_id",
    "auto_update",
    "error",
    "dialect",
    "role",
    "method",
    "auth_method",
    "integration_type",
    "created_on",
    "modified_on",
    "same_site_cookie_attribute",
];

/// The fields with tokens of a vendor's notation, in which only identifiers are replaced.
const NOTATION_FIELDS: [&str; 6] = ["key", "name_id_format", "role_id", "resource", "quota_url", "action_id"];

/// The attributes of IBM's policies whose values are names of the vendor.
const SERVICE_ATTRIBUTES: [&str; 6] =
    ["serviceName", "serviceType", "resourceType", "region", "service_group_id", "serviceInstanceType"];

/// The parts of identifiers that are kept, because the vendors recognize them.
const PREFIXES: [&str; 13] = [
    "iam-ServiceId-",
    "iam-Profile-",
    "iam-",
    "ServiceId-",
    "Profile-",
    "IBMid-",
    "AccessGroupTemplateId-",
    "AccessGroupId-",
    "ClaimRule-",
    "TemplateAssignment-",
    "policyTemplate-",
    "ServiceIdGroup-",
    "BluePagesGroup-",
];

/// The identifiers of objects that every account has.
const PREDEFINED: [&str; 4] = ["AccessGroupId-PublicAccess", "IBMid", "iam-ServiceId", "true"];

/// The domain below which all pseudonyms of domains are.
const DOMAIN: &str = "example.com";

/// The attempts to find a pseudonym that no other text has.
const MAX_ATTEMPTS: u32 = 256;

/// Replaces the texts of the seed, with pseudonyms that depend on `key`.
pub fn pseudonymize(seed: &mut Value, key: &[u8]) {
    let mut identifiers = BTreeSet::new();
    collect_identifiers("", seed, &mut identifiers);
    let mut pseudonyms = Pseudonyms { key, identifiers, texts: BTreeMap::new(), taken: BTreeSet::new() };
    let Some(sections) = seed.as_object_mut() else { return };
    for (name, section) in sections.iter_mut() {
        if name.starts_with('$') {
            continue;
        }
        let has_numeric_ids = name == "legacy";
        pseudonyms.replace("", section, has_numeric_ids);
    }
}

/// The pseudonyms of all texts so far.
struct Pseudonyms<'a> {
    key: &'a [u8],
    /// The identifiers of the seed, which are replaced also within other texts.
    identifiers: BTreeSet<String>,
    texts: BTreeMap<String, String>,
    taken: BTreeSet<String>,
}

impl Pseudonyms<'_> {
    /// Replaces the texts in `value`, which is that of `field`.
    fn replace(&mut self, field: &str, value: &mut Value, has_numeric_ids: bool) {
        match value {
            Value::String(text) => *text = self.text(field, text),
            Value::Number(number) if has_numeric_ids && (field == "id" || field.ends_with("_id")) => {
                if let Some(id) = number.as_u64().filter(|id| *id > 0) {
                    *number = self.number(id).into();
                }
            }
            Value::Array(items) => {
                items.iter_mut().for_each(|item| self.replace(field, item, has_numeric_ids))
            }
            Value::Object(fields) => {
                // The keys of these objects are identifiers, or paths with identifiers.
                let has_id_keys =
                    matches!(field, "accounts" | "zones" | "account_groups" | "account_group_names");
                let is_neighbors = field == "neighbors";
                let is_attribute = matches!(field, "attributes" | "tags") && fields.contains_key("value");
                let is_service = is_attribute
                    && ["name", "key"].iter().any(|name| {
                        fields
                            .get(*name)
                            .and_then(Value::as_str)
                            .is_some_and(|it| SERVICE_ATTRIBUTES.contains(&it))
                    });
                let mut replaced = Map::with_capacity(fields.len());
                for (name, mut value) in std::mem::take(fields) {
                    if (is_attribute && name == "name") || (is_service && name == "value") {
                        replaced.insert(name, value);
                        continue;
                    }
                    let inner = match field {
                        "account_groups" => "account_id",
                        "account_group_names" => "name",
                        _ => &name,
                    };
                    self.replace(inner, &mut value, has_numeric_ids);
                    let name = match (has_id_keys, is_neighbors) {
                        (true, _) => self.identifier(&name),
                        (_, true) => self.neighbor_path(&name),
                        (false, false) => name,
                    };
                    replaced.insert(name, value);
                }
                *fields = replaced;
            }
            Value::Number(_) | Value::Bool(_) | Value::Null => {}
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
            let is_account = result.ends_with("a/");
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
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key).expect("HMAC accepts keys of any length");
        mac.update(&attempt.to_be_bytes());
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// Adds the identifiers of accounts and objects in `value`, which is that of `field`.
fn collect_identifiers(field: &str, value: &Value, identifiers: &mut BTreeSet<String>) {
    let is_id = matches!(field, "id" | "uid") || field.ends_with("_id") || field.ends_with("Id");
    match value {
        Value::String(text) if is_id && !KEPT_FIELDS.contains(&field) && !text.starts_with("crn:") => {
            identifiers.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| collect_identifiers(field, item, identifiers)),
        Value::Object(fields) => {
            for (name, value) in fields {
                if matches!(field, "accounts" | "zones" | "account_groups" | "account_group_names") {
                    identifiers.insert(name.clone());
                }
                collect_identifiers(name, value, identifiers);
            }
        }
        Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => {}
    }
}

/// Returns whether `text` is a UUID or a hexadecimal identifier of the usual lengths, in lower case.
fn is_identifier(text: &str) -> bool {
    let is_hex = |char: char| matches!(char, '0'..='9' | 'a'..='f');
    match text.len() {
        32 | 40 | 64 => text.chars().all(is_hex),
        36 => text.char_indices().all(|(index, char)| match index {
            8 | 13 | 18 | 23 => char == '-',
            _ => is_hex(char),
        }),
        _ => false,
    }
}

fn is_domain(text: &str) -> bool {
    text.contains('.')
        && text
            .split('.')
            .all(|label| !label.is_empty() && label.chars().all(|char| char.is_alphanumeric() || char == '-'))
}

/// Returns the length of the part of an identifier that is kept: the kind of an object, or the provider of a user.
fn prefix_length(text: &str) -> usize {
    if let Some(prefix) = PREFIXES.iter().find(|prefix| text.starts_with(**prefix)) {
        return prefix.len();
    }
    if let Some(bar) = text.find('|') {
        return bar + 1;
    }
    match text.find('_') {
        Some(end) if (2..=4).contains(&end) && text[..end].bytes().all(|byte| byte.is_ascii_lowercase()) => {
            end + 1
        }
        Some(_) | None => 0,
    }
}

/// Returns whether every account has the object `id`.
#[cfg(feature = "cloudflare")]
fn is_predefined(id: &str) -> bool {
    use crate::domain::cloudflare::predefined;
    predefined::is_predefined(id) || predefined::role(id).is_some()
}

/// Returns `false`: without the dialect there are no predefined objects.
#[cfg(not(feature = "cloudflare"))]
const fn is_predefined(_: &str) -> bool {
    false
}
