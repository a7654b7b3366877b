//! The 207 answers, whose parts have an outcome each.

use serde::Serialize;

use super::super::model::Moment;
use super::super::model::bulk::{self, Outcome};
use super::super::model::member::{Added, Left, NewMember};

/// The answer to adding members to a group.
#[derive(Serialize)]
pub(in super::super) struct AddMembersResponse<'a> {
    members: Vec<AddedMember<'a>>,
}

#[derive(Serialize)]
struct AddedMember<'a> {
    iam_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by_id: Option<&'a str>,
    status_code: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<[PartError; 1]>,
}

impl<'a> AddMembersResponse<'a> {
    /// Returns the answer for `members` with their `outcomes`.
    pub(in super::super) fn of(
        members: &'a [NewMember],
        outcomes: &'a [Outcome<Added>],
        trace: &'a str,
    ) -> Self {
        let parts = members.iter().zip(outcomes);
        Self {
            members: parts.map(|(member, outcome)| AddedMember::of(&member.iam_id, outcome, trace)).collect(),
        }
    }
}

impl<'a> AddedMember<'a> {
    fn of(iam_id: &'a str, outcome: &'a Outcome<Added>, trace: &'a str) -> Self {
        let (status_code, trace, errors) = part(outcome, 200, trace);
        let done = outcome.as_ref().ok();
        Self {
            iam_id,
            r#type: done.map(|it| it.kind.name()),
            created_at: done.map(|it| it.added.at),
            created_by_id: done.map(|it| &*it.added.by),
            status_code,
            trace,
            errors,
        }
    }
}

/// The answer to removing members from a group.
#[derive(Serialize)]
pub(in super::super) struct DeleteGroupBulkMembers<'a> {
    access_group_id: &'a str,
    members: Vec<RemovedMember<'a>>,
}

#[derive(Serialize)]
struct RemovedMember<'a> {
    iam_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<[PartError; 1]>,
    status_code: u16,
}

impl<'a> DeleteGroupBulkMembers<'a> {
    /// Returns the answer of the group with `access_group_id` for `iam_ids` with their `outcomes`.
    pub(in super::super) fn of(
        access_group_id: &'a str,
        iam_ids: &'a [String],
        outcomes: &[Outcome<()>],
        trace: &'a str,
    ) -> Self {
        let parts = iam_ids.iter().zip(outcomes).map(|(iam_id, outcome)| {
            let (status_code, trace, errors) = part(outcome, 204, trace);
            RemovedMember { iam_id, trace, errors, status_code }
        });
        Self { access_group_id, members: parts.collect() }
    }
}

/// The answer to adding a member to several groups.
#[derive(Serialize)]
pub(in super::super) struct AddMembershipMultipleGroups<'a> {
    iam_id: &'a str,
    groups: Vec<GroupPart<'a>>,
}

/// The answer to removing a member from all groups.
#[derive(Serialize)]
pub(in super::super) struct DeleteFromAllGroups<'a> {
    iam_id: &'a str,
    groups: Vec<GroupPart<'a>>,
}

#[derive(Serialize)]
struct GroupPart<'a> {
    access_group_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<[PartError; 1]>,
    status_code: u16,
}

impl<'a> AddMembershipMultipleGroups<'a> {
    /// Returns the answer of the member `iam_id` for `groups` with their `outcomes`.
    pub(in super::super) fn of(
        iam_id: &'a str,
        groups: &'a [String],
        outcomes: &[Outcome<Added>],
        trace: &'a str,
    ) -> Self {
        let parts = groups.iter().zip(outcomes).map(|(access_group_id, outcome)| {
            let (status_code, trace, errors) = part(outcome, 200, trace);
            GroupPart { access_group_id, trace, errors, status_code }
        });
        Self { iam_id, groups: parts.collect() }
    }
}

impl<'a> DeleteFromAllGroups<'a> {
    /// Returns the answer of the member `iam_id` that was to leave `groups`.
    pub(in super::super) fn of(iam_id: &'a str, groups: &'a [Left], trace: &'a str) -> Self {
        let parts = groups.iter().map(|(group, outcome)| {
            let (status_code, trace, errors) = part(outcome, 204, trace);
            GroupPart { access_group_id: &group.id, trace, errors, status_code }
        });
        Self { iam_id, groups: parts.collect() }
    }
}

/// The status of a part, and the trace and errors that a failed one has.
fn part<'a, T>(
    outcome: &Outcome<T>,
    success: u16,
    trace: &'a str,
) -> (u16, Option<&'a str>, Option<[PartError; 1]>) {
    match outcome {
        Ok(_) => (success, None, None),
        Err(error) => {
            let (status, error) = PartError::of(error);
            (status, Some(trace), Some([error]))
        }
    }
}

/// The message of a part that failed by a fault with a status that no rule of IBM has.
const FAULT: &str = "A fault of the mock server made this part fail";

/// The error of a failed part.
#[derive(Serialize)]
struct PartError {
    code: &'static str,
    message: &'static str,
}

impl PartError {
    /// Returns the status of a failed part and its error.
    const fn of(error: &bulk::PartError) -> (u16, Self) {
        match error {
            bulk::PartError::Refused(code) => (code.status, Self { code: code.code, message: code.message }),
            bulk::PartError::Fault(status) => (*status, Self { code: "error_occurred", message: FAULT }),
        }
    }
}
