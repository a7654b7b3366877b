//! What is saved and loaded again is the same state, in what it shows and in what later requests make of it.

mod history;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use serde::Deserialize;

use super::super::model::Caller;
use super::super::model::assignment::Assignment;
use super::super::model::group::Group;
use super::super::model::member::Membership;
use super::super::model::policy::Policy;
use super::super::model::principal::{Principal, PrincipalChange, PrincipalDraft};
use super::super::model::rule::Rule;
use super::super::model::saved::Stored;
use super::super::model::template::{Template, Version};
use super::super::model::user::User;
use super::*;
use crate::store::{Clock, Ids, Namespace, Record};
use history::Step;

/// A seed with everything that can be pinned or described.
const SEED: &str = include_str!("tests/seed.json");

/// When the histories begin.
fn beginning() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 250_000_000).unwrap()
}

/// Runs `steps` one second after the other on `state`, with identifiers from `seed`; returns what came of each.
fn run(state: State, seed: u64, steps: &[Step]) -> (State, Vec<String>) {
    let namespace = Namespace::new(state, Clock::Frozen(beginning()), Ids::seeded(seed));
    let mut outcomes = Vec::new();
    for (second, step) in (0..).zip(steps) {
        outcomes.push(namespace.write(|state, tx| {
            tx.now += TimeDelta::seconds(i64::try_from(seed).unwrap() * 10_000 + second);
            step.apply(state, tx)
        }));
    }
    (namespace.read(Clone::clone), outcomes)
}

fn try_load(section: &Section) -> Result<State, SeedError> {
    let namespace = Namespace::new(State::default(), Clock::Frozen(beginning()), Ids::seeded(9));
    namespace.write(|state, tx| load(state, section, tx))?;
    Ok(namespace.read(Clone::clone))
}

