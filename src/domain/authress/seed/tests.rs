//! Saves the state after random histories and loads it again.

use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::model::{Content, Filter};
use crate::domain::authress::page::{self, ListParams, Page};
use crate::domain::authress::seed::*;
use crate::store::{ClockSetting, IdGenerator, Store};

/// One step of a random history; groups are identified by a number below 12.
#[derive(Debug, Clone)]
enum Step {
    Create(u8, Content),
    CreateWithoutId(Content),
    Update(u8, Content),
    Delete(u8),
    Pin(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_u8..12, content()).prop_map(|(group, content)| Step::Create(group, content)),
        1 => content().prop_map(Step::CreateWithoutId),
        4 => (0_u8..12, content()).prop_map(|(group, content)| Step::Update(group, content)),
        3 => (0_u8..12).prop_map(Step::Delete),
        2 => (0_u8..12).prop_map(Step::Pin),
    ]
}

fn history() -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec(step(), 0..40)
}

fn content() -> impl Strategy<Value = Content> {
    let users = || proptest::collection::vec("[a-c|@ ]{1,3}", 0..3);
    let tags = proptest::collection::btree_map("[a-z\"\u{e9}]{0,3}", ".{0,3}", 0..4);
    (".{1,4}", users(), users(), proptest::option::of(tags), any::<bool>()).prop_map(
        |(name, users, admins, tags, is_reversed)| {
            let mut tags = tags.map(|tags| tags.into_iter().collect::<Vec<_>>());
            if is_reversed {
                tags.iter_mut().for_each(|tags| tags.reverse());
            }
            Content { name, users, admins, tags }
        },
    )
}

/// A state on its own, with a clock that advances with every write.
struct TestStore(Store<AuthressState>);

impl TestStore {
    /// Returns a store whose identifiers and revisions do not collide with earlier ones.
    fn new(state: AuthressState) -> Self {
        let ids = IdGenerator::from_seed(state.last_sequence());
        let store = Self(Store::new(state, ClockSetting::System, ids));
        store.0.write(|_, tx| while tx.next_revision() < 1_000 {});
        store
    }

    fn from_json(json: &str) -> Self {
        let section: Section = serde_json::from_str(json).expect("a saved section can be parsed");
        let store =
            Self(Store::new(AuthressState::default(), ClockSetting::System, IdGenerator::from_seed(0)));
        store.0.write(|state, tx| load(state, &section, tx)).expect("a saved section is valid");
        store
    }

    fn apply(&self, steps: &[Step]) {
        for (count, step) in (0..).zip(steps) {
            self.0.write(|state, tx| {
                tx.now = DateTime::UNIX_EPOCH + TimeDelta::milliseconds(count * 7);
                match step.clone() {
                    Step::Create(group, content) => drop(state.create_group(Some(id(group)), content, tx)),
                    Step::CreateWithoutId(content) => drop(state.create_group(None, content, tx)),
                    Step::Update(group, content) => drop(state.update_group(&id(group), content, None, tx)),
                    Step::Delete(group) => drop(state.delete_group(&id(group))),
                    Step::Pin(group) => state.pin(&id(group)),
                }
            });
        }
    }

    fn save(&self) -> String {
        self.0.read(|state| serde_json::to_string(&save(state))).expect("a section can be serialized")
    }

    fn copy(&self) -> AuthressState {
        self.0.read(AuthressState::clone)
    }

    /// Returns the identifiers on each page of two groups, and the cursor of the page.
    fn pages(&self, filter: Option<&Filter>) -> Vec<(Vec<String>, Option<String>)> {
        let mut pages = Vec::new();
        let mut after = 0;
        loop {
            let params = ListParams { filter: filter.cloned(), limit: 2, after };
            let (ids, next) = self.0.read(|state| {
                let page = Page::new(state, &params);
                (page.items.iter().map(|group| group.group_id.clone()).collect(), page.next)
            });
            pages.push((ids, next.clone()));
            let Some(next) = next else { return pages };
            after = page::decode_cursor(&next, filter).expect("the list issued the cursor");
        }
    }
}

fn id(group: u8) -> String {
    format!("grp_{group}")
}

/// Returns the section with `groups`.
fn section(groups: &[Map<String, Value>]) -> Section {
    let mut section = Section::default();
    groups.iter().for_each(|group| section.groups.push(group));
    section
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().expect("the value is an object").clone()
}

proptest! {
    #[test]
    fn a_restored_state_behaves_like_the_original(before in history(), after in history()) {
        let original = TestStore::new(AuthressState::default());
        original.apply(&before);
        let saved = original.save();

        let restored = TestStore::from_json(&saved);
        prop_assert_eq!(restored.save(), saved);
        prop_assert_eq!(restored.pages(None), original.pages(None));
        let filter = Filter::new("a");
        prop_assert_eq!(restored.pages(Some(&filter)), original.pages(Some(&filter)));
        let (original, restored) = (TestStore::new(original.copy()), TestStore::new(restored.copy()));
        original.apply(&after);
        restored.apply(&after);

        prop_assert_eq!(restored.save(), original.save());
        prop_assert_eq!(restored.pages(None), original.pages(None));
    }
}

#[test]
fn the_demo_seed_round_trips() {
    let demo: Value = serde_json::from_str(include_str!("../../../../seeds/demo.json")).unwrap();
    let saved = TestStore::from_json(&demo["authress"].to_string()).save();

    assert_eq!(TestStore::from_json(&saved).save(), saved);
}

#[test]
fn an_empty_state_is_saved_as_an_empty_section() {
    assert_eq!(TestStore::new(AuthressState::default()).save(), "{}");
}

