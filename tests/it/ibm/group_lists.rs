//! Lists of groups: pages, links, order, filters and the position of the Public Access group.

use serde_json::{Value, json};

use super::{
    ACCOUNT, AUDITORS, BLUE, EMPTY, PUBLIC, PUBLIC_DESCRIPTION, add_member, assert_invalid, create_group,
    demo_server, field_values, groups_path,
};
use crate::support::TestServer;

fn list(mock: &TestServer, query: &str) -> Value {
    mock.get(&groups_path(query)).send().expect(200).json()
}

fn names(mock: &TestServer, query: &str) -> Vec<String> {
    field_values(&list(mock, query), "groups", "name")
}

fn demo_list(mock: &TestServer, query: &str) -> Value {
    mock.get(&format!("/v2/groups?account_id={ACCOUNT}{query}")).send().expect(200).json()
}

/// Starts a server with `count` groups `G000`, `G001`, … in account `a`.
fn with_groups(count: usize) -> TestServer {
    let all: Vec<Value> = (0..count).map(|number| json!({"name": format!("G{number:03}")})).collect();
    TestServer::with_seed(&json!({"ibm": {"accounts": {"a": {"groups": all}}}}).to_string())
}

#[test]
fn an_unknown_account_has_only_the_public_access_group() {
    let mock = TestServer::start();

    let list = list(&mock, "");

    let url = mock.url();
    assert_eq!(
        list,
        json!({
            "limit": 50,
            "offset": 0,
            "total_count": 1,
            "first": {"href": format!("{url}/v2/groups?limit=50&account_id=a")},
            "last": {"href": format!("{url}/v2/groups?offset=0&limit=50&account_id=a")},
            "groups": [{
                "id": "AccessGroupId-PublicAccess",
                "name": "Public Access",
                "description": PUBLIC_DESCRIPTION,
                "created_at": "2026-01-01T00:00:00Z",
                "created_by_id": "iam-system",
                "last_modified_at": "2026-01-01T00:00:00Z",
                "last_modified_by_id": "iam-system",
                "href": format!("{url}/v2/groups/AccessGroupId-PublicAccess")
            }]
        })
    );
}

#[test]
fn an_item_has_a_link_and_no_account() {
    let mock = demo_server();

    let list = demo_list(&mock, "&show_federated=true&show_crn=true");

    assert_eq!(
        list["groups"][2],
        json!({
            "id": BLUE,
            "name": "Blue Team",
            "description": "people who build the blue thing",
            "created_at": "2026-01-05T10:00:00Z",
            "created_by_id": "IBMid-270001",
            "last_modified_at": "2026-01-05T10:00:00Z",
            "last_modified_by_id": "IBMid-270001",
            "href": format!("{}/v2/groups/{BLUE}", mock.url()),
            "is_federated": true,
            "crn": format!("crn:v1:bluemix:public:iam-groups:global:a/{ACCOUNT}::groups:{BLUE}")
        })
    );
    let public = format!("crn:v1:bluemix:public:iam-groups:global:a/{ACCOUNT}::groups:{PUBLIC}");
    assert_eq!(list["groups"][0]["crn"], public);
    assert_eq!(list["groups"][0]["is_federated"], false);
}

#[test]
fn a_list_needs_an_account() {
    let mock = TestServer::start();

    assert_invalid(mock.get("/v2/groups").send(), "account_id is missing");
}

#[test]
fn groups_are_sorted_by_name_case_insensitively_after_the_public_access_group() {
    let mock = TestServer::start();
    for name in ["beta", "Alpha", "Ábc", "Zeta", "alpha two"] {
        create_group(&mock, name);
    }

    let expected = ["Public Access", "Alpha", "alpha two", "beta", "Zeta", "Ábc"];
    assert_eq!(names(&mock, ""), expected);
    assert_eq!(names(&mock, "&sort=name"), expected);
    assert_eq!(names(&mock, "&hide_public_access=true"), expected[1..]);
}

#[test]
fn other_sort_orders_include_the_public_access_group() {
    let mock = demo_server();
    let ids = |query: &str| field_values(&demo_list(&mock, query), "groups", "id");

    assert_eq!(ids("&sort=-name"), [PUBLIC, EMPTY, BLUE, AUDITORS]);
    assert_eq!(ids("&sort=id"), [BLUE, AUDITORS, PUBLIC, EMPTY]);
    assert_eq!(ids("&sort=-id"), [EMPTY, PUBLIC, AUDITORS, BLUE]);
    assert_eq!(ids("&sort=description"), [EMPTY, BLUE, AUDITORS, PUBLIC]);
    assert_eq!(ids("&sort=-description"), [PUBLIC, AUDITORS, BLUE, EMPTY]);
    assert_eq!(ids("&sort=is_federated"), [AUDITORS, EMPTY, PUBLIC, BLUE]);
    assert_eq!(ids("&sort=-is_federated"), [BLUE, PUBLIC, EMPTY, AUDITORS]);
}

