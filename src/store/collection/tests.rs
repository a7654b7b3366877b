//! Holds `Collection` against a plain list that sorts and searches anew for every question.

mod history;
mod model;

use proptest::prelude::*;

use super::super::shared::Shared;
use super::*;
use history::{Step, item, step, take_step};
use model::Model;
use order::Order;

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
    const VIEWS: &'static [View<Self>] = &[
        View { partition: account_of, orders: &[by_name, by_size, by_size_and_name] },
        View { partition: team_of, orders: &[by_name] },
    ];

    fn key(&self) -> Key<'_> {
        (self.account, &self.id)
    }
}

fn account_of(item: &Item) -> Partition<'_> {
    (item.account, "")
}

fn team_of(item: &Item) -> Partition<'_> {
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

/// Asks every question of the interface on both sides.
fn assert_agrees(collection: &Collection<Item>, model: &Model) {
    assert_sound(collection);
    assert_eq!(collection.len(), model.rows.len());
    assert_eq!(collection.is_empty(), model.rows.is_empty());
    assert_eq!(collection.iter().collect::<Vec<_>>(), model.items());
    for offset in [0, 1, 63, 64, 65, 511, 512, 513, model.rows.len(), usize::MAX] {
        let expected: Vec<&Item> = model.items().into_iter().skip(offset).collect();
        assert_eq!(collection.window(offset).collect::<Vec<_>>(), expected);
    }
    assert_eq!(collection.last_sequence(), model.last_sequence);
    for (sequence, item) in &model.rows {
        assert_eq!(collection.get(item.key()), Some(item));
        assert!(collection.contains(item.key()));
        assert_eq!(collection.sequence_of(item.key()), Some(*sequence));
        let pinned = model.pinned.get(&(item.account.to_owned(), item.id.clone()));
        assert_eq!(collection.pinned(item.key()), pinned);
    }
    assert_eq!(collection.sequence_of(("a1", "unknown")), None);
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
    view: usize,
    partition: Partition<'_>,
) {
    let listing = collection.list(view, partition);
    let rows = model.partition(view, partition);
    let items: Vec<&Item> = rows.iter().map(|(_, item)| *item).collect();

    assert_eq!(listing.len(), items.len());
    assert_eq!(listing.is_empty(), items.is_empty());
    assert_eq!(listing.iter().collect::<Vec<_>>(), items);
    for offset in [0, 1, items.len() / 2, items.len(), usize::MAX] {
        let expected: Vec<&Item> = items.iter().copied().skip(offset).collect();
        assert_eq!(listing.from(offset).collect::<Vec<_>>(), expected);
    }
    let middle = rows.get(rows.len() / 2).map_or(7, |(sequence, _)| *sequence);
    for after in [0, middle - 1, middle, middle + 1, model.last_sequence, u64::MAX] {
        let expected: Vec<(u64, &Item)> =
            rows.iter().copied().filter(|(sequence, _)| *sequence > after).collect();
        assert_eq!(listing.after(after).collect::<Vec<_>>(), expected);
    }
    for order in 0..Item::VIEWS[view].orders.len() {
        assert_order_agrees(listing, order, &model.sorted(view, partition, order));
    }
}

/// Holds every way to read one order against the whole sorted list.
fn assert_order_agrees(listing: Listing<'_, Item>, order: usize, sorted: &[&Item]) {
    let backwards: Vec<&Item> = sorted.iter().rev().copied().collect();
    for (direction, expected) in
        [(Direction::Ascending, sorted), (Direction::Descending, backwards.as_slice())]
    {
        assert_eq!(listing.ordered(order, direction).collect::<Vec<_>>(), expected);
        for limit in [1, 7, 64, 512, usize::MAX] {
            assert_eq!(all_pages(listing, order, direction, limit), expected);
        }
        let beyond = Window { offset: sorted.len(), limit: 5 };
        assert!(listing.page(order, direction, beyond).is_empty());
        assert!(listing.page(order, direction, Window { offset: 0, limit: 0 }).is_empty());
    }
    for probe in sorted.iter().step_by(sorted.len() / 8 + 1) {
        let compare = Item::VIEWS[listing.view].orders[order];
        let before = sorted.partition_point(|item| compare(item, probe).is_lt());
        assert_eq!(listing.rank(order, |item| compare(item, probe)), before);
    }
    assert_eq!(listing.rank(order, |_| Ordering::Less), sorted.len());
    assert_eq!(listing.rank(order, |_| Ordering::Greater), 0);
}

