//! Compares `Collection` with a model: a plain list that is sorted and searched for every query.

mod assertions;
mod bulk_load;
mod history;
mod model;

use std::cmp::Ordering;
use std::io::Write;

use proptest::prelude::*;

use super::super::cow_arc::CowArc;
use super::super::undo::{Undo, WriteEnd};
use crate::store::collection::*;
use assertions::{assert_agrees, assert_consistent, assert_order_agrees, assert_searches_agree};
use history::{Operation, apply, item, operation};
use model::Model;
use sorted_index::SortedIndex;

const ACCOUNTS: [&str; 2] = ["a1", "a2"];
const TEAMS: [&str; 3] = ["red", "green", ""];
const BY_ACCOUNT: usize = 0;
const BY_TEAM: usize = 1;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    account: &'static str,
    id: String,
    team: &'static str,
    name: String,
    size: u8,
}

impl Record for Item {
    const INDEXES: &'static [Index<Self>] = &[
        Index { partition: account_partition, orders: &[by_name, by_size, by_size_and_name] },
        Index { partition: team_partition, orders: &[by_name] },
    ];

    const TEXTS: &'static [AppendText<Self>] =
        &[|item, text| text.push_str(&item.name), |item, text| text.push_str(&item.id)];

    fn key(&self) -> Key<'_> {
        (self.account, &self.id)
    }
}

fn account_partition(item: &Item) -> Partition<'_> {
    (item.account, "")
}

fn team_partition(item: &Item) -> Partition<'_> {
    (item.account, item.team)
}

fn by_name(left: &Item, right: &Item) -> Ordering {
    left.name.cmp(&right.name)
}

fn by_size(left: &Item, right: &Item) -> Ordering {
    left.size.cmp(&right.size)
}

fn by_size_and_name(left: &Item, right: &Item) -> Ordering {
    by_size(right, left).then_with(|| by_name(left, right))
}

fn item_with_number(number: u32) -> Item {
    // A multiplicative hash distributes the names, so that the name order differs from the creation order.
    let hashed = number.wrapping_mul(2_654_435_761) >> 20;
    Item {
        account: "a1",
        id: number.to_string(),
        team: TEAMS[number as usize % 2],
        name: format!("name {hashed:04}"),
        size: u8::try_from(number % 251).unwrap(),
    }
}

fn collection_with(count: u32) -> (Collection<Item>, Model) {
    let (mut collection, mut model) = (Collection::default(), Model::default());
    for number in 0..count {
        apply(&mut collection, &mut model, Operation::Insert(item_with_number(number)));
    }
    (collection, model)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_history_agrees_with_the_model(
        items in prop::collection::vec(item(), 0..300),
        operations in prop::collection::vec(operation(), 0..300),
    ) {
        let (mut collection, mut model) = (Collection::default(), Model::default());

        for item in items {
            apply(&mut collection, &mut model, Operation::Insert(item));
        }
        assert_agrees(&collection, &model);
        for (count, operation) in operations.into_iter().enumerate() {
            apply(&mut collection, &mut model, operation);
            if count % 100 == 0 {
                assert_agrees(&collection, &model);
            }
        }

        assert_agrees(&collection, &model);
    }

    #[test]
    fn panicked_writes_are_undone_and_complete_ones_are_kept(
        items in prop::collection::vec(item(), 0..200),
        writes in prop::collection::vec((prop::collection::vec(operation(), 0..40), any::<(bool, bool)>()), 0..5),
    ) {
        let (mut collection, mut model) = (CowArc::<Collection<Item>>::default(), Model::default());
        for item in items {
            apply(&mut collection, &mut model, Operation::Insert(item));
        }
        collection.end_write(WriteEnd::Complete);

        for (operations, (panics, is_shared)) in writes {
            let before = model.clone();
            let snapshot = is_shared.then(|| collection.clone());
            for operation in operations {
                apply(&mut collection, &mut model, operation);
            }
            if panics {
                collection.end_write(WriteEnd::Panicked);
                model = before.clone();
            } else {
                collection.end_write(WriteEnd::Complete);
            }
            prop_assert!(!collection.has_changes());
            assert_agrees(&collection, &model);
            if let Some(snapshot) = snapshot {
                assert_agrees(&snapshot, &before);
            }
        }
    }

    #[test]
    fn clones_are_independent(
        items in prop::collection::vec(item(), 0..200),
        operations in prop::collection::vec((0..8_usize, operation()), 0..300),
        clone_events in prop::collection::vec((0..300_usize, 0..8_usize), 0..8),
    ) {
        let (mut collection, mut model) = (CowArc::<Collection<Item>>::default(), Model::default());
        for item in items {
            apply(&mut collection, &mut model, Operation::Insert(item));
        }
        let mut clones = vec![(collection, model)];

        for (count, (which, operation)) in operations.into_iter().enumerate() {
            for (_, which) in clone_events.iter().filter(|(at, _)| *at == count) {
                let clone = clones[which % clones.len()].clone();
                clones.push(clone);
            }
            let which = which % clones.len();
            let (collection, model) = &mut clones[which];
            apply(collection, model, operation);
        }

        for (collection, model) in &clones {
            assert_agrees(collection, model);
        }
    }
}

