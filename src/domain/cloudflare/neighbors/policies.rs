//! The checks of the policies of members and user groups, and of the roles of members.

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
        // That a policy is an object is checked before. As a `serde_json::Value`, some objects would be other values.
        let Ok(policy) = serde_json::from_str::<RawFields<'_>>(policy.get()) else { continue };
        let path = format!("policies[{index}]");
        if !matches!(policy.string("access").as_deref(), Some("allow" | "deny")) {
            violations.push(Violation::new(format!("{path}.access"), "must be one of allow, deny"));
        }
        for list in ["permission_groups", "resource_groups"] {
            if !has_groups(&policy, list) {
                let reason = "must be an array of objects with an `id`";
                violations.push(Violation::new(format!("{path}.{list}"), reason));
            }
        }
    }
}

/// Returns whether a field is an array of objects with an `id`.
fn has_groups(policy: &RawFields<'_>, name: &str) -> bool {
    let has_id = |group: &&RawValue| {
        let group = serde_json::from_str::<RawFields<'_>>(group.get());
        group.is_ok_and(|group| group.string("id").is_some())
    };
    let is_array = policy.get(name).is_some_and(|groups| groups.get().starts_with('['));
    is_array && items(policy, name).iter().all(has_id)
}

/// Returns the items of an array; none if the field is no array.
fn items<'a>(fields: &RawFields<'a>, name: &str) -> Vec<&'a RawValue> {
    fields.get(name).and_then(|json| serde_json::from_str(json.get()).ok()).unwrap_or_default()
}
