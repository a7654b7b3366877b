//! A saved and loaded state equals the original, in its content and in the results of later requests.

mod history;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use serde::Deserialize;

use super::super::records::assignment::Assignment;
use super::super::records::caller::Caller;
use super::super::records::group::Group;
use super::super::records::member::Membership;
use super::super::records::policy::Policy;
use super::super::records::principal::{Principal, PrincipalChange, PrincipalDraft};
use super::super::records::rule::Rule;
use super::super::records::template::{Template, Version};
use super::super::records::user::User;
use super::super::state::HasCollection;
use crate::domain::ibm::seed::*;
use crate::store::{ClockSetting, IdGenerator, Record, Store};
use history::HistoryRequest;

/// A seed with all kinds of records that can be pinned or can have identity details.
const SEED: &str = include_str!("tests/seed.json");

/// Returns the start time of the histories.
fn start_time() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 250_000_000).unwrap()
}

/// Runs `requests` on `state`, one per second, with ids generated from `seed`; returns the result of each.
fn run(state: IbmState, seed: u64, requests: &[HistoryRequest]) -> (IbmState, Vec<String>) {
    let namespace = Store::new(state, ClockSetting::Frozen(start_time()), IdGenerator::from_seed(seed));
    let mut outcomes = Vec::new();
    for (second, request) in (0..).zip(requests) {
        outcomes.push(namespace.write(|state, tx| {
            tx.now += TimeDelta::seconds(i64::try_from(seed).unwrap() * 10_000 + second);
            request.apply(state, tx)
        }));
    }
    (namespace.read(Clone::clone), outcomes)
}

fn try_load(section: &Section) -> Result<IbmState, SeedError> {
    let namespace =
        Store::new(IbmState::default(), ClockSetting::Frozen(start_time()), IdGenerator::from_seed(9));
    namespace.write(|state, tx| load(state, section, tx))?;
    Ok(namespace.read(Clone::clone))
}

fn loaded(json: &str) -> IbmState {
    let section: Section = serde_json::from_str(json).unwrap();
    try_load(&section).unwrap_or_else(|error| panic!("{error}\n{json}"))
}

fn saved(state: &IbmState) -> String {
    serde_json::to_string_pretty(&save(state)).unwrap()
}

/// Returns the complete content of the state, with sequence numbers and pinned values.
fn content(state: &IbmState) -> Vec<String> {
    fn records<R: HasCollection>(state: &IbmState) -> Vec<String> {
        let all = R::collection(state);
        let record = |it: &R| {
            let (key, sequence) = (it.key(), all.sequence_by_key(it.key()));
            format!("{key:?} {sequence:?} {it:?} pinned {:?}", all.pinned(it.key()))
        };
        let last = format!("last {}", all.last_sequence());
        all.iter().map(record).chain([last]).collect()
    }
    let mut content: Vec<String> = state.accounts().map(|account| format!("{account:?}")).collect();
    content.extend(state.identities().map(|identity| format!("{identity:?}")));
    content.extend(state.account_groups().map(|group| format!("{group:?}")));
    let mut targets: Vec<String> = state.assignment_targets.iter().map(|it| format!("{it:?}")).collect();
    targets.sort();
    content.extend(targets);
    content.extend(records::<Group>(state));
    content.extend(records::<Rule>(state));
    content.extend(records::<Template>(state));
    content.extend(records::<Version>(state));
    content.extend(records::<Assignment>(state));
    content.extend(records::<User>(state));
    content.extend(records::<Principal>(state));
    content.extend(records::<Policy>(state));
    // A restored member never gets its details from the pinned value, so that the details of the pinned value are not
    // compared.
    let members = Membership::collection(state);
    content.extend(members.iter().map(|it| {
        let (sequence, pinned) = (members.sequence_by_key(it.key()), members.pinned(it.key()));
        format!("{sequence:?} {it:?} pinned {:?}", pinned.map(|pinned| (pinned.kind, &pinned.added)))
    }));
    content.push(format!("last {}", members.last_sequence()));
    content
}

/// Returns the first pair of lines that differ.
fn difference(left: &[String], right: &[String]) -> Option<[String; 2]> {
    let length = left.len().max(right.len());
    let line = |lines: &[String], index: usize| lines.get(index).cloned().unwrap_or_default();
    (0..length).map(|index| [line(left, index), line(right, index)]).find(|[left, right]| left != right)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_saved_state_equals_the_original_also_after_later_requests(
        past in proptest::collection::vec(history::request(), 0..80),
        future in proptest::collection::vec(history::request(), 0..40),
    ) {
        let (state, _) = run(loaded(SEED), 1, &past);
        let json = saved(&state);

        let restored = loaded(&json);

        prop_assert_eq!(&saved(&restored), &json);
        prop_assert_eq!(difference(&content(&restored), &content(&state)), None);
        let (state, outcomes) = run(state, 2, &future);
        let (restored, restored_outcomes) = run(restored, 2, &future);
        prop_assert_eq!(restored_outcomes, outcomes);
        prop_assert_eq!(saved(&restored), saved(&state));
        prop_assert_eq!(difference(&content(&restored), &content(&state)), None);
    }
}

#[test]
fn histories_succeed_with_every_kind_of_request() {
    let requests: Vec<HistoryRequest> = (0..6_000).map(history::numbered).collect();

    let (_, outcomes) = run(loaded(SEED), 1, &requests);

    for (index, name) in history::NAMES.iter().enumerate() {
        let of_kind = requests.iter().zip(&outcomes).filter(|(request, _)| request.kind() == index);
        let successes = of_kind.filter(|(_, outcome)| outcome.starts_with("ok")).count();
        assert!(successes > 5, "`{name}` succeeded {successes} times");
    }
}

