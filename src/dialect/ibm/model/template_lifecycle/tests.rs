//! Random sequences of operations on templates and assignments never reach an impossible state.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::value::RawValue;

use super::super::assignment::{Assignment, AssignmentDraft, TargetType};
use super::super::bulk::Batch;
use super::super::group::GroupChange;
use super::super::managed::Change;
use super::super::member::{MemberKind, NewMember};
use super::super::template::GivenVersion;
use super::*;
use crate::store::{Clock, Ids, Namespace};

/// The member that accounts add to managed groups themselves.
const OWN_MEMBER: &str = "IBMid-own";

/// A request; templates, assignments and groups are chosen by a number among those that there are.
#[derive(Debug, Clone)]
enum Step {
    CreateTemplate { name: u8, group: u8 },
    CreateVersion { template: u8, name: Option<u8>, group: Option<u8> },
    ReplaceVersion { template: u8, version: u8, name: Option<u8>, group: Option<u8> },
    Commit { template: u8, version: u8 },
    DeleteVersion { template: u8, version: u8 },
    DeleteTemplate { template: u8 },
    Assign { template: u8, version: u8, to_account: bool },
    Update { assignment: u8, version: u8 },
    DeleteAssignment { assignment: u8 },
    ChangeDirectly { group: u8, change: Direct },
}

/// What an account does to a managed group.
#[derive(Debug, Clone)]
enum Direct {
    AddMember,
    RemoveMember { member: u8 },
    RemoveRule,
    Update,
}

fn step() -> impl Strategy<Value = Step> {
    let (any_of, version) = (|| 0_u8..4, || 1_u8..5);
    let name = || proptest::option::of(0_u8..3);
    let group = || proptest::option::of(0_u8..6);
    prop_oneof![
        1 => (0_u8..3, 0_u8..6).prop_map(|(name, group)| Step::CreateTemplate { name, group }),
        3 => (any_of(), name(), group())
            .prop_map(|(template, name, group)| Step::CreateVersion { template, name, group }),
        2 => (any_of(), version(), name(), group())
            .prop_map(|(template, version, name, group)| Step::ReplaceVersion { template, version, name, group }),
        4 => (any_of(), version()).prop_map(|(template, version)| Step::Commit { template, version }),
        2 => (any_of(), version()).prop_map(|(template, version)| Step::DeleteVersion { template, version }),
        1 => any_of().prop_map(|template| Step::DeleteTemplate { template }),
        4 => (any_of(), version(), any::<bool>())
            .prop_map(|(template, version, to_account)| Step::Assign { template, version, to_account }),
        3 => (any_of(), version()).prop_map(|(assignment, version)| Step::Update { assignment, version }),
        1 => any_of().prop_map(|assignment| Step::DeleteAssignment { assignment }),
        6 => (any_of(), direct()).prop_map(|(group, change)| Step::ChangeDirectly { group, change }),
    ]
}

fn direct() -> impl Strategy<Value = Direct> {
    prop_oneof![
        Just(Direct::AddMember),
        (0_u8..3).prop_map(|member| Direct::RemoveMember { member }),
        Just(Direct::RemoveRule),
        Just(Direct::Update),
    ]
}

/// A version with a group of its own: members and rules, and what is allowed, differ by `group`.
fn given(name: Option<u8>, group: Option<u8>) -> GivenVersion {
    let group = group.map(|group| {
        let rule = |number: u8| {
            serde_json::json!({
                "expiration": 1 + number, "realm_name": "r",
                "conditions": [{"claim": "c", "operator": "EQUALS", "value": "1"}]
            })
        };
        let text = serde_json::json!({
            "name": format!("group {}", group % 2),
            "members": {
                "users": [format!("IBMid-{}", group % 3)],
                "action_controls": {"add": group % 2 == 0, "remove": group < 3}
            },
            "assertions": {
                "rules": (0..group % 3).map(rule).collect::<Vec<_>>(),
                "action_controls": {"remove": group > 2}
            }
        });
        RawValue::from_string(text.to_string()).expect("it is JSON")
    });
    GivenVersion { name: name.map(|name| format!("template {name}")), group, ..GivenVersion::default() }
}

