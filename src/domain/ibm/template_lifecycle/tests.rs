//! Random sequences of operations on templates and assignments preserve all invariants.

mod invariants;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::value::RawValue;

use super::super::bulk::Batch;
use super::super::records::assignment::{AssignmentDraft, TargetType};
use super::super::records::group::{GroupChange, GroupDraft};
use super::super::records::managed_group::GroupMutation;
use super::super::records::member::{MemberKind, NewMember};
use super::super::records::template::VersionInput;
use crate::domain::ibm::template_lifecycle::*;
use crate::store::{ClockSetting, IdGenerator, Store};
use invariants::{CHILDREN, OWN_MEMBER, assert_template_applied, check_assignments, check_versions};

/// A request; its templates, assignments and groups are chosen by index among the existing ones.
#[derive(Debug, Clone)]
enum Request {
    CreateTemplate { name: u8, group: u8 },
    CreateVersion { template: u8, name: Option<u8>, group: Option<u8> },
    ReplaceVersion { template: u8, version: u8, name: Option<u8>, group: Option<u8> },
    Commit { template: u8, version: u8 },
    DeleteVersion { template: u8, version: u8 },
    DeleteTemplate { template: u8 },
    Assign { template: u8, version: u8, target: u8 },
    Update { assignment: u8, version: u8 },
    DeleteAssignment { assignment: u8 },
    SetAccountGroup { id: u8, accounts: u8 },
    CreateOwnGroup { account: u8, name: u8 },
    DeleteOwnGroup { group: u8 },
    ChangeDirectly { group: u8, change: DirectChange },
}

/// The account groups.
const ACCOUNT_GROUPS: [&str; 2] = ["crew", "fleet"];

/// A change that an account makes to a managed group.
#[derive(Debug, Clone)]
enum DirectChange {
    AddMember,
    RemoveMember { member: u8 },
    RemoveRule,
    Update,
}

fn request() -> impl Strategy<Value = Request> {
    let (any_of, version) = (|| 0_u8..4, || 1_u8..5);
    let name = || proptest::option::of(0_u8..3);
    let group = || proptest::option::of(0_u8..6);
    prop_oneof![
        1 => (0_u8..3, 0_u8..6).prop_map(|(name, group)| Request::CreateTemplate { name, group }),
        3 => (any_of(), name(), group())
            .prop_map(|(template, name, group)| Request::CreateVersion { template, name, group }),
        2 => (any_of(), version(), name(), group())
            .prop_map(|(template, version, name, group)| Request::ReplaceVersion { template, version, name, group }),
        4 => (any_of(), version()).prop_map(|(template, version)| Request::Commit { template, version }),
        2 => (any_of(), version()).prop_map(|(template, version)| Request::DeleteVersion { template, version }),
        1 => any_of().prop_map(|template| Request::DeleteTemplate { template }),
        4 => (any_of(), version(), any_of())
            .prop_map(|(template, version, target)| Request::Assign { template, version, target }),
        3 => (any_of(), version()).prop_map(|(assignment, version)| Request::Update { assignment, version }),
        2 => any_of().prop_map(|assignment| Request::DeleteAssignment { assignment }),
        2 => (0_u8..2, 0_u8..4).prop_map(|(id, accounts)| Request::SetAccountGroup { id, accounts }),
        1 => (0_u8..2, 0_u8..2).prop_map(|(account, name)| Request::CreateOwnGroup { account, name }),
        1 => any_of().prop_map(|group| Request::DeleteOwnGroup { group }),
        6 => (any_of(), direct_change()).prop_map(|(group, change)| Request::ChangeDirectly { group, change }),
    ]
}

fn direct_change() -> impl Strategy<Value = DirectChange> {
    prop_oneof![
        Just(DirectChange::AddMember),
        (0_u8..3).prop_map(|member| DirectChange::RemoveMember { member }),
        Just(DirectChange::RemoveRule),
        Just(DirectChange::Update),
    ]
}

/// Returns a version whose group has members, rules and action controls that depend on `group`.
fn version_input(name: Option<u8>, group: Option<u8>) -> VersionInput {
    let group = group.map(|group| {
        let rule = |number: u8| {
            serde_json::json!({
                "expiration": 1 + number, "realm_name": "r",
                "conditions": [{"claim": "c", "operator": "EQUALS", "value": "1"}]
            })
        };
        let json = serde_json::json!({
            "name": format!("group {}", group % 2),
            "members": {
                "users": [format!("IBMid-{}", group % 3)],
                "action_controls": {"add": group % 2 == 0, "remove": group < 3}
            },
            "assertions": {
                "rules": (0..group % 3).map(rule).collect::<Vec<_>>(),
                "action_controls": {"remove": group > 2, "add": group > 3}
            }
        });
        RawValue::from_string(json.to_string()).expect("the group is valid JSON")
    });
    VersionInput { name: name.map(|name| format!("template {name}")), group, ..VersionInput::default() }
}

fn caller() -> Caller {
    Caller { iam_id: "IBMid-caller".into(), account: "root".into(), restricted_to: None }
}

