//! Service ids and trusted profiles.

use access_groups_mock::{AuthMode, Config};
use serde_json::{Value, json};

use super::{ACCOUNT, BLUE, assert_invalid, assert_refused, assert_uuid, demo, each};
use crate::support::{Mock, Reply};

const CI_BOT: &str = "ServiceId-5d2f3c1a-0b7e-4c55-9a1b-3e0f8d6c2b11";
const DEPLOYMENTS: &str = "Profile-9f1c7a52-6d3e-4a80-8b2f-1c0d5e7a9b33";

/// The two lists with what differs between them: path, name of the items, prefix of the ids.
const KINDS: [(&str, &str, &str); 2] =
    [("/v1/serviceids/", "serviceids", "ServiceId-"), ("/v1/profiles", "profiles", "Profile-")];

fn one(list: &str, id: &str) -> String {
    format!("{}/{id}", list.trim_end_matches('/'))
}

fn made(mock: &Mock, list: &str, name: &str) -> Value {
    let body = json!({"account_id": "a", "name": name});
    mock.post(list).json(body).send().expect(201).json()
}

fn change(mock: &Mock, list: &str, thing: &Value, body: Value) -> Reply {
    let path = one(list, thing["id"].as_str().unwrap());
    mock.put(&path).header("if-match", thing["entity_tag"].as_str().unwrap()).json(body).send()
}

/// The names of the members of a group, as they are sorted by name.
fn names(mock: &Mock, group: &str) -> Vec<String> {
    let path = format!("/v2/groups/{group}/members?verbose=true&sort=name&limit=100");
    each(&mock.get(&path).send().expect(200).json(), "members", "name")
}

fn join(mock: &Mock, group: &str, thing: &Value, kind: &str) {
    let body = json!({"members": [{"iam_id": thing["iam_id"], "type": kind}]});
    mock.put(&format!("/v2/groups/{group}/members")).json(body).send().expect(207);
}

#[test]
fn a_created_service_id_is_answered_whole_and_reads_back() {
    let mock = Mock::start();
    let body = json!({
        "account_id": "a",
        "name": "ci bot",
        "description": "runs builds",
        "unique_instance_crns": ["crn:v1:x"],
        "apikey": {"name": "ignored"}
    });

    let created = mock.post("/v1/serviceids/").json(body).send().expect(201);

    let answer = created.json();
    let id = answer["id"].as_str().unwrap();
    assert_uuid(id, "ServiceId-");
    let expected = json!({
        "id": id,
        "iam_id": format!("iam-{id}"),
        "entity_tag": created.header("etag"),
        "crn": format!("crn:v1:bluemix:public:iam-identity::a/a::serviceid:{id}"),
        "created_at": answer["created_at"],
        "modified_at": answer["created_at"],
        "account_id": "a",
        "name": "ci bot",
        "description": "runs builds",
        "locked": false,
        "unique_instance_crns": ["crn:v1:x"]
    });
    assert_eq!(answer, expected);
    let read = mock.get(&one("/v1/serviceids", id)).send().expect(200);
    assert_eq!(read.json(), answer);
    assert_eq!(read.header("etag"), created.header("etag"));
}

#[test]
fn a_created_profile_is_answered_whole_and_reads_back() {
    let mock = Mock::start();
    let body = json!({"account_id": "a", "name": "p", "description": "d", "email": "p@example.com"});

    let created = mock.post("/v1/profiles").json(body).send().expect(201);

    let answer = created.json();
    let id = answer["id"].as_str().unwrap();
    assert_uuid(id, "Profile-");
    let expected = json!({
        "id": id,
        "iam_id": format!("iam-{id}"),
        "entity_tag": created.header("etag"),
        "crn": format!("crn:v1:bluemix:public:iam-identity::a/a::profile:{id}"),
        "created_at": answer["created_at"],
        "modified_at": answer["created_at"],
        "account_id": "a",
        "name": "p",
        "description": "d",
        "email": "p@example.com"
    });
    assert_eq!(answer, expected);
    assert_eq!(mock.get(&one("/v1/profiles", id)).send().expect(200).json(), answer);
}

#[test]
fn a_list_is_never_null_and_has_no_link_to_what_is_not_there() {
    let mock = Mock::start();

    for (list, items, _) in KINDS {
        let page = mock.get(&format!("{list}?account_id=a")).send().expect(200).json();

        let mut expected = json!({"offset": 0, "limit": 20, "first": page["first"]});
        expected[items] = json!([]);
        assert_eq!(page, expected);
    }
}