fn caller() -> Caller {
    Caller { iam_id: "IBMid-caller".to_owned(), account: "root".to_owned(), limited_to: None }
}

/// The store, and what has been seen of it.
struct Store {
    state: Namespace<State>,
    /// The numbers that the versions of each template have had.
    numbers: BTreeMap<String, BTreeSet<u32>>,
    /// What committed versions said when they were committed.
    committed: BTreeMap<(String, String), String>,
}

impl Store {
    fn new() -> Self {
        let state = Namespace::new(State::default(), Clock::System, Ids::seeded(1));
        // The author of all changes is known from the start, so that a refusal cannot be the first to name it.
        state.write(|state, tx| drop(state.stamp(&caller(), tx)));
        Self { state, numbers: BTreeMap::new(), committed: BTreeMap::new() }
    }

    fn template(&self, number: u8) -> String {
        self.state.read(|state| nth(number, state.templates.iter().map(|it| &*it.id)))
    }

    fn assignment(&self, number: u8) -> String {
        self.state.read(|state| nth(number, state.assignments.iter().map(|it| &*it.id)))
    }

    fn group(&self, number: u8) -> String {
        self.state.read(|state| nth(number, state.groups.iter().map(|it| &*it.place.id)))
    }

    fn apply(&mut self, step: &Step) -> Result<(), Refusal> {
        match *step {
            Step::CreateTemplate { name, group } => {
                self.create_template(name, group);
                Ok(())
            }
            Step::CreateVersion { template, name, group } => {
                self.create_version(&self.template(template), given(name, group))
            }
            Step::ReplaceVersion { template, version, name, group } => {
                self.replace_version(&self.template(template), version, given(name, group))
            }
            Step::Commit { template, version } => self.commit(self.template(template), version),
            Step::DeleteVersion { template, version } => {
                let (id, number) = (self.template(template), version.to_string());
                self.state.write(|state, _| state.delete_version(&id, &number, &caller()))?;
                self.committed.remove(&(id, number));
                Ok(())
            }
            Step::DeleteTemplate { template } => {
                let id = self.template(template);
                self.state.write(|state, _| state.delete_template(&id, &caller()))?;
                self.committed.retain(|(template, _), _| *template != id);
                Ok(())
            }
            Step::Assign { template, version, to_account } => {
                self.assign(self.template(template), version, to_account)
            }
            Step::Update { assignment, version } => {
                let (id, number) = (self.assignment(assignment), version.to_string());
                self.state.write(|state, tx| {
                    state.update_assignment(&id, &number, &caller(), tx)?;
                    assert_in_force(state, &id);
                    Ok(())
                })
            }
            Step::DeleteAssignment { assignment } => {
                let id = self.assignment(assignment);
                self.state.write(|state, _| state.delete_assignment(&id, &caller()))
            }
            Step::ChangeDirectly { group, ref change } => {
                let id = self.group(group);
                self.state.write(|state, tx| change_directly(state, &id, change, tx))
            }
        }
    }

    fn create_template(&mut self, name: u8, group: u8) {
        let draft = TemplateDraft::new(Some("root".to_owned()), given(Some(name), Some(group)));
        let draft = draft.expect("it is sound");
        let id = self.state.write(|state, tx| {
            let found = state.create_template(draft, &caller(), tx);
            found.template.id.to_string()
        });
        self.numbers.insert(id, BTreeSet::from([1]));
    }

