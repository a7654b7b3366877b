//! The rules of an Access group: kept as written, checked only as far as asked.

use serde_json::Value;
use serde_json::value::RawValue;

use crate::config::RuleCheck;
use crate::failure::Violation;

/// The known kinds of rules with the inner members that each must have, in the order of the specification.
pub(super) const KINDS: [(&str, &[&str]); 26] = [
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

/// A list of rules as JSON text: the order of rules and members and the text of numbers stay as written.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    text: Box<RawValue>,
    count: u32,
}

impl Rules {
    /// Returns the JSON array.
    pub(super) fn text(&self) -> &RawValue {
        &self.text
    }

    /// Returns the number of rules.
    pub(super) const fn count(&self) -> u32 {
        self.count
    }

    /// Returns no rules.
    pub(super) fn none() -> Self {
        Self { text: RawValue::from_string("[]".to_owned()).expect("an empty array is JSON"), count: 0 }
    }

    /// Reads the list at the member `path`; blanks between its tokens are left out.
    ///
    /// # Errors
    /// Every rule that is not an object, and under [`RuleCheck::Strict`] every rule that is not of one known
    /// kind with its members.
    pub(super) fn of(text: &RawValue, path: &str, check: RuleCheck) -> Result<Self, Vec<Violation>> {
        let Some(outline) = Outline::of(text.get()) else {
            return Err(vec![Violation::new(path, "must be an array")]);
        };
        if outline.objects < outline.items || check == RuleCheck::Strict {
            let rules: Vec<&RawValue> = serde_json::from_str(text.get()).expect("it is an array of JSON");
            let violations = violations_of(&rules, path, check);
            if !violations.is_empty() {
                return Err(violations);
            }
        }
        Ok(Self { text: compact(text), count: outline.items })
    }
}

/// What one look at the text of an array tells of its items.
#[derive(Debug, PartialEq, Eq)]
struct Outline {
    items: u32,
    objects: u32,
}

impl Outline {
    /// Returns the outline of a text of JSON, if it is an array.
    fn of(text: &str) -> Option<Self> {
        let inside = text.strip_prefix('[')?;
        let is_empty = inside.trim_ascii_start().starts_with(']');
        let (mut commas, mut objects, mut depth) = (0, 0, 0_usize);
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'"' => at = end_of_string(bytes, at),
                b'[' | b'{' => {
                    objects += u32::from(depth == 1 && *byte == b'{');
                    depth += 1;
                }
                b']' | b'}' => depth -= 1,
                b',' => commas += u32::from(depth == 1),
                _ => {}
            }
            at += 1;
        }
        Some(Self { items: if is_empty { 0 } else { commas + 1 }, objects })
    }
}

fn violations_of(rules: &[&RawValue], path: &str, check: RuleCheck) -> Vec<Violation> {
    let violation = |(index, rule): (usize, &&RawValue)| {
        let path = format!("{path}[{index}]");
        if !rule.get().starts_with('{') {
            return Some(Violation::new(path, "must be an object"));
        }
        if check == RuleCheck::Strict { strict_violation(rule.get(), path) } else { None }
    };
    rules.iter().enumerate().filter_map(violation).collect()
}

/// Returns JSON without the blanks between its tokens.
pub(super) fn compact(text: &RawValue) -> Box<RawValue> {
    let bytes = text.get().as_bytes();
    let mut compacted = String::new();
    let (mut begin, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        if *byte == b'"' {
            at = end_of_string(bytes, at);
        } else if byte.is_ascii_whitespace() {
            compacted.reserve(bytes.len() - begin);
            compacted.push_str(&text.get()[begin..at]);
            begin = at + 1;
        }
        at += 1;
    }
    if begin == 0 {
        return text.to_owned();
    }
    compacted.push_str(&text.get()[begin..]);
    RawValue::from_string(compacted).expect("JSON without blanks between tokens is JSON")
}

/// Returns where the string that begins at `begin` ends.
fn end_of_string(json: &[u8], begin: usize) -> usize {
    let mut at = begin + 1;
    loop {
        let found = memchr::memchr2(b'"', b'\\', &json[at..]).expect("JSON ends its strings");
        at += found;
        if json[at] == b'"' {
            return at;
        }
        // What is escaped is no end.
        at += 2;
    }
}

fn strict_violation(text: &str, path: String) -> Option<Violation> {
    let Ok(Value::Object(rule)) = serde_json::from_str(text) else {
        return Some(Violation::new(path, "must be an object that can be read"));
    };
    let mut kinds = rule.iter();
    let (Some((kind, inner)), None) = (kinds.next(), kinds.next()) else {
        return Some(Violation::new(path, "must have exactly one kind"));
    };
    let Some((_, required)) = KINDS.iter().find(|(known, _)| known == kind) else {
        return Some(Violation::new(path, format!("has the unknown kind `{kind}`")));
    };
    let Value::Object(inner) = inner else {
        return Some(Violation::new(format!("{path}.{kind}"), "must be an object"));
    };
    for member in *required {
        let sound = match (kind.as_str(), inner.get(*member)) {
            ("user_risk_score", Some(Value::Array(scores))) => are_scores(scores),
            ("user_risk_score", _) => false,
            (_, Some(Value::String(text))) => !text.is_empty(),
            (_, _) => false,
        };
        if !sound {
            return Some(Violation::new(
                format!("{path}.{kind}.{member}"),
                "is missing or of the wrong type",
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
    fn an_outline_counts_items_and_the_objects_among_them() {
        let outline = |text| Outline::of(text).map(|it| (it.items, it.objects));

        assert_eq!(outline("{}"), None);
        assert_eq!(outline(r#""[""#), None);
        assert_eq!(outline("[ ]"), Some((0, 0)));
        assert_eq!(outline(r#"[{}, {"a": [1, {}], "],{": "\\\",[{"}]"#), Some((2, 2)));
        assert_eq!(outline(r#"[ [{}] , 1, "{", {"a": {}}]"#), Some((4, 1)));
    }

    #[test]
    fn compacting_leaves_strings_and_numbers_alone() {
        let text = r#" [ { "b" : "a \" b\\" , "a" : 1.50E+2 } ,
            [ ] ] "#;

        let compacted = compact(&RawValue::from_string(text.to_owned()).unwrap());

        assert_eq!(compacted.get(), r#"[{"b":"a \" b\\","a":1.50E+2},[]]"#);
    }
}