/// Returns the ids of all groups of a list, read in pages of `limit`.
fn all_ids(mock: &TestServer, query: &str, limit: usize) -> Vec<String> {
    let total = list(mock, query)["total_count"].as_u64().unwrap();
    let mut seen = Vec::new();
    for offset in (0..usize::try_from(total).unwrap()).step_by(limit) {
        seen.extend(field_values(
            &list(mock, &format!("{query}&limit={limit}&offset={offset}")),
            "groups",
            "id",
        ));
    }
    assert_eq!(seen.len() as u64, total, "{query} limit={limit}");
    seen
}

#[test]
fn the_pages_of_every_sort_order_make_up_the_whole_list() {
    const ORDERS: [&str; 9] = [
        "",
        "&sort=name",
        "&sort=-name",
        "&sort=id",
        "&sort=-id",
        "&sort=description",
        "&sort=-description",
        "&sort=is_federated",
        "&sort=-is_federated",
    ];
    for count in [5, 150] {
        let mock = with_groups(count);
        let mut all = all_ids(&mock, "", 100);
        all.sort();
        for query in ORDERS {
            let expected = all_ids(&mock, query, 100);

            let mut sorted = expected.clone();
            sorted.sort();
            assert_eq!(sorted, all, "{query}");
            for limit in [1, 7, 50] {
                assert_eq!(all_ids(&mock, query, limit), expected, "{query} limit={limit}");
            }
            let hidden = all_ids(&mock, &format!("{query}&hide_public_access=true"), 100);
            let stored: Vec<String> = expected.into_iter().filter(|id| id != PUBLIC).collect();
            assert_eq!(hidden, stored, "{query}");
        }
        assert_eq!(all_ids(&mock, "&search=name:g", 7).len(), count);
    }
}

#[test]
fn search_is_case_insensitive_in_every_alphabet() {
    let mock = TestServer::start();
    mock.post(&groups_path("")).json(json!({"name": "ΟΔΟΣΑ"})).send().expect(201);

    for part in ["ΟΔΟΣ", "οδοσ", "ΟΔΟΣΑ"] {
        let part = part.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
        assert_eq!(list(&mock, &format!("&search=name:{part}"))["total_count"], 1, "{part}");
    }
}

#[test]
fn an_unknown_sort_key_is_400() {
    let mock = TestServer::start();

    assert_invalid(
        mock.get(&groups_path("&sort=created_at")).send(),
        "sort must be one of id, name, description, is_federated, each optionally with a leading minus",
    );
}

#[test]
fn links_repeat_the_limit_and_only_the_given_parameters() {
    let mock = with_groups(19);

    let query = "&show_federated=true&limit=5&hide_public_access=false&unknown=1";
    let first = list(&mock, query);
    let middle = list(&mock, &format!("{query}&offset=7"));
    let last = list(&mock, &format!("{query}&offset=15"));

    let href = |start: &str| {
        json!({"href": format!(
            "{}/v2/groups?{start}limit=5&account_id=a&show_federated=true&hide_public_access=false", mock.url()
        )})
    };
    assert_eq!(first["total_count"], 20);
    assert_eq!(first["first"], href(""));
    assert_eq!(first["previous"], Value::Null);
    assert_eq!(first["next"], href("offset=5&"));
    assert_eq!(first["last"], href("offset=15&"));
    assert_eq!(middle["first"], href(""));
    assert_eq!(middle["previous"], href("offset=2&"));
    assert_eq!(middle["next"], href("offset=12&"));
    assert_eq!(last["previous"], href("offset=10&"));
    assert_eq!(last["next"], Value::Null);
    assert_eq!(last["groups"].as_array().unwrap().len(), 5);
}

#[test]
fn links_escape_the_values_and_keep_their_documented_order() {
    let mock = TestServer::start();

    let list =
        list(&mock, "&sort=-id&search=name:a%20%26b&iam_id=IBMid-%C3%A9&membership_type=all&show_crn=true");

    let expected = format!(
        "{}/v2/groups?limit=50&account_id=a&iam_id=IBMid-%C3%A9&search=name%3Aa%20%26b&membership_type=all\
         &sort=-id&show_crn=true",
        mock.url()
    );
    assert_eq!(list["first"]["href"], expected);
}

