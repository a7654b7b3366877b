//! The members of a group.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::records::member::{MemberKind, Membership, NewMember};
use super::super::state::IbmState;
use super::fields::audit_stamp_or;
use super::internal_state::{self, SequenceState, is_false};
use super::pinning::LoadedGroup;
use crate::domain::seed::SeedError;
use crate::json::rfc3339;
use crate::store::Record;

/// A member of a group.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberSeed {
    iam_id: Box<str>,
    r#type: Box<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    membership_type: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Box<str>>,
    #[serde(rename = "href", skip_serializing)]
    _href: Option<Box<str>>,
    #[serde(default, with = "rfc3339", skip_serializing_if = "Option::is_none")]
    created_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by_id: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "is_false")]
    pinned: bool,
    #[serde(rename = "$state", skip_serializing_if = "Option::is_none")]
    internal_state: Option<SequenceState>,
}

/// Loads a member into a group.
pub fn load(state: &mut IbmState, group: &LoadedGroup, member: &MemberSeed) -> Result<(), SeedError> {
    if member.iam_id.is_empty() {
        return Err(SeedError::new("iam_id", "must not be empty"));
    }
    if member.membership_type.as_deref().is_some_and(|kind| kind != "static") {
        return Err(SeedError::new("membership_type", "must be static"));
    }
    let kind = MemberKind::from_name(&member.r#type);
    let kind = kind.ok_or_else(|| SeedError::new("type", "must be one of user, service, profile"))?;
    let new = NewMember { iam_id: member.iam_id.to_string(), kind };
    new.check().map_err(|_| SeedError::new("iam_id", "must start with iam-ServiceId- for a service"))?;
    let added = audit_stamp_or(state, member.created_at, member.created_by_id.as_deref(), &group.created);
    let sequence = internal_state::validate_sequence(
        "sequence",
        member.internal_state.as_ref().and_then(|it| it.sequence),
    )?;
    let result = state.insert_member_at(sequence, &group.key, &new, added);
    let reason = || format!("`{}` is already a member of the group", member.iam_id);
    result.map_err(|error| internal_state::insert_error(error, "iam_id", reason()))?;
    if group.is_pinned(member.pinned)? {
        state.pin::<Membership>((&group.key.id, &member.iam_id));
    }
    Ok(())
}

/// Returns the seed of a member.
pub fn save(state: &IbmState, sequence: u64, membership: &Membership) -> MemberSeed {
    let details = membership.member.details.as_deref();
    MemberSeed {
        iam_id: membership.member.iam_id.clone(),
        r#type: membership.kind.name().into(),
        membership_type: None,
        name: details.and_then(|it| it.name.clone()),
        email: details.and_then(|it| it.email.clone()),
        description: details.and_then(|it| it.description.clone()),
        _href: None,
        created_at: Some(membership.added.at.to_datetime()),
        created_by_id: Some((&*membership.added.by).into()),
        pinned: state.pinned::<Membership>(membership.key()).is_some(),
        internal_state: Some(SequenceState { sequence: Some(sequence) }),
    }
}