/// Reads page after page until an empty one.
fn all_pages<'a>(
    listing: Listing<'a, Item>,
    order: usize,
    direction: Direction,
    limit: usize,
) -> Vec<&'a Item> {
    let mut all = Vec::new();
    loop {
        let page = listing.page(order, direction, Window { offset: all.len(), limit });
        if page.is_empty() {
            return all;
        }
        assert!(page.len() <= limit);
        all.extend(page);
    }
}

/// Fails unless the table and all indexes hold exactly the same slots.
fn assert_sound(collection: &Collection<Item>) {
    let mut used: Vec<u32> = collection.by_key.iter().copied().collect();
    used.sort_unstable();
    let filled: Vec<u32> = (0..u32::try_from(collection.slots.len()).expect("few"))
        .filter(|at| collection.slots.get(*at).record.is_some())
        .collect();
    assert_eq!(used, filled);
    assert_eq!(used, sorted_slots(&collection.created));
    assert_eq!(collection.free.len(), collection.slots.len() - used.len());
    for partitions in &collection.views {
        let mut listed: Vec<u32> = Vec::new();
        for index in partitions.iter() {
            assert!(index.len() > 0, "a partition is never empty");
            listed.extend(index.iter_from(0));
            assert!(!index.orders().is_empty() || index.len() <= LONG_FROM);
            for (set, is_kept) in index.orders().iter().map(Order::slots) {
                let held = if is_kept { index.len() } else { set.len() };
                let mut first: Vec<u32> = index.iter_from(0).take(held).collect();
                first.sort_unstable();
                assert_eq!(sorted_slots(set), first);
            }
        }
        listed.sort_unstable();
        assert_eq!(listed, used);
    }
}

fn sorted_slots(set: &RankedSet) -> Vec<u32> {
    let mut slots: Vec<u32> = set.iter_from(0).collect();
    slots.sort_unstable();
    slots
}

fn numbered(number: u32) -> Item {
    // A multiplicative hash scatters the names, so that the name order is not the creation order.
    let scattered = number.wrapping_mul(2_654_435_761) >> 20;
    Item {
        account: "a1",
        id: number.to_string(),
        team: TEAMS[number as usize % 2],
        name: format!("name {scattered:04}"),
        size: u8::try_from(number % 251).unwrap(),
    }
}

fn filled_with(count: u32) -> (Collection<Item>, Model) {
    let (mut collection, mut model) = (Collection::default(), Model::default());
    for number in 0..count {
        take_step(&mut collection, &mut model, Step::Insert(numbered(number)));
    }
    (collection, model)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_random_history_agrees_with_a_plain_list(
        items in prop::collection::vec(item(), 0..300),
        steps in prop::collection::vec(step(), 0..300),
    ) {
        let (mut collection, mut model) = (Collection::default(), Model::default());

        for item in items {
            take_step(&mut collection, &mut model, Step::Insert(item));
        }
        assert_agrees(&collection, &model);
        for (count, step) in steps.into_iter().enumerate() {
            take_step(&mut collection, &mut model, step);
            if count % 100 == 0 {
                assert_agrees(&collection, &model);
            }
        }

        assert_agrees(&collection, &model);
    }

    #[test]
    fn copies_go_their_own_ways(
        items in prop::collection::vec(item(), 0..200),
        steps in prop::collection::vec((0..8_usize, step()), 0..300),
        copied in prop::collection::vec((0..300_usize, 0..8_usize), 0..8),
    ) {
        let (mut collection, mut model) = (Shared::<Collection<Item>>::default(), Model::default());
        for item in items {
            take_step(&mut collection, &mut model, Step::Insert(item));
        }
        let mut copies = vec![(collection, model)];

        for (count, (which, step)) in steps.into_iter().enumerate() {
            for (_, which) in copied.iter().filter(|(at, _)| *at == count) {
                let copy = copies[which % copies.len()].clone();
                copies.push(copy);
            }
            let which = which % copies.len();
            let (collection, model) = &mut copies[which];
            take_step(collection, model, step);
        }

        for (collection, model) in &copies {
            assert_agrees(collection, model);
        }
    }
}

