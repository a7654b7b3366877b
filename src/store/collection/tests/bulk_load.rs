//! Compares collections that were loaded in bulk with ones into which the records were inserted one by one.

use proptest::prelude::*;

use super::history::item;
use super::model::Model;
use super::{Item, Operation, apply, assert_agrees, item_with_number, operation};
use crate::store::collection::{BulkLoadError, Collection, Record};

/// A record of a load: its sequence number if it has one, its update and whether it is pinned before and after that.
type Step = (Option<u64>, Item, Option<u8>, [bool; 2]);

fn step() -> impl Strategy<Value = Step> {
    let sequence = proptest::option::weighted(0.3, 1..2_000_u64);
    (sequence, item(), proptest::option::weighted(0.1, 0..5_u8), any::<[bool; 2]>())
}

/// Loads the records into the collection, and returns the first that cannot be inserted.
fn load(collection: &mut Collection<Item>, steps: &[Step]) -> Result<(), usize> {
    for (index, (sequence, item, size, pins)) in steps.iter().enumerate() {
        let inserted = match sequence {
            Some(sequence) => collection.insert_at(*sequence, item.clone()),
            None => collection.insert(item.clone()),
        };
        assert_eq!(inserted.map_err(|_| index)?, item);
        if pins[0] {
            collection.pin(item.key());
        }
        if let Some(size) = size {
            collection.update(item.key(), |item| item.size = *size);
        }
        if pins[1] {
            collection.set_pinned(Item { name: "pinned".to_owned(), ..item.clone() });
        }
    }
    Ok(())
}

/// Returns the model of a collection into which the records were inserted one by one.
fn model(collection: &Collection<Item>) -> Model {
    let rows: Vec<(u64, Item)> =
        collection.iter_with_sequence().map(|(sequence, item)| (sequence, item.clone())).collect();
    let pinned = rows.iter().filter_map(|(_, item)| collection.pinned(item.key()));
    let pinned = pinned.map(|item| ((item.account.to_owned(), item.id.clone()), item.clone())).collect();
    Model { rows, last_sequence: collection.last_sequence(), pinned }
}

fn bulk_loaded(steps: &[Step]) -> Result<Collection<Item>, BulkLoadError> {
    let mut collection = Collection::default();
    collection.begin_bulk_load();
    load(&mut collection, steps).expect("a bulk load finds duplicates at its end");
    collection.finish_bulk_load().map(|()| collection)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bulk_load_is_like_single_insertions(
        mut steps in proptest::collection::vec(step(), 0..400),
        is_distinct in any::<bool>(),
        operations in proptest::collection::vec(operation(), 0..40),
    ) {
        if is_distinct {
            let mut keys = std::collections::BTreeSet::new();
            let mut sequences = std::collections::BTreeSet::new();
            steps.retain(|(_, item, ..)| keys.insert((item.account, item.id.clone())));
            for (sequence, ..) in &mut steps {
                *sequence = sequence.filter(|sequence| sequences.insert(*sequence));
            }
        }
        let mut expected = Collection::default();
        let inserted = load(&mut expected, &steps);

        let loaded = bulk_loaded(&steps);

        match inserted {
            Err(_) => prop_assert_eq!(loaded.map(drop), Err(BulkLoadError)),
            Ok(()) => {
                let (mut loaded, mut model) = (loaded.unwrap(), model(&expected));
                assert_agrees(&loaded, &model);
                for operation in operations {
                    apply(&mut loaded, &mut model, operation);
                }
                assert_agrees(&loaded, &model);
            }
        }
    }
}

#[test]
fn large_bulk_load_has_large_partitions_and_full_tables() {
    let steps: Vec<Step> = (0..5_000)
        .map(|number| (Some(u64::from(number ^ 1) + 1), item_with_number(number), None, [false; 2]))
        .collect();
    let mut expected = Collection::default();
    load(&mut expected, &steps).unwrap();

    let loaded = bulk_loaded(&steps).unwrap();

    assert_eq!(loaded.iter().collect::<Vec<_>>(), expected.iter().collect::<Vec<_>>());
    for (item, _) in expected.partitions(super::BY_TEAM) {
        let partition = (item.account, item.team);
        let [loaded, expected] = [&loaded, &expected].map(|it| it.list(super::BY_TEAM, partition));
        assert_eq!(loaded.sort_cost(0), 0, "the orders of large partitions are built");
        assert_eq!(loaded.after(0).collect::<Vec<_>>(), expected.after(0).collect::<Vec<_>>());
    }
}

#[test]
fn bulk_load_into_a_collection_with_records_inserts_them_one_by_one() {
    let mut collection = Collection::default();
    collection.insert(item_with_number(0)).unwrap();

    collection.begin_bulk_load();
    let duplicate = collection.insert(item_with_number(0)).map(drop);
    collection.insert(item_with_number(1)).unwrap();

    assert_eq!(duplicate, Err(item_with_number(0)));
    assert_eq!(collection.len(), 2);
    assert_eq!(collection.finish_bulk_load(), Ok(()));
    let mut model = model(&collection);
    apply(&mut collection, &mut model, Operation::Insert(item_with_number(2)));
    assert_agrees(&collection, &model);
}
