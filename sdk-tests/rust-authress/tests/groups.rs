//! Groups.

use authress::AuthressClient;
use authress::apis::Error;
use authress::apis::groups_api::{GetGroupsParams, UpdateGroupParams};
use authress::models::{Group, User};
use sdk_tests_authress::Space;

fn team(name: &str) -> Group {
    Group::new(name.to_owned(), vec![User::new("auth0|1".to_owned())], vec![])
}

fn status<T, E: std::fmt::Debug>(result: Result<T, Error<E>>) -> u16 {
    match result {
        Err(Error::ResponseError(refused)) => refused.status.as_u16(),
        Err(other) => panic!("it is no refusal: {other:?}"),
        Ok(_) => panic!("it is no error"),
    }
}

async fn made(client: &AuthressClient, name: &str) -> Group {
    client.groups.create_group(team(name)).await.expect("it is created")
}

fn id(group: &Group) -> String {
    group.group_id.clone().expect("it has an id")
}

#[tokio::test]
async fn a_group_is_created_read_updated_and_deleted() {
    let client = Space::of_this_test().client();

    let mut group = made(&client, "Editors").await;
    assert!(id(&group).starts_with("grp_"));
    assert!(group.last_updated.is_some());
    let read = client.groups.get_group(id(&group)).await.expect("it is there");
    assert_eq!(read.users[0].user_id, "auth0|1");

    group.name = "Writers".to_owned();
    let updated = client.groups.update_group(id(&group), group.clone(), UpdateGroupParams::default()).await;
    assert_eq!(updated.expect("it is updated").name, "Writers");
    client.groups.delete_group(id(&group)).await.expect("it is deleted");
    assert_eq!(status(client.groups.get_group(id(&group)).await), 404);
    assert_eq!(status(client.groups.delete_group(id(&group)).await), 404);
}

#[tokio::test]
async fn the_pages_follow_the_cursor() {
    let client = Space::of_this_test().client();
    for number in 0..5 {
        made(&client, &format!("Team {number}")).await;
    }

    let mut names = Vec::new();
    let mut cursor = None;
    loop {
        let params = GetGroupsParams { limit: Some(2), cursor, filter: None };
        let page = client.groups.get_groups(Some(params)).await.expect("it is a page");
        names.extend(page.groups.into_iter().map(|group| group.name));
        cursor = page.pagination.and_then(|pagination| pagination.next.flatten()).map(|next| next.cursor);
        if cursor.is_none() {
            break;
        }
    }

    assert_eq!(names, ["Team 0", "Team 1", "Team 2", "Team 3", "Team 4"]);
}

#[tokio::test]
async fn the_filter_ignores_case() {
    let client = Space::of_this_test().client();
    made(&client, "Editors").await;
    made(&client, "Writers").await;

    let params = GetGroupsParams { filter: Some("WRIT".to_owned()), ..GetGroupsParams::default() };
    let page = client.groups.get_groups(Some(params)).await.expect("it is a page");

    assert_eq!(page.groups.iter().map(|group| &*group.name).collect::<Vec<_>>(), ["Writers"]);
}

#[tokio::test]
async fn bad_input_is_refused() {
    let client = Space::of_this_test().client();

    assert_eq!(status(client.groups.create_group(team("")).await), 400);
}

#[tokio::test]
async fn a_stale_update_is_refused_and_reading_again_helps() {
    let client = Space::of_this_test().client();
    let group = made(&client, "Editors").await;
    let update = async |seen: &Group| {
        let params = UpdateGroupParams { expected_last_modified_time: seen.last_updated };
        client.groups.update_group(id(&group), group.clone(), params).await
    };
    update(&group).await.expect("it is updated");

    assert_eq!(status(update(&group).await), 412);
    let fresh = client.groups.get_group(id(&group)).await.expect("it is there");
    update(&fresh).await.expect("it is updated");
}
