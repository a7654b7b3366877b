//! Measures the operations of the store with a hundred, ten thousand and a million records.
//!
//! `cargo bench --bench store`; `-- page` measures only pages, `-- clone` only copies, `-- /100$` only the small size.

use std::cmp::Ordering;
use std::hint::black_box;

use access_groups_mock::store::{Collection, CowArc, Direction, Index, Key, PageRange, Partition, Record};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

const SIZES: [u32; 3] = [100, 10_000, 1_000_000];
const ACCOUNT: &str = "a1b2c3d4e5f60718293a4b5c6d7e8f90";
const PAGE: usize = 50;
const ORDERS: [&str; 2] = ["name", "modified"];

/// A group, about as large as a vendor's.
#[derive(Debug, Clone)]
struct Group {
    id: String,
    name: String,
    description: String,
    modified: u64,
}

impl Record for Group {
    const INDEXES: &'static [Index<Self>] =
        &[Index { partition: account_partition, orders: &[by_name, by_modified] }];

    fn key(&self) -> Key<'_> {
        (ACCOUNT, &self.id)
    }
}

fn account_partition(_: &Group) -> Partition<'_> {
    (ACCOUNT, "")
}

fn by_name(left: &Group, right: &Group) -> Ordering {
    left.name.cmp(&right.name)
}

fn by_modified(left: &Group, right: &Group) -> Ordering {
    left.modified.cmp(&right.modified)
}

/// A membership: listed by group or by member, looked up by both.
#[derive(Debug, Clone)]
struct Membership {
    group: String,
    member: String,
}

impl Record for Membership {
    const INDEXES: &'static [Index<Self>] = &[
        Index { partition: group_partition, orders: &[] },
        Index { partition: member_partition, orders: &[] },
    ];

    fn key(&self) -> Key<'_> {
        (&self.group, &self.member)
    }
}

fn group_partition(membership: &Membership) -> Partition<'_> {
    (&membership.group, "")
}

fn member_partition(membership: &Membership) -> Partition<'_> {
    (&membership.member, "")
}

/// Scatters numbers, so that neither names nor lookups are in the order of creation.
const fn scattered(number: u32) -> u32 {
    number.wrapping_mul(2_654_435_761)
}

fn group_id(number: u32) -> String {
    format!("AccessGroupId-{:08x}-{number:08x}", scattered(number))
}

fn group(number: u32) -> Group {
    Group {
        id: group_id(number),
        name: format!("Group {:010}", scattered(number)),
        description: "The purpose of a group of this bench, in one sentence".to_owned(),
        modified: u64::from(scattered(number ^ 0x5555)),
    }
}

fn groups(count: u32) -> CowArc<Collection<Group>> {
    let mut groups = CowArc::<Collection<Group>>::default();
    for number in 0..count {
        groups.insert(group(number)).expect("the id is unique");
    }
    groups
}

/// Returns groups of five members; each member is in ten groups.
fn memberships(count: u32) -> CowArc<Collection<Membership>> {
    let mut memberships = CowArc::<Collection<Membership>>::default();
    for number in 0..count {
        memberships.insert(membership(number)).expect("the pair is unique");
    }
    memberships
}

fn membership(number: u32) -> Membership {
    Membership { group: group_id(number / 5), member: format!("IBMid-{:010}", number % 5 + number / 50 * 5) }
}

fn records(criterion: &mut Criterion) {
    for size in SIZES {
        let mut collection = groups(size);
        let ids: Vec<String> = (0..1024.min(size)).map(|at| group_id(scattered(at) % size)).collect();
        let mut at = 0;
        let mut next = || {
            at = (at + 1) % ids.len();
            ids[at].as_str()
        };

        criterion.bench_function(&format!("get/{size}"), |bencher| {
            bencher.iter(|| black_box(collection.get((ACCOUNT, next()))).is_some());
        });
        criterion.bench_function(&format!("insert_and_delete/{size}"), |bencher| {
            let mut number = size;
            let mut fresh = || {
                number += 1;
                group(number)
            };
            let route = |record: Group| {
                let id = record.id.clone();
                collection.insert(record).expect("the id is new");
                collection.delete((ACCOUNT, &id))
            };
            bencher.iter_batched(&mut fresh, route, BatchSize::SmallInput);
        });
    }
}

