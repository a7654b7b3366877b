//! The memberships in the responses of IBM Cloud.

use serde_json::{Value, json};

use super::super::super::json_text::JsonText;
use super::super::Import;
use super::super::records::Change;
use super::kinds::MEMBER;
use super::{array, members};

/// Imports a successful response of an operation on members.
pub(super) fn import(import: &mut Import<'_>, json: JsonText<'_>) -> Result<(), String> {
    let (group, iam_id) = (import.param("access_group_id"), import.param("iam_id"));
    match import.operation.operation.id {
        "list_access_group_members" => {
            let is_ordered = import.operation.query("sort").is_none();
            let mut dynamics = 0;
            // A rule gives dynamic members, and the seed has only the rule.
            let mut only_static = |member: Value| {
                let is_dynamic = member["membership_type"] == "dynamic";
                dynamics += usize::from(is_dynamic);
                (!is_dynamic).then_some(member)
            };
            let items = array(json, "members")?;
            import.show_all((&members(&group), is_ordered), &MEMBER, items, &mut only_static)?;
            if dynamics > 0 {
                let reason = format!("{dynamics} dynamic members have no place in a seed");
                import.unused.add(&import.exchange.place, reason);
            }
            Ok(())
        }
        "add_members_to_access_group" => array(json, "members")?.for_each(&mut |member| {
            if is_success(&member) {
                import.show(&members(&group), &MEMBER, Change::Created, member)?;
            }
            Ok(())
        }),
        "add_member_to_multiple_access_groups" => {
            let kind = import.request_json()["type"].as_str().map(str::to_owned);
            let member = json!({"iam_id": iam_id, "type": kind});
            array(json, "groups")?.for_each(&mut |part| {
                if let Some(group) = part["access_group_id"].as_str().filter(|_| is_success(&part)) {
                    import.show(&members(group), &MEMBER, Change::Created, member.clone())?;
                }
                Ok(())
            })
        }
        "is_member_of_access_group" => {
            let member = json!({"iam_id": iam_id, "type": kind_of(&iam_id)});
            import.show_as(&members(&group), &MEMBER, (&iam_id, Change::Read), member)
        }
        "remove_member_from_access_group" => {
            import.records.delete(&members(&group), &iam_id);
            Ok(())
        }
        "remove_members_from_access_group" => array(json, "members")?.for_each(&mut |member| {
            if let Some(iam_id) = member["iam_id"].as_str().filter(|_| is_success(&member)) {
                import.records.delete(&members(&group), iam_id);
            }
            Ok(())
        }),
        "remove_member_from_all_access_groups" => array(json, "groups")?.for_each(&mut |part| {
            if let Some(group) = part["access_group_id"].as_str().filter(|_| is_success(&part)) {
                import.records.delete(&members(group), &iam_id);
            }
            Ok(())
        }),
        _ => Ok(()),
    }
}

/// Returns whether a part of a 207 response succeeded.
fn is_success(part: &Value) -> bool {
    part["status_code"].as_u64().is_some_and(|status| (200..300).contains(&status))
}

/// Returns the type of a member whose type is not shown.
fn kind_of(iam_id: &str) -> &'static str {
    match iam_id {
        id if id.starts_with("iam-ServiceId-") => "service",
        id if id.starts_with("iam-Profile-") => "profile",
        _ => "user",
    }
}
