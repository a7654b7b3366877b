//! Saves the state after random histories and loads it again.

use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::domain::legacy::seed::*;
use crate::store::{ClockSetting, IdGenerator, Store, Summaries};

/// A seed with groups that requests alone cannot create, and with ids close to the maximum.
const START: &str = r#"{"access_groups": [
    {"id": 7, "name": "a", "created_at": "2024-11-01T04:45:57.123456789+01:00", "pinned": true},
    {"id": 2147483645, "customers": [{"id": 2147483645, "email": "a"}], "pinned": true}
]}"#;

/// Groups and updates in the format of requests.
const ENTRIES: [&str; 8] = [
    "{}",
    r#"{"name": "b", "valid": 1, "company_id": -1, "auto_update": true, "domains": ["a b", ""]}"#,
    r#"{"name": null, "valid": null, "send_mail": false, "customers": null, "domains": []}"#,
    r#"{"customers": [{}, {"id": -3, "group_id": 9, "created_at": "2024-11-01"}]}"#,
    r#"{"customers": [{"email": "a", "expire_at": "+12345-01-02T03:04:05.5"}], "project_count": 3}"#,
    r#"{"customers": [{"id": 5, "expire_at": "2024-11-01T04:45:57.123456789-03:30", "account_type": 255,
        "authentication": 3, "organisation": "o", "valid": true, "confirmed": false, "disabled": true,
        "invited": false, "custom_data_1": "c", "allowed_concurrent_users": 0, "monthly_cost": 1}]}"#,
    r#"{"license_id": 1, "theme_settings_id": 2, "sso_platform_id": 3, "sso_admin_group_id": "a"}"#,
    r#"{"sso_member_group_id": "", "invite_type": 0, "domains": null, "auto_update": null}"#,
];

/// One step of a random history; a group is identified by its index in the list.
#[derive(Debug, Clone)]
enum Step {
    Create(&'static str),
    Update(usize, &'static str),
    Delete(usize),
    Pin(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let entry = || prop::sample::select(&ENTRIES);
    prop_oneof![
        4 => entry().prop_map(Step::Create),
        4 => (0..6_usize, entry()).prop_map(|(at, entry)| Step::Update(at, entry)),
        3 => (0..6_usize).prop_map(Step::Delete),
        2 => (0..6_usize).prop_map(Step::Pin),
    ]
}

fn history() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 0..40)
}

/// A state on its own, with a clock that advances with every write.
struct TestStore(Store<LegacyState>);

impl TestStore {
    /// Returns a store whose revisions do not collide with earlier ones.
    fn new(state: LegacyState) -> Self {
        let store = Self(Store::new(state, ClockSetting::System, IdGenerator::from_seed(1)));
        store.0.write(|_, tx| while tx.next_revision() < 1_000 {});
        store
    }

    fn load(section: &Section) -> Result<Self, SeedError> {
        let store = Self(Store::new(LegacyState::default(), ClockSetting::System, IdGenerator::from_seed(2)));
        store.0.write(|state, tx| load(state, section, tx))?;
        Ok(store)
    }

    fn from_json(json: &str) -> Self {
        let section = serde_json::from_str(json).expect("a saved section can be parsed");
        Self::load(&section).expect("a saved section is valid")
    }

    fn apply(&self, steps: &[Step]) {
        for (count, step) in (0..).zip(steps) {
            self.0.write(|state, tx| {
                tx.now = DateTime::UNIX_EPOCH + TimeDelta::milliseconds(count * 7);
                apply_step(state, step, tx);
            });
        }
    }

    fn save(&self) -> String {
        self.0.read(|state| serde_json::to_string(&save(state))).expect("a section can be serialized")
    }

    fn copy(&self) -> LegacyState {
        self.0.read(LegacyState::clone)
    }