#[test]
fn fields_not_exposed_by_the_api_are_saved_in_the_state_field() {
    let store = TestStore::from_json(
        r#"{"groups":[{"groupId":"grp_a","name":"A","users":[{"userId":"u"}],"admins":[],
            "tags":{"b":"1","a":"2"},"lastUpdated":"2026-01-02T03:04:05.67Z","pinned":true}]}"#,
    );
    let unchanged = store.save();
    store.apply(&[Step::Pin(0)]);
    store
        .0
        .write(|state, tx| {
            tx.now = DateTime::UNIX_EPOCH;
            state
                .update_group("grp_a", Content { name: "B".to_owned(), ..Content::default() }, None, tx)
                .map(drop)
        })
        .unwrap();

    let shown = r#""users":[{"userId":"u"}],"admins":[],"tags":{"b":"1","a":"2"},"lastUpdated":"2026-01-02T03:04:05.670Z""#;
    assert_eq!(
        unchanged,
        format!(
            r#"{{"groups":[{{"groupId":"grp_a","name":"A",{shown},"pinned":true,"$state":{{"sequence":1,"revision":1}}}}],"$state":{{"last_sequence":1}}}}"#
        )
    );
    let changed =
        r#"{"groupId":"grp_a","name":"B","users":[],"admins":[],"lastUpdated":"2026-01-02T03:04:05.671Z""#;
    let pinned = format!(r#"{{"name":"A",{shown},"$state":{{"revision":1}}}}"#);
    assert_eq!(
        store.save(),
        format!(
            r#"{{"groups":[{changed},"$state":{{"sequence":1,"revision":2,"pinned":{pinned}}}}}],"$state":{{"last_sequence":1}}}}"#
        )
    );
}

#[test]
fn a_time_that_the_api_cannot_represent_round_trips() {
    for nanoseconds in [1, 253_402_300_800_000_000_000_i128] {
        let store = TestStore::new(AuthressState::default());
        let seconds = i64::try_from(nanoseconds / 1_000_000_000).unwrap();
        let time = DateTime::from_timestamp(seconds, u32::try_from(nanoseconds % 1_000_000_000).unwrap());
        store
            .0
            .write(|state, tx| {
                tx.now = time.unwrap();
                state.create_group(None, Content { name: "a".to_owned(), ..Content::default() }, tx).map(drop)
            })
            .unwrap();
        let saved = store.save();

        let restored = TestStore::from_json(&saved);

        assert_eq!(restored.save(), saved);
        assert_eq!(restored.copy().groups_after(0).next().unwrap().1.last_updated, time.unwrap());
    }
}

#[test]
fn errors_in_the_internal_state_include_their_path() {
    let with = |state: Value| {
        let mut group = object(&json!({"groupId": "grp_a", "name": "a", "users": [], "admins": []}));
        group.insert(STATE.to_owned(), state);
        group
    };
    let value = |more: Value| {
        let mut value = object(&json!({"name": "b", "users": [], "admins": []}));
        value.extend(object(&more));
        json!({ "pinned": value })
    };
    let sequence = "$state.sequence: must be a number from 1 to 9007199254740991 that no earlier group has";

    for (state, expected) in [
        (json!(7), "$state: must be an object"),
        (json!([7]), "$state: must be an object"),
        (
            json!({"index": 1}),
            "$state.index: unknown field `index`, expected one of `sequence`, `revision`, `last_updated`, `pinned`",
        ),
        (json!({"sequence": "1"}), "$state.sequence: invalid type: string \"1\", expected u64"),
        (json!({"sequence": 0}), sequence),
        (json!({"sequence": 4}), sequence),
        (json!({"sequence": (1_u64 << 53)}), sequence),
        (json!({"pinned": {"name": "b"}}), "$state.pinned: missing required property users"),
        (
            value(json!({"groupId": "grp_b"})),
            "$state.pinned.groupId: must be grp_a, the identifier of the group",
        ),
        (
            value(json!({"$state": {"sequence": 1}})),
            "$state.pinned.$state.sequence: is not allowed in a pinned value",
        ),
        (
            value(json!({"$state": {"pinned": {}}})),
            "$state.pinned.$state.pinned: is not allowed in a pinned value",
        ),
        (value(json!({"pinned": true})), "$state.pinned: must NOT have additional property: 'pinned'"),
    ] {
        let mut first = with(json!({"sequence": 4}));
        first.insert("groupId".to_owned(), "grp_first".into());
        let section = section(&[first, with(state)]);

        let store = TestStore::new(AuthressState::default());
        let error = store.0.write(|state, tx| load(state, &section, tx)).unwrap_err();

        assert_eq!(error.to_string(), format!("groups[1].{expected}"));
    }
}

#[test]
fn a_section_cannot_reserve_more_than_the_maximum_sequence() {
    let section = Section {
        state: Some(SectionState { last_sequence: 1 << 53, last_neighbor_sequence: 0 }),
        ..Section::default()
    };

    let store = TestStore::new(AuthressState::default());
    let error = store.0.write(|state, tx| load(state, &section, tx)).unwrap_err();

    assert_eq!(error.to_string(), "$state.last_sequence: must be a number from 0 to 9007199254740991");
}

#[test]
fn two_pinned_values_are_rejected() {
    let group = r#"{"name":"a","users":[],"admins":[],"pinned":true,"$state":{"pinned":{}}}"#;
    let section = section(&[serde_json::from_str(group).unwrap()]);

    let store = TestStore::new(AuthressState::default());
    let error = store.0.write(|state, tx| load(state, &section, tx)).unwrap_err();

    assert_eq!(error.to_string(), "groups[0].$state.pinned: cannot be combined with `pinned`");
}
