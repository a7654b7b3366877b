//! Compares `Collection` with a model: a plain list that is sorted and searched for every query.

mod history;
mod model;

use std::cmp::Ordering;
use std::io::Write;

use memchr::memmem::Finder;
use proptest::prelude::*;

use super::super::cow_arc::CowArc;
use crate::store::collection::*;
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

/// Asserts that every query returns the same result for the collection and the model.
fn assert_agrees(collection: &Collection<Item>, model: &Model) {
    assert_consistent(collection);
    assert_eq!(collection.len(), model.rows.len());
    assert_eq!(collection.is_empty(), model.rows.is_empty());
    assert_eq!(collection.iter().collect::<Vec<_>>(), model.items());
    for offset in [0, 1, 63, 64, 65, 511, 512, 513, model.rows.len(), usize::MAX] {
        let expected: Vec<&Item> = model.items().into_iter().skip(offset).collect();
        assert_eq!(collection.iter_from(offset).collect::<Vec<_>>(), expected);
    }
    assert_eq!(collection.last_sequence(), model.last_sequence);
    for (sequence, item) in &model.rows {
        assert_eq!(collection.get(item.key()), Some(item));
        assert!(collection.contains(item.key()));
        assert_eq!(collection.sequence_by_key(item.key()), Some(*sequence));
        let pinned = model.pinned.get(&(item.account.to_owned(), item.id.clone()));
        assert_eq!(collection.pinned(item.key()), pinned);
    }
    assert_eq!(collection.sequence_by_key(("a1", "unknown")), None);
    assert_eq!(collection.pinned(("a1", "unknown")), None);
    assert_eq!(collection.get(("a1", "unknown")), None);
    assert!(!collection.contains(("a3", "1")));
    for account in ACCOUNTS {
        assert_listing_agrees(collection, model, BY_ACCOUNT, (account, ""));
        for team in TEAMS {
            assert_listing_agrees(collection, model, BY_TEAM, (account, team));
        }
    }
    assert_listing_agrees(collection, model, BY_TEAM, ("a3", "red"));
}

fn assert_listing_agrees(
    collection: &Collection<Item>,
    model: &Model,
    index: usize,
    partition: Partition<'_>,
) {
    let listing = collection.list(index, partition);
    let rows = model.partition(index, partition);
    let items: Vec<&Item> = rows.iter().map(|(_, item)| *item).collect();

    assert_eq!(listing.len(), items.len());
    assert_eq!(listing.is_empty(), items.is_empty());
    assert_eq!(listing.iter().collect::<Vec<_>>(), items);
    for offset in [0, 1, items.len() / 2, items.len(), usize::MAX] {
        let expected: Vec<&Item> = items.iter().copied().skip(offset).collect();
        assert_eq!(listing.iter_from(offset).collect::<Vec<_>>(), expected);
    }
    let middle = rows.get(rows.len() / 2).map_or(7, |(sequence, _)| *sequence);
    for after in [0, middle - 1, middle, middle + 1, model.last_sequence, u64::MAX] {
        let expected: Vec<(u64, &Item)> =
            rows.iter().copied().filter(|(sequence, _)| *sequence > after).collect();
        assert_eq!(listing.after(after).collect::<Vec<_>>(), expected);
    }
    for order in 0..Item::INDEXES[index].orders.len() {
        let sorted = model.sorted(index, partition, order);
        assert_order_agrees(listing, order, &sorted);
        assert_searches_agree(listing, order, &sorted);
    }
    for part in ["name 1", "9"] {
        let finder = Finder::new(part);
        for (after, limit) in [(0, usize::MAX), (middle, rows.len() / 3)] {
            let first = rows.iter().filter(|(sequence, _)| *sequence > after).take(limit);
            let expected: Vec<(u64, &Item)> =
                first.filter(|(_, item)| item.name.contains(part)).copied().collect();
            assert_eq!(listing.search_after(0, &finder, after, limit).collect::<Vec<_>>(), expected);
        }
    }
}