#[test]
fn clone_of_a_large_collection_is_independent() {
    let (mut original, mut model) = (CowArc::<Collection<Item>>::default(), Model::default());
    for number in 0..1_800 {
        apply(&mut original, &mut model, Operation::Insert(item_with_number(number)));
    }
    let (mut copy, mut model_of_copy) = (original.clone(), model.clone());

    for number in (0..1_800).step_by(3) {
        let moved = Item { id: number.to_string(), ..item_with_number(number + 7_919) };
        apply(&mut original, &mut model, Operation::Update(moved));
        apply(&mut copy, &mut model_of_copy, Operation::Delete("a1", number.to_string()));
    }
    let snapshot = (original.clone(), model.clone());
    apply(&mut original, &mut model, Operation::DeletePartition("a1", "red"));

    assert_agrees(&original, &model);
    assert_agrees(&copy, &model_of_copy);
    assert_agrees(&snapshot.0, &snapshot.1);
}

#[test]
fn partitions_with_several_chunks_agree_with_the_model() {
    let (mut collection, mut model) = collection_with(1_800);

    for number in (0..1_800).step_by(3) {
        let moved = Item { id: number.to_string(), ..item_with_number(number + 7_919) };
        apply(&mut collection, &mut model, Operation::Update(moved));
    }
    assert_agrees(&collection, &model);
    for number in (0..1_800).filter(|number| number % 5 != 0) {
        apply(&mut collection, &mut model, Operation::Delete("a1", number.to_string()));
    }

    assert_agrees(&collection, &model);
}

fn complete_orders(collection: &Collection<Item>) -> Vec<bool> {
    let listing = collection.list(BY_ACCOUNT, ("a1", ""));
    (0..Item::INDEXES[BY_ACCOUNT].orders.len()).map(|order| listing.sort_cost(order) == 0).collect()
}

#[test]
fn sort_order_is_indexed_from_its_first_read() {
    let (mut collection, mut model) = collection_with(100);
    assert_eq!(complete_orders(&collection), [false; 3]);

    apply(&mut collection, &mut model, Operation::Read("a1", 1));
    apply(&mut collection, &mut model, Operation::Insert(item_with_number(100)));

    assert_eq!(complete_orders(&collection), [false, true, false]);
    assert_agrees(&collection, &model);
}

#[test]
fn written_clone_builds_the_sort_orders_in_which_another_clone_is_read() {
    let (mut collection, mut model) = collection_with(100);
    let (mut copy, mut model_of_copy) = (collection.clone(), model.clone());
    apply(&mut copy, &mut model_of_copy, Operation::Insert(item_with_number(100)));
    apply(&mut collection, &mut model, Operation::Read("a1", 1));
    assert_eq!(complete_orders(&copy), [false; 3]);

    for number in 0..10 {
        let moved = Item { id: (7 * number).to_string(), ..item_with_number(number + 7_919) };
        apply(&mut copy, &mut model_of_copy, Operation::Update(moved));
        apply(&mut copy, &mut model_of_copy, Operation::Delete("a1", (9 * number).to_string()));
        assert_consistent(&copy);
    }

    assert_eq!(complete_orders(&copy), [false, true, false]);
    assert_agrees(&copy, &model_of_copy);
}

#[test]
fn written_clones_keep_bulk_loaded_sort_orders_once_one_was_read() {
    let mut loaded = Collection::default();
    loaded.begin_bulk_load();
    (0..70).for_each(|number| drop(loaded.insert(item_with_number(number))));
    loaded.finish_bulk_load().unwrap();
    assert_eq!(complete_orders(&loaded), [true; 3]);
    let written = || {
        let mut copy = loaded.clone();
        copy.insert(item_with_number(70)).unwrap();
        copy
    };

    let before = written();
    before.list(BY_ACCOUNT, ("a1", "")).page(1, Direction::Ascending, PageRange { offset: 0, limit: 1 });

    assert_eq!(complete_orders(&before), [false, true, false]);
    assert_eq!(complete_orders(&written()), [false, true, false]);
    assert_eq!(complete_orders(&loaded), [true; 3]);
}

