//! The rules of an Access group, which are stored as written and validated as strictly as configured.

use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::config::RuleCheck;
use crate::json::{end_of_string, minify};
use crate::spec::{Violation, Violations};
use crate::store::unshared_arc_bytes;

/// The known kinds of rules and the fields that each kind requires, in the order of the specification.
pub const KINDS: [(&str, &[&str]); 26] = [
    ("group", &["id"]),
    ("any_valid_service_token", &[]),
    ("auth_context", &["id", "ac_id", "identity_provider_id"]),
    ("auth_method", &["auth_method"]),
    ("azureAD", &["id", "identity_provider_id"]),
    ("certificate", &[]),
    ("common_name", &["common_name"]),
    ("geo", &["country_code"]),
    ("device_posture", &["integration_uid"]),
    ("email_domain", &["domain"]),
    ("email_list", &["id"]),
    ("email", &["email"]),
    ("everyone", &[]),
    ("external_evaluation", &["evaluate_url", "keys_url"]),
    ("github-organization", &["name", "identity_provider_id"]),
    ("gsuite", &["email", "identity_provider_id"]),
    ("login_method", &["id"]),
    ("ip_list", &["id"]),
    ("ip", &["ip"]),
    ("okta", &["name", "identity_provider_id"]),
    ("saml", &["attribute_name", "attribute_value", "identity_provider_id"]),
    ("oidc", &["claim_name", "claim_value", "identity_provider_id"]),
    ("service_token", &["token_id"]),
    ("linked_app_token", &["app_uid"]),
    ("user_risk_score", &["user_risk_score"]),
    ("cloudflare_account_member", &[]),
];

/// The scores that a `user_risk_score` may list.
const RISK_SCORES: [&str; 4] = ["low", "medium", "high", "unscored"];

/// The start of the reason of a violation by a rule of an unknown kind, followed by the quoted kind.
pub const UNKNOWN_KIND: &str = "unknown rule type: ";

/// A list of rules as JSON: the order of rules and fields and the notation of numbers stay as written.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Shared by the copies of the group.
    json: Arc<RawValue>,
    count: u32,
}

impl Rules {
    /// Returns the JSON array.
    pub fn json(&self) -> &RawValue {
        &self.json
    }

    /// Returns the number of rules.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// Returns the bytes of the JSON if `newer` does not share it.
    pub fn unshared_bytes(&self, newer: Option<&Self>) -> usize {
        unshared_arc_bytes(&self.json, newer.map(|newer| &newer.json), |json| json.get().len())
    }

    /// Returns an empty list.
    pub fn empty() -> Self {
        let json = RawValue::from_string("[]".to_owned()).expect("an empty array is JSON");
        Self { json: json.into(), count: 0 }
    }

    /// Parses the list in the field `path` and removes whitespace between its tokens.
    ///
    /// # Errors
    /// Every rule that is not an object; under [`RuleCheck::Lenient`] every rule with an unknown kind, too; and under
    /// [`RuleCheck::Strict`] every rule that does not have exactly one known kind with its required fields.
    pub fn parse(json: &RawValue, path: &str, check: RuleCheck) -> Result<Self, Violations> {
        let Some(counts) = ItemCounts::scan(json.get()) else {
            return Err(Violation::new(path, "must be an array").into());
        };
        let needs_check = match check {
            RuleCheck::Any => false,
            RuleCheck::Lenient => counts.may_have_unknown_kinds,
            RuleCheck::Strict => true,
        };
        if counts.objects < counts.items || needs_check {
            let violations = find_violations(json, path, check);
            if !violations.is_empty() {
                return Err(violations);
            }
        }
        let json = if counts.has_whitespace { minify(json) } else { json.to_owned() };
        Ok(Self { json: json.into(), count: counts.items })
    }
}

/// What one pass over a JSON array finds: the number of items, how many of them are objects, whether all of their fields
/// are known kinds, and whether there is whitespace between the tokens.
#[derive(Debug, PartialEq, Eq)]
struct ItemCounts {
    items: u32,
    objects: u32,
    /// Whether a field of an object is no known kind, or is written with an escape.
    may_have_unknown_kinds: bool,
    has_whitespace: bool,
}

impl ItemCounts {
    /// Counts the items in one pass over valid JSON; `None` if it is not an array.
    fn scan(json: &str) -> Option<Self> {
        let inside = json.strip_prefix('[')?;
        let is_empty = inside.trim_ascii_start().starts_with(']');
        let (mut commas, mut objects, mut depth) = (0, 0, 0_usize);
        let (mut may_have_unknown_kinds, mut has_whitespace) = (false, false);
        // Whether the next string is the name of a field of an item.
        let mut expects_field = false;
        let mut is_object = false;
        let bytes = json.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'"' => {
                    let end = end_of_string(bytes, at);
                    if expects_field {
                        may_have_unknown_kinds |= !is_kind(&bytes[at + 1..end]);
                        expects_field = false;
                    }
                    at = end;
                }
                b'[' | b'{' => {
                    if depth == 1 {
                        is_object = *byte == b'{';
                        objects += u32::from(is_object);
                        expects_field = is_object;
                    }
                    depth += 1;
                }
                b']' | b'}' => depth -= 1,
                b',' => {
                    commas += u32::from(depth == 1);
                    expects_field = depth == 2 && is_object;
                }
                byte => has_whitespace |= byte.is_ascii_whitespace(),
            }
            at += 1;
        }
        let items = if is_empty { 0 } else { commas + 1 };
        Some(Self { items, objects, may_have_unknown_kinds, has_whitespace })
    }
}

