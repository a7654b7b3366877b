//! Pages of groups and of neighbors, and the cursors from which the next page continues.
//!
//! A cursor contains the sequence number of the last group of its page, which writes do not change. Therefore no group
//! is returned twice, and no group that exists during the whole iteration is skipped.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::model::{AuthressState, Filter, Group};
use crate::store::{Summaries, stable_hex_id};

/// The number of hash digits in a cursor.
const HASH_DIGITS: usize = 12;

/// The parameters that select a page.
#[derive(Debug)]
pub struct ListParams {
    pub filter: Option<Filter>,
    /// The number of groups on the page.
    pub limit: usize,
    /// The sequence number after which the page starts; 0 for the first page.
    pub after: u64,
}

impl ListParams {
    /// Returns the number of groups that must be scanned for the page; 0 if few groups after the cursor are enough.
    pub fn scan_cost(&self, state: &AuthressState) -> usize {
        let Some(filter) = &self.filter else { return 0 };
        let found = state.search_first(self.after, filter).take(self.limit + 1).count();
        if found > self.limit { 0 } else { state.count() }
    }
}

/// A page of groups, or of neighbors.
#[derive(Debug)]
pub struct Page<'a, T = Group> {
    pub items: Vec<&'a T>,
    /// The cursor of the next page; `None` on the last page.
    pub next: Option<String>,
}

impl<'a> Page<'a> {
    /// Returns the page that `params` selects.
    pub fn new(state: &'a AuthressState, params: &ListParams) -> Self {
        match &params.filter {
            Some(filter) => Self::collect(state.search_after(params.after, filter), params),
            None => Self::collect(state.groups_after(params.after), params),
        }
    }
}

