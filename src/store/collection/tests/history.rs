//! Random histories of operations, applied to a collection and to its model.

use proptest::prelude::*;

use super::super::{Collection, Record};
use super::model::Model;
use super::{ACCOUNTS, BY_ACCOUNT, BY_TEAM, Item, TEAMS, assert_order_agrees, assert_searches_agree};

/// One operation of a random history.
#[derive(Debug, Clone)]
pub(super) enum Operation {
    Insert(Item),
    InsertAt(u64, Item),
    ReserveThrough(u64),
    Update(Item),
    Delete(&'static str, String),
    Pin(&'static str, String),
    SetPinned(Item),
    DeletePartition(&'static str, &'static str),
    Read(&'static str, usize),
}

pub(super) fn item() -> impl Strategy<Value = Item> {
    let account = prop::sample::select(&ACCOUNTS);
    let team = prop::sample::select(&TEAMS);
    (account, 0..150_u16, team, 0..40_u8, 0..5_u8).prop_map(|(account, id, team, name, size)| Item {
        account,
        id: id.to_string(),
        team,
        name: format!("name {name:02}"),
        size,
    })
}

/// Generates sequence numbers, some of them out of range.
fn sequence() -> impl Strategy<Value = u64> {
    prop_oneof![20 => 0..800_u64, 1 => Just(1 << 53), 1 => Just(u64::MAX)]
}

pub(super) fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        20 => item().prop_map(Operation::Insert),
        10 => (sequence(), item()).prop_map(|(sequence, item)| Operation::InsertAt(sequence, item)),
        2 => (0..800_u64).prop_map(Operation::ReserveThrough),
        30 => item().prop_map(Operation::Update),
        30 => item().prop_map(|item| Operation::Delete(item.account, item.id)),
        5 => item().prop_map(|item| Operation::Pin(item.account, item.id)),
        5 => item().prop_map(Operation::SetPinned),
        1 => item().prop_map(|item| Operation::DeletePartition(item.account, item.team)),
        2 => (prop::sample::select(&ACCOUNTS), 0..3_usize).prop_map(|(account, order)| Operation::Read(account, order)),
    ]
}

/// Applies one operation to the collection and the model and compares the results.
pub(super) fn apply(collection: &mut Collection<Item>, model: &mut Model, operation: Operation) {
    match operation {
        Operation::Insert(item) => {
            let is_new = model.insert(item.clone());
            let expected = if is_new { Ok(&item) } else { Err(item.clone()) };
            assert_eq!(collection.insert(item.clone()), expected);
        }
        Operation::InsertAt(sequence, item) => {
            let is_new = model.insert_at(sequence, item.clone());
            let expected = if is_new { Ok(&item) } else { Err(item.clone()) };
            assert_eq!(collection.insert_at(sequence, item.clone()), expected);
        }
        Operation::ReserveThrough(sequence) => {
            collection.reserve_through(sequence);
            model.last_sequence = model.last_sequence.max(sequence);
        }
        Operation::Update(item) => {
            let position = model.position(item.key());
            if let Some(position) = position {
                model.rows[position].1 = item.clone();
            }
            let changed = collection.update(item.key(), |record| *record = item.clone());
            assert_eq!(changed, position.map(|_| &item));
        }
        Operation::Delete(account, id) => {
            assert_eq!(collection.delete((account, &id)), model.delete((account, &id)));
        }
        Operation::Pin(account, id) => {
            collection.pin((account, &id));
            model.pin((account, &id));
        }
        Operation::SetPinned(item) => {
            collection.set_pinned(item.clone());
            model.set_pinned(item);
        }
        Operation::Read(account, order) => {
            let sorted = model.sorted(BY_ACCOUNT, (account, ""), order);
            let listing = collection.list(BY_ACCOUNT, (account, ""));
            assert_order_agrees(listing, order, &sorted);
            assert_searches_agree(listing, order, &sorted);
        }
        Operation::DeletePartition(account, team) => {
            let listed = collection.list(BY_TEAM, (account, team));
            let ids: Vec<String> = listed.iter().map(|item| item.id.clone()).collect();
            collection.delete_partition(BY_TEAM, (account, team));
            for id in ids {
                model.delete((account, &id));
            }
        }
    }
}
