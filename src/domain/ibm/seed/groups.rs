//! Groups with their members and rules.
//!
//! A pinned group without `$state` also pins its members, rules and policies. A group with a `$state` is a saved one,
//! whose members, rules and policies have their own `pinned` fields.

use std::borrow::Cow;
use std::mem::take;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::records::group::{Group, GroupDraft, GroupKey};
use super::super::records::member::Membership;
use super::super::records::rule::Rule;
use super::super::state::IbmState;
use super::fields::{
    AuditFields, audit_stamp, audit_stamp_or, check_group_id, check_matches_location, first_violation,
};
use super::internal_state::{self, PinnedValue, RecordState, is_false};
use super::known_members::KnownMembers;
use super::members::{self, MemberSeed};
use super::pinning::{LoadedGroup, PinMode};
use super::rules::{self, RuleSeed};
use crate::domain::seed::SeedError;
use crate::json::{LazyJsonList, ListItem, borrowed_text, rfc3339};
use crate::store::{GroupSelector, Record, SavedRecord, Tx};

/// A group.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupSeed<'a> {
    #[serde(
        default,
        borrow,
        deserialize_with = "borrowed_text::optional",
        skip_serializing_if = "Option::is_none"
    )]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(
        default,
        borrow,
        deserialize_with = "borrowed_text::optional",
        skip_serializing_if = "Option::is_none"
    )]
    description: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
    #[serde(default, with = "rfc3339", skip_serializing_if = "Option::is_none")]
    created_at: Option<DateTime<Utc>>,
    #[serde(
        default,
        borrow,
        deserialize_with = "borrowed_text::optional",
        skip_serializing_if = "Option::is_none"
    )]
    created_by_id: Option<Cow<'a, str>>,
    #[serde(default, with = "rfc3339", skip_serializing_if = "Option::is_none")]
    last_modified_at: Option<DateTime<Utc>>,
    #[serde(
        default,
        borrow,
        deserialize_with = "borrowed_text::optional",
        skip_serializing_if = "Option::is_none"
    )]
    last_modified_by_id: Option<Cow<'a, str>>,
    #[serde(rename = "href", skip_serializing)]
    _href: Option<String>,
    #[serde(rename = "is_federated", skip_serializing)]
    _is_federated: Option<bool>,
    #[serde(rename = "crn", skip_serializing)]
    _crn: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    members: Vec<MemberSeed<'a>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rules: Vec<RuleSeed>,
    #[serde(default, skip_serializing_if = "is_false")]
    pinned: bool,
    #[serde(rename = "$state", skip_serializing_if = "Option::is_none")]
    internal_state: Option<RecordState<Self>>,
}

impl ListItem for GroupSeed<'static> {
    type Item<'a> = GroupSeed<'a>;
    type Shown<'a> = GroupSeed<'a>;
    type Saved<'a> = GroupSeed<'a>;

    const REJECTS_DUPLICATES: bool = true;

    /// Returns whether the details of an identity are given.
    fn is_marked(group: &GroupSeed<'_>) -> bool {
        group.members.iter().any(MemberSeed::has_details)
    }
}

impl<'a> GroupSeed<'a> {
    /// Returns the id of the group if it also pins its policies.
    pub fn into_id_if_policies_pinned(self) -> Option<String> {
        if self.pin_mode() == PinMode::All { self.id.map(Cow::into_owned) } else { None }
    }

    /// Returns the members.
    pub fn members(&self) -> &[MemberSeed<'a>] {
        &self.members
    }

    fn pin_mode(&self) -> PinMode {
        match &self.internal_state {
            None if self.pinned => PinMode::All,
            Some(internal_state) if self.pinned || internal_state.pinned.is_some() => PinMode::Explicit,
            Some(_) | None => PinMode::None,
        }
    }

    /// Checks that a pinned value has no fields that a restoration leaves unchanged.
    fn check_pinned(&self) -> Result<(), SeedError> {
        let fields = [
            ("id", self.id.is_some()),
            ("members", !self.members.is_empty()),
            ("rules", !self.rules.is_empty()),
            ("pinned", self.pinned),
            ("$state", self.internal_state.as_ref().is_some_and(RecordState::has_record_fields)),
        ];
        let forbidden = fields.into_iter().find(|(_, is_present)| *is_present);
        forbidden.map_or(Ok(()), |(name, _)| Err(internal_state::not_allowed_in_pinned_value(name)))
    }

    /// Converts the seed to a group without its members and rules; takes its name and description.
    fn take_group(
        &mut self,
        state: &mut IbmState,
        key: Arc<GroupKey>,
        tx: &mut Tx<'_>,
    ) -> Result<Group, SeedError> {
        check_matches_location("account_id", self.account_id.as_deref(), &key.account)?;
        let draft = GroupDraft::new(
            Some(take(&mut self.name).into_owned()),
            self.description.take().map(Cow::into_owned),
        )
        .map_err(first_violation)?;
        let created = audit_stamp(state, self.created_at, self.created_by_id.as_deref(), tx);
        let modified =
            audit_stamp_or(state, self.last_modified_at, self.last_modified_by_id.as_deref(), &created);
        let record_version = internal_state::record_version(self.internal_state.as_ref())?;
        Ok(Group::new(
            key,
            draft,
            [created, modified],
            (record_version.revision_or_next(tx), record_version.change_count_or_default()),
        ))
    }
}

