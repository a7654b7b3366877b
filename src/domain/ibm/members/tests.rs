//! Bulk operations with faults injected into single items.

use super::super::bulk::ItemError;
use super::super::error::item;
use super::super::records::group::GroupDraft;
use crate::domain::ibm::members::*;
use crate::store::{ClockSetting, IdGenerator, Store};

const ACCOUNT: &str = "a";

fn caller() -> Caller {
    Caller { iam_id: "IBMid-caller".into(), account: ACCOUNT.into(), restricted_to: None }
}

fn user(iam_id: &str) -> NewMember {
    NewMember { iam_id: iam_id.to_owned(), kind: MemberKind::User }
}

fn no_faults(_: usize, _: &str) -> Option<u16> {
    None
}

/// Returns a store with two groups: the first has the members `IBMid-1` and `IBMid-2`, the second has `IBMid-1`.
fn store() -> (Store<IbmState>, [String; 2]) {
    let store = Store::new(IbmState::default(), ClockSetting::System, IdGenerator::from_seed(1));
    let ids = store.write(|state, tx| {
        ["one", "two"].map(|name| {
            let draft = GroupDraft::new(Some(name.to_owned()), None).unwrap();
            state.create_group(ACCOUNT, draft, &caller(), tx).key.id.to_string()
        })
    });
    store.write(|state, tx| {
        for (id, count) in ids.iter().zip([2, 1]) {
            let members = &[user("IBMid-1"), user("IBMid-2")][..count];
            let batch = Batch { items: members, faults: &no_faults };
            state.add_members(id, batch, &caller(), tx).unwrap();
        }
    });
    (store, ids)
}

fn errors<T>(outcomes: &[ItemResult<T>]) -> Vec<Option<ItemError>> {
    outcomes.iter().map(|outcome| outcome.as_ref().err().copied()).collect()
}

#[test]
fn a_member_with_an_injected_fault_is_not_added() {
    let (store, [id, _]) = store();
    let faults = |_: usize, id: &str| (id == "IBMid-4").then_some(503);
    let items = ["IBMid-3", "IBMid-4"].map(user);

    let outcomes = store.write(|state, tx| {
        state.add_members(&id, Batch { items: &items, faults: &faults }, &caller(), tx).unwrap()
    });

    assert_eq!(errors(&outcomes), [None, Some(ItemError::Fault(503))]);
    store.read(|state| {
        assert!(state.membership(&id, "IBMid-3").is_ok());
        assert!(state.membership(&id, "IBMid-4").is_err());
    });
}

#[test]
fn a_member_is_not_added_to_a_group_with_an_injected_fault() {
    let (store, ids) = store();
    let faults = |index: usize, _: &str| (index == 1).then_some(404);

    let outcomes = store.write(|state, tx| {
        let stamp = state.audit_stamp(&caller(), tx);
        state.add_to_groups(ACCOUNT, &user("IBMid-3"), Batch { items: &ids, faults: &faults }, &stamp)
    });

    assert_eq!(errors(&outcomes), [None, Some(ItemError::Api(&item::GROUP_NOT_IN_ACCOUNT))]);
    store.read(|state| {
        assert!(state.membership(&ids[0], "IBMid-3").is_ok());
        assert!(state.membership(&ids[1], "IBMid-3").is_err());
    });
}

#[test]
fn a_member_with_an_injected_fault_is_not_removed() {
    let (store, [id, _]) = store();
    let faults = |index: usize, _: &str| (index == 0).then_some(409);
    let items = ["IBMid-1", "IBMid-2"].map(str::to_owned);

    let outcomes =
        store.write(|state, _| state.remove_members(&id, Batch { items: &items, faults: &faults }).unwrap());

    assert_eq!(errors(&outcomes), [Some(ItemError::Api(&item::MANAGED_REMOVE)), None]);
    store.read(|state| {
        assert!(state.membership(&id, "IBMid-1").is_ok());
        assert!(state.membership(&id, "IBMid-2").is_err());
    });
}

#[test]
fn a_member_is_not_removed_from_a_group_with_an_injected_fault() {
    let (store, ids) = store();
    let faults = |_: usize, id: &str| (id == ids[1]).then_some(500);

    let removed = store.write(|state, _| state.remove_from_all(ACCOUNT, "IBMid-1", &faults).unwrap());

    let outcomes: Vec<ItemResult<()>> = removed.into_iter().map(|(_, outcome)| outcome).collect();
    assert_eq!(errors(&outcomes), [None, Some(ItemError::Fault(500))]);
    store.read(|state| {
        assert!(state.membership(&ids[0], "IBMid-1").is_err());
        assert!(state.membership(&ids[1], "IBMid-1").is_ok());
    });
}