fn pages(criterion: &mut Criterion) {
    for size in SIZES {
        let collection = groups(size);
        let list = collection.list(0, (ACCOUNT, ""));
        let last = list.len() - PAGE;
        for (position, offset) in [("first", 0), ("middle", last / 2), ("last", last)] {
            criterion.bench_function(&format!("page_created_{position}/{size}"), |bencher| {
                bencher.iter(|| {
                    list.iter_from(offset).take(PAGE).map(|group| group.description.len()).sum::<usize>()
                });
            });
            for (order, name) in ORDERS.iter().enumerate() {
                let window = PageRange { offset, limit: PAGE };
                criterion.bench_function(&format!("page_{name}_{position}/{size}"), |bencher| {
                    let read = || list.page(order, Direction::Ascending, window);
                    bencher.iter(|| read().into_iter().map(|group| group.description.len()).sum::<usize>());
                });
            }
            // Sequence numbers start at 1, and no record was deleted.
            let after = offset as u64;
            criterion.bench_function(&format!("page_cursor_{position}/{size}"), |bencher| {
                let read = || list.after(black_box(after)).take(PAGE);
                bencher.iter(|| read().map(|(sequence, _)| sequence).sum::<u64>());
            });
        }
    }
}

fn members(criterion: &mut Criterion) {
    for size in SIZES {
        let collection = memberships(size);
        let looked_up: Vec<Membership> =
            (0..1024.min(size)).map(|at| membership(scattered(at) % size)).collect();
        let mut at = 0;
        let mut next = || {
            at = (at + 1) % looked_up.len();
            &looked_up[at]
        };

        criterion.bench_function(&format!("is_member/{size}"), |bencher| {
            bencher.iter(|| collection.contains(next().key()));
        });
        criterion.bench_function(&format!("groups_of_member/{size}"), |bencher| {
            bencher.iter(|| collection.list(1, (&next().member, "")).iter().count());
        });
    }
}

/// Measures a clone, and the first write to a clone, which copies the shared parts that it changes.
fn clones(criterion: &mut Criterion) {
    for size in SIZES {
        let collection = groups(size);
        criterion.bench_function(&format!("clone/{size}"), |bencher| bencher.iter(|| collection.clone()));
        criterion.bench_function(&format!("clone_then_update/{size}"), |bencher| {
            let id = group_id(size / 2);
            let change = |mut copy: CowArc<Collection<Group>>| {
                copy.update((ACCOUNT, &id), |group| group.modified += 1).expect("the record exists");
                copy
            };
            bencher.iter_batched(|| collection.clone(), change, BatchSize::PerIteration);
        });
        criterion.bench_function(&format!("clone_then_insert/{size}"), |bencher| {
            let insert = |mut copy: CowArc<Collection<Group>>| {
                copy.insert(group(size)).expect("the id is new");
                copy
            };
            bencher.iter_batched(|| collection.clone(), insert, BatchSize::PerIteration);
        });
        drop(collection);
        let collection = memberships(size);
        criterion.bench_function(&format!("clone_then_insert_member/{size}"), |bencher| {
            let insert = |mut copy: CowArc<Collection<Membership>>| {
                copy.insert(membership(size)).expect("the pair is new");
                copy
            };
            bencher.iter_batched(|| collection.clone(), insert, BatchSize::PerIteration);
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(std::time::Duration::from_millis(300))
        .measurement_time(std::time::Duration::from_secs(1));
    targets = records, pages, members, clones
}
criterion_main!(benches);
