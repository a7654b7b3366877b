//! Random histories, taken step by step by a collection and by its model.

use proptest::prelude::*;

use super::super::{Collection, Record};
use super::model::Model;
use super::{ACCOUNTS, BY_ACCOUNT, BY_TEAM, Item, TEAMS, assert_order_agrees};

/// One step of a random history.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Insert(Item),
    InsertAt(u64, Item),
    LeaveOut(u64),
    Update(Item),
    Delete(&'static str, String),
    Pin(&'static str, String),
    PinAs(Item),
    Empty(&'static str, &'static str),
    DeferOrders,
    MakeOrders,
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

/// A place in the creation order, now and then one that there is not.
fn place() -> impl Strategy<Value = u64> {
    prop_oneof![20 => 0..800_u64, 1 => Just(1 << 53), 1 => Just(u64::MAX)]
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => item().prop_map(Step::Insert),
        10 => (place(), item()).prop_map(|(sequence, item)| Step::InsertAt(sequence, item)),
        2 => (0..800_u64).prop_map(Step::LeaveOut),
        30 => item().prop_map(Step::Update),
        30 => item().prop_map(|item| Step::Delete(item.account, item.id)),
        5 => item().prop_map(|item| Step::Pin(item.account, item.id)),
        5 => item().prop_map(Step::PinAs),
        1 => item().prop_map(|item| Step::Empty(item.account, item.team)),
        1 => Just(Step::DeferOrders),
        2 => Just(Step::MakeOrders),
        2 => (prop::sample::select(&ACCOUNTS), 0..3_usize).prop_map(|(account, order)| Step::Read(account, order)),
    ]
}

/// Takes one step on both sides and holds what they say of it against each other.
pub(super) fn take_step(collection: &mut Collection<Item>, model: &mut Model, step: Step) {
    match step {
        Step::Insert(item) => {
            let is_new = model.insert(item.clone());
            let expected = if is_new { Ok(&item) } else { Err(item.clone()) };
            assert_eq!(collection.insert(item.clone()), expected);
        }
        Step::InsertAt(sequence, item) => {
            let is_new = model.insert_at(sequence, item.clone());
            let expected = if is_new { Ok(&item) } else { Err(item.clone()) };
            assert_eq!(collection.insert_at(sequence, item.clone()), expected);
        }
        Step::LeaveOut(sequence) => {
            collection.leave_out(sequence);
            model.last_sequence = model.last_sequence.max(sequence);
        }
        Step::Update(item) => {
            let position = model.position(item.key());
            if let Some(position) = position {
                model.rows[position].1 = item.clone();
            }
            let changed = collection.update(item.key(), |record| *record = item.clone());
            assert_eq!(changed, position.map(|_| &item));
        }
        Step::Delete(account, id) => {
            assert_eq!(collection.delete((account, &id)), model.delete((account, &id)));
        }
        Step::Pin(account, id) => {
            collection.pin((account, &id));
            model.pin((account, &id));
        }
        Step::PinAs(item) => {
            collection.pin_as(item.clone());
            model.pin_as(item);
        }
        Step::Read(account, order) => {
            let sorted = model.sorted(BY_ACCOUNT, (account, ""), order);
            assert_order_agrees(collection.list(BY_ACCOUNT, (account, "")), order, &sorted);
        }
        Step::DeferOrders => collection.defer_orders(),
        Step::MakeOrders => collection.make_orders(),
        Step::Empty(account, team) => {
            let listed = collection.list(BY_TEAM, (account, team));
            let ids: Vec<String> = listed.iter().map(|item| item.id.clone()).collect();
            collection.delete_partition(BY_TEAM, (account, team));
            for id in ids {
                model.delete((account, &id));
            }
        }
    }
}
