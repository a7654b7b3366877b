//! Groups.

use authress::AuthressClient;
use authress::apis::Error;
use authress::apis::groups_api::{GetGroupsParams, UpdateGroupParams};
use authress::models::{Group, User};
use sdk_tests_authress::Namespace;

fn team(name: &str) -> Group {
    Group::new(name.to_owned(), vec![User::new("auth0|1".to_owned())], vec![])
}

fn status<T, E: std::fmt::Debug>(result: Result<T, Error<E>>) -> u16 {
    match result {
        Err(Error::ResponseError(response)) => response.status.as_u16(),
        Err(other) => panic!("expected an error response, got {other:?}"),
        Ok(_) => panic!("expected an error"),
    }
}

async fn create_group(client: &AuthressClient, name: &str) -> Group {
    client.groups.create_group(team(name)).await.expect("the group is created")
}

fn id(group: &Group) -> String {
    group.group_id.clone().expect("the group has an id")
}

#[tokio::test]
async fn a_group_is_created_read_updated_and_deleted() {
    let client = Namespace::for_current_test().client();

    let mut group = create_group(&client, "Editors").await;
    assert!(id(&group).starts_with("grp_"));
    assert!(group.last_updated.is_some());
    let read = client.groups.get_group(id(&group)).await.expect("the group exists");
    assert_eq!(read.users[0].user_id, "auth0|1");

    group.name = "Writers".to_owned();
    let updated = client.groups.update_group(id(&group), group.clone(), UpdateGroupParams::default()).await;
    assert_eq!(updated.expect("the group is updated").name, "Writers");
    client.groups.delete_group(id(&group)).await.expect("the group is deleted");
    assert_eq!(status(client.groups.get_group(id(&group)).await), 404);
    assert_eq!(status(client.groups.delete_group(id(&group)).await), 404);
}

#[tokio::test]
async fn pagination_follows_the_cursor() {
    let client = Namespace::for_current_test().client();
    for number in 0..5 {
        create_group(&client, &format!("Team {number}")).await;
    }

    let mut names = Vec::new();
    let mut cursor = None;
    loop {
        let params = GetGroupsParams { limit: Some(2), cursor, filter: None };
        let page = client.groups.get_groups(Some(params)).await.expect("the list succeeds");
        names.extend(page.groups.into_iter().map(|group| group.name));
        cursor = page.pagination.and_then(|pagination| pagination.next.flatten()).map(|next| next.cursor);
        if cursor.is_none() {
            break;
        }
    }

    assert_eq!(names, ["Team 0", "Team 1", "Team 2", "Team 3", "Team 4"]);
}

#[tokio::test]
async fn the_filter_is_case_insensitive() {
    let client = Namespace::for_current_test().client();
    create_group(&client, "Editors").await;
    create_group(&client, "Writers").await;

    let params = GetGroupsParams { filter: Some("WRIT".to_owned()), ..GetGroupsParams::default() };
    let page = client.groups.get_groups(Some(params)).await.expect("the list succeeds");

    assert_eq!(page.groups.iter().map(|group| &*group.name).collect::<Vec<_>>(), ["Writers"]);
}

#[tokio::test]
async fn invalid_input_is_rejected() {
    let client = Namespace::for_current_test().client();

    assert_eq!(status(client.groups.create_group(team("")).await), 400);
}

#[tokio::test]
async fn a_stale_update_is_rejected_and_succeeds_after_a_new_read() {
    let client = Namespace::for_current_test().client();
    let group = create_group(&client, "Editors").await;
    let update = async |current: &Group| {
        let params = UpdateGroupParams { expected_last_modified_time: current.last_updated };
        client.groups.update_group(id(&group), group.clone(), params).await
    };
    update(&group).await.expect("the group is updated");

    assert_eq!(status(update(&group).await), 412);
    let fresh = client.groups.get_group(id(&group)).await.expect("the group exists");
    update(&fresh).await.expect("the group is updated");
}
