//! Saves the state after random histories and loads it again.

use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::json;

use super::super::model::{AccessGroupContent, AccessGroupFilter, CloudflareState};
use super::super::rules::Rules;
use super::super::scope::parse_scope;
use crate::config::RuleCheck;
use crate::domain::cloudflare::seed::*;
use crate::domain::seed::SeedError;
use crate::store::{ClockSetting, IdGenerator, PageRange, Store, Summaries};

const OWNERS: [&str; 3] = ["accounts/a1", "accounts/a2", "zones/a1"];
const ACCOUNTS: [&str; 2] = ["a1", "a2"];

/// Rules that a request can contain: numbers and whitespace to preserve, duplicate keys, and JSON that strict parsers
/// reject.
const RULES: [&str; 6] = [
    "[]",
    r#"[{"b":{"x":1.50E+2},"a":{}}, {"everyone":{}}]"#,
    r#"[{"email":{"email":"a: \" b"}}]"#,
    r#"[{"a":1,"a":2}]"#,
    r#"[{"a":1e999,"b":["\ud800"]}]"#,
    r#"[{"a":{"b":1,"\u0062":2}}]"#,
];

const SCOPES: [&str; 4] = [
    r#"{"key":"k","objects":[{"key":"*"}]}"#,
    r#"[{"objects":[{"key":"*","n":1.0}],"key":"k"}]"#,
    r#"[{"key":"k","objects":[{"key":"a"},{"key":"b"}]},{"key":"l","objects":[{"key":"c"}]}]"#,
    r#"{"key":"k","key":"l","objects":[{"key":"*"}]}"#,
];

/// A seed with records that requests alone cannot create.
const START: &str = r#"{
    "accounts": {"a1": {
        "access_groups": [{"name": "a", "created_at": "2026-01-02T04:04:05.123456789+01:00", "pinned": true}],
        "resource_groups": [
            {"name": "a", "scope": {"key": "k", "objects": [{"key": "*"}]}, "meta": {"editable": "false"}},
            {"name": "b", "scope": [{"key": "k", "objects": [{"key": "*"}]}], "pinned": true}
        ],
        "permission_groups": [
            {"id": "p2", "name": "second", "meta": {"label": "l", "description": "d", "scopes": "s"}},
            {"id": "p1", "name": "first"}
        ]
    }},
    "zones": {"a1": {"access_groups": [
        {"id": "g", "name": "b", "is_default": true, "created_at": "9999-12-31T23:59:59-01:00", "pinned": true},
        {"id": "h", "name": "a", "include": [{"n": 1.50}], "pinned": true}
    ]}}
}"#;

