//! Managed groups: what an assignment to an account brings about in it, and what the account may do to it.
//!
//! Invariant: every assignment to an account has its own group there, and no other group is managed.

use std::sync::Arc;

use super::assignment::Assignment;
use super::group::{GroupChange, Place};
use super::rule::{Rule, RuleDraft};
use super::template_group::TemplateGroup;
use super::{Stamp, State};
use crate::failure::{Code, Refusal};
use crate::store::Tx;

/// What an assignment brought about in an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// The id of the group.
    pub group: Box<str>,
    /// The ids of the rules of the template, in its order.
    pub rules: Vec<Box<str>>,
}

/// The ids that what an assignment brings about is to have; what has none gets a new one.
#[derive(Debug, Clone, Default)]
pub struct EffectIds {
    /// The id of the group.
    pub group: Option<Box<str>>,
    /// The ids of the rules, in the order of the template.
    pub rules: Vec<Box<str>>,
}

/// A direct change of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<'a> {
    /// Of its name or description.
    Update,
    /// Its deletion.
    Delete,
    /// A new member.
    AddMember,
    /// The removal of this member.
    RemoveMember(&'a str),
    /// A new rule.
    AddRule,
    /// The replacement of this rule.
    ReplaceRule(&'a str),
    /// The removal of this rule.
    RemoveRule(&'a str),
    /// A policy for it.
    AddPolicy,
}

impl State {
    /// Returns whether the group with `id` may be changed so: one that no template manages always.
    ///
    /// What the account added itself it may always change and remove.
    pub fn allows(&self, id: &str, change: Change<'_>) -> bool {
        let manager = self.assignments.list(Assignment::OF_GROUP, (id, "")).iter().next();
        let Some((assignment, effect)) = manager.and_then(|it| Some((it, it.effect.as_ref()?))) else {
            return true;
        };
        let group = self.group_of(assignment);
        let rule_at = |rule_id: &str| effect.rules.iter().position(|known| **known == *rule_id);
        match change {
            Change::Update | Change::Delete => false,
            Change::AddMember => group.controls.adds_members,
            Change::RemoveMember(iam_id) => group.controls.removes_members || !group.has_member(iam_id),
            Change::AddRule => group.controls.adds_rules,
            Change::AddPolicy => group.controls.adds_policies,
            Change::ReplaceRule(rule_id) => rule_at(rule_id).is_none(),
            Change::RemoveRule(rule_id) => rule_at(rule_id).is_none_or(|at| group.rules[at].is_removable),
        }
    }

    /// Checks that the group with `id` may be changed so.
    ///
    /// # Errors
    /// `on_refusal`, which says what to do instead.
    pub fn check_change(
        &self,
        id: &str,
        change: Change<'_>,
        on_refusal: &'static Code,
    ) -> Result<(), Refusal> {
        if self.allows(id, change) { Ok(()) } else { Err(on_refusal.about(id)) }
    }

    /// Returns the group that the version of an assignment describes.
    pub fn group_of(&self, assignment: &Assignment) -> &TemplateGroup {
        let version = self.versions.get((&assignment.template, &assignment.version));
        &version.expect("an assignment points to a version that is there").content.group
    }

    /// Returns how many rules a version of a template describes; `None` when there is no such version.
    pub fn rules_in_version(&self, template: &str, number: &str) -> Option<usize> {
        self.versions.get((template, number)).map(|version| version.content.group.rules.len())
    }

    /// Puts the group of a template into an account; `None` when the id that it is to have is taken.
    pub(super) fn manage(
        &mut self,
        (account, ids): (&str, EffectIds),
        group: &TemplateGroup,
        stamp: &Stamp,
        tx: &mut Tx<'_>,
    ) -> Option<Effect> {
        let id = ids.group.unwrap_or_else(|| format!("AccessGroupId-{}", tx.ids.uuid()).into());
        let place = Arc::new(Place { id: id.clone(), account: self.account(account) });
        self.put_group(Arc::clone(&place), group.content.clone(), [stamp.clone(), stamp.clone()], tx)?;
        for member in &group.members {
            self.put_member(&place, member, stamp.clone());
        }
        let mut given = ids.rules.into_iter();
        let rules = group.rules.iter().map(|rule| {
            let rule_id = given.next().unwrap_or_else(|| new_rule_id(tx));
            self.put_managed_rule(&place, (rule_id, &rule.content), stamp, tx)
        });
        let rules = rules.collect();
        Some(Effect { group: id, rules })
    }

    /// Makes a managed group follow from one version's group to the next.
    ///
    /// What the template says is reinstated; what it no longer says goes; what the account added stays, unless a
    /// version has named it since. A rule that says the same in both keeps its id.
    pub(super) fn manage_anew(
        &mut self,
        effect: Effect,
        [former, next]: [&TemplateGroup; 2],
        stamp: &Stamp,
        tx: &mut Tx<'_>,
    ) -> Effect {
        let Effect { group: id, rules: mut known } = effect;
        let group = self.groups.get(("", &id)).expect("an assignment to an account has its group");
        let place = Arc::clone(&group.place);
        if !group.has(&next.content) {
            self.put_change(&id, GroupChange::from(next.content.clone()), stamp.clone(), tx);
        }
        // Who is there as something else comes back as what the template says.
        for member in former.members.iter().filter(|member| !next.members.contains(member)) {
            self.members.delete((&id, &member.iam_id));
        }
        for member in &next.members {
            self.put_member(&place, member, stamp.clone());
        }
        let rules = next.rules.iter().map(|rule| {
            let same = |rule_id: &str| self.rule(&id, rule_id).is_ok_and(|it| it.content == rule.content);
            match known.iter().position(|rule_id| same(rule_id)) {
                Some(at) => known.remove(at),
                None => {
                    let rule_id = new_rule_id(tx);
                    self.put_managed_rule(&place, (rule_id, &rule.content), stamp, tx)
                }
            }
        });
        let rules = rules.collect();
        for rule_id in known {
            self.drop_rule(&id, &rule_id);
        }
        Effect { group: id, rules }
    }

    fn put_managed_rule(
        &mut self,
        group: &Arc<Place>,
        (id, content): (Box<str>, &RuleDraft),
        stamp: &Stamp,
        tx: &mut Tx<'_>,
    ) -> Box<str> {
        let (created, modified) = (stamp.clone(), stamp.clone());
        let revision = tx.next_revision();
        let (group, content) = (Arc::clone(group), content.clone());
        self.put_rule(Rule { group, id: id.clone(), content, created, modified, revision, changes: 1 });
        id
    }
}

fn new_rule_id(tx: &mut Tx<'_>) -> Box<str> {
    format!("ClaimRule-{}", tx.ids.uuid()).into()
}