fn find_violations(rules: &RawValue, path: &str, check: RuleCheck) -> Violations {
    let mut parser = serde_json::Deserializer::from_str(rules.get());
    let visitor = RuleVisitor { path, check };
    parser.deserialize_seq(visitor).expect("the scan found an array")
}

/// Collects the violations of rules one by one, without a list of all rules.
struct RuleVisitor<'a> {
    path: &'a str,
    check: RuleCheck,
}

impl<'de> Visitor<'de> for RuleVisitor<'_> {
    type Value = Violations;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of rules")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rules: A) -> Result<Violations, A::Error> {
        let mut violations = Violations::new();
        let mut index = 0;
        while let Some(rule) = rules.next_element::<&RawValue>()? {
            let path = || format!("{}[{index}]", self.path);
            if !rule.get().starts_with('{') {
                violations.push_with(|| Violation::new(path(), "must be an object"));
            } else {
                let violation = match self.check {
                    RuleCheck::Any => None,
                    RuleCheck::Lenient => {
                        unknown_kind(rule.get()).map(|kind| unknown_kind_violation(path(), &kind))
                    }
                    RuleCheck::Strict => strict_violation(rule.get(), path()),
                };
                if let Some(violation) = violation {
                    violations.push(violation);
                }
            }
            index += 1;
        }
        Ok(violations)
    }
}

/// Returns whether a rule can be of the kind `name`.
fn is_kind(name: &[u8]) -> bool {
    KINDS.iter().any(|(kind, _)| kind.as_bytes() == name)
}

/// Returns the first field of a rule that is no known kind.
fn unknown_kind(rule: &str) -> Option<String> {
    let names =
        serde_json::from_str(rule).map_or_else(|error| vec![error.to_string()], |FieldNames(names)| names);
    names.into_iter().find(|name| !is_kind(name.as_bytes()))
}

/// The names of the fields of an object.
struct FieldNames(Vec<String>);

impl<'de> Deserialize<'de> for FieldNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldNamesVisitor)
    }
}

struct FieldNamesVisitor;

impl<'de> Visitor<'de> for FieldNamesVisitor {
    type Value = FieldNames;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FieldNames, A::Error> {
        let mut names = Vec::new();
        while let Some((name, IgnoredAny)) = map.next_entry()? {
            names.push(name);
        }
        Ok(FieldNames(names))
    }
}

fn unknown_kind_violation(path: String, kind: &str) -> Violation {
    Violation::new(path, format!("{UNKNOWN_KIND}'{kind}'"))
}

fn strict_violation(json: &str, path: String) -> Option<Violation> {
    let Ok(Value::Object(rule)) = serde_json::from_str(json) else {
        return Some(Violation::new(path, "must be an object that can be parsed"));
    };
    let mut kinds = rule.iter();
    let (Some((kind, inner)), None) = (kinds.next(), kinds.next()) else {
        return Some(Violation::new(path, "must have exactly one kind"));
    };
    let Some((_, required)) = KINDS.iter().find(|(known, _)| known == kind) else {
        return Some(unknown_kind_violation(path, kind));
    };
    let Value::Object(inner) = inner else {
        return Some(Violation::new(format!("{path}.{kind}"), "must be an object"));
    };
    for field in *required {
        let is_valid = match (kind.as_str(), inner.get(*field)) {
            ("user_risk_score", Some(Value::Array(scores))) => are_scores(scores),
            ("user_risk_score", _) => false,
            ("email_domain", Some(Value::String(domain))) => !domain.is_empty() && !domain.contains('@'),
            (_, Some(Value::String(value))) => !value.is_empty(),
            (_, _) => false,
        };
        if !is_valid {
            return Some(Violation::new(
                format!("{path}.{kind}.{field}"),
                "is missing or has the wrong type",
            ));
        }
    }
    None
}

fn are_scores(scores: &[Value]) -> bool {
    let is_score = |score: &Value| score.as_str().is_some_and(|score| RISK_SCORES.contains(&score));
    !scores.is_empty() && scores.iter().all(is_score)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scan_counts_the_items_of_an_array_and_its_objects() {
        let scan = |json| ItemCounts::scan(json).map(|counts| (counts.items, counts.objects));
        let suspects = |json| ItemCounts::scan(json).map(|counts| counts.may_have_unknown_kinds);

        let has_whitespace = |json| ItemCounts::scan(json).map(|counts| counts.has_whitespace);

        assert_eq!(scan("{}"), None);
        assert_eq!(has_whitespace(r#"[{"a b":["\" c",1]}]"#), Some(false));
        assert_eq!(has_whitespace("[{},\n{}]"), Some(true));
        assert_eq!(scan(r#""[""#), None);
        assert_eq!(scan("[ ]"), Some((0, 0)));
        assert_eq!(scan(r#"[{}, {"a": [1, {}], "],{": "\\\",[{"}]"#), Some((2, 2)));
        assert_eq!(scan(r#"[ [{}] , 1, "{", {"a": {}}]"#), Some((4, 1)));
        for known in [
            "[]",
            "[{}]",
            r#"[["a", "b"], "c", {"ip": {"a": 1, "b": "c"}, "everyone": ["d", "e"], "geo": "f"}]"#,
        ] {
            assert_eq!(suspects(known), Some(false), "{known}");
        }
        for unknown in [r#"[{"a": {}}]"#, r#"[{"ip": {}, "b": 1}]"#, r#"[{"ip": "x"}, {"\u0069p": {}}]"#] {
            assert_eq!(suspects(unknown), Some(true), "{unknown}");
        }
    }
}
