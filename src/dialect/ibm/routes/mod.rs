//! The handlers of the ibm dialect.
//!
//! The order of checks on a write: token, Public Access group, group, body, entity tag.

pub(super) mod assignments;
pub(super) mod groups;
pub(super) mod members;
pub(super) mod memberships;
pub(super) mod policies;
pub(super) mod principals;
pub(super) mod rules;
pub(super) mod settings;
pub(super) mod templates;
pub(super) mod token;
pub(super) mod users;

use super::error::item;
use super::model::bulk::{Outcome, PartError};
use crate::http::Context;
use crate::http::links::escape;

/// The URL of all groups.
fn groups_url(context: &Context) -> String {
    format!("{}/v2/groups", context.base_url())
}

/// The URL of the members of the group with `id`.
fn members_url(context: &Context, id: &str) -> String {
    format!("{}/{}/members", groups_url(context), escape(id))
}

/// The URL of all templates.
fn templates_url(context: &Context) -> String {
    format!("{}/v1/group_templates", context.base_url())
}

/// The URL of the versions of the template with `id`.
fn versions_url(context: &Context, id: &str) -> String {
    format!("{}/{}/versions", templates_url(context), escape(id))
}

/// The URL of all assignments.
fn assignments_url(context: &Context) -> String {
    format!("{}/v1/group_assignments", context.base_url())
}

/// The status with which a part of a bulk call fails by a fault. Nothing else decides which parts do.
fn failing(context: &Context) -> impl Fn(usize, &str) -> Option<u16> {
    |index, id| context.fail_items().filter(|faults| faults.fails(index, id)).map(|faults| faults.status)
}

/// Counts the rules that refused parts of a bulk call.
fn count_refusals<'a, T: 'a>(context: &Context, outcomes: impl IntoIterator<Item = &'a Outcome<T>>) {
    for error in outcomes.into_iter().filter_map(|outcome| outcome.as_ref().err()) {
        context.coverage().refused(match error {
            PartError::Refused(code) => code.rule,
            PartError::Fault(_) => item::FAULT.rule,
        });
    }
}
