//! Groups with their members and rules.
//!
//! A pinned group without `$state` also pins its members, rules and policies. A group with a `$state` is a saved one,
//! whose members, rules and policies have their own `pinned` fields.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Number;

use super::super::model::group::{Group, GroupDraft, GroupKey, PUBLIC_ACCESS};
use super::super::model::member::{MemberKind, Membership, NewMember};
use super::super::model::rule::{Rule, RuleDraft, RuleInput};
use super::super::model::{AuditStamp, IbmState};
use super::internal_state::{self, PinnedValue, RecordState, SequenceState, is_false};
use super::{AuditFields, audit_stamp, audit_stamp_or, check_id, check_matches_location, first_violation};
use crate::domain::seed::SeedError;
use crate::json::LazyJsonList;
use crate::store::{Record, Tx};

/// A group.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupSeed {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified_by_id: Option<String>,
    #[serde(rename = "href", skip_serializing)]
    _href: Option<String>,
    #[serde(rename = "is_federated", skip_serializing)]
    _is_federated: Option<bool>,
    #[serde(rename = "crn", skip_serializing)]
    _crn: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    members: Vec<MemberSeed>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rules: Vec<RuleSeed>,
    #[serde(default, skip_serializing_if = "is_false")]
    pinned: bool,
    #[serde(rename = "$state", skip_serializing_if = "Option::is_none")]
    internal_state: Option<RecordState<Self>>,
}

/// A member of a group.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MemberSeed {
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
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by_id: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "is_false")]
    pinned: bool,
    #[serde(rename = "$state", skip_serializing_if = "Option::is_none")]
    internal_state: Option<SequenceState>,
}

/// A rule of a group.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleSeed {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    expiration: Number,
    realm_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_group_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
    conditions: Vec<ConditionSeed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified_by_id: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pinned: bool,
    #[serde(rename = "$state", skip_serializing_if = "Option::is_none")]
    internal_state: Option<RecordState<Self>>,
}

/// A condition of a rule.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConditionSeed {
    claim: String,
    operator: String,
    value: String,
}

/// A loaded group whose members and rules are loaded next.
struct LoadedGroup {
    key: Arc<GroupKey>,
    created: AuditStamp,
    pin_mode: PinMode,
}

/// The rule that determines which members and rules of a group are pinned.
#[derive(PartialEq, Eq)]
enum PinMode {
    /// All members and rules.
    All,
    /// Those with the field `pinned`.
    Explicit,
    /// No members and rules, because the group is not pinned.
    None,
}

