//! The retries of the client: none.

use std::time::{Duration, Instant};

use authress::AuthressClient;
use authress::apis::Error;
use authress::apis::groups_api::CreateGroupError;
use authress::models::Group;
use sdk_tests_authress::Namespace;

const CREATE: &str = "authress_create_group";

async fn create(client: &AuthressClient) -> Result<Group, Error<CreateGroupError>> {
    client.groups.create_group(Group::new("Editors".to_owned(), vec![], vec![])).await
}

fn status(result: Result<Group, Error<CreateGroupError>>) -> u16 {
    match result {
        Err(Error::ResponseError(response)) => response.status.as_u16(),
        other => panic!("expected an error response, got {other:?}"),
    }
}

async fn count(namespace: &Namespace) -> usize {
    namespace.client().groups.get_groups(None).await.expect("the list succeeds").groups.len()
}

#[tokio::test]
async fn a_429_is_an_error_without_retries() {
    let namespace = Namespace::for_current_test();

    assert_eq!(status(create(&namespace.client_with_fault("status=429; retry-after=1; times=1")).await), 429);
    assert_eq!(namespace.requests(CREATE).await, 1);
}

#[tokio::test]
async fn a_503_is_an_error_without_retries() {
    let namespace = Namespace::for_current_test();

    assert_eq!(status(create(&namespace.client_with_fault("status=503; times=2")).await), 503);
    assert_eq!(namespace.requests(CREATE).await, 1);
}

#[tokio::test]
async fn a_dropped_response_is_an_error_after_the_commit() {
    let namespace = Namespace::for_current_test();

    let result = create(&namespace.client_with_fault("commit-then-fail; times=1")).await;

    assert!(matches!(result, Err(Error::Reqwest(_))), "{result:?}");
    assert_eq!(count(&namespace).await, 1);
}

#[tokio::test]
async fn a_slow_response_succeeds() {
    let namespace = Namespace::for_current_test();
    let started = Instant::now();

    create(&namespace.client_with_fault("delay=300ms; times=1")).await.expect("the group is created");

    assert!(started.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn a_timeout_is_an_error() {
    let namespace = Namespace::for_current_test();

    let result =
        create(&namespace.client_with_fault_and_timeout("delay=2s", Duration::from_millis(300))).await;

    assert!(matches!(&result, Err(Error::Reqwest(error)) if error.is_timeout()), "{result:?}");
}