#[test]
fn a_large_copy_and_its_original_go_their_own_ways() {
    let (mut original, mut model) = (Shared::<Collection<Item>>::default(), Model::default());
    for number in 0..1_800 {
        take_step(&mut original, &mut model, Step::Insert(numbered(number)));
    }
    let (mut copy, mut model_of_copy) = (original.clone(), model.clone());

    for number in (0..1_800).step_by(3) {
        let moved = Item { id: number.to_string(), ..numbered(number + 7_919) };
        take_step(&mut original, &mut model, Step::Update(moved));
        take_step(&mut copy, &mut model_of_copy, Step::Delete("a1", number.to_string()));
    }
    let kept = (original.clone(), model.clone());
    take_step(&mut original, &mut model, Step::Empty("a1", "red"));

    assert_agrees(&original, &model);
    assert_agrees(&copy, &model_of_copy);
    assert_agrees(&kept.0, &kept.1);
}

#[test]
fn partitions_of_several_chunks_agree_with_a_plain_list() {
    let (mut collection, mut model) = filled_with(1_800);

    for number in (0..1_800).step_by(3) {
        let moved = Item { id: number.to_string(), ..numbered(number + 7_919) };
        take_step(&mut collection, &mut model, Step::Update(moved));
    }
    assert_agrees(&collection, &model);
    for number in (0..1_800).filter(|number| number % 5 != 0) {
        take_step(&mut collection, &mut model, Step::Delete("a1", number.to_string()));
    }

    assert_agrees(&collection, &model);
}

fn kept_orders(collection: &Collection<Item>) -> Vec<bool> {
    let listing = collection.list(BY_ACCOUNT, ("a1", ""));
    (0..Item::VIEWS[BY_ACCOUNT].orders.len()).map(|order| listing.unsorted(order) == 0).collect()
}

#[test]
fn an_order_is_kept_from_its_first_reading_on() {
    let (mut collection, mut model) = filled_with(100);
    assert_eq!(kept_orders(&collection), [false; 3]);

    take_step(&mut collection, &mut model, Step::Read("a1", 1));
    take_step(&mut collection, &mut model, Step::Insert(numbered(100)));

    assert_eq!(kept_orders(&collection), [false, true, false]);
    assert_agrees(&collection, &model);
}

#[test]
fn a_copy_that_was_written_makes_the_orders_that_another_is_read_in() {
    let (mut collection, mut model) = filled_with(100);
    let (mut copy, mut model_of_copy) = (collection.clone(), model.clone());
    take_step(&mut copy, &mut model_of_copy, Step::Insert(numbered(100)));
    take_step(&mut collection, &mut model, Step::Read("a1", 1));
    assert_eq!(kept_orders(&copy), [false; 3]);

    for number in 0..10 {
        let moved = Item { id: (7 * number).to_string(), ..numbered(number + 7_919) };
        take_step(&mut copy, &mut model_of_copy, Step::Update(moved));
        take_step(&mut copy, &mut model_of_copy, Step::Delete("a1", (9 * number).to_string()));
        assert_sound(&copy);
    }

    assert_eq!(kept_orders(&copy), [false, true, false]);
    assert_agrees(&copy, &model_of_copy);
}