#[test]
fn following_next_links_returns_every_group_once() {
    let mock = with_groups(120);
    let mut path = groups_path("&limit=50");
    let mut seen = Vec::new();

    loop {
        let page = mock.get(&path).send().expect(200).json();
        seen.extend(field_values(&page, "groups", "name"));
        let Some(next) = page["next"]["href"].as_str() else { break };
        path = next.strip_prefix(&mock.url()).unwrap().to_owned();
    }

    let mut expected = vec!["Public Access".to_owned()];
    expected.extend((0..120).map(|number| format!("G{number:03}")));
    assert_eq!(seen, expected);
}

#[test]
fn a_page_has_50_groups_by_default_and_at_most_100() {
    let mock = with_groups(120);
    let count = |query: &str| list(&mock, query)["groups"].as_array().unwrap().len();

    assert_eq!([count(""), count("&limit=100"), count("&limit=10.0"), count("&limit=1")], [50, 100, 10, 1]);
    assert_eq!(list(&mock, "&limit=10.0")["limit"], 10);
}

#[test]
fn a_limit_or_offset_out_of_range_is_400() {
    let mock = TestServer::start();
    let limit = "limit must be an integer from 0 to 100";

    for bad in ["-1", "101", "x", "1.5", "10.", "1e1"] {
        assert_invalid(mock.get(&groups_path(&format!("&limit={bad}"))).send(), limit);
    }
    assert_invalid(mock.get(&groups_path("&offset=-1")).send(), "offset must be a non-negative integer");
    assert_invalid(
        mock.get("/v2/groups?limit=x&offset=y").send(),
        "account_id is missing, limit must be an integer from 0 to 100, offset must be a non-negative integer",
    );
}

#[test]
fn a_limit_of_0_returns_no_groups_and_no_next_link() {
    let mock = with_groups(3);

    for query in ["&limit=0", "&limit=0&offset=2"] {
        let list = list(&mock, query);
        assert_eq!(list["groups"], json!([]));
        assert_eq!(list["total_count"], 4);
        assert_eq!(list["next"], Value::Null);
        assert_eq!(list["previous"], Value::Null);
        assert_eq!(list["last"]["href"], format!("{}/v2/groups?offset=0&limit=0&account_id=a", mock.url()));
    }
}

#[test]
fn a_page_beyond_the_end_is_empty_and_has_a_previous_link() {
    let mock = with_groups(3);

    let list = list(&mock, "&limit=2&offset=100");

    assert_eq!(list["groups"], json!([]));
    assert_eq!(list["offset"], 100);
    assert_eq!(list["previous"]["href"], format!("{}/v2/groups?offset=98&limit=2&account_id=a", mock.url()));
    assert_eq!(list["next"], Value::Null);
}

#[test]
fn an_empty_list_has_an_array_and_a_last_link_to_its_start() {
    let mock = TestServer::start();

    let list = list(&mock, "&hide_public_access=true");

    assert_eq!(list["groups"], json!([]));
    assert_eq!(list["total_count"], 0);
    let last = format!("{}/v2/groups?offset=0&limit=50&account_id=a&hide_public_access=true", mock.url());
    assert_eq!(list["last"]["href"], last);
}

#[test]
fn groups_of_accounts_are_isolated() {
    let mock = TestServer::start();
    create_group(&mock, "mine");

    let other = mock.get("/v2/groups?account_id=b&hide_public_access=true").send().expect(200).json();

    assert_eq!(other["total_count"], 0);
}

#[test]
fn the_groups_of_a_member_are_listed_without_the_public_access_group() {
    let mock = TestServer::start();
    let ids = ["c", "a", "b"].map(|name| create_group(&mock, name));
    for id in &ids[..2] {
        add_member(&mock, id, "IBMid-1");
    }
    add_member(&mock, &ids[2], "IBMid-2");

    assert_eq!(names(&mock, "&iam_id=IBMid-1"), ["a", "c"]);
    assert_eq!(names(&mock, "&iam_id=IBMid-1&sort=-name"), ["c", "a"]);
    assert_eq!(names(&mock, "&iam_id=IBMid-1&sort=-name&limit=1&offset=1"), ["a"]);
    assert_eq!(names(&mock, "&iam_id=IBMid-1&search=name:C"), ["c"]);
    assert_eq!(names(&mock, "&iam_id=IBMid-1&membership_type=all"), ["a", "c"]);
    assert_eq!(names(&mock, "&iam_id=IBMid-1&membership_type=static"), ["a", "c"]);
    assert_eq!(list(&mock, "&iam_id=IBMid-1&membership_type=dynamic")["total_count"], 0);
    assert_eq!(list(&mock, "&iam_id=ibmid-1")["total_count"], 0);
    assert_eq!(list(&mock, "&membership_type=dynamic")["total_count"], 4);
    assert_invalid(
        mock.get(&groups_path("&membership_type=x")).send(),
        "membership_type must be one of static, dynamic, all",
    );
}