/// Asserts that searches in both texts find what a search in the sorted list finds.
fn assert_searches_agree(listing: Listing<'_, Item>, order: usize, sorted: &[&Item]) {
    for (text, part) in [(0, ""), (0, "name"), (0, "1"), (0, "name 07"), (1, "12"), (1, "none")] {
        let found = listing.search(text, &Finder::new(part));
        let contains =
            |item: &&Item| if text == 0 { item.name.contains(part) } else { item.id.contains(part) };
        let expected: Vec<&Item> = sorted.iter().copied().filter(contains).collect();

        assert_eq!((found.len(), found.is_empty()), (expected.len(), expected.is_empty()));
        let created: Vec<&Item> = listing.iter().filter(contains).skip(3).take(40).collect();
        assert_eq!(found.page_by_creation(PageRange { offset: 3, limit: 40 }), created);
        for range in [(0, usize::MAX), (0, 1), (5, 40)].map(|(offset, limit)| PageRange { offset, limit }) {
            let items = expected.iter().copied();
            let page: Vec<&Item> = items.clone().skip(range.offset).take(range.limit).collect();
            assert_eq!(found.page(order, Direction::Ascending, range), page);
            let page: Vec<&Item> = items.rev().skip(range.offset).take(range.limit).collect();
            assert_eq!(found.page(order, Direction::Descending, range), page);
        }
        let compare = Item::INDEXES[listing.index].orders[order];
        for probe in sorted.iter().step_by(sorted.len() / 8 + 1) {
            let before = expected.partition_point(|item| compare(item, probe).is_lt());
            assert_eq!(found.rank(order, |item| compare(item, probe)), before);
        }
    }
}

/// Asserts that every way to read one sort order agrees with the sorted list.
fn assert_order_agrees(listing: Listing<'_, Item>, order: usize, sorted: &[&Item]) {
    let backwards: Vec<&Item> = sorted.iter().rev().copied().collect();
    for (direction, expected) in
        [(Direction::Ascending, sorted), (Direction::Descending, backwards.as_slice())]
    {
        assert_eq!(listing.ordered(order, direction).collect::<Vec<_>>(), expected);
        for limit in [1, 7, 64, 512, usize::MAX] {
            assert_eq!(all_pages(listing, order, direction, limit), expected);
        }
        let beyond = PageRange { offset: sorted.len(), limit: 5 };
        assert!(listing.page(order, direction, beyond).is_empty());
        assert!(listing.page(order, direction, PageRange { offset: 0, limit: 0 }).is_empty());
    }
    for probe in sorted.iter().step_by(sorted.len() / 8 + 1) {
        let compare = Item::INDEXES[listing.index].orders[order];
        let before = sorted.partition_point(|item| compare(item, probe).is_lt());
        assert_eq!(listing.rank(order, |item| compare(item, probe)), before);
    }
    assert_eq!(listing.rank(order, |_| Ordering::Less), sorted.len());
    assert_eq!(listing.rank(order, |_| Ordering::Greater), 0);
}

/// Reads pages until an empty one.
fn all_pages<'a>(
    listing: Listing<'a, Item>,
    order: usize,
    direction: Direction,
    limit: usize,
) -> Vec<&'a Item> {
    let mut all = Vec::new();
    loop {
        let page = listing.page(order, direction, PageRange { offset: all.len(), limit });
        if page.is_empty() {
            return all;
        }
        assert!(page.len() <= limit);
        all.extend(page);
    }
}

/// Asserts that the key table and all indexes contain exactly the same slots.
fn assert_consistent(collection: &Collection<Item>) {
    let mut used: Vec<u32> = collection.by_key.iter().copied().collect();
    used.sort_unstable();
    let filled: Vec<u32> = (0..u32::try_from(collection.slots.len())
        .expect("the test has fewer than 2^32 records"))
        .filter(|at| collection.slots.get(*at).record.is_some())
        .collect();
    assert_eq!(used, filled);
    assert_eq!(used, sorted_slots(&collection.created));
    assert_eq!(collection.free.len(), collection.slots.len() - used.len());
    for partitions in &collection.indexes {
        let mut listed: Vec<u32> = Vec::new();
        for partition in partitions.iter() {
            assert!(partition.len() > 0, "a partition is never empty");
            listed.extend(partition.iter_from(0));
            assert!(!partition.orders().is_empty() || partition.len() <= MAX_UNINDEXED_LEN);
            for (set, is_complete) in partition.orders().iter().map(SortedIndex::slots) {
                let length = if is_complete { partition.len() } else { set.len() };
                let mut first: Vec<u32> = partition.iter_from(0).take(length).collect();
                first.sort_unstable();
                assert_eq!(sorted_slots(set), first);
            }
        }
        listed.sort_unstable();
        assert_eq!(listed, used);
    }
}

fn sorted_slots(set: &IndexedSet) -> Vec<u32> {
    let mut slots: Vec<u32> = set.iter_from(0).collect();
    slots.sort_unstable();
    slots
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
    loaded.finish_bulk_load();
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
