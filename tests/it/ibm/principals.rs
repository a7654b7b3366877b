//! Service ids and trusted profiles.

use access_groups_mock::{AuthMode, Config};
use serde_json::{Value, json};

use super::identity_errors::assert_identity_error;
use super::{ACCOUNT, BLUE, assert_uuid, demo_server, field_values};
use crate::support::{TestResponse, TestServer};

/// Asserts an error of IAM identity, whose details are its message.
#[track_caller]
fn assert_error(response: &TestResponse, code: &str, message: &str) {
    assert_identity_error(response, [code, "BXNIM0060E", message, message]);
}

/// Asserts an `invalid_payload` error of IAM identity with these details.
#[track_caller]
fn assert_invalid(response: TestResponse, details: &str) {
    let message = "Payload contains invalid/missing data.";
    assert_identity_error(&response.expect(400), ["invalid_payload", "BXNIM0106E", message, details]);
}

const CI_BOT: &str = "ServiceId-5d2f3c1a-0b7e-4c55-9a1b-3e0f8d6c2b11";
const DEPLOYMENTS: &str = "Profile-9f1c7a52-6d3e-4a80-8b2f-1c0d5e7a9b33";

/// Path, item field and id prefix of the two lists.
const KINDS: [(&str, &str, &str); 2] =
    [("/v1/serviceids/", "serviceids", "ServiceId-"), ("/v1/profiles", "profiles", "Profile-")];

fn item_path(list: &str, id: &str) -> String {
    format!("{}/{id}", list.trim_end_matches('/'))
}

fn create_principal(mock: &TestServer, list: &str, name: &str) -> Value {
    let body = json!({"account_id": "a", "name": name});
    mock.post(list).json(body).send().expect(201).json()
}

fn update(mock: &TestServer, list: &str, principal: &Value, body: Value) -> TestResponse {
    let path = item_path(list, principal["id"].as_str().unwrap());
    mock.put(&path).header("if-match", principal["entity_tag"].as_str().unwrap()).json(body).send()
}

/// Returns the names of the members of a group, sorted by name.
fn names(mock: &TestServer, group: &str) -> Vec<String> {
    let path = format!("/v2/groups/{group}/members?verbose=true&sort=name&limit=100");
    field_values(&mock.get(&path).send().expect(200).json(), "members", "name")
}

fn add_member(mock: &TestServer, group: &str, principal: &Value, kind: &str) {
    let body = json!({"members": [{"iam_id": principal["iam_id"], "type": kind}]});
    mock.put(&format!("/v2/groups/{group}/members")).json(body).send().expect(207);
}

#[test]
fn create_and_get_return_the_same_service_id() {
    let mock = TestServer::start();
    let body = json!({
        "account_id": "a",
        "name": "ci bot",
        "description": "runs builds",
        "unique_instance_crns": ["crn:v1:x"],
        "apikey": {"name": "ignored"}
    });

    let created = mock.post("/v1/serviceids/").json(body).send().expect(201);

    let result = created.json();
    let id = result["id"].as_str().unwrap();
    assert_uuid(id, "ServiceId-");
    let expected = json!({
        "id": id,
        "iam_id": format!("iam-{id}"),
        "entity_tag": created.header("etag"),
        "crn": format!("crn:v1:bluemix:public:iam-identity::a/a::serviceid:{id}"),
        "created_at": result["created_at"],
        "modified_at": result["created_at"],
        "account_id": "a",
        "name": "ci bot",
        "description": "runs builds",
        "locked": false,
        "unique_instance_crns": ["crn:v1:x"]
    });
    assert_eq!(result, expected);
    let read = mock.get(&item_path("/v1/serviceids", id)).send().expect(200);
    assert_eq!(read.json(), result);
    assert_eq!(read.header("etag"), created.header("etag"));
}

#[test]
fn create_and_get_return_the_same_profile() {
    let mock = TestServer::start();
    let body = json!({"account_id": "a", "name": "p", "description": "d", "email": "p@example.com"});

    let created = mock.post("/v1/profiles").json(body).send().expect(201);

    let result = created.json();
    let id = result["id"].as_str().unwrap();
    assert_uuid(id, "Profile-");
    let expected = json!({
        "id": id,
        "iam_id": format!("iam-{id}"),
        "entity_tag": created.header("etag"),
        "crn": format!("crn:v1:bluemix:public:iam-identity::a/a::profile:{id}"),
        "created_at": result["created_at"],
        "modified_at": result["created_at"],
        "account_id": "a",
        "name": "p",
        "description": "d",
        "email": "p@example.com"
    });
    assert_eq!(result, expected);
    assert_eq!(mock.get(&item_path("/v1/profiles", id)).send().expect(200).json(), result);
}