#[test]
fn search_matches_a_whole_id_or_part_of_a_name_or_description() {
    let mock = demo_server();
    let ids = |query: &str| field_values(&demo_list(&mock, &format!("&search={query}")), "groups", "id");

    assert_eq!(ids(&format!("id:{BLUE}")), [BLUE]);
    assert_eq!(ids(&format!("id:{PUBLIC}")), [PUBLIC]);
    assert_eq!(ids("id:AccessGroupId-1b0d"), [""; 0]);
    assert_eq!(ids("name:BLUE"), [BLUE]);
    assert_eq!(ids("name:e"), [PUBLIC, BLUE, EMPTY]);
    assert_eq!(ids("name:pub"), [PUBLIC]);
    assert_eq!(ids("description:EVERY"), [AUDITORS]);
    assert_eq!(ids("description:users%20and"), [PUBLIC]);
    assert_eq!(ids("name:pub&hide_public_access=true"), [""; 0]);
    assert_eq!(demo_list(&mock, "&search=name:e&limit=1&sort=-name")["total_count"], 3);
}

#[test]
fn search_supports_non_ascii_and_is_limited_to_the_account() {
    let mock = TestServer::start();
    let id = create_group(&mock, "ÄRZTE 2");

    assert_eq!(names(&mock, "&search=name:%C3%A4rzte"), ["ÄRZTE 2"]);
    let other = mock.get(&format!("/v2/groups?account_id=b&search=id:{id}")).send().expect(200).json();
    assert_eq!(other["total_count"], 0);
}

#[test]
fn a_search_without_a_known_prefix_is_400() {
    let mock = TestServer::start();

    for bad in ["x", "nam:x", "Name:x"] {
        let response = mock.get(&groups_path(&format!("&search={bad}"))).send();
        assert_invalid(response, "search must start with id:, name: or description:");
    }
}

#[test]
fn renaming_a_group_or_adding_a_rule_changes_its_position_in_a_large_account() {
    let mock = with_groups(100);
    let target = list(&mock, "&search=name:g050")["groups"][0]["id"].as_str().unwrap().to_owned();
    let tag = mock.get(&format!("/v2/groups/{target}")).send().header("etag").to_owned();

    let path = format!("/v2/groups/{target}");
    mock.patch(&path).header("if-match", &tag).json(json!({"name": "aaa"})).send().expect(200);
    let rule = json!({"expiration": 1, "realm_name": "r", "conditions": [{"claim": "c", "operator": "IN", "value": "[]"}]});
    mock.post(&format!("{path}/rules")).json(rule).send().expect(201);

    assert_eq!(names(&mock, "&limit=3"), ["Public Access", "aaa", "G000"]);
    assert_eq!(names(&mock, "&sort=-is_federated&limit=2"), ["aaa", "Public Access"]);
}

#[test]
fn sorted_lists_of_many_groups_reflect_writes_before_and_after_the_first_read() {
    let mock = with_groups(2_200);
    let group =
        |number: usize| json!({"name": format!("G{number:03}b"), "description": format!("{number:04}")});
    let new = |number: usize| {
        mock.post(&groups_path("")).json(group(number)).send().expect(201).json()["id"].clone()
    };
    let first = |count: usize, sort: &str| {
        names(&mock, &format!("&hide_public_access=true&limit={count}&sort={sort}"))
    };
    new(7);

    assert_eq!(first(1, "-description"), ["G007b"]);
    let last = new(2_199);
    new(0);

    assert_eq!(first(3, "-description"), ["G2199b", "G007b", "G000b"]);
    assert_eq!(first(3, "name"), ["G000", "G000b", "G001"]);
    assert_eq!(first(3, "-name"), ["G999", "G998", "G997"]);
    mock.delete(&format!("/v2/groups/{}", last.as_str().unwrap())).send().expect(204);
    assert_eq!(first(2, "-description"), ["G007b", "G000b"]);
}
