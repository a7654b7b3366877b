//! What is known of identities, gathered from all places of a section that speak of them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::model::State;
use super::super::model::identity::Details;
use super::hidden::IdentitySeed;
use super::neighbors::UserSeed;
use super::{AccountSeed, Section, each, each_account};
use crate::seed_error::SeedError;

/// What a group says of identities.
#[derive(Deserialize)]
struct GroupMembers<'a> {
    #[serde(borrow, default)]
    members: Vec<Described<'a>>,
}

/// What a member of a group says of its identity.
#[derive(Deserialize)]
struct Described<'a> {
    #[serde(borrow)]
    iam_id: Cow<'a, str>,
    name: Option<Box<str>>,
    email: Option<Box<str>>,
    description: Option<Box<str>>,
}

/// Keeps what users, members and the `$state` of the section say of identities.
///
/// What is said of an identity in one place holds in all.
pub(super) fn gather(state: &mut State, section: &Section) -> Result<(), SeedError> {
    each_account(section, |_, account| {
        each("users", &account.users, |user| describe_user(state, user))?;
        each("groups", account.groups.iter_as(), |group| describe_members(state, group))
    })?;
    let Some(hidden) = &section.hidden else { return Ok(()) };
    for (iam_id, identity) in &hidden.identities {
        describe(state, iam_id, identity.into())
            .map_err(|error| error.below(format!("$state.identities.{iam_id}")))?;
    }
    Ok(())
}

fn describe_user(state: &mut State, user: &UserSeed) -> Result<(), SeedError> {
    if user.iam_id.is_empty() {
        return Err(SeedError::new("iam_id", "must not be empty"));
    }
    describe(state, &user.iam_id, user.details())
}

fn describe_members(state: &mut State, group: GroupMembers<'_>) -> Result<(), SeedError> {
    each("members", group.members, |Described { iam_id, name, email, description }| {
        describe(state, &iam_id, Details { name, email, description })
    })
}

/// Adds to what is known of an identity.
pub(super) fn describe(state: &mut State, iam_id: &str, details: Details) -> Result<(), SeedError> {
    if details == Details::default() || state.describe(iam_id, details) {
        return Ok(());
    }
    Err(SeedError::new("", format!("`{iam_id}` is described otherwise at another place")))
}

/// Returns what is known of identities beyond what the saved `accounts` say of them.
pub(super) fn unsaid(
    state: &State,
    accounts: &BTreeMap<String, AccountSeed>,
) -> BTreeMap<String, IdentitySeed> {
    if state.identities().next().is_none() {
        return BTreeMap::new();
    }
    let mut said: BTreeMap<String, Details> = BTreeMap::new();
    let mut say = |iam_id: &str, details: Details| {
        let known = said.get(iam_id);
        if details == Details::default() || known == Some(&details) {
            return;
        }
        // All places were written from what is known of the identity, so that they agree.
        let both = known.cloned().unwrap_or_default().with(details);
        said.insert(iam_id.to_owned(), both.unwrap_or_default());
    };
    for account in accounts.values() {
        for user in &account.users {
            say(&user.iam_id, user.details());
        }
        for member in account.groups.iter_as().flat_map(|group: GroupMembers<'_>| group.members) {
            let Described { iam_id, name, email, description } = member;
            say(&iam_id, Details { name, email, description });
        }
        for principal in account.service_ids.iter().chain(&account.profiles) {
            say(&principal.known_iam_id().unwrap_or_default(), principal.details());
        }
    }
    let unsaid = state.identities().filter(|(iam_id, known)| said.get(*iam_id) != Some(known));
    unsaid.map(|(iam_id, known)| (iam_id.to_owned(), known.clone().into())).collect()
}
