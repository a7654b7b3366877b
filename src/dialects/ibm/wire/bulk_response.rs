//! The bodies of 207 responses, which report the result of each part.

use serde::Serialize;

use crate::config::Fidelity;
use crate::domain::ibm::bulk::{self, ItemResult};
use crate::domain::ibm::members::{MembershipAdded, RemovedFromGroup};
use crate::domain::ibm::records::audit::Timestamp;
use crate::domain::ibm::records::member::NewMember;

/// The response body of adding members to a group.
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
    created_at: Option<AddedAt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by_id: Option<&'a str>,
    status_code: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<[PartError; 1]>,
}

/// The time at which a member was added, or an empty string if it was not.
#[derive(Serialize)]
#[serde(untagged)]
enum AddedAt {
    Time(Timestamp),
    Never(&'static str),
}

impl<'a> AddMembersResponse<'a> {
    /// Returns the response body for `members` and their results.
    pub(in super::super) fn new(
        members: &'a [NewMember],
        results: &'a [ItemResult<MembershipAdded>],
        trace: &'a str,
        fidelity: Fidelity,
    ) -> Self {
        let parts = members.iter().zip(results);
        let members = parts.map(|(member, result)| match result {
            Err(_) if fidelity == Fidelity::Live => AddedMember::not_added(member, result, trace),
            Ok(_) | Err(_) => AddedMember::new(&member.iam_id, result, trace),
        });
        Self { members: members.collect() }
    }
}

impl<'a> AddedMember<'a> {
    fn new(iam_id: &'a str, result: &'a ItemResult<MembershipAdded>, trace: &'a str) -> Self {
        let (status_code, trace, errors) = part_result(result, 200, trace);
        let added = result.as_ref().ok();
        Self {
            iam_id,
            r#type: added.map(|it| it.kind.name()),
            created_at: added.map(|it| AddedAt::Time(it.added.at)),
            created_by_id: added.map(|it| &*it.added.by),
            status_code,
            trace,
            errors,
        }
    }

    /// Returns a failed part as the live service does, with the fields of a successful one.
    fn not_added(member: &'a NewMember, result: &'a ItemResult<MembershipAdded>, trace: &'a str) -> Self {
        Self {
            r#type: Some(member.kind.name()),
            created_at: Some(AddedAt::Never("")),
            created_by_id: Some(""),
            ..Self::new(&member.iam_id, result, trace)
        }
    }
}

/// The response body of removing members from a group.
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
    /// Returns the response body for the group `access_group_id` and the results of `iam_ids`.
    pub(in super::super) fn new(
        access_group_id: &'a str,
        iam_ids: &'a [String],
        results: &[ItemResult<()>],
        trace: &'a str,
    ) -> Self {
        let parts = iam_ids.iter().zip(results).map(|(iam_id, result)| {
            let (status_code, trace, errors) = part_result(result, 204, trace);
            RemovedMember { iam_id, trace, errors, status_code }
        });
        Self { access_group_id, members: parts.collect() }
    }
}

/// The response body of adding a member to several groups.
#[derive(Serialize)]
pub(in super::super) struct AddMembershipMultipleGroups<'a> {
    iam_id: &'a str,
    groups: Vec<GroupPart<'a>>,
}

/// The response body of removing a member from all groups.
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
    /// Returns the response body for the member `iam_id` and the results of `groups`.
    pub(in super::super) fn new(
        iam_id: &'a str,
        groups: &'a [String],
        results: &[ItemResult<MembershipAdded>],
        trace: &'a str,
    ) -> Self {
        let parts = groups.iter().zip(results).map(|(access_group_id, result)| {
            let (status_code, trace, errors) = part_result(result, 200, trace);
            GroupPart { access_group_id, trace, errors, status_code }
        });
        Self { iam_id, groups: parts.collect() }
    }
}

impl<'a> DeleteFromAllGroups<'a> {
    /// Returns the response body for the member `iam_id` and the results of `groups`.
    pub(in super::super) fn new(iam_id: &'a str, groups: &'a [RemovedFromGroup], trace: &'a str) -> Self {
        let parts = groups.iter().map(|(group, result)| {
            let (status_code, trace, errors) = part_result(result, 204, trace);
            GroupPart { access_group_id: &group.id, trace, errors, status_code }
        });
        Self { iam_id, groups: parts.collect() }
    }
}

/// Returns the status of a part and, if it failed, its trace and errors.
fn part_result<'a, T>(
    result: &ItemResult<T>,
    success: u16,
    trace: &'a str,
) -> (u16, Option<&'a str>, Option<[PartError; 1]>) {
    match result {
        Ok(_) => (success, None, None),
        Err(error) => {
            let (status, error) = PartError::from_error(error);
            (status, Some(trace), Some([error]))
        }
    }
}

/// The message of a part that failed because of an injected fault with a status without an error code of IBM.
const FAULT_MESSAGE: &str = "A fault of the mock server made this part fail";

/// The error of a failed part.
#[derive(Serialize)]
struct PartError {
    code: &'static str,
    message: &'static str,
}

impl PartError {
    /// Returns the status of a failed part and its error.
    const fn from_error(error: &bulk::ItemError) -> (u16, Self) {
        match error {
            bulk::ItemError::Api(code) => (code.status, Self { code: code.code, message: code.message }),
            bulk::ItemError::Fault(status) => {
                (*status, Self { code: "error_occurred", message: FAULT_MESSAGE })
            }
        }
    }
}
