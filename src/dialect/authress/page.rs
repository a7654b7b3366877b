//! A page of groups, and the cursor from which the next one goes on.
//!
//! A cursor names the last group of its page by the place in the creation order, which no write changes, so
//! that no group is met twice and none that was there throughout is missed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::model::{Filter, Group, State};
use crate::store::derived_hex;

/// How many digits of the hash a cursor holds.
const HASH_DIGITS: usize = 12;

/// Which page is asked for.
#[derive(Debug)]
pub(super) struct Selection {
    pub(super) filter: Option<Filter>,
    /// The number of groups on the page.
    pub(super) limit: usize,
    /// The sequence number after which the page begins; 0 for the first one.
    pub(super) after: u64,
}

/// A page.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub(super) groups: Vec<&'a Group>,
    /// The cursor of the next page; `None` on the last one.
    pub(super) next: Option<String>,
}

impl<'a> Page<'a> {
    /// Returns the page that `selection` asks for.
    pub(super) fn of(state: &'a State, selection: &Selection) -> Self {
        match &selection.filter {
            Some(filter) => Self::take(state.search_after(selection.after, filter), selection),
            None => Self::take(state.groups_after(selection.after), selection),
        }
    }

    fn take(mut found: impl Iterator<Item = (u64, &'a Group)>, selection: &Selection) -> Self {
        let mut last = selection.after;
        let mut groups = Vec::with_capacity(selection.limit);
        for (sequence, group) in found.by_ref().take(selection.limit) {
            last = sequence;
            groups.push(group);
        }
        let next = found.next().map(|_| encode(last, selection.filter.as_ref()));
        Self { groups, next }
    }
}

/// Returns the cursor that goes on after the group with the sequence number `last`.
fn encode(last: u64, filter: Option<&Filter>) -> String {
    let hash = derived_hex(&format!("{last}:{}", filter.map_or("", Filter::folded)));
    URL_SAFE_NO_PAD.encode(format!("{last}:{}", &hash[..HASH_DIGITS]))
}

/// Reads a cursor; `None` when no list with `filter` gave it out.
pub(super) fn decode(cursor: &str, filter: Option<&Filter>) -> Option<u64> {
    let decoded = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let last = decoded.split_once(':')?.0.parse().ok()?;
    (last < u64::MAX && encode(last, filter) == cursor).then_some(last)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::super::model::Content;
    use super::*;
    use crate::store::{Clock, Ids, Namespace};

    /// A write between two pages; groups are named by a number below 30.
    #[derive(Debug, Clone)]
    enum Write {
        Create { group: u8, is_wanted: bool },
        Update { group: u8, is_wanted: bool },
        Delete { group: u8 },
    }

    fn write() -> impl Strategy<Value = Write> {
        prop_oneof![
            (0_u8..30, any::<bool>()).prop_map(|(group, is_wanted)| Write::Create { group, is_wanted }),
            (0_u8..30, any::<bool>()).prop_map(|(group, is_wanted)| Write::Update { group, is_wanted }),
            (0_u8..30).prop_map(|group| Write::Delete { group }),
        ]
    }

    /// The store, and beside it which groups there are; one that is created again has another serial number.
    struct Store {
        state: Namespace<State>,
        groups: BTreeMap<u8, (u32, bool)>,
        created: u32,
    }

    impl Store {
        fn new() -> Self {
            let state = Namespace::new(State::default(), Clock::System, Ids::seeded(1));
            Self { state, groups: BTreeMap::new(), created: 0 }
        }

        fn apply(&mut self, write: &Write) {
            match *write {
                Write::Create { group, is_wanted } if !self.groups.contains_key(&group) => {
                    self.created += 1;
                    let content = content(self.created, is_wanted);
                    self.state.write(|state, tx| {
                        state.create_group(Some(format!("grp_{group}")), content, tx).expect("it is free");
                    });
                    self.groups.insert(group, (self.created, is_wanted));
                }
                Write::Create { group, is_wanted } | Write::Update { group, is_wanted } => {
                    let Some(known) = self.groups.get_mut(&group) else { return };
                    known.1 = is_wanted;
                    let content = content(known.0, is_wanted);
                    self.state.write(|state, tx| {
                        state.update_group(&format!("grp_{group}"), content, None, tx).expect("it is there");
                    });
                }
                Write::Delete { group } => {
                    if self.groups.remove(&group).is_some() {
                        let deleted =
                            self.state.write(|state, _| state.delete_group(&format!("grp_{group}")));
                        deleted.expect("it is there");
                    }
                }
            }
        }

        /// The serial numbers of the groups that a filter, or no filter, finds.
        fn found(&self, is_filtered: bool) -> BTreeSet<u32> {
            let found = self.groups.values().filter(|(_, is_wanted)| *is_wanted || !is_filtered);
            found.map(|(serial, _)| *serial).collect()
        }

        fn page(
            &self,
            filter: Option<&Filter>,
            limit: usize,
            cursor: Option<&str>,
        ) -> (Vec<u32>, Option<String>) {
            let after = cursor.map_or(0, |cursor| decode(cursor, filter).expect("the list gave it out"));
            let selection = Selection { filter: filter.cloned(), limit, after };
            self.state.read(|state| {
                let page = Page::of(state, &selection);
                (page.groups.iter().map(|group| serial_of(group)).collect(), page.next)
            })
        }
    }

    fn content(serial: u32, is_wanted: bool) -> Content {
        let word = if is_wanted { "Wanted" } else { "other" };
        Content { name: format!("{word} {serial}"), ..Content::default() }
    }

    fn serial_of(group: &Group) -> u32 {
        let (_, serial) = group.content.name.split_once(' ').expect("the name ends with it");
        serial.parse().expect("it is a number")
    }

    proptest! {
        #[test]
        fn writes_between_pages_show_no_group_twice_and_lose_none_that_was_there_throughout(
            before in proptest::collection::vec(write(), 0..80),
            between in proptest::collection::vec(proptest::collection::vec(write(), 0..8), 1..20),
            limit in 1_usize..5,
            is_filtered in any::<bool>(),
        ) {
            let mut store = Store::new();
            before.iter().for_each(|write| store.apply(write));
            let filter = is_filtered.then(|| Filter::new("wANTED"));
            let mut throughout = store.found(is_filtered);
            let mut seen = Vec::new();
            let mut cursor = None;
            let mut writes = between.iter();

            loop {
                let (serials, next) = store.page(filter.as_ref(), limit, cursor.as_deref());
                prop_assert!(serials.len() <= limit);
                prop_assert!(serials.iter().all(|serial| store.found(is_filtered).contains(serial)));
                seen.extend(serials);
                cursor = next;
                if cursor.is_none() {
                    break;
                }
                for write in writes.next().into_iter().flatten() {
                    store.apply(write);
                    let present = store.found(is_filtered);
                    throughout.retain(|serial| present.contains(serial));
                }
            }

            let distinct: BTreeSet<u32> = seen.iter().copied().collect();
            prop_assert_eq!(distinct.len(), seen.len());
            prop_assert!(throughout.is_subset(&distinct), "{:?} not all in {:?}", throughout, seen);
            prop_assert!(seen.is_sorted());
        }

        #[test]
        fn a_cursor_is_read_back_by_the_same_list_only(last in 1..u64::MAX, filter in "[a-z:]{1,8}") {
            let filter = Filter::new(&filter);

            let cursor = encode(last, Some(&filter));

            prop_assert_eq!(decode(&cursor, Some(&filter)), Some(last));
            prop_assert_eq!(decode(&cursor, None), None);
        }

        #[test]
        fn any_text_is_read_as_a_cursor_without_a_panic(text in ".{0,40}") {
            prop_assert_eq!(decode(&text, None), None);
        }
    }

    #[test]
    fn the_last_sequence_number_of_all_is_no_cursor() {
        assert_eq!(decode(&encode(u64::MAX, None), None), None);
    }
}