/// A store, and what the test expects of it.
struct TestStore {
    state: Store<IbmState>,
    /// The version numbers that each template has used.
    numbers: BTreeMap<String, BTreeSet<u32>>,
    /// The content of the committed versions at the time of the commit.
    committed: BTreeMap<(String, String), String>,
}

impl TestStore {
    fn new() -> Self {
        let state = Store::new(IbmState::default(), ClockSetting::System, IdGenerator::from_seed(1));
        // Interns the author of all changes first, so that a rejected request cannot be the first one to intern it.
        state.write(|state, tx| drop(state.audit_stamp(&caller(), tx)));
        Self { state, numbers: BTreeMap::new(), committed: BTreeMap::new() }
    }

    fn template(&self, number: u8) -> String {
        self.state.read(|state| nth(number, state.templates.iter().map(|it| &*it.id)))
    }

    fn assignment(&self, number: u8) -> String {
        self.state.read(|state| nth(number, state.assignments.iter().map(|it| &*it.id)))
    }

    fn group(&self, number: u8) -> String {
        self.state.read(|state| nth(number, state.groups.iter().map(|it| &*it.key.id)))
    }

    fn apply(&mut self, request: &Request) -> Result<(), ApiError> {
        match *request {
            Request::CreateTemplate { name, group } => self.create_template(name, group),
            Request::CreateVersion { template, name, group } => {
                self.create_version(&self.template(template), version_input(name, group))
            }
            Request::ReplaceVersion { template, version, name, group } => {
                self.replace_version(&self.template(template), version, version_input(name, group))
            }
            Request::Commit { template, version } => self.commit(self.template(template), version),
            Request::DeleteVersion { template, version } => {
                let (id, number) = (self.template(template), version.to_string());
                self.state.write(|state, _| state.delete_version(&id, &number, &caller()))?;
                self.committed.remove(&(id, number));
                Ok(())
            }
            Request::DeleteTemplate { template } => {
                let id = self.template(template);
                self.state.write(|state, _| state.delete_template(&id, &caller()))?;
                self.committed.retain(|(template, _), _| *template != id);
                Ok(())
            }
            Request::Assign { template, version, target } => {
                self.assign(self.template(template), version, target)
            }
            Request::Update { assignment, version } => {
                let (id, number) = (self.assignment(assignment), version.to_string());
                self.state.write(|state, tx| {
                    state.update_assignment(&id, &number, &caller(), tx)?;
                    assert_template_applied(state, &id);
                    Ok(())
                })
            }
            Request::DeleteAssignment { assignment } => {
                let id = self.assignment(assignment);
                self.state.write(|state, tx| state.delete_assignment(&id, &caller(), tx))
            }
            Request::SetAccountGroup { id, accounts } => {
                self.set_account_group(id, accounts);
                Ok(())
            }
            Request::CreateOwnGroup { account, name } => {
                self.create_own_group(account, name);
                Ok(())
            }
            Request::DeleteOwnGroup { group } => {
                self.delete_own_group(&self.group(group));
                Ok(())
            }
            Request::ChangeDirectly { group, ref change } => {
                let id = self.group(group);
                self.state.write(|state, tx| change_directly(state, &id, change, tx))
            }
        }
    }

    /// Sets the accounts of an account group: those whose bit in `accounts` is set.
    fn set_account_group(&self, id: u8, accounts: u8) {
        let accounts = CHILDREN.iter().enumerate().filter(|(index, _)| accounts & (1 << index) != 0);
        let accounts: BTreeSet<String> = accounts.map(|(_, account)| (*account).to_owned()).collect();
        self.state.write(|state, tx| {
            state.set_account_group(ACCOUNT_GROUPS[usize::from(id)], Some(&accounts), &caller(), tx);
        });
    }

    fn create_own_group(&self, account: u8, name: u8) {
        let draft = GroupDraft::new(Some(format!("GROUP {name}")), None).expect("the name is valid");
        self.state.write(|state, tx| {
            state.create_group(CHILDREN[usize::from(account)], draft, &caller(), tx);
        });
    }

    fn delete_own_group(&self, id: &str) {
        self.state.write(|state, _| {
            if !state.is_managed_group(id) {
                state.delete_group(id);
            }
        });
    }

    fn create_template(&mut self, name: u8, group: u8) -> Result<(), ApiError> {
        let draft = TemplateDraft::new(Some("root".to_owned()), version_input(Some(name), Some(group)));
        let draft = draft.expect("the version is valid");
        let id = self.state.write(|state, tx| {
            let found = state.create_template(draft, &caller(), tx)?;
            Ok(found.template.id.to_string())
        })?;
        self.numbers.insert(id, BTreeSet::from([1]));
        Ok(())
    }

    fn create_version(&mut self, id: &str, input: VersionInput) -> Result<(), ApiError> {
        let draft = VersionDraft::new(input).expect("the version is valid");
        let number = self.state.write(|state, tx| {
            let found = state.create_version(id, draft, &caller(), tx)?;
            Ok(found.version.number.parse::<u32>().expect("a version number is an integer"))
        })?;
        let numbers = self.numbers.get_mut(id).expect("the test created the template");
        assert_eq!(numbers.last(), Some(&(number - 1)), "a new number is one higher than the last one");
        numbers.insert(number);
        Ok(())
    }