#[test]
fn orders_of_a_load_are_kept_by_the_copies_that_are_written_once_one_was_read() {
    let mut loaded = Collection::default();
    loaded.defer_orders();
    (0..70).for_each(|number| drop(loaded.insert(numbered(number))));
    loaded.make_orders();
    assert_eq!(kept_orders(&loaded), [true; 3]);
    let written = || {
        let mut copy = loaded.clone();
        copy.insert(numbered(70)).unwrap();
        copy
    };

    let before = written();
    before.list(BY_ACCOUNT, ("a1", "")).page(1, Direction::Ascending, Window { offset: 0, limit: 1 });

    assert_eq!(kept_orders(&before), [false, true, false]);
    assert_eq!(kept_orders(&written()), [false, true, false]);
    assert_eq!(kept_orders(&loaded), [true; 3]);
}

#[test]
fn a_large_collection_that_was_emptied_can_be_filled_again() {
    let (mut collection, mut model) = filled_with(1_200);

    for number in 0..1_200 {
        take_step(&mut collection, &mut model, Step::Delete("a1", number.to_string()));
    }
    assert_agrees(&collection, &model);
    for number in 0..600 {
        take_step(&mut collection, &mut model, Step::Insert(numbered(number)));
    }

    assert_agrees(&collection, &model);
    assert_eq!(collection.slots.len(), 1_200, "free slots are used before new ones");
}

#[test]
fn a_partition_that_was_emptied_begins_small_again() {
    let (mut collection, mut model) = filled_with(200);

    take_step(&mut collection, &mut model, Step::Empty("a1", "red"));
    assert!(collection.list(BY_TEAM, ("a1", "red")).is_empty());
    take_step(&mut collection, &mut model, Step::Insert(numbered(0)));

    assert_eq!(collection.list(BY_TEAM, ("a1", "red")).len(), 1);
    assert_agrees(&collection, &model);
}

#[test]
fn a_refused_insert_gives_the_record_back_and_changes_nothing() {
    let (mut collection, model) = filled_with(70);
    let taken = Item { name: "other".to_owned(), ..numbered(3) };

    let refused = collection.insert(taken.clone());

    assert_eq!(refused, Err(taken));
    assert_agrees(&collection, &model);
}

#[test]
fn a_change_that_panics_changes_nothing() {
    let (mut collection, model) = filled_with(70);

    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        collection.update(("a1", "3"), |item| {
            item.name = "half-way".to_owned();
            panic!("a change that fails");
        });
    }));

    assert!(outcome.is_err());
    assert_agrees(&collection, &model);
}

#[test]
fn the_last_pin_of_a_record_counts() {
    let (mut collection, _) = filled_with(100);

    for name in ["first", "second", "third"] {
        collection.update(("a1", "3"), |item| item.name = name.to_owned());
        collection.pin(("a1", "3"));
    }
    collection.update(("a1", "3"), |item| item.name = "changed".to_owned());
    let deleted = collection.delete(("a1", "3")).unwrap();

    assert_eq!(deleted.name, "changed");
    assert_eq!(collection.get(("a1", "3")).unwrap().name, "third");
    assert_sound(&collection);
}

#[test]
fn a_pin_of_an_unknown_key_pins_nothing_that_comes_later() {
    let (mut collection, _) = filled_with(2);

    collection.delete(("a1", "1"));
    collection.pin(("a1", "1"));
    collection.insert(numbered(1)).unwrap();
    collection.delete(("a1", "1"));

    assert!(!collection.contains(("a1", "1")));
}

#[test]
fn a_copy_is_independent_of_its_original() {
    let (mut collection, model) = filled_with(100);
    let copy = collection.clone();

    collection.delete(("a1", "5"));
    collection.update(("a1", "6"), |item| item.team = "red");

    assert_agrees(&copy, &model);
}