#[test]
fn large_collection_can_be_emptied_and_refilled() {
    let (mut collection, mut model) = collection_with(1_200);

    for number in 0..1_200 {
        apply(&mut collection, &mut model, Operation::Delete("a1", number.to_string()));
    }
    assert_agrees(&collection, &model);
    for number in 0..600 {
        apply(&mut collection, &mut model, Operation::Insert(item_with_number(number)));
    }

    assert_agrees(&collection, &model);
    assert_eq!(collection.slots.len(), 1_200, "free slots are reused before new ones are added");
}

#[test]
fn emptied_partition_can_be_refilled() {
    let (mut collection, mut model) = collection_with(200);

    apply(&mut collection, &mut model, Operation::DeletePartition("a1", "red"));
    assert!(collection.list(BY_TEAM, ("a1", "red")).is_empty());
    apply(&mut collection, &mut model, Operation::Insert(item_with_number(0)));

    assert_eq!(collection.list(BY_TEAM, ("a1", "red")).len(), 1);
    assert_agrees(&collection, &model);
}

#[test]
fn failed_insert_returns_the_record_and_changes_nothing() {
    let (mut collection, model) = collection_with(70);
    let duplicate = Item { name: "other".to_owned(), ..item_with_number(3) };

    let result = collection.insert(duplicate.clone());

    assert_eq!(result, Err(duplicate));
    assert_agrees(&collection, &model);
}

#[test]
fn panicking_update_changes_nothing() {
    let (mut collection, model) = collection_with(70);

    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        collection.update(("a1", "3"), |item| {
            item.name = "half-way".to_owned();
            panic!("the update fails");
        });
    }));

    assert!(result.is_err());
    assert_agrees(&collection, &model);
}

#[test]
fn last_pin_of_a_record_wins() {
    let (mut collection, _) = collection_with(100);

    for name in ["first", "second", "third"] {
        collection.update(("a1", "3"), |item| item.name = name.to_owned());
        collection.pin(("a1", "3"));
    }
    collection.update(("a1", "3"), |item| item.name = "changed".to_owned());
    let deleted = collection.delete(("a1", "3")).unwrap();

    assert_eq!(deleted.name, "changed");
    assert_eq!(collection.get(("a1", "3")).unwrap().name, "third");
    assert_consistent(&collection);
}

#[test]
fn pin_of_an_unknown_key_does_not_affect_later_records() {
    let (mut collection, _) = collection_with(2);

    collection.delete(("a1", "1"));
    collection.pin(("a1", "1"));
    collection.insert(item_with_number(1)).unwrap();
    collection.delete(("a1", "1"));

    assert!(!collection.contains(("a1", "1")));
}

#[test]
fn clone_is_independent_of_its_original() {
    let (mut collection, model) = collection_with(100);
    let copy = collection.clone();

    collection.delete(("a1", "5"));
    collection.update(("a1", "6"), |item| item.team = "red");

    assert_agrees(&copy, &model);
}

#[test]
fn record_is_found_by_its_key_whatever_the_hint_is() {
    let (mut collection, _) = collection_with(100);
    let (hint, empty) = (SlotHint::default(), Collection::<Item>::default());
    let find = |collection: &Collection<Item>, id: &str| {
        let item = collection.get_hinted(("a1", id), &hint, |item| item.id == id);
        item.map(|item| item.id.clone())
    };

    assert_eq!(find(&collection, "7").as_deref(), Some("7"));
    assert_eq!(hint.slot(), Some(7));
    assert_eq!(find(&collection, "8").as_deref(), Some("8"));
    assert_eq!(find(&empty, "8"), None);
    collection.delete(("a1", "8"));
    assert_eq!(find(&collection, "8"), None);
    collection.insert(item_with_number(200)).unwrap();
    assert_eq!(find(&collection, "8"), None, "the slot has another record");
    assert_eq!(find(&collection, "200").as_deref(), Some("200"));
    assert_eq!(hint.slot(), Some(8));
}

/// The variable that makes [`hashes_depend_on_the_process`] print a hash.
const PRINT_HASH: &str = "PRINT_HASH_OF_KEY";

#[test]
fn hashes_depend_on_the_process() {
    let hash = compute_hash(&("account", "key"));
    if std::env::var_os(PRINT_HASH).is_some() {
        writeln!(std::io::stdout(), "hash={hash}").unwrap();
        return;
    }
    let name = "store::collection::tests::hashes_depend_on_the_process";

    let mut test = std::process::Command::new(std::env::current_exe().unwrap());
    let output = test.args(["--exact", name, "--nocapture"]).env(PRINT_HASH, "").output().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();

    assert!(output.contains("hash="), "{output}");
    assert!(!output.contains(&format!("hash={hash}")), "keys with the same hash can be computed: {output}");
}