    fn replace_version(&self, id: &str, number: u8, input: VersionInput) -> Result<(), ApiError> {
        let draft = VersionDraft::new(input).expect("the version is valid");
        let number = number.to_string();
        self.state
            .write(|state, tx| state.replace_version((id, &number), draft, &caller(), tx).map(|_| ()))?;
        assert!(!self.committed.contains_key(&(id.to_owned(), number)), "a committed version was replaced");
        Ok(())
    }

    fn commit(&mut self, id: String, number: u8) -> Result<(), ApiError> {
        let number = number.to_string();
        self.state.write(|state, tx| state.commit_version(&id, &number, &caller(), tx))?;
        let content = self.state.read(|state| content(state.versions.get((&id, &number))));
        let previous = self.committed.insert((id, number), content.expect("the version was committed"));
        assert_eq!(previous, None, "a version was committed twice");
        Ok(())
    }

    fn assign(&self, template: String, version: u8, target: u8) -> Result<(), ApiError> {
        let targets = [
            (TargetType::Account, CHILDREN[0]),
            (TargetType::Account, CHILDREN[1]),
            (TargetType::AccountGroup, ACCOUNT_GROUPS[0]),
            (TargetType::AccountGroup, ACCOUNT_GROUPS[1]),
        ];
        let (target_type, target) = targets[usize::from(target)];
        let (version, target) = (version.to_string(), target.to_owned());
        let draft = AssignmentDraft { template, version, target_type, target };
        self.state.write(|state, tx| {
            let id = state.create_assignment(draft, &caller(), tx)?.id.clone();
            assert_template_applied(state, &id);
            Ok(())
        })
    }

    /// Checks all invariants.
    fn check(&self) {
        self.state.read(|state| {
            check_versions(state);
            check_assignments(state);
            for ((id, number), committed) in &self.committed {
                let version = state.versions.get((id, number));
                assert!(version.is_some_and(|version| version.is_committed), "{id}/{number}");
                assert_eq!(content(version).as_ref(), Some(committed), "a committed version changed");
            }
        });
    }

    fn debug_string(&self) -> String {
        self.state.read(|state| format!("{state:?}"))
    }
}

/// Returns the id at index `number` modulo the number of ids; `unknown` if there are no ids.
fn nth<'a>(number: u8, ids: impl Iterator<Item = &'a str>) -> String {
    let ids: Vec<&str> = ids.collect();
    let index = usize::from(number).checked_rem(ids.len());
    index.map_or("unknown", |index| ids[index]).to_owned()
}

/// Returns the content of a version without the name of its template.
fn content(version: Option<&Version>) -> Option<String> {
    let content = &version?.content;
    Some(format!("{} {} {}", content.description, content.group.raw_json, content.references))
}

fn change_directly(
    state: &mut IbmState,
    id: &str,
    change: &DirectChange,
    tx: &mut Tx<'_>,
) -> Result<(), ApiError> {
    match change {
        DirectChange::AddMember => {
            let new = NewMember { iam_id: OWN_MEMBER.to_owned(), kind: MemberKind::User };
            let batch = Batch { items: &[new], faults: &|_, _| None };
            state.add_members(id, batch, &caller(), tx).map(|_| ())
        }
        DirectChange::RemoveMember { member } => state.remove_member(id, &format!("IBMid-{member}")),
        DirectChange::RemoveRule => {
            let rule_id = state.group_rules(id).next().map(|rule| rule.id.clone());
            state.delete_rule(id, rule_id.as_deref().unwrap_or_default())
        }
        DirectChange::Update => {
            let is_managed = state.is_managed_group(id);
            assert_eq!(is_managed, !state.is_mutation_allowed(id, GroupMutation::Delete));
            state.update_group(id, GroupChange::default(), &caller(), tx).map(|_| ())
        }
    }
}

proptest! {
    #[test]
    fn random_requests_preserve_all_invariants(
        requests in proptest::collection::vec(request(), 1..60),
    ) {
        let mut store = TestStore::new();
        for request in &requests {
            let before = store.debug_string();
            let outcome = store.apply(request);
            if outcome.is_err() {
                prop_assert_eq!(before, store.debug_string(), "{:?} was rejected but changed the state", request);
            }
            store.check();
        }
    }
}

#[test]
fn a_template_completes_its_lifecycle() {
    let lifecycle = [
        Request::CreateTemplate { name: 0, group: 1 },
        Request::Commit { template: 0, version: 1 },
        Request::Assign { template: 0, version: 1, target: 0 },
        Request::CreateVersion { template: 0, name: Some(1), group: Some(5) },
        Request::Commit { template: 0, version: 2 },
        Request::Update { assignment: 0, version: 2 },
        Request::DeleteVersion { template: 0, version: 1 },
        Request::DeleteTemplate { template: 0 },
    ];
    let mut store = TestStore::new();

    for request in &lifecycle {
        assert_eq!(store.apply(request), Ok(()), "{request:?}");
        store.check();
    }

    assert!(store.state.read(|state| state.groups.is_empty() && state.versions.is_empty()));
}
