//! Groups with their members and rules.
//!
//! A pinned group without `$state` pins its members, rules and policies with it; one with a `$state` is a saved one,
//! whose parts say themselves whether they are pinned.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Number;

use super::super::model::group::{Group, GroupDraft, PUBLIC_ACCESS, Place};
use super::super::model::member::{MemberKind, Membership, NewMember};
use super::super::model::rule::{GivenRule, Rule, RuleDraft};
use super::super::model::{Stamp, State};
use super::hidden::{self, Pin, PlaceState, RecordState, is_false};
use super::{Written, check_id, check_same, first, stamp, stamp_or};
use crate::seed_error::SeedError;
use crate::seed_list::SeedList;
use crate::store::{Record, Tx};

/// A group.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupSeed {
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
    hidden: Option<RecordState<Self>>,
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
    hidden: Option<PlaceState>,
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
    hidden: Option<RecordState<Self>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConditionSeed {
    claim: String,
    operator: String,
    value: String,
}

/// A group that was just loaded, for its members and rules.
struct Owner {
    place: Arc<Place>,
    created: Stamp,
    pins: Pins,
}

/// Which members and rules of a group are pinned.
#[derive(PartialEq, Eq)]
enum Pins {
    All,
    Marked,
    Nothing,
}

impl GroupSeed {
    /// Returns the id of a group that pins its policies with it.
    pub(super) fn into_pinning_id(self) -> Option<String> {
        if self.pins() == Pins::All { self.id } else { None }
    }

    fn pins(&self) -> Pins {
        match &self.hidden {
            None if self.pinned => Pins::All,
            Some(hidden) if self.pinned || hidden.pinned.is_some() => Pins::Marked,
            Some(_) | None => Pins::Nothing,
        }
    }

    /// Checks that a pinned value says nothing of what stays when it is restored.
    fn check_pinned(&self) -> Result<(), SeedError> {
        let others = [
            ("id", self.id.is_some()),
            ("members", !self.members.is_empty()),
            ("rules", !self.rules.is_empty()),
            ("pinned", self.pinned),
            ("$state", self.hidden.as_ref().is_some_and(RecordState::has_place)),
        ];
        let wrong = others.into_iter().find(|(_, is_there)| *is_there);
        wrong.map_or(Ok(()), |(name, _)| Err(hidden::not_in_pinned(name)))
    }

    /// Returns the group that is described, without its parts.
    fn group(&self, state: &mut State, place: Arc<Place>, tx: &mut Tx<'_>) -> Result<Group, SeedError> {
        check_same("account_id", self.account_id.as_deref(), &place.account)?;
        let draft = GroupDraft::new(Some(self.name.clone()), self.description.clone()).map_err(first)?;
        let created = stamp(state, self.created_at, self.created_by_id.as_deref(), tx);
        let modified = stamp_or(state, self.last_modified_at, self.last_modified_by_id.as_deref(), &created);
        let mark = hidden::mark_of(self.hidden.as_ref())?;
        Ok(Group::new(place, draft, [created, modified], (mark.revision(tx), mark.changes())))
    }
}

/// Puts a group with its members and rules into an account.
pub(super) fn load(
    state: &mut State,
    account: &str,
    seed: &GroupSeed,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    let id = seed.id.clone().unwrap_or_else(|| format!("AccessGroupId-{}", tx.ids.uuid()));
    check_group_id("id", &id)?;
    let place = Arc::new(Place { id: id.clone().into(), account: state.account(account) });
    let group = seed.group(state, Arc::clone(&place), tx)?;
    let owner = Owner { place: Arc::clone(&place), created: group.created.clone(), pins: seed.pins() };
    let sequence = hidden::mark_of(seed.hidden.as_ref())?.sequence;
    let put = state.put_back(group.clone(), sequence);
    put.map_err(|it| hidden::taken(it, "id", format!("`{id}` is taken by an earlier group")))?;
    for (index, member) in seed.members.iter().enumerate() {
        load_member(state, &owner, member).map_err(|error| error.below(format!("members[{index}]")))?;
    }
    for (index, rule) in seed.rules.iter().enumerate() {
        load_rule(state, &owner, rule, tx).map_err(|error| error.below(format!("rules[{index}]")))?;
    }
    if !seed.rules.is_empty() {
        state.count_rules(&id);
    }
    match Pin::of(seed.pinned, seed.hidden.as_ref())? {
        Pin::Nothing => {}
        Pin::Present => state.pin_group_as(group),
        Pin::Other(other) => {
            other.check_pinned()?;
            let pinned = other.group(state, place, tx).map_err(|error| error.below("$state.pinned"))?;
            state.pin_group_as(pinned);
        }
    }
    Ok(())
}