/// Loads a group with its members and rules into an account.
pub fn load(
    (state, known): (&mut IbmState, &mut KnownMembers),
    account: &str,
    mut seed: GroupSeed<'_>,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    let new_id = || state.new_id::<Group>("AccessGroupId-", "", tx);
    let id = seed.id.take().map_or_else(new_id, Cow::into_owned);
    check_group_id("id", &id)?;
    let key = Arc::new(GroupKey::new(id.into(), state.intern_account(account)));
    let group = seed.take_group(state, Arc::clone(&key), tx)?;
    let loaded =
        LoadedGroup { key: Arc::clone(&key), created: group.created.clone(), pin_mode: seed.pin_mode() };
    let current = seed.pinned.then(|| group.clone());
    let sequence = internal_state::record_version(seed.internal_state.as_ref())?.sequence;
    state.restore(group, sequence).map_err(|error| {
        let reason = format!("`{}` is already used by an earlier group", key.id);
        internal_state::insert_error(error, "id", reason)
    })?;
    for (index, member) in seed.members.iter().enumerate() {
        members::load((state, known), &loaded, member)
            .map_err(|error| error.nested_in(format!("members[{index}]")))?;
    }
    let pinned_rules = load_rules(state, &loaded, &seed.rules, tx)?;
    match PinnedValue::from_seed(seed.pinned, seed.internal_state.as_ref())? {
        PinnedValue::None => {}
        PinnedValue::Current => {
            let pinned = current.map(|group| Group { rule_count: pinned_rules, ..group });
            pinned.into_iter().for_each(|group| state.set_pinned(group));
        }
        PinnedValue::Other(other) => {
            other.check_pinned()?;
            let pinned =
                other.clone().take_group(state, key, tx).map_err(|error| error.nested_in("$state.pinned"))?;
            state.set_pinned(Group { rule_count: pinned_rules, ..pinned });
        }
    }
    Ok(())
}

/// Loads the rules of a group, and returns the number of those that are pinned.
fn load_rules(
    state: &mut IbmState,
    group: &LoadedGroup,
    rules: &[RuleSeed],
    tx: &mut Tx<'_>,
) -> Result<u32, SeedError> {
    let (mut count, mut pinned_count) = (0, 0);
    for (index, rule) in rules.iter().enumerate() {
        let is_pinned = rules::load(state, group, rule, tx)
            .map_err(|error| error.nested_in(format!("rules[{index}]")))?;
        count += 1;
        pinned_count += u32::from(is_pinned);
    }
    if count > 0 {
        state.set_rule_count(&group.key.id, count);
    }
    Ok(pinned_count)
}

/// Returns the groups of an account with their members and rules.
pub fn save(state: &IbmState, account: &str) -> LazyJsonList<GroupSeed<'static>> {
    LazyJsonList::from_state((state.clone(), account.to_owned()), |(state, account), mut share| {
        let groups = state.iter_with_sequence::<Group>(Group::BY_ACCOUNT, (account, ""));
        let groups = groups.filter(move |_| share.has_next());
        Box::new(groups.map(|(sequence, group)| save_group(state, sequence, group)))
    })
}

/// Returns the groups that `selector` selects, with their members and rules.
pub fn saved_records(state: &IbmState, selector: &GroupSelector) -> Vec<SavedRecord> {
    let groups = state.all_with_sequence::<Group>();
    let selected = groups.filter(|(_, it)| selector.matches(&it.key.account, &it.key.id));
    let saved = selected.map(|(sequence, group)| {
        SavedRecord::new(&group.key.account, &group.key.id, &save_group(state, sequence, group))
    });
    saved.collect()
}

/// Returns the seed of a group with its members, rules and `$state`.
fn save_group<'a>(state: &'a IbmState, sequence: u64, group: &'a Group) -> GroupSeed<'a> {
    let id = &*group.key.id;
    let pinned = state.pinned::<Group>(group.key());
    // The number of rules is not part of the pinned value: it depends on the pinned rules.
    let is_current = |pinned: &Group| Group { rule_count: group.rule_count, ..pinned.clone() } == *group;
    let other = pinned.filter(|pinned| !is_current(pinned)).map(pinned_group_seed);
    let members = state.iter_with_sequence::<Membership>(Membership::BY_GROUP, (id, ""));
    let rules = state.iter_with_sequence::<Rule>(Rule::BY_GROUP, (id, ""));
    GroupSeed {
        id: Some(id.into()),
        members: members.map(|(sequence, it)| members::save(state, sequence, it)).collect(),
        rules: rules.map(|(sequence, it)| rules::save(state, sequence, it)).collect(),
        pinned: pinned.is_some() && other.is_none(),
        internal_state: Some(RecordState::new(sequence, (group.revision, group.change_count), other)),
        ..group_seed(group)
    }
}

/// Returns the seed of the pinned value of a group.
fn pinned_group_seed(group: &Group) -> GroupSeed<'_> {
    GroupSeed {
        internal_state: Some(RecordState::new_pinned((group.revision, group.change_count))),
        ..group_seed(group)
    }
}

/// Returns the seed of a group without its id, members, rules and `$state`.
fn group_seed(group: &Group) -> GroupSeed<'_> {
    let audit_fields = AuditFields::new(&group.created, &group.modified);
    GroupSeed {
        name: (&*group.name).into(),
        description: Some((&*group.description).into()).filter(|_| !group.description.is_empty()),
        created_at: audit_fields.created_at,
        created_by_id: audit_fields.created_by_id.map(Cow::Borrowed),
        last_modified_at: audit_fields.last_modified_at,
        last_modified_by_id: audit_fields.last_modified_by_id.map(Cow::Borrowed),
        ..GroupSeed::default()
    }
}