#[test]
fn an_empty_list_is_an_array_and_has_no_next_or_previous_link() {
    let mock = TestServer::start();

    for (list, items, _) in KINDS {
        let page = mock.get(&format!("{list}?account_id=a")).send().expect(200).json();

        let mut expected = json!({"offset": 0, "limit": 20, "first": page["first"]});
        expected[items] = json!([]);
        assert_eq!(page, expected);
    }
}

#[test]
fn both_lists_work_with_and_without_a_trailing_slash() {
    let mock = demo_server();

    for (list, items, _) in KINDS {
        let bare = list.trim_end_matches('/');
        let get = |path: String| mock.get(&path).send().expect(200).json()[items].clone();
        let with = get(format!("{bare}/?account_id={ACCOUNT}"));
        assert_eq!(with, get(format!("{bare}?account_id={ACCOUNT}")));
        assert_eq!(with.as_array().unwrap().len(), 2);
        mock.post(bare).json(json!({"account_id": "a", "name": "n"})).send().expect(201);
    }
}

#[test]
fn following_page_tokens_returns_every_item_once() {
    let mock = TestServer::start();

    for (list, items, _) in KINDS {
        for number in 0..45 {
            create_principal(&mock, list, &format!("n{number:02}"));
        }
        let mut path = format!("{list}?account_id=a&sort=name&order=desc");
        let (mut seen, mut offsets) = (Vec::new(), Vec::new());
        loop {
            let page = mock.get(&path).send().expect(200).json();
            seen.extend(field_values(&page, items, "name"));
            offsets.push(page["offset"].as_u64().unwrap());
            let Some(next) = page["next"].as_str() else { break };
            path = next.strip_prefix(&mock.url()).unwrap().to_owned();
            assert_eq!(path.split('?').next().unwrap(), list);
        }
        assert_eq!(seen, (0..45).rev().map(|number| format!("n{number:02}")).collect::<Vec<_>>());
        assert_eq!(offsets, [0, 20, 40]);
        let last = mock.get(&path).send().json();
        let previous = last["previous"].as_str().unwrap().strip_prefix(&mock.url()).unwrap();
        assert_eq!(mock.get(previous).send().expect(200).json()["offset"], 20);
        let first = last["first"].as_str().unwrap().strip_prefix(&mock.url()).unwrap();
        assert_eq!(mock.get(first).send().expect(200).json()["offset"], 0);
    }
}

#[test]
fn other_parameters_are_ignored_with_a_page_token() {
    let mock = TestServer::start();
    for name in ["x", "y", "z"] {
        create_principal(&mock, "/v1/profiles", name);
    }
    let page = mock.get("/v1/profiles?account_id=a&pagesize=1").send().expect(200).json();
    let token = page["next"].as_str().unwrap().split_once("pagetoken=").unwrap().1.to_owned();

    let next = mock.get(&format!("/v1/profiles?account_id=b&pagesize=50&pagetoken={token}")).send();

    let next = next.expect(200).json();
    assert_eq!(field_values(&next, "profiles", "name"), ["y"]);
    assert_eq!(next["limit"], 1);
    assert_eq!(next["offset"], 1);
}

#[test]
fn lists_are_sorted_by_the_sort_parameter() {
    let mock = demo_server();
    let sorted = |query: &str| {
        let path = format!("/v1/serviceids/?account_id={ACCOUNT}&{query}");
        field_values(&mock.get(&path).send().expect(200).json(), "serviceids", "name")
    };

    assert_eq!(sorted(""), ["ci bot", "backup"]);
    assert_eq!(sorted("sort=name"), ["backup", "ci bot"]);
    assert_eq!(sorted("sort=name&order=desc"), ["ci bot", "backup"]);
    assert_eq!(sorted("sort=description"), ["backup", "ci bot"]);
    assert_eq!(sorted("sort=created_at&order=desc"), ["backup", "ci bot"]);
    assert_eq!(sorted("sort=modified_at"), ["ci bot", "backup"]);
    assert_eq!(sorted("name=backup"), ["backup"]);
    assert_eq!(sorted("name=back"), [""; 0]);
}

#[test]
fn service_ids_may_share_a_name_and_are_found_by_it() {
    let mock = TestServer::start();
    for name in ["same", "other", "same"] {
        create_principal(&mock, "/v1/serviceids/", name);
    }

    let page =
        mock.get("/v1/serviceids/?account_id=a&name=same&pagesize=1&sort=created_at").send().expect(200);

    assert_eq!(field_values(&page.json(), "serviceids", "name"), ["same"]);
    assert!(page.json()["next"].is_string());
}