impl GroupSeed {
    /// Returns the id of the group if it also pins its policies.
    pub fn into_id_if_policies_pinned(self) -> Option<String> {
        if self.pin_mode() == PinMode::All { self.id } else { None }
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

    /// Converts the seed to a group without its members and rules.
    fn to_group(
        &self,
        state: &mut IbmState,
        key: Arc<GroupKey>,
        tx: &mut Tx<'_>,
    ) -> Result<Group, SeedError> {
        check_matches_location("account_id", self.account_id.as_deref(), &key.account)?;
        let draft =
            GroupDraft::new(Some(self.name.clone()), self.description.clone()).map_err(first_violation)?;
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
pub fn load(state: &mut IbmState, account: &str, seed: &GroupSeed, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    let id = seed.id.clone().unwrap_or_else(|| format!("AccessGroupId-{}", tx.ids.uuid()));
    check_group_id("id", &id)?;
    let key = Arc::new(GroupKey { id: id.clone().into(), account: state.intern_account(account) });
    let group = seed.to_group(state, Arc::clone(&key), tx)?;
    let loaded =
        LoadedGroup { key: Arc::clone(&key), created: group.created.clone(), pin_mode: seed.pin_mode() };
    let sequence = internal_state::record_version(seed.internal_state.as_ref())?.sequence;
    let result = state.restore(group.clone(), sequence);
    result.map_err(|error| {
        internal_state::insert_error(error, "id", format!("`{id}` is already used by an earlier group"))
    })?;
    for (index, member) in seed.members.iter().enumerate() {
        load_member(state, &loaded, member).map_err(|error| error.nested_in(format!("members[{index}]")))?;
    }
    for (index, rule) in seed.rules.iter().enumerate() {
        load_rule(state, &loaded, rule, tx).map_err(|error| error.nested_in(format!("rules[{index}]")))?;
    }
    if !seed.rules.is_empty() {
        state.update_rule_count(&id);
    }
    match PinnedValue::from_seed(seed.pinned, seed.internal_state.as_ref())? {
        PinnedValue::None => {}
        PinnedValue::Current => state.set_pinned_group(group),
        PinnedValue::Other(other) => {
            other.check_pinned()?;
            let pinned = other.to_group(state, key, tx).map_err(|error| error.nested_in("$state.pinned"))?;
            state.set_pinned_group(pinned);
        }
    }
    Ok(())
}

/// Loads a member into a group.
fn load_member(state: &mut IbmState, group: &LoadedGroup, member: &MemberSeed) -> Result<(), SeedError> {
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

impl LoadedGroup {
    /// Returns whether a member or rule is pinned; `is_marked` is its field `pinned`.
    fn is_pinned(&self, is_marked: bool) -> Result<bool, SeedError> {
        match self.pin_mode {
            PinMode::All => Ok(true),
            PinMode::None if is_marked => Err(internal_state::group_not_pinned()),
            PinMode::Explicit | PinMode::None => Ok(is_marked),
        }
    }
}

impl RuleSeed {
    /// Checks that a pinned value has no fields that a restoration leaves unchanged.
    fn check_pinned(&self) -> Result<(), SeedError> {
        let has_record_fields = self.internal_state.as_ref().is_some_and(RecordState::has_record_fields);
        let fields = [("id", self.id.is_some()), ("pinned", self.pinned), ("$state", has_record_fields)];
        let forbidden = fields.into_iter().find(|(_, is_present)| *is_present);
        forbidden.map_or(Ok(()), |(name, _)| Err(internal_state::not_allowed_in_pinned_value(name)))
    }

    /// Converts the seed to a rule.
    fn to_rule(
        &self,
        state: &mut IbmState,
        (group, id): (&Arc<GroupKey>, &str),
        tx: &mut Tx<'_>,
    ) -> Result<Rule, SeedError> {
        check_matches_location("access_group_id", self.access_group_id.as_deref(), &group.id)?;
        check_matches_location("account_id", self.account_id.as_deref(), &group.account)?;
        let conditions = self.conditions.iter().map(|condition| {
            let ConditionSeed { claim, operator, value } = condition.clone();
            [Some(claim), Some(operator), Some(value)]
        });
        let input = RuleInput {
            name: self.name.clone(),
            expiration: self.expiration.as_f64(),
            realm_name: Some(self.realm_name.clone()),
            conditions: Some(conditions.collect()),
        };
        let content = RuleDraft::new(input).map_err(first_violation)?;
        let created = audit_stamp(state, self.created_at, self.created_by_id.as_deref(), tx);
        let modified =
            audit_stamp_or(state, self.last_modified_at, self.last_modified_by_id.as_deref(), &created);
        let record_version = internal_state::record_version(self.internal_state.as_ref())?;
        let (revision, change_count) =
            (record_version.revision_or_next(tx), record_version.change_count_or_default());
        Ok(Rule {
            group: Arc::clone(group),
            id: id.into(),
            content,
            created,
            modified,
            revision,
            change_count,
        })
    }
}

/// Loads a rule into a group.
fn load_rule(
    state: &mut IbmState,
    loaded: &LoadedGroup,
    seed: &RuleSeed,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    check_id(seed.id.as_deref())?;
    let group = &loaded.key;
    let id = seed.id.clone().unwrap_or_else(|| format!("ClaimRule-{}", tx.ids.uuid()));
    let rule = seed.to_rule(state, (group, &id), tx)?;
    let sequence = internal_state::record_version(seed.internal_state.as_ref())?.sequence;
    let result = state.restore(rule, sequence);
    let reason = || format!("`{id}` is already used by an earlier rule of the group");
    result.map_err(|error| internal_state::insert_error(error, "id", reason()))?;
    match PinnedValue::from_seed(seed.pinned, seed.internal_state.as_ref())? {
        PinnedValue::Other(other) => {
            loaded.is_pinned(true)?;
            other.check_pinned()?;
            let pinned = other.to_rule(state, (group, &id), tx);
            state.set_pinned(pinned.map_err(|error| error.nested_in("$state.pinned"))?);
        }
        pin => {
            if loaded.is_pinned(matches!(pin, PinnedValue::Current))? {
                state.pin::<Rule>((&group.id, &id));
            }
        }
    }
    Ok(())
}

/// Checks the id of a group: some ids are reserved path segments of the API, and the Public Access group is never
/// stored.
pub fn check_group_id(path: &str, id: &str) -> Result<(), SeedError> {
    match id {
        "" | "settings" | "_allgroups" | PUBLIC_ACCESS => {
            Err(SeedError::new(path, "must be a valid group id"))
        }
        _ => Ok(()),
    }
}

/// Returns the groups of an account with their members and rules.
pub fn save(state: &IbmState, account: &str) -> LazyJsonList<GroupSeed> {
    let groups = state.iter_with_sequence::<Group>(Group::BY_ACCOUNT, (account, ""));
    groups.map(|(sequence, group)| save_group(state, sequence, group)).collect()
}

/// Returns the seed of a group with its members, rules and `$state`.
fn save_group(state: &IbmState, sequence: u64, group: &Group) -> GroupSeed {
    let id = &*group.key.id;
    let pinned = state.pinned::<Group>(group.key());
    // The number of rules is not part of the pinned value: it depends on the pinned rules.
    let is_current = |pinned: &Group| Group { rule_count: group.rule_count, ..pinned.clone() } == *group;
    let other = pinned.filter(|pinned| !is_current(pinned)).map(pinned_group_seed);
    let members = state.iter_with_sequence::<Membership>(Membership::BY_GROUP, (id, ""));
    let rules = state.iter_with_sequence::<Rule>(Rule::BY_GROUP, (id, ""));
    GroupSeed {
        id: Some(id.to_owned()),
        members: members.map(|(sequence, it)| save_member(state, sequence, it)).collect(),
        rules: rules.map(|(sequence, it)| save_rule(state, sequence, it)).collect(),
        pinned: pinned.is_some() && other.is_none(),
        internal_state: Some(RecordState::new(sequence, (group.revision, group.change_count), other)),
        ..group_seed(group)
    }
}

/// Returns the seed of the pinned value of a group.
fn pinned_group_seed(group: &Group) -> GroupSeed {
    GroupSeed {
        internal_state: Some(RecordState::new_pinned((group.revision, group.change_count))),
        ..group_seed(group)
    }
}

/// Returns the seed of a group without its id, members, rules and `$state`.
fn group_seed(group: &Group) -> GroupSeed {
    let audit_fields = AuditFields::new(&group.created, &group.modified);
    GroupSeed {
        name: group.name.to_string(),
        description: Some(group.description.to_string()).filter(|description| !description.is_empty()),
        created_at: audit_fields.created_at,
        created_by_id: audit_fields.created_by_id,
        last_modified_at: audit_fields.last_modified_at,
        last_modified_by_id: audit_fields.last_modified_by_id,
        ..GroupSeed::default()
    }
}

fn save_member(state: &IbmState, sequence: u64, membership: &Membership) -> MemberSeed {
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

fn save_rule(state: &IbmState, sequence: u64, rule: &Rule) -> RuleSeed {
    let pinned = state.pinned::<Rule>(rule.key());
    let other = pinned.filter(|pinned| *pinned != rule).map(|pinned| {
        let record_state = RecordState::new_pinned((pinned.revision, pinned.change_count));
        RuleSeed { internal_state: Some(record_state), ..rule_seed(pinned) }
    });
    RuleSeed {
        id: Some(rule.id.to_string()),
        pinned: pinned.is_some() && other.is_none(),
        internal_state: Some(RecordState::new(sequence, (rule.revision, rule.change_count), other)),
        ..rule_seed(rule)
    }
}

/// Returns the seed of a rule without its id and `$state`.
fn rule_seed(rule: &Rule) -> RuleSeed {
    let audit_fields = AuditFields::new(&rule.created, &rule.modified);
    let RuleDraft { name, expiration, realm_name, conditions } = &rule.content;
    let conditions = conditions.iter().map(|condition| ConditionSeed {
        claim: condition.claim.to_string(),
        operator: condition.operator.name().to_owned(),
        value: condition.value.to_string(),
    });
    RuleSeed {
        id: None,
        name: Some(name.to_string()),
        expiration: (*expiration).into(),
        realm_name: realm_name.to_string(),
        access_group_id: None,
        account_id: None,
        conditions: conditions.collect(),
        created_at: audit_fields.created_at,
        created_by_id: audit_fields.created_by_id,
        last_modified_at: audit_fields.last_modified_at,
        last_modified_by_id: audit_fields.last_modified_by_id,
        pinned: false,
        internal_state: None,
    }
}
