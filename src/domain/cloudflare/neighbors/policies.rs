//! The checks of the policies of members and user groups, and of the roles of members.

use serde_json::Value;
use serde_json::value::RawValue;

use crate::json::RawFields;
use crate::spec::{Violation, Violations};

/// Checks that each role is an identifier or an object, and the policies.
pub(super) fn check_member(fields: &RawFields<'_>, violations: &mut Violations) {
    for (index, role) in items(fields, "roles").into_iter().enumerate() {
        if !role.get().starts_with(['"', '{']) {
            violations.push(Violation::new(format!("roles[{index}]"), "must be an identifier or an object"));
        }
    }
    check_policies(fields, violations);
}

/// Checks that each policy allows or denies permission groups on resource groups, which it names by their identifiers.
pub(super) fn check_policies(fields: &RawFields<'_>, violations: &mut Violations) {
    for (index, policy) in items(fields, "policies").into_iter().enumerate() {
        // That a policy is an object is checked before.
        let Ok(Value::Object(policy)) = serde_json::from_str(policy.get()) else { continue };
        let path = format!("policies[{index}]");
        if !matches!(policy.get("access").and_then(Value::as_str), Some("allow" | "deny")) {
            violations.push(Violation::new(format!("{path}.access"), "must be one of allow, deny"));
        }
        for list in ["permission_groups", "resource_groups"] {
            let groups = policy.get(list).and_then(Value::as_array);
            if !groups.is_some_and(|groups| groups.iter().all(|group| group["id"].is_string())) {
                let reason = "must be an array of objects with an `id`";
                violations.push(Violation::new(format!("{path}.{list}"), reason));
            }
        }
    }
}

/// Returns the items of an array; none if the field is no array.
fn items<'a>(fields: &RawFields<'a>, name: &str) -> Vec<&'a RawValue> {
    fields.get(name).and_then(|json| serde_json::from_str(json.get()).ok()).unwrap_or_default()
}
