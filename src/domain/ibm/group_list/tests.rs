//! Compares searches with a search in the text of every group.

use proptest::prelude::*;

use super::super::records::caller::Caller;
use super::super::records::group::{GroupChange, GroupDraft};
use crate::domain::ibm::group_list::*;
use crate::store::{ClockSetting, IdGenerator, Store};

const ACCOUNT: &str = "a";
const ORDERS: [GroupOrder; 4] =
    [GroupOrder::Name, GroupOrder::Id, GroupOrder::Description, GroupOrder::IsFederated];

/// Characters whose lower case depends on their neighbors, has another length, or is that of several characters.
const TEXT: &str = "[aKk\u{212a}ßẞσΣςİıiX ]{0,5}";

fn draft(text: &str) -> GroupDraft {
    GroupDraft::new(Some(format!("n{text}")), Some(text.to_owned())).unwrap()
}

/// Asserts that every search has the same pages as a list of the groups whose text contains the searched string.
fn assert_searches_agree(state: &IbmState, parts: &[String]) {
    let all: Vec<&Group> = state.groups.iter().collect();
    for (number, part) in parts.iter().enumerate() {
        let part = to_lowercase(part);
        for search in [GroupSearch::Name(part.clone()), GroupSearch::Description(part.clone())] {
            let query = GroupQuery {
                account: ACCOUNT.to_owned(),
                iam_id: None,
                membership_type: MembershipType::Static,
                search: Some(search),
                order: ORDERS[number % ORDERS.len()],
                direction: if number % 3 == 0 { Direction::Descending } else { Direction::Ascending },
                hides_public_access: false,
                window: PageRange { offset: number % 5, limit: 100 },
            };
            let contains = |group: &&Group| {
                let text = match &query.search {
                    Some(GroupSearch::Name(_)) => &group.name,
                    _ => &group.description,
                };
                text.chars().flat_map(char::to_lowercase).collect::<String>().contains(&part)
            };
            let expected = query.sorted(all.iter().copied().filter(contains).collect());
            assert_eq!(state.list_groups(&query), query.page_from_list(&expected), "{query:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_search_finds_what_a_search_in_every_group_finds(
        texts in prop::collection::vec(TEXT, 0..150),
        changed in prop::collection::vec((any::<prop::sample::Index>(), TEXT), 0..4),
        parts in prop::collection::vec("[aKk\u{212a}ßẞσΣςİıiXg ]{0,2}", 1..8),
    ) {
        let store = Store::new(IbmState::default(), ClockSetting::System, IdGenerator::from_seed(1));
        let caller = Caller { iam_id: "IBMid-1".into(), account: ACCOUNT.into(), restricted_to: None };
        let ids: Vec<String> = store.write(|state, tx| {
            let mut create = |text: &String| state.create_group(ACCOUNT, draft(text), &caller, tx).key.id.to_string();
            texts.iter().map(&mut create).collect()
        });
        store.read(|state| assert_searches_agree(state, &parts));

        let snapshot = store.snapshot();
        for (index, text) in changed.iter().filter(|_| !ids.is_empty()) {
            let change = GroupChange::from(draft(text));
            store.write(|state, tx| state.update_group(&ids[index.index(ids.len())], change, &caller, tx).map(drop)).unwrap();
        }

        store.read(|state| assert_searches_agree(state, &parts));
        assert_searches_agree(&snapshot.state, &parts);
    }
}