/// One step of a random history; a group is identified by its index in the list of its owner.
#[derive(Debug, Clone)]
enum Step {
    CreateAccess(&'static str, Content),
    ReplaceAccess(&'static str, usize, Content),
    DeleteAccess(&'static str, usize),
    CreateResource(&'static str, String, &'static str),
    UpdateResource(&'static str, usize, Option<String>, Option<&'static str>),
    DeleteResource(&'static str, usize),
}

type Content = (String, [&'static str; 3], bool);

fn step() -> impl Strategy<Value = Step> {
    use Step::*;
    let owner = || prop::sample::select(&OWNERS);
    let account = || prop::sample::select(&ACCOUNTS);
    let index = || 0..4_usize;
    let scope = || prop::sample::select(&SCOPES);
    prop_oneof![
        4 => (owner(), content()).prop_map(|(owner, content)| CreateAccess(owner, content)),
        2 => (owner(), index(), content()).prop_map(|(owner, at, content)| ReplaceAccess(owner, at, content)),
        2 => (owner(), index()).prop_map(|(owner, at)| DeleteAccess(owner, at)),
        4 => (account(), name(), scope()).prop_map(|(owner, name, scope)| CreateResource(owner, name, scope)),
        2 => (account(), index(), prop::option::of(name()), prop::option::of(scope()))
            .prop_map(|(owner, at, name, scope)| UpdateResource(owner, at, name, scope)),
        2 => (account(), index()).prop_map(|(owner, at)| DeleteResource(owner, at)),
    ]
}

fn history() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 0..60)
}

fn name() -> impl Strategy<Value = String> {
    "[ab\"\u{e9}]{1,3}"
}

fn content() -> impl Strategy<Value = Content> {
    let rules = || prop::sample::select(&RULES);
    (name(), [rules(), rules(), rules()], any::<bool>())
}

fn raw(json: &str) -> Box<RawValue> {
    serde_json::from_str(json).expect("the literal is valid JSON")
}

fn parse_content((name, [include, exclude, require], is_default): Content) -> AccessGroupContent {
    let rules = |json| Rules::parse(&raw(json), "", RuleCheck::Any).expect("the rules are valid");
    let (include, exclude, require) = (rules(include), rules(exclude), rules(require));
    AccessGroupContent { name: name.into(), include, exclude, require, is_default }
}

/// A state on its own, with a clock that advances with every write.
struct TestStore(Store<CloudflareState>);

impl TestStore {
    /// Returns a store whose identifiers and revisions do not collide with earlier ones.
    fn new(state: CloudflareState) -> Self {
        let (last, ..) = state.last_sequences();
        let store = Self(Store::new(state, ClockSetting::System, IdGenerator::from_seed(last)));
        store.0.write(|_, tx| while tx.next_revision() < 1_000 {});
        store
    }

    fn load(section: &Section) -> Result<Self, SeedError> {
        let store =
            Self(Store::new(CloudflareState::default(), ClockSetting::System, IdGenerator::from_seed(1_000)));
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
                apply_step(state, step.clone(), tx);
            });
        }
    }

    fn save(&self) -> String {
        self.0.read(|state| serde_json::to_string(&save(state))).expect("a section can be serialized")
    }

    fn copy(&self) -> CloudflareState {
        self.0.read(CloudflareState::clone)
    }

    /// Returns the content of all lists.
    fn lists(&self) -> String {
        self.0.read(|state| {
            let mut lists = format!("{:?}", state.summaries(0).collect::<Vec<_>>());
            for owner in OWNERS {
                for name in [None, Some("a")] {
                    let filter = AccessGroupFilter { name: name.map(str::to_owned), search: None };
                    let all = state.access_groups(owner, &filter, EVERYTHING);
                    lists.push_str(&format!("{all:?}"));
                }
            }
            for account in ACCOUNTS {
                state.with_resource_groups(account, (None, None), EVERYTHING, |groups, total| {
                    lists.push_str(&format!("{groups:?}{total}"));
                });
            }
            lists
        })
    }
}

const EVERYTHING: PageRange = PageRange { offset: 0, limit: usize::MAX };

fn access_group_id(state: &CloudflareState, owner: &str, at: usize) -> String {
    let (groups, _) = state.access_groups(owner, &AccessGroupFilter::default(), EVERYTHING);
    groups.get(at).map(|group| group.id.to_string()).unwrap_or_default()
}

fn resource_group_id(state: &CloudflareState, account: &str, at: usize) -> String {
    state.with_resource_groups(account, (None, None), EVERYTHING, |groups, _| {
        groups.get(at + 1).map(|group| group.id.to_string()).unwrap_or_default()
    })
}

fn apply_step(state: &mut CloudflareState, step: Step, tx: &mut crate::store::Tx<'_>) {
    let scope = |json| parse_scope(&raw(json)).expect("the scope is valid");
    match step {
        Step::CreateAccess(owner, content) => {
            state.create_access_group(owner, parse_content(content), tx);
        }
        Step::ReplaceAccess(owner, at, content) => {
            let id = access_group_id(state, owner, at);
            drop(state.replace_access_group(owner, &id, parse_content(content), tx));
        }
        Step::DeleteAccess(owner, at) => {
            let id = access_group_id(state, owner, at);
            drop(state.delete_access_group(owner, &id));
        }
        Step::CreateResource(account, name, json) => {
            state.create_resource_group(account, &name, scope(json), tx);
        }
        Step::UpdateResource(account, at, name, json) => {
            let id = resource_group_id(state, account, at);
            drop(state.update_resource_group(account, &id, (name, json.map(scope)), tx));
        }
        Step::DeleteResource(account, at) => {
            let id = resource_group_id(state, account, at);
            drop(state.delete_resource_group(account, &id));
        }
    }
}

proptest! {
    #[test]
    fn a_restored_state_behaves_like_the_original(before in history(), after in history()) {
        let original = TestStore::from_json(START);
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
fn the_seeds_of_this_repository_round_trip() {
    for seed in [
        include_str!("../../../../seeds/demo.json"),
        include_str!("../../../../seeds/cloudflare-sdk-tests.json"),
    ] {
        let seed: Value = serde_json::from_str(seed).unwrap();
        let saved = TestStore::from_json(&seed["cloudflare"].to_string()).save();

        assert_eq!(TestStore::from_json(&saved).save(), saved);
    }
}

#[test]
fn an_empty_state_is_saved_as_an_empty_section() {
    assert_eq!(TestStore::new(CloudflareState::default()).save(), "{}");
}

#[test]
fn fields_not_exposed_by_the_api_are_saved_in_the_state_field() {
    let store = TestStore::from_json(
        r#"{"zones":{"z":{"access_groups":[{"id":"g","name":"A","include":[{"b":{},"a":1.50}],"is_default":true,
            "created_at":"2026-01-02T03:04:05.123456Z","pinned":true}]}}}"#,
    );
    let unchanged = store.save();
    let content = parse_content(("B".to_owned(), ["[]", RULES[3], "[]"], false));
    store.0.write(|state, tx| {
        tx.now = DateTime::UNIX_EPOCH;
        state.replace_access_group("zones/z", "g", content, tx).map(drop).unwrap();
    });

    let section = |group: &str| {
        let last = r#""$state":{"last_sequences":{"access_groups":1,"resource_groups":0,"permission_groups":0,"neighbors":0}}"#;
        format!(r#"{{"zones":{{"z":{{"access_groups":[{group}]}}}},{last}}}"#)
    };
    let created = r#""created_at":"2026-01-02T03:04:05.123456Z""#;
    let value = format!(
        r#""name":"A","include":[{{"b":{{}},"a":1.50}}],"is_default":true,{created},"updated_at":"2026-01-02T03:04:05.123456Z""#
    );
    let state = r#""$state":{"sequence":1,"revision":1}"#;
    assert_eq!(unchanged, section(&format!(r#"{{"id":"g",{value},"pinned":true,{state}}}"#)));
    let changed =
        format!(r#"{{"id":"g","name":"B","include":[],{created},"updated_at":"1970-01-01T00:00:00Z""#);
    let pinned = format!(r#""pinned":{{{value},"$state":{{"revision":1}}}}"#);
    let exact = r#""exclude":"[{\"a\":1,\"a\":2}]""#;
    let state = format!(r#""$state":{{"sequence":1,"revision":2,{exact},{pinned}}}"#);
    assert_eq!(store.save(), section(&format!("{changed},{state}}}")));
}

#[test]
fn a_saved_section_has_no_duplicate_keys() {
    let store = TestStore::new(CloudflareState::default());
    for (rules, scope) in RULES.into_iter().zip(SCOPES.into_iter().cycle()) {
        let content = ("a".to_owned(), [rules; 3], false);
        store.apply(&[
            Step::CreateAccess("accounts/a1", content),
            Step::CreateResource("a1", "a".to_owned(), scope),
        ]);
    }

    let saved = store.save();

    let value: Value = serde_json::from_str(&saved).expect("all numbers can be parsed");
    assert_eq!(value.to_string().matches("\"key\"").count(), saved.matches("\"key\"").count());
    assert_eq!(TestStore::from_json(&saved).save(), saved);
}

/// Returns the error for the internal state of the second group of the given kind in an account.
fn error_for_state(kind: &str, state: Value) -> String {
    let group = |id: &str, state: Value| {
        let mut group = json!({"id": id, "name": "a", "$state": state});
        if kind == "resource_groups" {
            group["scope"] = json!({"key": "k", "objects": [{"key": "*"}]});
        }
        group
    };
    let groups = [group("first", json!({"sequence": 4})), group("g", state)];
    let section = json!({"accounts": {"a1": {kind: groups}}}).to_string();
    match crate::json::strict_json::with_path::<Section>(section.as_bytes()) {
        Err(error) => format!("{}: {}", error.path, error.error),
        Ok(section) => TestStore::load(&section).err().expect("the section is invalid").to_string(),
    }
}

#[test]
fn errors_in_the_internal_state_include_their_path() {
    let sequence = "$state.sequence: must be a number from 1 to 9007199254740991 that no earlier group has";
    let value = |more: Value| {
        let mut value = json!({"name": "b", "scope": {"key": "k", "objects": [{"key": "*"}]}});
        for (name, more) in more.as_object().unwrap() {
            value[name] = more.clone();
        }
        value
    };
    for (state, expected) in [
        (json!({"sequence": 0}), sequence),
        (json!({"sequence": 4}), sequence),
        (json!({"sequence": 1_u64 << 53}), sequence),
        (
            json!({"scope": "["}),
            "$state.scope: is not valid JSON: EOF while parsing a list at line 1 column 1",
        ),
        (json!({"scope": "[]"}), "$state.scope: must not be empty"),
        (
            json!({"pinned": value(json!({"id": "h"}))}),
            "$state.pinned.id: must be g, the identifier of the group",
        ),
        (
            json!({"pinned": value(json!({"$state": {"sequence": 1}}))}),
            "$state.pinned.$state.sequence: is not allowed in a pinned value",
        ),
        (json!({"pinned": value(json!({"name": ""}))}), "$state.pinned.name: must not be empty"),
        (
            json!({"pinned": value(json!({"pinned": true}))}),
            "$state.pinned.pinned: is not allowed in a pinned value",
        ),
    ] {
        let error = error_for_state("resource_groups", state);

        assert_eq!(error, format!("accounts.a1.resource_groups[1].{expected}"));
    }
    for (state, expected) in [
        (json!({"sequence": 4}), sequence),
        (json!({"include": "[1]"}), "$state.include[0]: must be an object"),
        (
            json!({"require": ""}),
            "$state.require: is not valid JSON: EOF while parsing a value at line 1 column 0",
        ),
        (json!({"pinned": {"name": ""}}), "$state.pinned.name: must not be empty"),
        (
            json!({"pinned": {"name": "b", "id": "h"}}),
            "$state.pinned.id: must be g, the identifier of the group",
        ),
        (
            json!({"pinned": {"name": "b", "$state": {"pinned": {"name": "c"}}}}),
            "$state.pinned.$state.pinned: is not allowed in a pinned value",
        ),
    ] {
        let error = error_for_state("access_groups", state);

        assert_eq!(error, format!("accounts.a1.access_groups[1].{expected}"));
    }
}

#[test]
fn type_errors_in_the_internal_state_include_their_path() {
    for (state, expected) in [
        (json!(7), "$state: invalid type: integer `7`, expected an object"),
        (
            json!({"index": 1}),
            "$state.index: unknown field `index`, expected one of `sequence`, `revision`, ",
        ),
        (json!({"sequence": "1"}), "$state.sequence: invalid type: string \"1\", expected u64"),
        (json!({"pinned": {"name": 1}}), "$state.pinned.name: invalid type: integer `1`, expected a string"),
    ] {
        let error = error_for_state("access_groups", state);

        let expected = format!("accounts.a1.access_groups[1].{expected}");
        assert!(error.starts_with(&expected), "{error} instead of {expected}");
    }
}

#[test]
fn a_section_cannot_reserve_more_than_the_maximum_sequence() {
    let text = r#"{"$state":{"last_sequences":{"resource_groups":9007199254740992}}}"#;

    let error = TestStore::load(&serde_json::from_str(text).unwrap()).err().expect("the section is invalid");

    let expected = "$state.last_sequences.resource_groups: must be a number from 0 to 9007199254740991";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn two_pinned_values_are_rejected() {
    let text =
        r#"{"zones":{"z":{"access_groups":[{"name":"a","pinned":true,"$state":{"pinned":{"name":"a"}}}]}}}"#;

    let error = TestStore::load(&serde_json::from_str(text).unwrap()).err().expect("the section is invalid");

    assert_eq!(error.to_string(), "zones.z.access_groups[0].$state.pinned: cannot be combined with `pinned`");
}