fn load_member(state: &mut State, owner: &Owner, member: &MemberSeed) -> Result<(), SeedError> {
    if member.iam_id.is_empty() {
        return Err(SeedError::new("iam_id", "must not be empty"));
    }
    if member.membership_type.as_deref().is_some_and(|kind| kind != "static") {
        return Err(SeedError::new("membership_type", "must be static"));
    }
    let kind = MemberKind::named(&member.r#type);
    let kind = kind.ok_or_else(|| SeedError::new("type", "must be one of user, service, profile"))?;
    let new = NewMember { iam_id: member.iam_id.to_string(), kind };
    new.check().map_err(|_| SeedError::new("iam_id", "must begin with iam-ServiceId- for a service"))?;
    let added = stamp_or(state, member.created_at, member.created_by_id.as_deref(), &owner.created);
    let sequence = hidden::place("sequence", member.hidden.as_ref().and_then(|it| it.sequence))?;
    let put = state.put_member_at(sequence, &owner.place, &new, added);
    let reason = || format!("`{}` is a member of the group already", member.iam_id);
    put.map_err(|taken| hidden::taken(taken, "iam_id", reason()))?;
    if owner.pins(member.pinned)? {
        state.pin::<Membership>((&owner.place.id, &member.iam_id));
    }
    Ok(())
}

impl Owner {
    /// Returns whether a part is pinned that says itself whether it is.
    fn pins(&self, is_marked: bool) -> Result<bool, SeedError> {
        match self.pins {
            Pins::All => Ok(true),
            Pins::Nothing if is_marked => Err(hidden::must_be_in_pinned_group()),
            Pins::Marked | Pins::Nothing => Ok(is_marked),
        }
    }
}

impl RuleSeed {
    /// Checks that a pinned value says nothing of what stays when it is restored.
    fn check_pinned(&self) -> Result<(), SeedError> {
        let has_place = self.hidden.as_ref().is_some_and(RecordState::has_place);
        let others = [("id", self.id.is_some()), ("pinned", self.pinned), ("$state", has_place)];
        let wrong = others.into_iter().find(|(_, is_there)| *is_there);
        wrong.map_or(Ok(()), |(name, _)| Err(hidden::not_in_pinned(name)))
    }

    /// Returns the rule that is described.
    fn rule(
        &self,
        state: &mut State,
        (group, id): (&Arc<Place>, &str),
        tx: &mut Tx<'_>,
    ) -> Result<Rule, SeedError> {
        check_same("access_group_id", self.access_group_id.as_deref(), &group.id)?;
        check_same("account_id", self.account_id.as_deref(), &group.account)?;
        let conditions = self.conditions.iter().map(|condition| {
            let ConditionSeed { claim, operator, value } = condition.clone();
            [Some(claim), Some(operator), Some(value)]
        });
        let given = GivenRule {
            name: self.name.clone(),
            expiration: self.expiration.as_f64(),
            realm_name: Some(self.realm_name.clone()),
            conditions: Some(conditions.collect()),
        };
        let content = RuleDraft::new(given).map_err(first)?;
        let created = stamp(state, self.created_at, self.created_by_id.as_deref(), tx);
        let modified = stamp_or(state, self.last_modified_at, self.last_modified_by_id.as_deref(), &created);
        let mark = hidden::mark_of(self.hidden.as_ref())?;
        let (revision, changes) = (mark.revision(tx), mark.changes());
        Ok(Rule { group: Arc::clone(group), id: id.into(), content, created, modified, revision, changes })
    }
}

fn load_rule(state: &mut State, owner: &Owner, seed: &RuleSeed, tx: &mut Tx<'_>) -> Result<(), SeedError> {
    check_id(seed.id.as_deref())?;
    let group = &owner.place;
    let id = seed.id.clone().unwrap_or_else(|| format!("ClaimRule-{}", tx.ids.uuid()));
    let rule = seed.rule(state, (group, &id), tx)?;
    let sequence = hidden::mark_of(seed.hidden.as_ref())?.sequence;
    let put = state.put_back(rule, sequence);
    let reason = || format!("`{id}` is taken by an earlier rule of the group");
    put.map_err(|taken| hidden::taken(taken, "id", reason()))?;
    match Pin::of(seed.pinned, seed.hidden.as_ref())? {
        Pin::Other(other) => {
            owner.pins(true)?;
            other.check_pinned()?;
            let pinned = other.rule(state, (group, &id), tx);
            state.pin_as(pinned.map_err(|error| error.below("$state.pinned"))?);
        }
        pin => {
            if owner.pins(matches!(pin, Pin::Present))? {
                state.pin::<Rule>((&group.id, &id));
            }
        }
    }
    Ok(())
}

/// Some ids stand for something else in the paths of the API, and the Public Access group is never stored.
pub(super) fn check_group_id(path: &str, id: &str) -> Result<(), SeedError> {
    match id {
        "" | "settings" | "_allgroups" | PUBLIC_ACCESS => {
            Err(SeedError::new(path, "must be an id that a group can have"))
        }
        _ => Ok(()),
    }
}

/// Returns the groups of an account with their members and rules.
pub(super) fn save(state: &State, account: &str) -> SeedList<GroupSeed> {
    let groups = state.saved::<Group>(Group::OF_ACCOUNT, (account, ""));
    groups.map(|(sequence, group)| save_group(state, sequence, group)).collect()
}

fn save_group(state: &State, sequence: u64, group: &Group) -> GroupSeed {
    let id = &*group.place.id;
    let pinned = state.pinned::<Group>(group.key());
    // The number of rules is no part of what is pinned: it follows from which of them are.
    let is_present = |pinned: &Group| Group { rule_count: group.rule_count, ..pinned.clone() } == *group;
    let other = pinned.filter(|pinned| !is_present(pinned)).map(saved_pinned_group);
    let members = state.saved::<Membership>(Membership::OF_GROUP, (id, ""));
    let rules = state.saved::<Rule>(Rule::OF_GROUP, (id, ""));
    GroupSeed {
        id: Some(id.to_owned()),
        members: members.map(|(sequence, it)| save_member(state, sequence, it)).collect(),
        rules: rules.map(|(sequence, it)| save_rule(state, sequence, it)).collect(),
        pinned: pinned.is_some() && other.is_none(),
        hidden: Some(RecordState::of(sequence, (group.revision, group.changes), other)),
        ..saved_group(group)
    }
}

fn saved_pinned_group(group: &Group) -> GroupSeed {
    GroupSeed { hidden: Some(RecordState::of_pinned((group.revision, group.changes))), ..saved_group(group) }
}

fn saved_group(group: &Group) -> GroupSeed {
    let written = Written::of(&group.created, &group.modified);
    GroupSeed {
        name: group.name.to_string(),
        description: Some(group.description.to_string()).filter(|text| !text.is_empty()),
        created_at: written.created_at,
        created_by_id: written.created_by_id,
        last_modified_at: written.last_modified_at,
        last_modified_by_id: written.last_modified_by_id,
        ..GroupSeed::default()
    }
}

fn save_member(state: &State, sequence: u64, membership: &Membership) -> MemberSeed {
    let details = membership.member.details.as_deref();
    MemberSeed {
        iam_id: membership.member.iam_id.clone(),
        r#type: membership.kind.name().into(),
        membership_type: None,
        name: details.and_then(|it| it.name.clone()),
        email: details.and_then(|it| it.email.clone()),
        description: details.and_then(|it| it.description.clone()),
        _href: None,
        created_at: Some(membership.added.at.time()),
        created_by_id: Some((&*membership.added.by).into()),
        pinned: state.pinned::<Membership>(membership.key()).is_some(),
        hidden: Some(PlaceState { sequence: Some(sequence) }),
    }
}

fn save_rule(state: &State, sequence: u64, rule: &Rule) -> RuleSeed {
    let pinned = state.pinned::<Rule>(rule.key());
    let other = pinned.filter(|pinned| *pinned != rule).map(|pinned| {
        let hidden = RecordState::of_pinned((pinned.revision, pinned.changes));
        RuleSeed { hidden: Some(hidden), ..saved_rule(pinned) }
    });
    RuleSeed {
        id: Some(rule.id.to_string()),
        pinned: pinned.is_some() && other.is_none(),
        hidden: Some(RecordState::of(sequence, (rule.revision, rule.changes), other)),
        ..saved_rule(rule)
    }
}

fn saved_rule(rule: &Rule) -> RuleSeed {
    let written = Written::of(&rule.created, &rule.modified);
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
        created_at: written.created_at,
        created_by_id: written.created_by_id,
        last_modified_at: written.last_modified_at,
        last_modified_by_id: written.last_modified_by_id,
        pinned: false,
        hidden: None,
    }
}