    fn create_version(&mut self, id: &str, given: GivenVersion) -> Result<(), Refusal> {
        let draft = VersionDraft::new(given).expect("it is sound");
        let number = self.state.write(|state, tx| {
            let found = state.create_version(id, draft, &caller(), tx)?;
            Ok(found.version.number.parse::<u32>().expect("it is a number"))
        })?;
        let known = self.numbers.get_mut(id).expect("the template was seen");
        assert_eq!(known.last(), Some(&(number - 1)), "a number is one more than all before it");
        known.insert(number);
        Ok(())
    }

    fn replace_version(&self, id: &str, number: u8, given: GivenVersion) -> Result<(), Refusal> {
        let draft = VersionDraft::new(given).expect("it is sound");
        let number = number.to_string();
        self.state
            .write(|state, tx| state.replace_version((id, &number), draft, &caller(), tx).map(|_| ()))?;
        assert!(!self.committed.contains_key(&(id.to_owned(), number)), "a committed version was replaced");
        Ok(())
    }

    fn commit(&mut self, id: String, number: u8) -> Result<(), Refusal> {
        let number = number.to_string();
        self.state.write(|state, tx| state.commit_version(&id, &number, &caller(), tx))?;
        let said = self.state.read(|state| said(state.versions.get((&id, &number))));
        let before = self.committed.insert((id, number), said.expect("it was committed"));
        assert_eq!(before, None, "a version is committed once");
        Ok(())
    }

    fn assign(&self, template: String, version: u8, to_account: bool) -> Result<(), Refusal> {
        let target_type = if to_account { TargetType::Account } else { TargetType::AccountGroup };
        let (version, target) = (version.to_string(), "child".to_owned());
        let draft = AssignmentDraft { template, version, target_type, target };
        self.state.write(|state, tx| {
            let id = state.create_assignment(draft, &caller(), tx)?.id.clone();
            assert_in_force(state, &id);
            Ok(())
        })
    }

    /// Everything that must hold after each step.
    fn check(&self) {
        self.state.read(|state| {
            check_versions(state);
            check_assignments(state);
            for ((id, number), said_then) in &self.committed {
                let version = state.versions.get((id, number));
                assert!(version.is_some_and(|version| version.is_committed), "{id}/{number}");
                assert_eq!(said(version).as_ref(), Some(said_then), "a committed version changed");
            }
        });
    }

    fn text(&self) -> String {
        self.state.read(|state| format!("{state:?}"))
    }
}

/// The id with this number among those that there are, counted round.
fn nth<'a>(number: u8, ids: impl Iterator<Item = &'a str>) -> String {
    let ids: Vec<&str> = ids.collect();
    let at = usize::from(number).checked_rem(ids.len());
    at.map_or("unknown", |at| ids[at]).to_owned()
}

/// What a version says besides the name of its template.
fn said(version: Option<&Version>) -> Option<String> {
    let content = &version?.content;
    Some(format!("{} {} {}", content.description, content.group.text, content.references))
}

fn change_directly(state: &mut State, id: &str, change: &Direct, tx: &mut Tx<'_>) -> Result<(), Refusal> {
    match change {
        Direct::AddMember => {
            let new = NewMember { iam_id: OWN_MEMBER.to_owned(), kind: MemberKind::User };
            let batch = Batch { parts: &[new], faults: &|_, _| None };
            state.add_members(id, batch, &caller(), tx).map(|_| ())
        }
        Direct::RemoveMember { member } => state.remove_member(id, &format!("IBMid-{member}")),
        Direct::RemoveRule => {
            let rule_id = state.rules_of(id).next().map(|rule| rule.id.clone());
            state.delete_rule(id, rule_id.as_deref().unwrap_or_default())
        }
        Direct::Update => {
            assert!(id == "unknown" || !state.allows(id, Change::Delete));
            state.update_group(id, GroupChange::default(), &caller(), tx).map(|_| ())
        }
    }
}