#[test]
fn both_lists_are_good_with_and_without_a_slash() {
    let mock = demo();

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
fn pages_follow_each_other_by_tokens_alone() {
    let mock = Mock::start();

    for (list, items, _) in KINDS {
        for number in 0..45 {
            made(&mock, list, &format!("n{number:02}"));
        }
        let mut path = format!("{list}?account_id=a&sort=name&order=desc");
        let (mut seen, mut offsets) = (Vec::new(), Vec::new());
        loop {
            let page = mock.get(&path).send().expect(200).json();
            seen.extend(each(&page, items, "name"));
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
fn the_parameters_beside_a_page_token_do_not_count() {
    let mock = Mock::start();
    for name in ["x", "y", "z"] {
        made(&mock, "/v1/profiles", name);
    }
    let page = mock.get("/v1/profiles?account_id=a&pagesize=1").send().expect(200).json();
    let token = page["next"].as_str().unwrap().split_once("pagetoken=").unwrap().1.to_owned();

    let next = mock.get(&format!("/v1/profiles?account_id=b&pagesize=50&pagetoken={token}")).send();

    let next = next.expect(200).json();
    assert_eq!(each(&next, "profiles", "name"), ["y"]);
    assert_eq!(next["limit"], 1);
    assert_eq!(next["offset"], 1);
}

#[test]
fn lists_are_sorted_as_asked() {
    let mock = demo();
    let sorted = |query: &str| {
        let path = format!("/v1/serviceids/?account_id={ACCOUNT}&{query}");
        each(&mock.get(&path).send().expect(200).json(), "serviceids", "name")
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
    let mock = Mock::start();
    for name in ["same", "other", "same"] {
        made(&mock, "/v1/serviceids/", name);
    }

    let page =
        mock.get("/v1/serviceids/?account_id=a&name=same&pagesize=1&sort=created_at").send().expect(200);

    assert_eq!(each(&page.json(), "serviceids", "name"), ["same"]);
    assert!(page.json()["next"].is_string());
}

#[test]
fn profiles_of_one_account_do_not_share_a_name() {
    let mock = Mock::start();
    let first = made(&mock, "/v1/profiles", "p");
    let second = made(&mock, "/v1/profiles", "q");

    let taken = mock.post("/v1/profiles").json(json!({"account_id": "a", "name": "p"})).send().expect(409);
    let renamed = change(&mock, "/v1/profiles", &second, json!({"name": "p"})).expect(409);

    let message = "The account already has a trusted profile with the name: p";
    assert_refused(&taken, "profile_name_conflict", message);
    assert_refused(&renamed, "profile_name_conflict", message);
    change(&mock, "/v1/profiles", &first, json!({"name": "p"})).expect(200);
    mock.post("/v1/profiles").json(json!({"account_id": "b", "name": "p"})).send().expect(201);
}

#[test]
fn a_change_leaves_what_it_does_not_name_and_clears_what_is_empty() {
    let mock = demo();
    let path = one("/v1/serviceids", CI_BOT);
    let before = mock.get(&path).send().json();

    let changed = change(&mock, "/v1/serviceids", &before, json!({"name": "robot"})).expect(200).json();
    let cleared = change(&mock, "/v1/serviceids", &changed, json!({"description": "", "name": null}));

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
fn a_change_needs_the_present_entity_tag_or_a_star() {
    let mock = Mock::start();

    for (list, _, _) in KINDS {
        let thing = made(&mock, list, "n");
        let path = one(list, thing["id"].as_str().unwrap());
        change(&mock, list, &thing, json!({"description": "1"})).expect(200);

        let stale = change(&mock, list, &thing, json!({"description": "2"})).expect(412);
        let missing = mock.put(&path).json(json!({"description": "2"})).send().expect(412);
        mock.put(&path).header("if-match", "*").json(json!({"description": "3"})).send().expect(200);

        let message = "If-Match header contains incorrect/invalid etag.";
        assert_refused(&stale, "incorrect_etag", message);
        assert_refused(&missing, "incorrect_etag", message);
        assert_eq!(mock.get(&path).send().json()["description"], "3");
    }
}

#[test]
fn a_deleted_one_is_gone() {
    let mock = demo();

    for (list, id, code, message) in [
        ("/v1/serviceids/", CI_BOT, "service_id_not_found", "Failed to find the service ID"),
        ("/v1/profiles", DEPLOYMENTS, "profile_not_found", "Failed to find the trusted profile"),
    ] {
        let path = one(list, id);
        mock.delete(&path).send().expect(204);
        for call in [mock.get(&path), mock.delete(&path), mock.put(&path).json(json!({"name": "n"}))] {
            assert_refused(&call.send().expect(404), code, &format!("{message}: {id}"));
        }
    }
}

#[test]
fn a_kind_is_not_found_as_the_other() {
    let mock = demo();

    mock.get(&one("/v1/profiles", CI_BOT)).send().expect(404);
    mock.get(&one("/v1/serviceids", DEPLOYMENTS)).send().expect(404);
}

#[test]
fn a_deleted_one_is_no_member_of_any_group_any_more() {
    let mock = demo();
    let other = mock.post("/v2/groups?account_id=other").json(json!({"name": "g"})).send().json();
    let other = other["id"].as_str().unwrap();
    let bot = mock.get(&one("/v1/serviceids", CI_BOT)).send().json();
    join(&mock, other, &bot, "service");

    mock.delete(&one("/v1/serviceids", CI_BOT)).send().expect(204);

    assert_eq!(names(&mock, BLUE), ["Ada Blue", "Ben Green", "deployments"]);
    assert_eq!(names(&mock, other), [""; 0]);
}

#[test]
fn members_show_what_their_service_ids_and_profiles_are_called_now_and_are_sorted_by_it() {
    let mock = Mock::start();
    let group = super::create(&mock, "g");
    // More than the store keeps without an index.
    let bots: Vec<Value> =
        (0..80).map(|number| made(&mock, "/v1/serviceids/", &format!("bot {number:02}"))).collect();
    for bot in &bots {
        join(&mock, &group, bot, "service");
    }

    for (number, bot) in bots.iter().enumerate() {
        let name = json!({"name": format!("bot {:02}", 99 - number), "description": format!("d{number}")});
        change(&mock, "/v1/serviceids/", bot, name).expect(200);
    }

    assert_eq!(names(&mock, &group), (20..100).map(|n| format!("bot {n:02}")).collect::<Vec<_>>());
    let path = format!("/v2/groups/{group}/members?verbose=true&sort=-name&limit=1");
    let last = mock.get(&path).send().expect(200).json();
    assert_eq!(last["members"][0]["name"], "bot 99");
    assert_eq!(last["members"][0]["description"], "d0");
    assert_eq!(last["members"][0]["iam_id"], bots[0]["iam_id"]);
}

#[test]
fn a_member_of_a_group_in_another_account_shows_the_new_name_too() {
    let mock = Mock::start();
    let profile = made(&mock, "/v1/profiles", "old");
    let other = mock.post("/v2/groups?account_id=other").json(json!({"name": "g"})).send().json();
    let other = other["id"].as_str().unwrap();
    join(&mock, other, &profile, "profile");

    change(&mock, "/v1/profiles", &profile, json!({"name": "new"})).expect(200);

    assert_eq!(names(&mock, other), ["new"]);
}

#[test]
fn bad_bodies_are_400() {
    let mock = demo();

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
    let path = one("/v1/serviceids", CI_BOT);
    let put = mock.put(&path).header("if-match", "*").json(json!({"name": ""})).send();
    assert_invalid(put, "name must not be empty");
}

#[test]
fn bad_parameters_are_400() {
    let mock = Mock::start();

    for (list, _, _) in KINDS {
        let get = |query: &str| mock.get(&format!("{list}?{query}")).send();
        assert_invalid(get(""), "account_id is missing");
        assert_invalid(get("account_id=a&pagesize=0"), "pagesize must be an integer from 1 to 100");
        assert_invalid(get("account_id=a&pagesize=101"), "pagesize must be an integer from 1 to 100");
        assert_invalid(
            get("account_id=a&sort=size&order=up"),
            "sort must be one of name, description, created_at, modified_at, order must be one of asc, desc",
        );
        assert_invalid(get("account_id=a&pagetoken=eA"), "pagetoken must be what `next` or `previous` says");
    }
}

#[test]
fn a_credential_reaches_its_own_account_only() {
    let seed = json!({
        "credentials": [
            {"dialect": "ibm", "secret": "a", "account": "a"},
            {"dialect": "ibm", "secret": "all"},
            {"dialect": "ibm", "secret": "reader", "role": "viewer"}
        ],
        "ibm": {"accounts": {"b": {"profiles": [{"id": "Profile-1", "name": "1"}, {"name": "2"}]}}}
    });
    let mock = Mock::with(Config { auth: AuthMode::Strict, ..Config::default() }, &seed.to_string());
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
        let call = mock.post("/v1/profiles").header("authorization", &format!("Bearer {secret}"));
        call.json(json!({"account_id": "b", "name": "n"})).send()
    };
    post("a").expect(403);
    post("reader").expect(403);
    post("all").expect(201);
}
