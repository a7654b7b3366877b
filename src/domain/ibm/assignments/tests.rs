use std::time::Duration;

use chrono::{DateTime, Utc};

use super::super::records::template::{TemplateDraft, VersionInput};
use crate::domain::ibm::assignments::*;
use crate::store::{ClockSetting, IdGenerator, Store};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

fn caller() -> Caller {
    Caller { iam_id: "IBMid-caller".into(), account: "root".into(), restricted_to: None }
}

/// Returns a store with one assignment created at second 0, and the id of the assignment.
fn assigned() -> (Store<IbmState>, Arc<str>) {
    let store = Store::new(IbmState::default(), ClockSetting::Frozen(at(0)), IdGenerator::from_seed(1));
    let id = store.write(|state, tx| {
        let given = VersionInput { name: Some("n".to_owned()), ..VersionInput::default() };
        let draft = TemplateDraft::new(Some("root".to_owned()), given).unwrap();
        let template = state.create_template(draft, &caller(), tx).unwrap().template.id.to_string();
        state.commit_version(&template, "1", &caller(), tx).unwrap();
        let draft = [template.as_str(), "1", "Account", "child"].map(|value| Some(value.to_owned()));
        let draft = AssignmentDraft::new(draft).unwrap();
        state.create_assignment(draft, &caller(), tx).unwrap().id.clone()
    });
    (store, id)
}

fn status_at(store: &Store<IbmState>, id: &str, second: i64, takes: Duration) -> AssignmentStatus {
    store.read(|state| {
        let assignment = state.assignment(id, &caller()).unwrap();
        assignment_status(assignment, Viewpoint::Observer { now: at(second), takes })
    })
}

#[test]
fn an_assignment_is_in_progress_until_its_duration_has_elapsed() {
    let (store, id) = assigned();
    let minute = Duration::from_secs(60);

    let statuses = [0, 59, 60, 61].map(|second| status_at(&store, &id, second, minute));

    assert_eq!(
        statuses,
        [
            AssignmentStatus::InProgress,
            AssignmentStatus::InProgress,
            AssignmentStatus::Succeeded,
            AssignmentStatus::Succeeded
        ]
    );
    let initial = store
        .read(|state| assignment_status(state.assignment(&id, &caller()).unwrap(), Viewpoint::Initiator));
    assert_eq!(initial, AssignmentStatus::Accepted);
}

#[test]
fn an_assignment_with_zero_duration_has_succeeded_at_any_time() {
    let (store, id) = assigned();

    assert_eq!(status_at(&store, &id, 0, Duration::ZERO), AssignmentStatus::Succeeded);
    assert_eq!(status_at(&store, &id, -1, Duration::ZERO), AssignmentStatus::Succeeded);
}

#[test]
fn an_unrepresentable_duration_never_elapses() {
    let (store, id) = assigned();

    assert_eq!(status_at(&store, &id, 1_000_000_000, Duration::MAX), AssignmentStatus::InProgress);
}

#[test]
fn an_update_restarts_the_duration() {
    let (store, id) = assigned();
    let minute = Duration::from_secs(60);

    store.write(|state, tx| {
        tx.now = at(100);
        state.update_assignment(&id, "1", &caller(), tx).map(|_| ()).unwrap();
    });

    let statuses = [100, 159, 160].map(|second| status_at(&store, &id, second, minute));
    assert_eq!(
        statuses,
        [AssignmentStatus::InProgress, AssignmentStatus::InProgress, AssignmentStatus::Succeeded]
    );
}

#[test]
fn the_end_of_an_operation_changes_the_entity_tag_and_the_time() {
    let (store, id) = assigned();
    let seen = |seen: Viewpoint| {
        store.read(|state| {
            let assignment = state.assignment(&id, &caller()).unwrap();
            (assignment.entity_tag(seen)[..2].to_owned(), assignment.modified_at(seen).to_datetime())
        })
    };
    let observed = |second: i64, takes: u64| {
        seen(Viewpoint::Observer { now: at(second), takes: Duration::from_secs(takes) })
    };

    assert_eq!(seen(Viewpoint::Initiator), ("1-".to_owned(), at(0)));
    assert_eq!(observed(59, 60), ("1-".to_owned(), at(0)));
    assert_eq!(observed(60, 60), ("2-".to_owned(), at(60)));
    assert_eq!(observed(99, 60), ("2-".to_owned(), at(60)));
    // At least one second later, also without a duration.
    assert_eq!(observed(0, 0), ("2-".to_owned(), at(1)));
}
