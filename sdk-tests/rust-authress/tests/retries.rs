//! What the client does by itself when requests fail: nothing at all.

use std::time::{Duration, Instant};

use authress::AuthressClient;
use authress::apis::Error;
use authress::apis::groups_api::CreateGroupError;
use authress::models::Group;
use sdk_tests_authress::Space;

const CREATE: &str = "authress_create_group";

async fn create(client: &AuthressClient) -> Result<Group, Error<CreateGroupError>> {
    client.groups.create_group(Group::new("Editors".to_owned(), vec![], vec![])).await
}

fn status(result: Result<Group, Error<CreateGroupError>>) -> u16 {
    match result {
        Err(Error::ResponseError(refused)) => refused.status.as_u16(),
        other => panic!("it is no refusal: {other:?}"),
    }
}

async fn count(space: &Space) -> usize {
    space.client().groups.get_groups(None).await.expect("it is a page").groups.len()
}

#[tokio::test]
async fn a_429_is_an_error_at_once() {
    let space = Space::of_this_test();

    assert_eq!(status(create(&space.faulty_client("status=429; retry-after=1; times=1")).await), 429);
    assert_eq!(space.requests(CREATE).await, 1);
}

#[tokio::test]
async fn a_503_is_an_error_at_once() {
    let space = Space::of_this_test();

    assert_eq!(status(create(&space.faulty_client("status=503; times=2")).await), 503);
    assert_eq!(space.requests(CREATE).await, 1);
}

#[tokio::test]
async fn a_lost_answer_is_an_error_after_the_commit() {
    let space = Space::of_this_test();

    let result = create(&space.faulty_client("commit-then-fail; times=1")).await;

    assert!(matches!(result, Err(Error::Reqwest(_))), "{result:?}");
    assert_eq!(count(&space).await, 1);
}

#[tokio::test]
async fn a_slow_answer_is_waited_for() {
    let space = Space::of_this_test();
    let began = Instant::now();

    create(&space.faulty_client("delay=300ms; times=1")).await.expect("it is created");

    assert!(began.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn an_answer_slower_than_the_timeout_is_an_error() {
    let space = Space::of_this_test();

    let result = create(&space.client_with("delay=2s", Duration::from_millis(300))).await;

    assert!(matches!(&result, Err(Error::Reqwest(error)) if error.is_timeout()), "{result:?}");
}
