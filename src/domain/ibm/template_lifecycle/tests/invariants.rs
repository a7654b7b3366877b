//! The invariants of versions, assignments and managed groups.

use std::collections::BTreeSet;

use crate::domain::ibm::records::assignment::{Assignment, AssignmentOutcome, AssignmentStatus, TargetType};
use crate::domain::ibm::records::assignment_target::AssignmentTarget;
use crate::domain::ibm::records::group::Group;
use crate::domain::ibm::template_lifecycle::*;

/// The member that accounts add to managed groups.
pub(super) const OWN_MEMBER: &str = "IBMid-own";

/// The accounts that can be targets, in one or both of the account groups.
pub(super) const CHILDREN: [&str; 2] = ["child", "other"];

pub(super) fn check_versions(state: &IbmState) {
    for template in state.templates.iter() {
        let versions: Vec<&Version> =
            state.versions.list(Version::BY_TEMPLATE, (&template.id, "")).iter().collect();
        let numbers: Vec<u32> = versions
            .iter()
            .map(|version| version.number.parse().expect("a version number is an integer"))
            .collect();
        assert!(!numbers.is_empty(), "a template has no version");
        assert!(numbers.is_sorted_by(|left, right| left < right), "{numbers:?}");
        assert!(numbers.iter().all(|number| *number <= template.highest_version), "{numbers:?}");
        assert_eq!(
            Some(state.with_latest_version(template).version.number.parse()),
            numbers.last().copied().map(Ok)
        );
    }
    for version in state.versions.iter() {
        assert!(state.templates.contains(("", &version.template)), "a version has no template");
    }
}

pub(super) fn check_assignments(state: &IbmState) {
    let mut pairs = BTreeSet::new();
    for assignment in state.assignments.iter() {
        let version = state.versions.get((&assignment.template, &assignment.version));
        assert!(version.is_some_and(|version| version.is_committed), "{assignment:?}");
        assert!(pairs.insert((assignment.template.clone(), assignment.target.clone())), "{assignment:?}");
        check_targets(state, assignment);
    }
    let is_of_assignment = |target: &AssignmentTarget| state.assignments.contains(("", &target.assignment));
    assert!(state.assignment_targets.iter().all(is_of_assignment), "a target has no assignment");
    check_precedence(state);
    let mut managed = BTreeSet::new();
    for target in state.assignment_targets.iter() {
        let Some(applied) = &target.applied else { continue };
        assert!(managed.insert(applied.group.group_id.clone()), "two assignments have one group");
        check_managed_group(state, target);
    }
    assert!(managed.iter().all(|id| state.groups.contains(("", id))));
    let has_template_name =
        |id: &str| managed.contains(id) || state.groups.get(("", id)).is_some_and(is_own_group);
    assert!(state.groups.iter().all(|group| has_template_name(&group.key.id)), "a managed group was left");
}

/// Returns whether an account created the group itself.
fn is_own_group(group: &Group) -> bool {
    group.name.starts_with("GROUP ")
}

/// Checks the accounts of an assignment and its outcome.
fn check_targets(state: &IbmState, assignment: &Assignment) {
    let targets = state.targets(&assignment.id);
    let accounts: Vec<String> = targets.iter().map(|target| target.account.to_string()).collect();
    let expected: Vec<String> = match assignment.target_type {
        TargetType::Account => vec![assignment.target.to_string()],
        TargetType::AccountGroup => {
            let accounts = state.account_group(&assignment.target).unwrap_or_default();
            accounts.iter().map(ToString::to_string).collect()
        }
    };
    assert_eq!(accounts, expected);
    let statuses: Vec<AssignmentStatus> = targets.iter().map(AssignmentTarget::status).collect();
    let outcome = match assignment.outcome {
        AssignmentOutcome::Failed => statuses.contains(&AssignmentStatus::Failed),
        AssignmentOutcome::Superseded => statuses.iter().all(|it| *it == AssignmentStatus::Superseded),
        AssignmentOutcome::Succeeded => !statuses.contains(&AssignmentStatus::Failed),
    };
    assert!(outcome, "{assignment:?} {targets:?}");
    for target in &targets {
        assert!(target.error.as_deref() != Some(""), "an error is empty");
        if target.error.is_none()
            && let Some(applied) = &target.applied
        {
            assert_eq!(applied.number, assignment.version);
        }
    }
}

/// Checks that in each account one assignment of a template has the group, that to the account itself if it can.
fn check_precedence(state: &IbmState) {
    for template in state.templates.iter() {
        for account in CHILDREN {
            let targets =
                state.assignment_targets.list(AssignmentTarget::BY_TEMPLATE, (account, &template.id));
            let (holders, others): (Vec<_>, Vec<_>) = targets.iter().partition(|it| it.applied.is_some());
            assert!(holders.len() < 2, "{holders:?}");
            let superseded = others.iter().filter(|it| it.error.is_none()).count();
            assert!(superseded == 0 || !holders.is_empty(), "{others:?} are superseded by nothing");
            let direct_without_error = others.iter().any(|it| it.is_direct && it.error.is_none());
            assert!(!direct_without_error, "the assignment to the account itself is superseded");
        }
    }
}

fn check_managed_group(state: &IbmState, target: &AssignmentTarget) {
    let applied = target.applied.as_ref().expect("the caller found the version");
    let (id, template_group) =
        (&applied.group.group_id, state.template_group(&target.template, &applied.number));
    let group = state.groups.get(("", id)).expect("the group of an assignment exists");
    assert_eq!(group.key.account, target.account);
    assert!(group.has_content(&template_group.content), "{group:?}");
    assert_eq!(applied.group.rule_ids.len(), template_group.rules.len());
    assert!(state.group_rules(id).all(|rule| applied.group.rule_ids.contains(&rule.id)));
    for member in state.members.list(0, (id, "")).iter() {
        let iam_id = &*member.member.iam_id;
        assert!(iam_id == OWN_MEMBER || template_group.has_member(iam_id), "{iam_id}");
        assert!(iam_id != OWN_MEMBER || template_group.controls.can_add_members, "a forbidden member");
    }
}

/// Asserts that each account has all members and rules of the assigned version, unless it failed or is superseded.
pub(super) fn assert_template_applied(state: &IbmState, id: &str) {
    let assignment: &Assignment =
        state.assignments.get(("", id)).expect("the assignment was just created or updated");
    let group = state.assigned_template_group(assignment);
    for target in state.targets(id).iter().filter(|target| target.error.is_none()) {
        let Some(applied) = &target.applied else { continue };
        for member in &group.members {
            assert!(state.members.contains((&applied.group.group_id, &member.iam_id)), "{}", member.iam_id);
        }
        for (rule_id, rule) in applied.group.rule_ids.iter().zip(&group.rules) {
            assert_eq!(state.rule(&applied.group.group_id, rule_id).map(|it| &it.content), Ok(&rule.content));
        }
    }
}