#[test]
fn the_demo_seed_is_saved_and_restored() {
    #[derive(Deserialize)]
    struct Demo {
        ibm: Section,
    }
    let demo: Demo = serde_json::from_str(include_str!("../../../../seeds/demo.json")).unwrap();
    let state = try_load(&demo.ibm).unwrap();

    let restored = loaded(&saved(&state));

    assert_eq!(difference(&content(&restored), &content(&state)), None);
    assert_eq!(saved(&restored), saved(&state));
}

#[test]
fn an_empty_state_is_saved_as_an_empty_section() {
    assert_eq!(serde_json::to_string(&save(&IbmState::default())).unwrap(), r#"{"accounts":{}}"#);
}

#[test]
fn errors_in_the_internal_state_have_their_path() {
    let group = |fields: &str| {
        format!(r#"{{"accounts": {{"a": {{"groups": [{{"id": "g", "name": "n", {fields}}}]}}}}}}"#)
    };
    let cases = [
        (group(r#""$state": {"sequence": 0}"#), "accounts.a.groups[0].$state.sequence: must be a number from 1 to"),
        (group(r#""$state": {"changes": 0}"#), "accounts.a.groups[0].$state.changes: must be a number from 1 to"),
        (
            group(r#""pinned": true, "$state": {"pinned": {"name": "o"}}"#),
            "accounts.a.groups[0].$state.pinned: cannot be combined with `pinned`",
        ),
        (
            group(r#""$state": {"pinned": {"name": ""}}"#),
            "accounts.a.groups[0].$state.pinned.name: must not be blank",
        ),
        (
            group(r#""$state": {"pinned": {"id": "g", "name": "o"}}"#),
            "accounts.a.groups[0].$state.pinned.id: is not allowed in a pinned value",
        ),
        (
            group(r#""members": [{"iam_id": "IBMid-1", "type": "user", "pinned": true}]"#),
            "accounts.a.groups[0].members[0].pinned: is not allowed, because the group is not pinned",
        ),
        (
            r#"{"accounts": {"a": {"groups": [{"name": "n", "$state": {"sequence": 3}},
                {"name": "m", "$state": {"sequence": 3}}]}}}"#
                .to_owned(),
            "accounts.a.groups[1].$state.sequence: is already used by an earlier record",
        ),
        (
            r#"{"accounts": {}, "$state": {"last_sequences": {"groups": 18446744073709551615}}}"#.to_owned(),
            "$state.last_sequences.groups: must be a number from 0 to",
        ),
        (
            r#"{"accounts": {"a": {"templates": [{"id": "t", "name": "n", "committed": true}], "assignments": [
                {"template_id": "t", "template_version": "1", "target_type": "Account", "target": "b",
                 "resources": [{"group": {"group": {"id": "x"}}}], "$state": {}}]}}}"#
                .to_owned(),
            "accounts.a.assignments[0].resources[0].group.group.id: must be the id of a group of the target",
        ),
        (
            r#"{"accounts": {"a": {"templates": [{"id": "t", "name": "n", "committed": true}], "assignments": [
                {"template_id": "t", "template_version": "1", "target_type": "Account", "target": "b",
                 "$state": {}}]}}}"#
                .to_owned(),
            "accounts.a.assignments[0].resources: must have an entry for the target",
        ),
        (
            r#"{"accounts": {}, "account_groups": {"g": ["a", "a"]}}"#.to_owned(),
            "account_groups.g: must be a list of different account ids",
        ),
    ];
    for (json, message) in cases {
        let section: Section = serde_json::from_str(&json).unwrap();

        let error = try_load(&section).unwrap_err().to_string();

        assert!(error.starts_with(message), "{error}");
    }
}

#[test]
fn two_profiles_with_the_same_name_are_restored_as_saved() {
    let caller = Caller { iam_id: "IBMid-1".into(), account: "root".into(), restricted_to: None };
    let named = |name: &str| PrincipalChange { name: Some(name.to_owned()), ..PrincipalChange::default() };
    let namespace = Store::new(loaded(SEED), ClockSetting::Frozen(start_time()), IdGenerator::from_seed(1));
    namespace.write(|state, tx| {
        let kind = PrincipalKind::Profile;
        let pinned = state.principal(kind, "Profile-pinned", &caller).unwrap();
        let renamed = pinned.content.with_change(named("other")).unwrap();
        state.update_principal((kind, "Profile-pinned"), renamed, tx).unwrap();
        state.create_principal(kind, "root", PrincipalDraft::new(named("run")).unwrap(), tx).unwrap();
        state.delete_principal(kind, "Profile-pinned");
    });
    let state = namespace.read(Clone::clone);

    let restored = loaded(&saved(&state));

    assert_eq!(difference(&content(&restored), &content(&state)), None);
}

#[test]
fn keys_of_groups_that_are_loaded_in_bulk_have_their_slots() {
    let section: Section =
        serde_json::from_str(r#"{"accounts":{"a":{"groups":[{"name":"one"},{"name":"two"}]}}}"#).unwrap();
    let namespace =
        Store::new(IbmState::default(), ClockSetting::Frozen(start_time()), IdGenerator::from_seed(9));

    namespace.write(|state, tx| {
        state.begin_bulk_load();
        load(state, &section, tx).unwrap();
        state.finish_bulk_load().unwrap();
    });

    let slots = namespace
        .read(|state| state.groups.iter().map(|group| group.key.slot.is_set()).collect::<Vec<bool>>());
    assert_eq!(slots, [true; 2]);
}
