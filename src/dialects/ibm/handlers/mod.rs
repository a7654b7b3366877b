//! The handlers of the ibm dialect.
//!
//! A write checks, in this order: token, Public Access group, group, body, entity tag.

pub(super) mod api_keys;
pub(super) mod assignments;
pub(super) mod enterprise;
pub(super) mod groups;
pub(super) mod invitations;
pub(super) mod members;
pub(super) mod memberships;
pub(super) mod policies;
pub(super) mod policy_templates;
pub(super) mod principals;
pub(super) mod resource_groups;
pub(super) mod rules;
pub(super) mod service_id_groups;
pub(super) mod settings;
pub(super) mod templates;
pub(super) mod token;
pub(super) mod users;

use crate::domain::ibm::bulk::{ItemError, ItemResult};
use crate::domain::ibm::error::item;
use crate::http::RequestContext;
use crate::http::base_url::encode_component;

/// Returns the URL of the group list.
fn groups_url(context: &RequestContext) -> String {
    format!("{}/v2/groups", context.base_url())
}

/// Returns the URL of the member list of the group `id`.
fn members_url(context: &RequestContext, id: &str) -> String {
    format!("{}/{}/members", groups_url(context), encode_component(id))
}

/// Returns the URL of the template list.
fn templates_url(context: &RequestContext) -> String {
    format!("{}/v1/group_templates", context.base_url())
}

/// Returns the URL of the version list of the template `id`.
fn versions_url(context: &RequestContext, id: &str) -> String {
    format!("{}/{}/versions", templates_url(context), encode_component(id))
}

/// Returns the URL of the assignment list.
fn assignments_url(context: &RequestContext) -> String {
    format!("{}/v1/group_assignments", context.base_url())
}

/// Returns a function from the index and id of a part of a bulk request to the error status that a fault injects into
/// it, if any.
fn item_fault(context: &RequestContext) -> impl Fn(usize, &str) -> Option<u16> {
    |index, id| context.fail_items().filter(|faults| faults.fails(index, id)).map(|faults| faults.status)
}

/// Counts the error codes of failed parts of a bulk request in the coverage.
fn count_errors<'a, T: 'a>(context: &RequestContext, results: impl IntoIterator<Item = &'a ItemResult<T>>) {
    for error in results.into_iter().filter_map(|result| result.as_ref().err()) {
        context.coverage().count_error(match error {
            ItemError::Api(code) => code.id,
            ItemError::Fault(_) => item::INJECTED_FAULT.id,
        });
    }
}
