//! The details of identities, collected from all records of a section that contain them.

use std::collections::BTreeMap;

use super::super::records::identity::IdentityDetails;
use super::super::state::IbmState;
use super::fields::merge_details;
use super::groups::GroupSeed;
use super::internal_state::IdentitySeed;
use super::principals::{self, UserSeed};
use super::section::{AccountSeed, Section, for_each, for_each_account};
use crate::domain::seed::SeedError;

/// Collects the identity details of the users, the members and the `$state` of the section.
///
/// The details of an identity apply wherever it occurs.
pub fn collect_details(state: &mut IbmState, section: &Section) -> Result<(), SeedError> {
    for_each_account(section, |_, account| {
        account.users.for_each_marked(|index, user| {
            merge_user(state, &user).map_err(|error| error.nested_in(format!("users[{index}]")))
        })?;
        account.groups.for_each_marked(|index, group| {
            merge_members(state, &group).map_err(|error| error.nested_in(format!("groups[{index}]")))
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

/// Merges the details of the members of a group into their identities.
fn merge_members(state: &mut IbmState, group: &GroupSeed<'_>) -> Result<(), SeedError> {
    for_each("members", group.members(), |member| {
        let (iam_id, details) = member.identity();
        merge_details(state, iam_id, details)
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
    for (iam_id, details) in principals::saved_user_details(state) {
        imply(iam_id, details);
    }
    for membership in state.members.iter() {
        if let Some(details) = &membership.member.details {
            imply(&membership.member.iam_id, (**details).clone());
        }
    }
    for account in accounts.values() {
        for principal in account.service_ids.iter().chain(&account.profiles) {
            imply(&principal.known_iam_id().unwrap_or_default(), principal.details());
        }
    }
    let unlisted = state.identities().filter(|(iam_id, details)| implied.get(*iam_id) != Some(details));
    unlisted.map(|(iam_id, details)| (iam_id.to_owned(), details.clone().into())).collect()
}
