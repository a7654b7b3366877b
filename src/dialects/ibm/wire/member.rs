//! The JSON bodies of members.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::super::page::Links;
use crate::domain::ibm::error;
use crate::domain::ibm::records::audit::Timestamp;
use crate::domain::ibm::records::member::{MemberKind, Membership, NewMember};
use crate::http::base_url::encode_component;
use crate::spec::{ApiError, Violation, Violations};

/// The maximum number of entries in a request.
const MAX_ENTRIES: usize = 50;

/// One page of members.
#[derive(Serialize)]
pub(in super::super) struct GroupMembersList<'a> {
    pub(in super::super) limit: usize,
    pub(in super::super) offset: usize,
    pub(in super::super) total_count: usize,
    #[serde(flatten)]
    pub(in super::super) links: Links,
    pub(in super::super) members: Vec<MemberItem<'a>>,
}

/// A member in a list.
#[derive(Serialize)]
pub(in super::super) struct MemberItem<'a> {
    iam_id: &'a str,
    r#type: &'static str,
    membership_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    href: String,
    created_at: Timestamp,
    created_by_id: &'a str,
}

impl<'a> MemberItem<'a> {
    /// Returns an item of the member list at `url`, with names if the list is verbose.
    pub(in super::super) fn new(membership: &'a Membership, url: &str, verbose: bool) -> Self {
        let iam_id = &*membership.member.iam_id;
        Self {
            iam_id,
            r#type: membership.kind.name(),
            membership_type: "static",
            name: verbose.then(|| membership.name()),
            email: if verbose { membership.email() } else { None },
            description: if verbose { membership.description() } else { None },
            href: format!("{url}/{}", encode_component(iam_id)),
            created_at: membership.added.at,
            created_by_id: &membership.added.by,
        }
    }
}

/// The request body that adds members to a group.
#[derive(Debug, Deserialize)]
pub(in super::super) struct AddMembersRequest {
    members: Option<Vec<MemberRequest>>,
}

#[derive(Debug, Deserialize)]
struct MemberRequest {
    iam_id: Option<String>,
    r#type: Option<String>,
}

impl AddMembersRequest {
    /// Returns the members to add: 1 to 50, without duplicates.
    ///
    /// # Errors
    /// [`error::INVALID_PAYLOAD`].
    pub(in super::super) fn into_members(self) -> Result<Vec<NewMember>, ApiError> {
        let requests = self.members.unwrap_or_default();
        let mut violations = Violations::new();
        check_count("members", requests.len(), &mut violations);
        let mut members: Vec<NewMember> = Vec::with_capacity(requests.len());
        for (index, member) in requests.into_iter().enumerate() {
            let iam_id = member.iam_id.unwrap_or_default();
            let kind = kind(member.r#type.as_deref(), &format!("members[{index}].type"), &mut violations);
            members.extend(kind.map(|kind| NewMember { iam_id: iam_id.clone(), kind }));
            if iam_id.is_empty() {
                let path = format!("members[{index}].iam_id");
                violations.push(Violation::new(path, "is missing or empty"));
            }
        }
        let iam_ids = members.iter().map(|member| member.iam_id.as_str());
        if let Some(duplicate) = first_duplicate(iam_ids) {
            violations.push(Violation::new("members", format!("must not contain `{duplicate}` twice")));
        }
        if violations.is_empty() {
            Ok(members)
        } else {
            Err(error::INVALID_PAYLOAD.with_violations(violations))
        }
    }
}

/// The request body that removes members from a group.
#[derive(Debug, Deserialize)]
pub(in super::super) struct RemoveMembersRequest {
    members: Option<Vec<String>>,
}

impl RemoveMembersRequest {
    /// Returns the IAM ids of the members to remove: 1 to 50, without duplicates.
    ///
    /// # Errors
    /// [`error::INVALID_PAYLOAD`].
    pub(in super::super) fn into_iam_ids(self) -> Result<Vec<String>, ApiError> {
        let iam_ids = self.members.unwrap_or_default();
        let mut violations = Violations::new();
        check_strings("members", &iam_ids, &mut violations);
        if let Some(duplicate) = first_duplicate(iam_ids.iter().map(String::as_str)) {
            violations.push(Violation::new("members", format!("must not contain `{duplicate}` twice")));
        }
        if violations.is_empty() {
            Ok(iam_ids)
        } else {
            Err(error::INVALID_PAYLOAD.with_violations(violations))
        }
    }
}

/// The request body that adds a member to several groups.
#[derive(Debug, Deserialize)]
pub(in super::super) struct AddToGroupsRequest {
    r#type: Option<String>,
    groups: Option<Vec<String>>,
}

impl AddToGroupsRequest {
    /// Returns the type of the member and the ids of the groups: 1 to 50, without duplicates.
    ///
    /// # Errors
    /// [`error::INVALID_PAYLOAD`] and [`error::DUPLICATE_GROUP_ID`].
    pub(in super::super) fn into_parts(self) -> Result<(MemberKind, Vec<String>), ApiError> {
        let groups = self.groups.unwrap_or_default();
        let mut violations = Violations::new();
        let kind = kind(self.r#type.as_deref(), "type", &mut violations);
        check_strings("groups", &groups, &mut violations);
        match kind {
            Some(kind) if violations.is_empty() => match first_duplicate(groups.iter().map(String::as_str)) {
                Some(duplicate) => Err(error::DUPLICATE_GROUP_ID.with_subject(duplicate)),
                None => Ok((kind, groups)),
            },
            Some(_) | None => Err(error::INVALID_PAYLOAD.with_violations(violations)),
        }
    }
}

/// Parses the type of a member.
fn kind(value: Option<&str>, path: &str, violations: &mut Violations) -> Option<MemberKind> {
    let kind = value.and_then(MemberKind::from_name);
    if kind.is_none() {
        violations.push(Violation::new(path, "must be one of user, service, profile"));
    }
    kind
}

/// Checks that a list has 1 to 50 entries.
fn check_count(path: &str, count: usize, violations: &mut Violations) {
    if count == 0 || count > MAX_ENTRIES {
        violations.push(Violation::new(path, "must have 1 to 50 entries"));
    }
}

/// Checks that a list has 1 to 50 non-empty entries.
fn check_strings(path: &str, values: &[String], violations: &mut Violations) {
    check_count(path, values.len(), violations);
    for (index, _) in values.iter().enumerate().filter(|(_, value)| value.is_empty()) {
        violations.push(Violation::new(format!("{path}[{index}]"), "must not be empty"));
    }
}

/// Returns the first non-empty value that occurs twice.
fn first_duplicate<'a>(values: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = BTreeSet::new();
    values.into_iter().find(|value| !value.is_empty() && !seen.insert(*value))
}