#[test]
fn profile_names_are_unique_in_an_account() {
    let mock = TestServer::start();
    let first = create_principal(&mock, "/v1/profiles", "p");
    let second = create_principal(&mock, "/v1/profiles", "q");

    let duplicate =
        mock.post("/v1/profiles").json(json!({"account_id": "a", "name": "p"})).send().expect(409);
    let renamed = update(&mock, "/v1/profiles", &second, json!({"name": "p"})).expect(409);

    let message = "The account already has a trusted profile with the name: p";
    assert_error(&duplicate, "profile_name_conflict", message);
    assert_error(&renamed, "profile_name_conflict", message);
    update(&mock, "/v1/profiles", &first, json!({"name": "p"})).expect(200);
    mock.post("/v1/profiles").json(json!({"account_id": "b", "name": "p"})).send().expect(201);
}

#[test]
fn an_update_keeps_absent_fields_and_clears_empty_ones() {
    let mock = demo_server();
    let path = item_path("/v1/serviceids", CI_BOT);
    let before = mock.get(&path).send().json();

    let changed = update(&mock, "/v1/serviceids", &before, json!({"name": "robot"})).expect(200).json();
    let cleared = update(&mock, "/v1/serviceids", &changed, json!({"description": "", "name": null}));

    assert_eq!(changed["name"], "robot");
    assert_eq!(changed["description"], "runs builds");
    assert_eq!(changed["created_at"], before["created_at"]);
    assert_ne!(changed["modified_at"], before["modified_at"]);
    assert_ne!(changed["entity_tag"], before["entity_tag"]);
    let cleared = cleared.expect(200).json();
    assert_eq!(cleared["name"], "robot");
    assert_eq!(cleared.get("description"), None);
    assert_eq!(mock.get(&path).send().json(), cleared);
}

#[test]
fn an_update_needs_the_current_entity_tag_or_an_asterisk() {
    let mock = TestServer::start();

    for (list, _, _) in KINDS {
        let principal = create_principal(&mock, list, "n");
        let path = item_path(list, principal["id"].as_str().unwrap());
        update(&mock, list, &principal, json!({"description": "1"})).expect(200);

        let stale = update(&mock, list, &principal, json!({"description": "2"})).expect(412);
        let missing = mock.put(&path).json(json!({"description": "2"})).send().expect(412);
        mock.put(&path).header("if-match", "*").json(json!({"description": "3"})).send().expect(200);

        let message = "If-Match header contains incorrect/invalid etag.";
        assert_error(&stale, "incorrect_etag", message);
        assert_error(&missing, "incorrect_etag", message);
        assert_eq!(mock.get(&path).send().json()["description"], "3");
    }
}

#[test]
fn a_deleted_principal_is_404() {
    let mock = demo_server();

    for (list, id, code, message) in [
        ("/v1/serviceids/", CI_BOT, "service_id_not_found", "Failed to find the service ID"),
        ("/v1/profiles", DEPLOYMENTS, "profile_not_found", "Failed to find the trusted profile"),
    ] {
        let path = item_path(list, id);
        mock.delete(&path).send().expect(204);
        for request in [mock.get(&path), mock.delete(&path), mock.put(&path).json(json!({"name": "n"}))] {
            assert_error(&request.send().expect(404), code, &format!("{message}: {id}"));
        }
    }
}

#[test]
fn a_service_id_is_not_a_profile_and_a_profile_is_not_a_service_id() {
    let mock = demo_server();

    mock.get(&item_path("/v1/profiles", CI_BOT)).send().expect(404);
    mock.get(&item_path("/v1/serviceids", DEPLOYMENTS)).send().expect(404);
}

#[test]
fn deleting_a_principal_removes_its_memberships() {
    let mock = demo_server();
    let other = mock.post("/v2/groups?account_id=other").json(json!({"name": "g"})).send().json();
    let other = other["id"].as_str().unwrap();
    let bot = mock.get(&item_path("/v1/serviceids", CI_BOT)).send().json();
    add_member(&mock, other, &bot, "service");

    mock.delete(&item_path("/v1/serviceids", CI_BOT)).send().expect(204);

    assert_eq!(names(&mock, BLUE), ["Ada Blue", "Ben Green", "deployments"]);
    assert_eq!(names(&mock, other), [""; 0]);
}