impl<'a, T> Page<'a, T> {
    /// Returns the page that `params` selects of the items that were found, which are those after `params.after`.
    pub fn collect(mut found: impl Iterator<Item = (u64, &'a T)>, params: &ListParams) -> Self {
        let mut last = params.after;
        let mut items = Vec::with_capacity(params.limit);
        for (sequence, item) in found.by_ref().take(params.limit) {
            last = sequence;
            items.push(item);
        }
        let next = found.next().map(|_| encode_cursor(last, params.filter.as_ref()));
        Self { items, next }
    }
}

/// Returns the cursor that continues after the group with the sequence number `last`.
fn encode_cursor(last: u64, filter: Option<&Filter>) -> String {
    let hash = stable_hex_id(&format!("{last}:{}", filter.map_or("", Filter::folded)));
    URL_SAFE_NO_PAD.encode(format!("{last}:{}", &hash[..HASH_DIGITS]))
}

/// Parses a cursor; `None` if it was not issued for a list with `filter`.
pub fn decode_cursor(cursor: &str, filter: Option<&Filter>) -> Option<u64> {
    let decoded = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let last = decoded.split_once(':')?.0.parse().ok()?;
    (last < u64::MAX && encode_cursor(last, filter) == cursor).then_some(last)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::super::model::Content;
    use super::*;
    use crate::store::{ClockSetting, IdGenerator, Store};

    /// A write between two pages; groups are identified by a number below 30.
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

    /// The store and the groups expected in it; a group that is created again gets another serial number.
    struct TestStore {
        state: Store<AuthressState>,
        groups: BTreeMap<u8, (u32, bool)>,
        created: u32,
    }

    impl TestStore {
        fn new() -> Self {
            let state = Store::new(AuthressState::default(), ClockSetting::System, IdGenerator::from_seed(1));
            Self { state, groups: BTreeMap::new(), created: 0 }
        }

        fn apply(&mut self, write: &Write) {
            match *write {
                Write::Create { group, is_wanted } if !self.groups.contains_key(&group) => {
                    self.created += 1;
                    let content = content(self.created, is_wanted);
                    self.state.write(|state, tx| {
                        state
                            .create_group(Some(format!("grp_{group}")), content, tx)
                            .expect("the group does not exist");
                    });
                    self.groups.insert(group, (self.created, is_wanted));
                }
                Write::Create { group, is_wanted } | Write::Update { group, is_wanted } => {
                    let Some(expected) = self.groups.get_mut(&group) else { return };
                    expected.1 = is_wanted;
                    let content = content(expected.0, is_wanted);
                    self.state.write(|state, tx| {
                        state
                            .update_group(&format!("grp_{group}"), content, None, tx)
                            .expect("the group exists");
                    });
                }
                Write::Delete { group } => {
                    if self.groups.remove(&group).is_some() {
                        let deleted =
                            self.state.write(|state, _| state.delete_group(&format!("grp_{group}")));
                        deleted.expect("the group exists");
                    }
                }
            }
        }

        /// Returns the serial numbers of the groups that a list with or without the filter contains.
        fn matching(&self, is_filtered: bool) -> BTreeSet<u32> {
            let matching = self.groups.values().filter(|(_, is_wanted)| *is_wanted || !is_filtered);
            matching.map(|(serial, _)| *serial).collect()
        }

        fn page(
            &self,
            filter: Option<&Filter>,
            limit: usize,
            cursor: Option<&str>,
        ) -> (Vec<u32>, Option<String>) {
            let after =
                cursor.map_or(0, |cursor| decode_cursor(cursor, filter).expect("the list issued the cursor"));
            let params = ListParams { filter: filter.cloned(), limit, after };
            self.state.read(|state| {
                let page = Page::new(state, &params);
                (page.items.iter().map(|group| serial_number(group)).collect(), page.next)
            })
        }
    }

    fn content(serial: u32, is_wanted: bool) -> Content {
        let word = if is_wanted { "Wanted" } else { "other" };
        Content { name: format!("{word} {serial}"), ..Content::default() }
    }

    fn serial_number(group: &Group) -> u32 {
        let (_, serial) = group.content.name.split_once(' ').expect("the name ends with the serial number");
        serial.parse().expect("the serial number is a number")
    }

    proptest! {
        #[test]
        fn writes_between_pages_neither_duplicate_nor_skip_groups(
            before in proptest::collection::vec(write(), 0..80),
            between in proptest::collection::vec(proptest::collection::vec(write(), 0..8), 1..20),
            limit in 1_usize..5,
            is_filtered in any::<bool>(),
        ) {
            let mut store = TestStore::new();
            before.iter().for_each(|write| store.apply(write));
            let filter = is_filtered.then(|| Filter::new("wANTED"));
            let mut always_present = store.matching(is_filtered);
            let mut seen = Vec::new();
            let mut cursor = None;
            let mut writes = between.iter();

            loop {
                let (serials, next) = store.page(filter.as_ref(), limit, cursor.as_deref());
                prop_assert!(serials.len() <= limit);
                prop_assert!(serials.iter().all(|serial| store.matching(is_filtered).contains(serial)));
                seen.extend(serials);
                cursor = next;
                if cursor.is_none() {
                    break;
                }
                for write in writes.next().into_iter().flatten() {
                    store.apply(write);
                    let present = store.matching(is_filtered);
                    always_present.retain(|serial| present.contains(serial));
                }
            }

            let distinct: BTreeSet<u32> = seen.iter().copied().collect();
            prop_assert_eq!(distinct.len(), seen.len());
            prop_assert!(always_present.is_subset(&distinct), "{:?} not all in {:?}", always_present, seen);
            prop_assert!(seen.is_sorted());
        }

        #[test]
        fn a_filter_finds_what_a_search_in_every_string_finds(
            names in proptest::collection::vec("[aKk\u{212a}ßẞσΣςİıiX ]{0,5}", 0..150),
            renamed in proptest::collection::vec((any::<prop::sample::Index>(), "[aKΣςİ ]{0,5}"), 0..3),
            parts in proptest::collection::vec("[aKk\u{212a}ßẞσΣςİıiX ]{1,2}", 1..6),
        ) {
            fn folded(text: &str) -> String {
                text.chars().flat_map(char::to_lowercase).map(|char| if char == 'ς' { 'σ' } else { char }).collect()
            }
            let store = Store::new(AuthressState::default(), ClockSetting::System, IdGenerator::from_seed(1));
            let content = |name: &str| Content { name: name.to_owned(), ..Content::default() };
            let mut names = names;
            store.write(|state, tx| {
                for (number, name) in names.iter().enumerate() {
                    state.create_group(Some(format!("grp_{number}")), content(name), tx).unwrap();
                }
            });
            let assert_agrees = |names: &[String]| store.read(|state| {
                for part in &parts {
                    let params = ListParams { filter: Some(Filter::new(part)), limit: 200, after: 0 };
                    let found: Vec<&str> =
                        Page::new(state, &params).items.iter().map(|group| group.content.name.as_str()).collect();
                    let expected: Vec<&str> =
                        names.iter().map(String::as_str).filter(|name| folded(name).contains(&folded(part))).collect();
                    assert_eq!(found, expected, "{part}");
                }
            });
            assert_agrees(&names);
            for (index, name) in renamed {
                if !names.is_empty() {
                    let number = index.index(names.len());
                    names[number].clone_from(&name);
                    let id = format!("grp_{number}");
                    store.write(|state, tx| state.update_group(&id, content(&name), None, tx).map(drop)).unwrap();
                }
            }
            assert_agrees(&names);
        }

        #[test]
        fn a_cursor_is_valid_only_for_the_same_list(last in 1..u64::MAX, filter in "[a-z:]{1,8}") {
            let filter = Filter::new(&filter);

            let cursor = encode_cursor(last, Some(&filter));

            prop_assert_eq!(decode_cursor(&cursor, Some(&filter)), Some(last));
            prop_assert_eq!(decode_cursor(&cursor, None), None);
        }

        #[test]
        fn decoding_an_arbitrary_string_does_not_panic(text in ".{0,40}") {
            prop_assert_eq!(decode_cursor(&text, None), None);
        }
    }

    #[test]
    fn the_maximum_sequence_number_is_not_a_cursor() {
        assert_eq!(decode_cursor(&encode_cursor(u64::MAX, None), None), None);
    }
}