fn loaded(text: &str) -> State {
    let section: Section = serde_json::from_str(text).unwrap();
    try_load(&section).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn saved(state: &State) -> String {
    serde_json::to_string_pretty(&save(state)).unwrap()
}

/// Everything that the state keeps, with the places and the pinned values.
fn content(state: &State) -> Vec<String> {
    fn records<R: Stored>(state: &State) -> Vec<String> {
        let all = R::all(state);
        let record = |it: &R| {
            let (key, sequence) = (it.key(), all.sequence_of(it.key()));
            format!("{key:?} {sequence:?} {it:?} pinned {:?}", all.pinned(it.key()))
        };
        let last = format!("last {}", all.last_sequence());
        all.iter().map(record).chain([last]).collect()
    }
    let mut content: Vec<String> = state.accounts().map(|account| format!("{account:?}")).collect();
    content.extend(state.identities().map(|identity| format!("{identity:?}")));
    content.extend(records::<Group>(state));
    content.extend(records::<Rule>(state));
    content.extend(records::<Template>(state));
    content.extend(records::<Version>(state));
    content.extend(records::<Assignment>(state));
    content.extend(records::<User>(state));
    content.extend(records::<Principal>(state));
    content.extend(records::<Policy>(state));
    // What is known of a restored member is never the pinned value's, so that only the others are compared.
    let members = Membership::all(state);
    content.extend(members.iter().map(|it| {
        let (sequence, pinned) = (members.sequence_of(it.key()), members.pinned(it.key()));
        format!("{sequence:?} {it:?} pinned {:?}", pinned.map(|pinned| (pinned.kind, &pinned.added)))
    }));
    content.push(format!("last {}", members.last_sequence()));
    content
}

/// The first lines in which two texts differ.
fn difference(left: &[String], right: &[String]) -> Option<[String; 2]> {
    let length = left.len().max(right.len());
    let line = |lines: &[String], at: usize| lines.get(at).cloned().unwrap_or_default();
    (0..length).map(|at| [line(left, at), line(right, at)]).find(|[left, right]| left != right)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_saved_state_is_the_same_and_goes_on_the_same(
        past in proptest::collection::vec(history::step(), 0..80),
        future in proptest::collection::vec(history::step(), 0..40),
    ) {
        let (state, _) = run(loaded(SEED), 1, &past);
        let text = saved(&state);

        let again = loaded(&text);

        prop_assert_eq!(&saved(&again), &text);
        prop_assert_eq!(difference(&content(&again), &content(&state)), None);
        let (state, outcomes) = run(state, 2, &future);
        let (again, outcomes_again) = run(again, 2, &future);
        prop_assert_eq!(outcomes_again, outcomes);
        prop_assert_eq!(saved(&again), saved(&state));
        prop_assert_eq!(difference(&content(&again), &content(&state)), None);
    }
}

#[test]
fn histories_do_what_they_are_for() {
    let steps: Vec<Step> = (0..6_000).map(history::numbered).collect();

    let (_, outcomes) = run(loaded(SEED), 1, &steps);

    for (index, name) in history::NAMES.iter().enumerate() {
        let of_kind = steps.iter().zip(&outcomes).filter(|(step, _)| step.kind() == index);
        let done = of_kind.filter(|(_, outcome)| outcome.starts_with("done")).count();
        assert!(done > 5, "`{name}` succeeded {done} times");
    }
}

#[test]
fn the_demo_is_saved_and_loaded() {
    #[derive(Deserialize)]
    struct Demo {
        ibm: Section,
    }
    let demo: Demo = serde_json::from_str(include_str!("../../../../seeds/demo.json")).unwrap();
    let state = try_load(&demo.ibm).unwrap();

    let again = loaded(&saved(&state));

    assert_eq!(difference(&content(&again), &content(&state)), None);
    assert_eq!(saved(&again), saved(&state));
}

#[test]
fn an_empty_state_is_saved_as_an_empty_section() {
    assert_eq!(serde_json::to_string(&save(&State::default())).unwrap(), r#"{"accounts":{}}"#);
}

#[test]
fn mistakes_in_what_is_hidden_are_told_with_their_places() {
    let group = |hidden: &str| {
        format!(r#"{{"accounts": {{"a": {{"groups": [{{"id": "g", "name": "n", {hidden}}}]}}}}}}"#)
    };
    let cases = [
        (group(r#""$state": {"sequence": 0}"#), "accounts.a.groups[0].$state.sequence: must be a number from 1 to"),
        (group(r#""$state": {"changes": 0}"#), "accounts.a.groups[0].$state.changes: must be a number from 1 to"),
        (
            group(r#""pinned": true, "$state": {"pinned": {"name": "o"}}"#),
            "accounts.a.groups[0].$state.pinned: must not stand beside `pinned`",
        ),
        (
            group(r#""$state": {"pinned": {"name": ""}}"#),
            "accounts.a.groups[0].$state.pinned.name: must not be blank",
        ),
        (
            group(r#""$state": {"pinned": {"id": "g", "name": "o"}}"#),
            "accounts.a.groups[0].$state.pinned.id: must not be there",
        ),
        (
            group(r#""members": [{"iam_id": "IBMid-1", "type": "user", "pinned": true}]"#),
            "accounts.a.groups[0].members[0].pinned: must not be there, as the group is not pinned",
        ),
        (
            r#"{"accounts": {"a": {"groups": [{"name": "n", "$state": {"sequence": 3}},
                {"name": "m", "$state": {"sequence": 3}}]}}}"#
                .to_owned(),
            "accounts.a.groups[1].$state.sequence: is that of an earlier one",
        ),
        (
            r#"{"accounts": {}, "$state": {"last_sequences": {"groups": 18446744073709551615}}}"#.to_owned(),
            "$state.last_sequences.groups: must be a number from 0 to",
        ),
        (
            r#"{"accounts": {"a": {"templates": [{"id": "t", "name": "n", "committed": true}], "assignments": [
                {"template_id": "t", "template_version": "1", "target_type": "Account", "target": "b",
                 "$state": {}}]}}}"#
                .to_owned(),
            "accounts.a.assignments[0].resources[0].group.group.id: must be the id of a group of the target",
        ),
    ];
    for (text, message) in cases {
        let section: Section = serde_json::from_str(&text).unwrap();

        let error = try_load(&section).unwrap_err().to_string();

        assert!(error.starts_with(message), "{error}");
    }
}

#[test]
fn two_profiles_with_one_name_are_loaded_as_they_were_saved() {
    let caller = Caller { iam_id: "IBMid-1".to_owned(), account: "root".to_owned(), limited_to: None };
    let named = |name: &str| PrincipalChange { name: Some(name.to_owned()), ..PrincipalChange::default() };
    let namespace = Namespace::new(loaded(SEED), Clock::Frozen(beginning()), Ids::seeded(1));
    namespace.write(|state, tx| {
        let kind = PrincipalKind::Profile;
        let pinned = state.principal(kind, "Profile-pinned", &caller).unwrap();
        let renamed = pinned.content.with(named("other")).unwrap();
        state.update_principal((kind, "Profile-pinned"), renamed, tx).unwrap();
        state.create_principal(kind, "root", PrincipalDraft::new(named("run")).unwrap(), tx).unwrap();
        state.delete_principal(kind, "Profile-pinned");
    });
    let state = namespace.read(Clone::clone);

    let again = loaded(&saved(&state));

    assert_eq!(difference(&content(&again), &content(&state)), None);
}
