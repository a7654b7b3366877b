//! Comparisons of a collection with the model, and its invariants.

use memchr::memmem::Finder;

use super::model::Model;
use super::*;
use crate::store::collection::indexing::MAX_UNINDEXED_LEN;

/// Asserts that every query returns the same result for the collection and the model.
pub(super) fn assert_agrees(collection: &Collection<Item>, model: &Model) {
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
    assert_selections_agree(collection, model);
}

/// Asserts that selections have the records that meet their conditions, in creation order.
fn assert_selections_agree(collection: &Collection<Item>, model: &Model) {
    let assert_selects = |selection: Selection<'_, Item>, is_selected: &dyn Fn(&Item) -> bool| {
        let range = PageRange { offset: 3, limit: 90 };
        let expected: Vec<&Item> = model.items().into_iter().filter(|item| is_selected(item)).collect();
        let page = expected.iter().copied().skip(range.offset).take(range.limit).collect();
        assert_eq!(selection.page(range), (page, expected.len()));
    };
    let (all, account) =
        (|| collection.select(), |account| collection.select_partition(BY_ACCOUNT, (account, "")));
    assert_selects(all(), &|_| true);
    assert_selects(all().containing(0, "name 1"), &|item| item.name.contains("name 1"));
    assert_selects(all().containing(0, ""), &|_| true);
    assert_selects(all().containing(0, "1").containing(1, "2"), &|item| {
        item.name.contains('1') && item.id.contains('2')
    });
    assert_selects(all().matching(|item| item.size == 2), &|item| item.size == 2);
    assert_selects(account("a2").matching(|item| item.size > 2), &|item| {
        item.account == "a2" && item.size > 2
    });
    assert_selects(account("a1"), &|item| item.account == "a1");
    let both = account("a1").containing(1, "1").or(all().matching(|item| item.size == 0));
    assert_selects(both, &|item| item.account == "a1" && item.id.contains('1') || item.size == 0);
    let both = account("a1").and(all().containing(1, "12"));
    assert_selects(both, &|item| item.account == "a1" && item.id.contains("12"));
    for teams in [["red", "green"], ["red", "none"], ["none", "red"]] {
        let selection = collection.select_partitions(BY_TEAM, teams.map(|team| ("a1", team)));
        assert_selects(selection, &|item| item.account == "a1" && teams.contains(&item.team));
    }
    let keys = model.items().into_iter().filter(|item| item.size == 1).map(Record::key);
    assert_selects(collection.select_keys(keys.chain([("a1", "none")])), &|item| item.size == 1);
}

pub(super) fn assert_listing_agrees(
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
        for after in [0, middle, model.last_sequence] {
            let after_rows = || rows.iter().copied().filter(|(sequence, _)| *sequence > after);
            let is_found = |(_, item): &(u64, &Item)| item.name.contains(part);
            let expected: Vec<(u64, &Item)> = after_rows().filter(is_found).collect();
            assert_eq!(listing.search_after(0, &finder, after).collect::<Vec<_>>(), expected);
            let expected: Vec<(u64, &Item)> = after_rows().take(16).filter(is_found).collect();
            assert_eq!(listing.search_first(0, &finder, after).collect::<Vec<_>>(), expected);
        }
    }
}

/// Asserts that searches in both texts find what a search in the sorted list finds.
pub(super) fn assert_searches_agree(listing: Listing<'_, Item>, order: usize, sorted: &[&Item]) {
    for (text, part) in [(0, ""), (0, "name"), (0, "1"), (0, "name 07"), (1, "12"), (1, "none")] {
        let found = listing.search(text, &Finder::new(part));
        let contains =
            |item: &&Item| if text == 0 { item.name.contains(part) } else { item.id.contains(part) };
        let expected: Vec<&Item> = sorted.iter().copied().filter(contains).collect();

        assert_eq!((found.len(), found.is_empty()), (expected.len(), expected.is_empty()));
        let created: Vec<&Item> = listing.iter().filter(contains).skip(3).take(40).collect();
        let found_again = listing.search(text, &Finder::new(part));
        assert_eq!(found_again.page_by_creation(PageRange { offset: 3, limit: 40 }), created);
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
pub(super) fn assert_order_agrees(listing: Listing<'_, Item>, order: usize, sorted: &[&Item]) {
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
pub(super) fn all_pages<'a>(
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
pub(super) fn assert_consistent(collection: &Collection<Item>) {
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

pub(super) fn sorted_slots(set: &IndexedSet) -> Vec<u32> {
    let mut slots: Vec<u32> = set.iter_from(0).collect();
    slots.sort_unstable();
    slots
}