#[test]
fn members_show_the_current_names_of_their_principals_and_are_sorted_by_them() {
    let mock = TestServer::start();
    let group = super::create_group(&mock, "g");
    // More records than the store handles without an index.
    let bots: Vec<Value> = (0..80)
        .map(|number| create_principal(&mock, "/v1/serviceids/", &format!("bot {number:02}")))
        .collect();
    for bot in &bots {
        add_member(&mock, &group, bot, "service");
    }

    for (number, bot) in bots.iter().enumerate() {
        let name = json!({"name": format!("bot {:02}", 99 - number), "description": format!("d{number}")});
        update(&mock, "/v1/serviceids/", bot, name).expect(200);
    }

    assert_eq!(names(&mock, &group), (20..100).map(|n| format!("bot {n:02}")).collect::<Vec<_>>());
    let path = format!("/v2/groups/{group}/members?verbose=true&sort=-name&limit=1");
    let last = mock.get(&path).send().expect(200).json();
    assert_eq!(last["members"][0]["name"], "bot 99");
    assert_eq!(last["members"][0]["description"], "d0");
    assert_eq!(last["members"][0]["iam_id"], bots[0]["iam_id"]);
}

#[test]
fn a_rename_applies_to_groups_of_other_accounts() {
    let mock = TestServer::start();
    let profile = create_principal(&mock, "/v1/profiles", "old");
    let other = mock.post("/v2/groups?account_id=other").json(json!({"name": "g"})).send().json();
    let other = other["id"].as_str().unwrap();
    add_member(&mock, other, &profile, "profile");

    update(&mock, "/v1/profiles", &profile, json!({"name": "new"})).expect(200);

    assert_eq!(names(&mock, other), ["new"]);
}

#[test]
fn invalid_bodies_are_400() {
    let mock = demo_server();

    for (list, _, _) in KINDS {
        let post = |body: Value| mock.post(list).json(body).send();
        assert_invalid(post(json!({})), "account_id is missing or empty, name is missing");
        assert_invalid(post(json!({"account_id": "a", "name": " "})), "name must not be empty");
        assert_invalid(post(json!({"account_id": "", "name": "n"})), "account_id is missing or empty");
        assert_invalid(
            post(json!({"account_id": "a", "name": 7})),
            "name invalid type: integer `7`, expected a string",
        );
    }
    let path = item_path("/v1/serviceids", CI_BOT);
    let put = mock.put(&path).header("if-match", "*").json(json!({"name": ""})).send();
    assert_invalid(put, "name must not be empty");
}

#[test]
fn invalid_parameters_are_400() {
    let mock = TestServer::start();

    for (list, _, _) in KINDS {
        let get = |query: &str| mock.get(&format!("{list}?{query}")).send();
        assert_invalid(get(""), "account_id is missing");
        assert_invalid(get("account_id=a&pagesize=0"), "pagesize must be an integer from 1 to 100");
        assert_invalid(get("account_id=a&pagesize=101"), "pagesize must be an integer from 1 to 100");
        assert_invalid(
            get("account_id=a&sort=size&order=up"),
            "sort must be one of name, description, created_at, modified_at, order must be one of asc, desc",
        );
        assert_invalid(
            get("account_id=a&pagetoken=eA"),
            "pagetoken must be a page token from `next` or `previous`",
        );
    }
}

#[test]
fn a_credential_only_reaches_its_own_account() {
    let seed = json!({
        "credentials": [
            {"dialect": "ibm", "secret": "a", "account": "a"},
            {"dialect": "ibm", "secret": "all"},
            {"dialect": "ibm", "secret": "reader", "role": "viewer"}
        ],
        "ibm": {"accounts": {"b": {"profiles": [{"id": "Profile-1", "name": "1"}, {"name": "2"}]}}}
    });
    let mock =
        TestServer::with_config(Config { auth: AuthMode::Strict, ..Config::default() }, &seed.to_string());
    let get =
        |path: &str, secret: &str| mock.get(path).header("authorization", &format!("Bearer {secret}")).send();
    let page = get("/v1/profiles?account_id=b&pagesize=1", "all").expect(200).json();
    let next = page["next"].as_str().unwrap().strip_prefix(&mock.url()).unwrap().to_owned();

    get("/v1/profiles?account_id=b", "a").expect(403);
    get(&next, "a").expect(403);
    get(&next, "all").expect(200);
    get("/v1/profiles/Profile-1", "a").expect(403);
    get("/v1/profiles/Profile-1", "reader").expect(200);
    let post = |secret: &str| {
        let request = mock.post("/v1/profiles").header("authorization", &format!("Bearer {secret}"));
        request.json(json!({"account_id": "b", "name": "n"})).send()
    };
    post("a").expect(403);
    post("reader").expect(403);
    post("all").expect(201);
}
