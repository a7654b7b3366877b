//! The members of a group.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::records::identity::IdentityDetails;
use super::super::records::member::{MemberKind, Membership};
use super::super::state::IbmState;
use super::fields::audit_stamp_or;
use super::internal_state::{self, SequenceState, is_false};
use super::known_members::KnownMembers;
use super::pinning::LoadedGroup;
use crate::domain::seed::SeedError;
use crate::json::{borrowed_text, rfc3339};
use crate::store::Record;

/// A member of a group.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberSeed<'a> {
    #[serde(borrow)]
    iam_id: Cow<'a, str>,
    #[serde(borrow)]
    r#type: Cow<'a, str>,
    #[serde(
        default,
        borrow,
        deserialize_with = "borrowed_text::optional",
        skip_serializing_if = "Option::is_none"
    )]
    membership_type: Option<Cow<'a, str>>,
    #[serde(
        default,
        borrow,
        deserialize_with = "borrowed_text::optional",
        skip_serializing_if = "Option::is_none"
    )]
    name: Option<Cow<'a, str>>,
    #[serde(
        default,
        borrow,
        deserialize_with = "borrowed_text::optional",
        skip_serializing_if = "Option::is_none"
    )]
    email: Option<Cow<'a, str>>,
    #[serde(
        default,
        borrow,
        deserialize_with = "borrowed_text::optional",
        skip_serializing_if = "Option::is_none"
    )]
    description: Option<Cow<'a, str>>,
    #[serde(
        rename = "href",
        default,
        borrow,
        deserialize_with = "borrowed_text::optional",
        skip_serializing
    )]
    _href: Option<Cow<'a, str>>,
    #[serde(default, with = "rfc3339", skip_serializing_if = "Option::is_none")]
    created_at: Option<DateTime<Utc>>,
    #[serde(
        default,
        borrow,
        deserialize_with = "borrowed_text::optional",
        skip_serializing_if = "Option::is_none"
    )]
    created_by_id: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "is_false")]
    pinned: bool,
    #[serde(rename = "$state", skip_serializing_if = "Option::is_none")]
    internal_state: Option<SequenceState>,
}

/// Loads a member into a group.
pub fn load(
    (state, known): (&mut IbmState, &mut KnownMembers),
    group: &LoadedGroup,
    member: &MemberSeed<'_>,
) -> Result<(), SeedError> {
    if member.iam_id.is_empty() {
        return Err(SeedError::new("iam_id", "must not be empty"));
    }
    if member.membership_type.as_deref().is_some_and(|kind| kind != "static") {
        return Err(SeedError::new("membership_type", "must be static"));
    }
    let kind = MemberKind::from_name(&member.r#type);
    let kind = kind.ok_or_else(|| SeedError::new("type", "must be one of user, service, profile"))?;
    kind.check_id(&member.iam_id)
        .map_err(|_| SeedError::new("iam_id", "must start with iam-ServiceId- for a service"))?;
    let added = audit_stamp_or(state, member.created_at, member.created_by_id.as_deref(), &group.created);
    let sequence = internal_state::validate_sequence(
        "sequence",
        member.internal_state.as_ref().and_then(|it| it.sequence),
    )?;
    let identity = known.add_member(state, &group.key.account, (&member.iam_id, kind), added.at);
    let membership = Membership { group: Arc::clone(&group.key), member: identity, kind, added };
    let result = state.restore(membership, sequence);
    let reason = || format!("`{}` is already a member of the group", member.iam_id);
    result.map_err(|error| internal_state::insert_error(error, "iam_id", reason()))?;
    if group.is_pinned(member.pinned)? {
        state.pin::<Membership>((&group.key.id, &member.iam_id));
    }
    Ok(())
}

/// Returns the seed of a member.
pub fn save<'a>(state: &IbmState, sequence: u64, membership: &'a Membership) -> MemberSeed<'a> {
    let details = membership.member.details.as_deref();
    let detail = |detail: fn(&IdentityDetails) -> &Option<Box<str>>| {
        details.and_then(|it| detail(it).as_deref()).map(Cow::Borrowed)
    };
    MemberSeed {
        iam_id: (&*membership.member.iam_id).into(),
        r#type: membership.kind.name().into(),
        membership_type: None,
        name: detail(|it| &it.name),
        email: detail(|it| &it.email),
        description: detail(|it| &it.description),
        _href: None,
        created_at: Some(membership.added.at.to_datetime()),
        created_by_id: Some((&*membership.added.by).into()),
        pinned: state.pinned::<Membership>(membership.key()).is_some(),
        internal_state: Some(SequenceState { sequence: Some(sequence) }),
    }
}

impl MemberSeed<'_> {
    /// Returns the IAM id, and the details of the identity.
    pub fn identity(&self) -> (&str, IdentityDetails) {
        let boxed = |detail: &Option<Cow<'_, str>>| detail.as_deref().map(Into::into);
        let (name, email, description) = (boxed(&self.name), boxed(&self.email), boxed(&self.description));
        (&self.iam_id, IdentityDetails { name, email, description })
    }

    /// Returns whether there is any detail of the identity.
    pub const fn has_details(&self) -> bool {
        self.name.is_some() || self.email.is_some() || self.description.is_some()
    }
}
