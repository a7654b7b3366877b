//! The values that IBM adds to neighbors.

use chrono::SecondsFormat;

use super::super::records::entity_tag;
use crate::domain::neighbors::{Draft, json_string};
use crate::store::IdGenerator;

/// The quota of every resource group, as in IBM's examples.
pub(super) const QUOTA_ID: &str = r#""a3d7b8d01e261c24677937c29ab33f3c""#;
pub(super) const QUOTA_URL: &str = r#""/v2/quota_definitions/a3d7b8d01e261c24677937c29ab33f3c""#;

/// The author of a neighbor of a seed, if it names none.
pub(super) const DEFAULT_AUTHOR: &str = r#""IBMid-mock""#;

pub(super) fn service_id_group_id(ids: &mut IdGenerator) -> String {
    format!("ServiceIdGroup-{}", ids.uuid())
}

pub(super) fn policy_template_id(ids: &mut IdGenerator) -> String {
    format!("policyTemplate-{}", ids.uuid())
}

pub(super) fn resource_group_crn(draft: &mut Draft<'_, '_>) -> String {
    let account = draft.fields.string("account_id").unwrap_or_default();
    json_string(&format!(
        "crn:v1:bluemix:public:resource-controller::a/{account}::resource-group:{}",
        draft.id
    ))
}

pub(super) fn payment_methods_url(draft: &mut Draft<'_, '_>) -> String {
    json_string(&format!("/v2/resource_groups/{}/payment_methods", draft.id))
}

pub(super) fn teams_url(draft: &mut Draft<'_, '_>) -> String {
    json_string(&format!("/v2/resource_groups/{}/teams", draft.id))
}

pub(super) fn service_id_group_crn(draft: &mut Draft<'_, '_>) -> String {
    let account = draft.fields.string("account_id").unwrap_or_default();
    json_string(&format!("crn:v1:bluemix:public:iam-identity::a/{account}::serviceid-group:{}", draft.id))
}

/// Returns the id of the template that a list of versions belongs to.
pub(super) fn policy_template_of_list(draft: &mut Draft<'_, '_>) -> String {
    let id = draft.list.rsplit('/').nth(1).unwrap_or_default();
    json_string(id)
}

/// Returns the entity tag after the one in the fields, which is the previous one; the first one if there is none.
pub(super) fn entity_tag(draft: &mut Draft<'_, '_>) -> String {
    let previous = draft.fields.string("entity_tag");
    let changes = previous.and_then(|tag| tag.split_once('-')?.0.parse::<u32>().ok()).unwrap_or_default();
    let revision = draft.tx.next_revision();
    json_string(&entity_tag::entity_tag(draft.id, changes.saturating_add(1), revision))
}

/// Returns the time of the write with whole seconds.
pub(super) fn now(draft: &mut Draft<'_, '_>) -> String {
    json_string(&draft.tx.now.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// Returns the time of the write with milliseconds.
pub(super) fn now_in_milliseconds(draft: &mut Draft<'_, '_>) -> String {
    json_string(&draft.tx.now.to_rfc3339_opts(SecondsFormat::Millis, true))
}

/// Returns the time of creation that the adapter has set, or else that of the write.
pub(super) fn created_at_in_milliseconds(draft: &mut Draft<'_, '_>) -> String {
    draft.fields.string("created_at").map_or_else(|| now_in_milliseconds(draft), |time| json_string(&time))
}