    /// Returns the content of all lists.
    fn lists(&self) -> String {
        self.0.read(|state| {
            let summaries: Vec<_> = state.summaries(0).collect();
            format!("{summaries:?}{:?}{:?}", state.groups(0).collect::<Vec<_>>(), state.next_id())
        })
    }
}

fn apply_step(state: &mut LegacyState, step: &Step, tx: &mut Tx<'_>) {
    let update = |entry: &str| {
        let entry: Value = serde_json::from_str(entry).expect("the entry is valid JSON");
        input::parse_update(&(&json!({ "entry": entry })).into()).expect("the entry is a valid group")
    };
    let id = |state: &LegacyState, at: usize| state.groups(at).next().map_or(0, |group| group.id);
    match *step {
        Step::Create(entry) => {
            state.create_group(update(entry), tx);
        }
        Step::Update(at, entry) => drop(state.update_group(id(state, at), update(entry), tx)),
        Step::Delete(at) => drop(state.delete_group(id(state, at))),
        Step::Pin(at) => state.pin(id(state, at)),
    }
}

proptest! {
    #[test]
    fn a_restored_state_behaves_like_the_original(
        is_seeded in any::<bool>(),
        before in history(),
        after in history(),
    ) {
        let original = TestStore::from_json(if is_seeded { START } else { "{}" });
        original.apply(&before);
        let saved = original.save();

        let restored = TestStore::from_json(&saved);
        prop_assert_eq!(restored.save(), saved);
        prop_assert_eq!(restored.lists(), original.lists());
        let (original, restored) = (TestStore::new(original.copy()), TestStore::new(restored.copy()));
        original.apply(&after);
        restored.apply(&after);

        prop_assert_eq!(restored.save(), original.save());
        prop_assert_eq!(restored.lists(), original.lists());
    }
}

#[test]
fn the_demo_seed_round_trips() {
    let demo: Value = serde_json::from_str(include_str!("../../../../seeds/demo.json")).unwrap();
    let saved = TestStore::from_json(&demo["legacy"].to_string()).save();

    assert_eq!(TestStore::from_json(&saved).save(), saved);
}

#[test]
fn an_empty_state_is_saved_as_an_empty_section() {
    assert_eq!(TestStore::new(LegacyState::default()).save(), "{}");
}

#[test]
fn fields_not_exposed_by_the_api_are_saved_in_the_state_field() {
    let store = TestStore::from_json(
        r#"{"access_groups":[{"id":4,"name":"A","created_at":"2024-11-01T04:45:57.123456789+01:00",
            "customers":[{"email":"e","created_at":"2024-11-01"}],"domains":["d"],"pinned":true,
            "$state":{"modified":"2026-01-02T03:04:05.678Z"}}]}"#,
    );
    let unchanged = store.save();
    store.apply(&[Step::Update(0, r#"{"name":"B","customers":null,"domains":null}"#)]);

    let created = r#""created_at":"2024-11-01T04:45:57.123456789+01:00""#;
    let customer = r#"{"id":1,"email":"e","group_id":4,"created_at":"2024-11-01T00:00:00+00:00","authentication":0,"account_type":0}"#;
    let rest = r#""project_count":0,"domains":["d"],"invite_type":"InviteOnly""#;
    let value = format!(r#"{created},"name":"A","customers":[{customer}],{rest}"#);
    let section = |group: &str| {
        let last = r#""$state":{"last_sequence":1,"last_id":4,"last_customer_id":1}"#;
        format!(r#"{{"access_groups":[{{"id":4,{group}}}],{last}}}"#)
    };
    let state = r#""revision":1,"modified":"2026-01-02T03:04:05.678Z""#;
    assert_eq!(unchanged, section(&format!(r#"{value},"pinned":true,"$state":{{"sequence":1,{state}}}"#)));
    let changed = r#""name":"B","customers":null,"project_count":0,"invite_type":"InviteOnly""#;
    let new_state = r#""sequence":1,"revision":2,"modified":"1970-01-01T00:00:00Z""#;
    let pinned = format!(r#"{{{value},"$state":{{{state}}}}}"#);
    let internal = format!(r#""$state":{{{new_state},"pinned":{pinned}}}"#);
    assert_eq!(store.save(), section(&format!("{created},{changed},{internal}")));
}

#[test]
fn errors_in_the_internal_state_include_their_path() {
    let sequence =
        "$state.sequence: must be a number from 1 to 9007199254740991 that no earlier access group has";
    let not_allowed = "is not allowed in a pinned value";
    for (state, expected) in [
        (json!(7), "$state: must be an object".to_owned()),
        (json!([7]), "$state: must be an object".to_owned()),
        (
            json!({"index": 1}),
            "$state.index: unknown field `index`, expected one of `sequence`, `revision`, `modified`, `pinned`"
                .to_owned(),
        ),
        (json!({"sequence": "1"}), "$state.sequence: invalid type: string \"1\", expected u64".to_owned()),
        (json!({"modified": "now"}), "$state.modified: input contains invalid characters".to_owned()),
        (json!({"sequence": 0}), sequence.to_owned()),
        (json!({"sequence": 4}), sequence.to_owned()),
        (json!({"sequence": 1_u64 << 53}), sequence.to_owned()),
        (
            json!({"pinned": {"valid": "x"}}),
            "$state.pinned.valid: The value \"x\" cannot be converted to type 'System.Int32'.".to_owned(),
        ),
        (json!({"pinned": {"x": 1}}), "$state.pinned.x: is not a field of this object".to_owned()),
        (json!({"pinned": {"id": 9}}), "$state.pinned.id: must be 8, the identifier of the group".to_owned()),
        (json!({"pinned": {"pinned": true}}), format!("$state.pinned.pinned: {not_allowed}")),
        (json!({"pinned": {"$state": {"sequence": 1}}}), format!("$state.pinned.$state.sequence: {not_allowed}")),
        (json!({"pinned": {"$state": {"pinned": {}}}}), format!("$state.pinned.$state.pinned: {not_allowed}")),
    ] {
        let groups = json!([{"id": 7, "$state": {"sequence": 4}}, {"id": 8, "$state": state}]);
        let section: Section = serde_json::from_value(json!({ "access_groups": groups })).unwrap();

        let error = TestStore::load(&section).err().expect("the section is invalid");

        assert_eq!(error.to_string(), format!("access_groups[1].{expected}"));
    }
}

#[test]
fn errors_in_the_internal_state_of_the_section_include_their_path() {
    for (state, expected) in [
        ((1 << 53, 1, 1), "$state.last_sequence: must be a number from 0 to 9007199254740991"),
        ((1, -1, 1), "$state.last_id: must not be negative"),
        ((1, 1, -1), "$state.last_customer_id: must not be negative"),
    ] {
        let (last_sequence, last_id, last_customer_id) = state;
        let internal = SectionState { last_sequence, last_id, last_customer_id, ..SectionState::default() };
        let section = Section { access_groups: LazyJsonList::default(), state: Some(internal) };

        let error = TestStore::load(&section).err().expect("the section is invalid");

        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn two_pinned_values_are_rejected() {
    let text = r#"{"access_groups":[{"pinned":true,"$state":{"pinned":{}}}]}"#;

    let error = TestStore::load(&serde_json::from_str(text).unwrap()).err().expect("the section is invalid");

    assert_eq!(error.to_string(), "access_groups[0].$state.pinned: cannot be combined with `pinned`");
}

#[test]
fn the_last_id_is_at_least_the_highest_group_id() {
    let text = r#"{"access_groups":[{"id":9}],
        "$state":{"last_sequence":1,"last_id":3,"last_customer_id":0}}"#;

    let store = TestStore::from_json(text);

    assert_eq!(store.copy().next_id(), 10);
}

#[test]
fn a_group_without_id_does_not_get_the_id_of_a_later_group() {
    let text = r#"{"access_groups":[{"name":"a"},{"id":1},{"name":"b"},{"id":3},{"id":9}]}"#;

    let state = TestStore::from_json(text).copy();

    assert_eq!(state.groups(0).map(|group| group.id).collect::<Vec<_>>(), [2, 1, 4, 3, 9]);
}