fn check_versions(state: &State) {
    for template in state.templates.iter() {
        let versions: Vec<&Version> =
            state.versions.list(Version::OF_TEMPLATE, (&template.id, "")).iter().collect();
        let numbers: Vec<u32> =
            versions.iter().map(|version| version.number.parse().expect("it is a number")).collect();
        assert!(!numbers.is_empty(), "a template has no version");
        assert!(numbers.is_sorted_by(|left, right| left < right), "{numbers:?}");
        assert!(numbers.iter().all(|number| *number <= template.highest), "{numbers:?}");
        assert_eq!(Some(state.latest(template).version.number.parse()), numbers.last().copied().map(Ok));
    }
    for version in state.versions.iter() {
        assert!(state.templates.contains(("", &version.template)), "a version has no template");
    }
}

fn check_assignments(state: &State) {
    let mut managed = BTreeSet::new();
    for assignment in state.assignments.iter() {
        let version = state.versions.get((&assignment.template, &assignment.version));
        assert!(version.is_some_and(|version| version.is_committed), "{assignment:?}");
        assert_eq!(assignment.effect.is_some(), assignment.target_type == TargetType::Account);
        let Some(effect) = &assignment.effect else { continue };
        let group = state.groups.get(("", &effect.group)).expect("an assignment to an account has its group");
        assert_eq!(*group.place.account, *assignment.target);
        assert!(group.has(&state.group_of(assignment).content), "{group:?}");
        assert_eq!(effect.rules.len(), state.group_of(assignment).rules.len());
        assert!(state.rules_of(&effect.group).all(|rule| effect.rules.contains(&rule.id)));
        for member in state.members.list(0, (&effect.group, "")).iter() {
            let iam_id = &*member.member.iam_id;
            assert!(iam_id == OWN_MEMBER || state.group_of(assignment).has_member(iam_id), "{iam_id}");
        }
        assert!(managed.insert(effect.group.clone()), "two assignments have one group");
    }
    let groups: BTreeSet<Box<str>> = state.groups.iter().map(|group| group.place.id.clone()).collect();
    assert_eq!(groups, managed);
    assert!(state.members.iter().all(|member| managed.contains(&member.group.id)));
    assert!(state.rules.iter().all(|rule| managed.contains(&rule.group.id)));
}

/// All that the version says is in the account of the assignment, which was just given it.
fn assert_in_force(state: &State, id: &str) {
    let assignment: &Assignment = state.assignments.get(("", id)).expect("it was just given the version");
    let Some(effect) = &assignment.effect else { return };
    let group = state.group_of(assignment);
    for member in &group.members {
        assert!(state.members.contains((&effect.group, &member.iam_id)), "{}", member.iam_id);
    }
    for (rule_id, rule) in effect.rules.iter().zip(&group.rules) {
        assert_eq!(state.rule(&effect.group, rule_id).map(|it| &it.content), Ok(&rule.content));
    }
}

proptest! {
    #[test]
    fn no_sequence_of_operations_reaches_an_impossible_state(
        steps in proptest::collection::vec(step(), 1..60),
    ) {
        let mut store = Store::new();
        for step in &steps {
            let before = store.text();
            let outcome = store.apply(step);
            if outcome.is_err() {
                prop_assert_eq!(before, store.text(), "{:?} was refused and changed something", step);
            }
            store.check();
        }
    }
}

#[test]
fn a_template_goes_through_its_whole_life() {
    let life = [
        Step::CreateTemplate { name: 0, group: 1 },
        Step::Commit { template: 0, version: 1 },
        Step::Assign { template: 0, version: 1, to_account: true },
        Step::CreateVersion { template: 0, name: Some(1), group: Some(5) },
        Step::Commit { template: 0, version: 2 },
        Step::Update { assignment: 0, version: 2 },
        Step::DeleteVersion { template: 0, version: 1 },
        Step::DeleteTemplate { template: 0 },
    ];
    let mut store = Store::new();

    for step in &life {
        assert_eq!(store.apply(step), Ok(()), "{step:?}");
        store.check();
    }

    assert!(store.state.read(|state| state.groups.is_empty() && state.versions.is_empty()));
}
