//! The details of identities, collected from all records of a section that contain them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use memchr::memmem;
use serde::Deserialize;

use super::super::records::identity::IdentityDetails;
use super::super::state::IbmState;
use super::fields::merge_details;
use super::internal_state::IdentitySeed;
use super::principals::UserSeed;
use super::section::{AccountSeed, Section, for_each, for_each_account};
use crate::domain::seed::SeedError;

/// The members of a group.
#[derive(Deserialize)]
struct GroupMembers<'a> {
    #[serde(borrow, default)]
    members: Vec<MemberDetails<'a>>,
}

/// The identity details of a member.
#[derive(Deserialize)]
struct MemberDetails<'a> {
    #[serde(borrow)]
    iam_id: Cow<'a, str>,
    name: Option<Box<str>>,
    email: Option<Box<str>>,
    description: Option<Box<str>>,
}

/// Collects the identity details of the users, the members and the `$state` of the section.
///
/// The details of an identity apply wherever it occurs.
pub fn collect_details(state: &mut IbmState, section: &Section) -> Result<(), SeedError> {
    for_each_account(section, |_, account| {
        for_each("users", &account.users, |user| merge_user(state, user))?;
        for_each("groups", account.groups.iter_json(), |group| {
            if may_have_details(group) { merge_members(state, group) } else { Ok(()) }
        })
    })?;
    let Some(section_state) = &section.internal_state else { return Ok(()) };
    for (iam_id, identity) in &section_state.identities {
        merge_details(state, iam_id, identity.into())
            .map_err(|error| error.nested_in(format!("$state.identities.{iam_id}")))?;
    }
    Ok(())
}

/// Merges the details of a user into its identity.
fn merge_user(state: &mut IbmState, user: &UserSeed) -> Result<(), SeedError> {
    if user.iam_id.is_empty() {
        return Err(SeedError::new("iam_id", "must not be empty"));
    }
    merge_details(state, &user.iam_id, user.details())
}

/// Returns whether a member in the compact JSON of a group may have details; few have, and parsing it takes longer.
fn may_have_details(group: &[u8]) -> bool {
    let Some(start) = memmem::find(group, br#""members":["#) else { return false };
    [br#""name":"#.as_slice(), br#""email":"#, br#""description":"#]
        .iter()
        .any(|field| memmem::find(&group[start..], field).is_some())
}

/// Merges the details of the members in the compact JSON of a group into their identities.
fn merge_members(state: &mut IbmState, group: &[u8]) -> Result<(), SeedError> {
    let group: GroupMembers<'_> =
        serde_json::from_slice(group).expect("a serialized group can be deserialized");
    for_each("members", group.members, |MemberDetails { iam_id, name, email, description }| {
        merge_details(state, &iam_id, IdentityDetails { name, email, description })
    })
}

/// Returns the identities whose details differ from those in the saved `accounts`.
pub fn unlisted_identities(
    state: &IbmState,
    accounts: &BTreeMap<String, AccountSeed>,
) -> BTreeMap<String, IdentitySeed> {
    if state.identities().next().is_none() {
        return BTreeMap::new();
    }
    let mut implied: BTreeMap<String, IdentityDetails> = BTreeMap::new();
    let mut imply = |iam_id: &str, details: IdentityDetails| {
        let current = implied.get(iam_id);
        if details == IdentityDetails::default() || current == Some(&details) {
            return;
        }
        // All records were saved from the same details, so that they do not contradict each other.
        let merged = current.cloned().unwrap_or_default().merge(details);
        implied.insert(iam_id.to_owned(), merged.unwrap_or_default());
    };
    for account in accounts.values() {
        for user in &account.users {
            imply(&user.iam_id, user.details());
        }
        for member in account.groups.iter_as().flat_map(|group: GroupMembers<'_>| group.members) {
            let MemberDetails { iam_id, name, email, description } = member;
            imply(&iam_id, IdentityDetails { name, email, description });
        }
        for principal in account.service_ids.iter().chain(&account.profiles) {
            imply(&principal.known_iam_id().unwrap_or_default(), principal.details());
        }
    }
    let unlisted = state.identities().filter(|(iam_id, details)| implied.get(*iam_id) != Some(details));
    unlisted.map(|(iam_id, details)| (iam_id.to_owned(), details.clone().into())).collect()
}
