//! Namespaces: isolated states on one server, selected by the path prefix `/ns/NAME` or the header `X-Mock-Namespace`.

use std::io::{Read, Write};

use access_groups_mock::{AuthMode, Config, HumanDuration};
use serde_json::{Value, json};

use super::{
    ACCOUNT, DEMO_SEED, admin_get, assert_problem, create_legacy_group, legacy_group_names, set_clock,
};
use crate::support::TestServer;

const LEGACY: &str = "/api2/access_groups.json";

/// Returns the names of the server's namespaces.
fn namespaces(mock: &TestServer) -> Vec<String> {
    let list = admin_get(mock, "/__admin/namespaces")["namespaces"].clone();
    list.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_prefix_and_the_header_select_the_same_namespace() {
    let mock = TestServer::with_seed(r#"{"legacy":{"access_groups":[{"id":4,"name":"seeded"}]}}"#);

    create_legacy_group(&mock, "/ns/one", "by prefix");
    let by_header = mock.post(LEGACY).header("X-Mock-Namespace", "one").json(json!({"entry": {"name": "h"}}));
    by_header.send().expect(201);
    create_legacy_group(&mock, "", "outside");

    let read = mock.get(LEGACY).header("x-mock-namespace", "one").send().expect(200).json();
    assert_eq!(read["entries"].as_array().unwrap().len(), 3);
    assert_eq!(legacy_group_names(&mock, "/ns/one"), ["seeded", "by prefix", "h"]);
    assert_eq!(legacy_group_names(&mock, ""), ["seeded", "outside"]);
    assert_eq!(legacy_group_names(&mock, "/ns/two"), ["seeded"], "a namespace is created from the seed");
    assert_eq!(legacy_group_names(&mock, "/ns/default"), ["seeded", "outside"]);
}

#[test]
fn the_prefix_has_precedence_over_the_header() {
    let mock = TestServer::start();
    create_legacy_group(&mock, "/ns/one", "a");

    let read = mock.get(&format!("/ns/one{LEGACY}")).header("x-mock-namespace", "two").send().expect(200);

    assert_eq!(read.json()["entries"][0]["name"], "a");
}

#[test]
fn a_repeated_prefix_selects_its_namespace_and_another_second_one_is_404() {
    let mock = TestServer::start();
    let groups = "/ns/one/v2/groups?account_id=a&limit=1";
    mock.post("/ns/one/v2/groups?account_id=a").json(json!({"name": "g"})).send().expect(201);
    // The first page has the Public Access group.
    let first = mock.get(groups).send().expect(200).json();

    // As in bluemix-go, which appends the path of the link to a base URL with the same prefix.
    let path = first["next"]["href"].as_str().unwrap().strip_prefix(&mock.url()).unwrap().to_owned();
    let second = mock.get(&format!("/ns/one{path}")).send_unchecked().expect(200).json();
    let other = mock.get(&format!("/ns/two{path}")).send_unchecked().expect(404);

    assert_eq!(second["groups"][0]["name"], "g");
    let link = second["previous"]["href"].as_str().unwrap();
    assert!(link.starts_with(&format!("{}/ns/one/v2/groups?", mock.url())), "{link}");
    let entries = admin_get(&mock, "/ns/one/__admin/requests");
    assert_eq!(entries["requests"][0]["request"]["url"], path.strip_prefix("/ns/one").unwrap());
    assert_eq!(other.header("x-mock-rule"), "admin.paths.not-found");
    assert_eq!(namespaces(&mock), ["default", "one"]);
}

#[test]
fn every_vendor_path_works_under_a_prefix() {
    let mock = TestServer::with_seed(DEMO_SEED);
    for target in [
        "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups?page=1",
        "/accounts/023e105f4ecef8ad9ca31a8372d0c353/iam/resource_groups",
        "/v2/groups?account_id=0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "/v1/group_templates?account_id=0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "/v1/groups",
        "/API2/access_groups.json",
    ] {
        let outside = mock.get(target).send().expect(200).text().replace(&mock.url(), "");
        let prefix = format!("{}/ns/t-1", mock.url());

        let inside = mock.get(&format!("/ns/t-1{target}")).send().expect(200).text().replace(&prefix, "");

        let (inside, outside) = (without_times(&inside), without_times(&outside));
        assert_eq!(inside, outside, "{target}");
    }
}

/// Parses a body without its times: records seeded without times get the time at which their namespace is created.
fn without_times(body: &str) -> Value {
    let mut value: Value = serde_json::from_str(body).unwrap();
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.retain(|name, _| {
                    !["_at", "lastUpdated", "updated", "created"].iter().any(|it| name.contains(it))
                });
                fields.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    strip(&mut value);
    value
}

#[test]
fn a_namespace_has_its_own_journal_faults_clock_and_snapshots() {
    let mock = TestServer::start();
    create_legacy_group(&mock, "/ns/one", "a");
    let fault = json!({"effect": {"type": "status", "status": 401}});
    mock.post("/ns/one/__admin/faults").json(fault).send().expect(201);
    set_clock(&mock, "/ns/one", json!({"mode": "frozen", "now": "2030-01-01T00:00:00Z"}));
    mock.post("/ns/one/__admin/snapshots/s").send().expect(201);

    mock.get(&format!("/ns/one{LEGACY}")).send().expect(401);
    for other in ["", "/ns/two"] {
        assert_eq!(admin_get(&mock, &format!("{other}/__admin/requests"))["requests"], json!([]));
        assert_eq!(admin_get(&mock, &format!("{other}/__admin/faults"))["faults"], json!([]));
        assert_eq!(admin_get(&mock, &format!("{other}/__admin/snapshots"))["snapshots"], json!([]));
        assert_eq!(admin_get(&mock, &format!("{other}/__admin/clock"))["mode"], "system");
        mock.get(&format!("{other}{LEGACY}")).send().expect(200);
    }
    assert_eq!(admin_get(&mock, "/ns/one/__admin/requests")["requests"].as_array().unwrap().len(), 2);
    let by_header = mock.get("/__admin/clock").header("x-mock-namespace", "one").send().expect(200).json();
    assert_eq!(by_header["mode"], "frozen");
}

#[test]
fn a_namespace_has_its_own_identifiers() {
    let config = Config { deterministic: Some(7), ..Config::default() };
    let mock = TestServer::with_config(config.clone(), "{}");
    let other = TestServer::with_config(config, "{}");
    let create = |mock: &TestServer, prefix: &str| {
        let target = format!("{prefix}/v2/groups?account_id=a");
        let response = mock.post(&target).json(json!({"name": "n"})).send().expect(201).json();
        response["id"].as_str().unwrap().to_owned()
    };
    let first = create(&mock, "/ns/one");
    for _ in 0..3 {
        create(&mock, "/ns/two");
        create(&mock, "");
    }
    let second = create(&mock, "/ns/one");

    assert_eq!((create(&other, "/ns/one"), create(&other, "/ns/one")), (first.clone(), second));
    assert_ne!(create(&other, "/ns/two"), first);
}

#[test]
fn links_keep_the_prefix_of_the_namespace() {
    let mock = TestServer::with_seed(DEMO_SEED);
    let base = format!("{}/ns/link", mock.url());
    let ibm = format!("/ns/link/v2/groups?account_id={ACCOUNT}&limit=1&offset=1");

    let list = mock.get(&ibm).send().expect(200).json();
    for link in ["first", "next", "previous", "last"] {
        let href = list[link]["href"].as_str().unwrap();
        let target = href.strip_prefix(&mock.url()).unwrap();
        assert!(target.starts_with("/ns/link/v2/groups?"), "{link}: {href}");
        mock.get(target).send().expect(200);
    }
    let href = list["groups"][0]["href"].as_str().unwrap();
    assert!(href.starts_with(&format!("{base}/v2/groups/")), "{href}");
    mock.get(href.strip_prefix(&mock.url()).unwrap()).send().expect(200);

    let list = mock.get("/ns/link/v1/groups?limit=1").send().expect(200).json();
    let href = list["links"]["next"]["href"].as_str().unwrap();
    assert!(href.starts_with(&format!("{base}/v1/groups?limit=1&cursor=")), "{href}");
    let next = mock.get(href.strip_prefix(&mock.url()).unwrap()).send().expect(200).json();
    assert_ne!(next["groups"][0]["groupId"], list["groups"][0]["groupId"]);
    assert_eq!(list["links"]["self"]["href"], format!("{base}/v1/groups?limit=1"));

    let created = create_legacy_group(&mock, "/ns/link", "located");
    let location = created.header("location");
    assert!(location.starts_with(&format!("{base}/api2/access_groups/")), "{location}");
    let read = mock.get(location.strip_prefix(&mock.url()).unwrap()).send().expect(200).json();
    assert_eq!(read["entry"]["name"], "located");
}

#[test]
fn links_with_a_public_url_keep_the_prefix_and_have_none_for_the_header() {
    let config = Config { public_url: Some("https://mock.test/base".to_owned()), ..Config::default() };
    let mock = TestServer::with_config(config, "{}");

    let by_prefix = create_legacy_group(&mock, "/ns/one", "a");
    let by_header = mock.post(LEGACY).header("x-mock-namespace", "one").json(json!({"entry": {}})).send();

    let location = "https://mock.test/base/ns/one/api2/access_groups/1.json";
    assert_eq!(by_prefix.header("location"), location);
    assert_eq!(by_header.header("location"), "https://mock.test/base/api2/access_groups/2.json");
}

#[test]
fn the_token_endpoint_of_a_namespace_issues_tokens_for_it() {
    let config = Config { auth: AuthMode::Strict, ..Config::default() };
    let seed = r#"{"credentials":[{"dialect":"ibm","secret":"key","account":"a","iam_id":"IBMid-9"}]}"#;
    let mock = TestServer::with_config(config, seed);
    set_clock(&mock, "/ns/one", json!({"mode": "frozen", "now": "2030-01-01T00:00:00Z"}));

    let form = "grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey=key";
    let call = mock.post("/ns/one/identity/token").anonymous().body(form);
    let token = call.header("content-type", "application/x-www-form-urlencoded").send().expect(200).json();

    assert_eq!(token["expiration"], 1_893_456_000 + 3600, "it expires by the clock of the namespace");
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    mock.get("/ns/one/v2/groups?account_id=a").header("authorization", &bearer).send().expect(200);
}

#[test]
fn two_hundred_parallel_tests_are_isolated() {
    let mock = TestServer::multi_threaded(Config::default(), DEMO_SEED);
    let run = |number: usize| {
        let prefix = format!("/ns/test-{number}");
        let seeded = legacy_group_names(&mock, &prefix).len();
        let mut expected = legacy_group_names(&mock, &prefix);
        for step in 0..number % 4 + 1 {
            let name = format!("group {step} of test {number}");
            create_legacy_group(&mock, &prefix, &name);
            expected.push(name);
        }
        let groups = format!("{prefix}/v1/groups");
        let body = json!({"groupId": "grp_mine", "name": number.to_string(), "users": [], "admins": []});
        mock.post(&groups).json(body).send().expect(201);
        assert_eq!(legacy_group_names(&mock, &prefix), expected);
        let mine = mock.get(&format!("{groups}/grp_mine")).send().expect(200).json();
        assert_eq!(mine["name"], number.to_string());
        let requests = admin_get(&mock, &format!("{prefix}/__admin/requests"))["requests"].clone();
        assert_eq!(requests.as_array().unwrap().len(), 2 + number % 4 + 1 + 3);
        if number.is_multiple_of(3) {
            mock.post(&format!("{prefix}/__admin/reset")).send().expect(200);
            assert_eq!(legacy_group_names(&mock, &prefix).len(), seeded);
        }
    };

    std::thread::scope(|scope| {
        for number in 0..200 {
            scope.spawn(move || run(number));
        }
    });

    assert_eq!(namespaces(&mock).len(), 201);
    assert_eq!(legacy_group_names(&mock, "").len(), 1, "the default namespace has only the seed");
}

#[test]
fn the_longest_idle_namespace_is_evicted_above_the_maximum() {
    let mock = TestServer::with_config(Config { max_namespaces: 2, ..Config::default() }, "{}");
    create_legacy_group(&mock, "", "kept");
    create_legacy_group(&mock, "/ns/one", "a");
    std::thread::sleep(std::time::Duration::from_millis(5));
    create_legacy_group(&mock, "/ns/two", "b");
    std::thread::sleep(std::time::Duration::from_millis(5));
    assert_eq!(legacy_group_names(&mock, "/ns/one"), ["a"]);
    std::thread::sleep(std::time::Duration::from_millis(5));

    create_legacy_group(&mock, "/ns/three", "c");

    assert_eq!(namespaces(&mock), ["default", "one", "three"]);
    assert_eq!(legacy_group_names(&mock, "/ns/one"), ["a"]);
    assert_eq!(legacy_group_names(&mock, ""), ["kept"]);
}

#[test]
fn a_namespace_that_is_idle_for_too_long_is_evicted() {
    let config = Config { namespace_idle: HumanDuration::from_millis(50), ..Config::default() };
    let mock = TestServer::with_config(config, "{}");
    create_legacy_group(&mock, "/ns/one", "a");
    create_legacy_group(&mock, "", "kept");
    std::thread::sleep(std::time::Duration::from_millis(80));

    create_legacy_group(&mock, "/ns/two", "b");

    assert_eq!(namespaces(&mock), ["default", "two"]);
    assert_eq!(legacy_group_names(&mock, "/ns/one"), Vec::<String>::new());
    assert_eq!(legacy_group_names(&mock, ""), ["kept"], "the default namespace is never evicted");
}

#[test]
fn namespaces_are_listed_with_their_contents() {
    let mock = TestServer::with_seed(r#"{"legacy":{"access_groups":[{"id":4,"name":"seeded"}]}}"#);
    create_legacy_group(&mock, "/ns/b", "x");
    create_legacy_group(&mock, "/ns/b", "y");
    create_legacy_group(&mock, "/ns/a", "z");
    mock.post("/ns/a/__admin/faults").json(json!({"effect": {"type": "empty"}})).send().expect(201);

    let list = admin_get(&mock, "/__admin/namespaces")["namespaces"].clone();
    let one = admin_get(&mock, "/__admin/namespaces/a");

    assert_eq!(namespaces(&mock), ["default", "a", "b"]);
    assert_eq!(list[1], one);
    assert_eq!(
        (&list[0]["groups"], &list[1]["groups"], &list[2]["groups"]),
        (&json!(1), &json!(2), &json!(3))
    );
    assert_eq!((&list[1]["faults"], &list[2]["faults"]), (&json!(1), &json!(0)));
    assert_eq!((&list[0]["requests"], &list[2]["requests"]), (&json!(0), &json!(2)));
    for time in ["created", "lastUsed"] {
        assert!(chrono::DateTime::parse_from_rfc3339(list[2][time].as_str().unwrap()).is_ok());
    }
}

#[test]
fn a_request_to_the_default_namespace_sets_its_time_of_last_use() {
    let mock = TestServer::start();
    let last_used = || {
        let time = admin_get(&mock, "/__admin/namespaces/default")["lastUsed"].as_str().unwrap().to_owned();
        chrono::DateTime::parse_from_rfc3339(&time).unwrap()
    };
    let before = last_used();
    std::thread::sleep(std::time::Duration::from_millis(5));

    let unused = last_used();
    mock.get("/v1/groups").send().expect(200);

    assert_eq!(unused, before);
    assert!(last_used() > before);
}

#[test]
fn reading_namespaces_creates_none() {
    let mock = TestServer::start();

    let unknown = mock.get("/__admin/namespaces/nobody").anonymous().send();

    assert_problem(&unknown, 404, "there is no namespace `nobody`", "");
    assert_eq!(namespaces(&mock), ["default"]);
}

#[test]
fn a_deleted_namespace_is_created_again_on_next_use() {
    let mock = TestServer::start();
    create_legacy_group(&mock, "/ns/one", "a");
    create_legacy_group(&mock, "/ns/two", "b");
    create_legacy_group(&mock, "", "c");

    mock.delete("/__admin/namespaces/one").send().expect(204);
    let again = mock.delete("/__admin/namespaces/one").send();

    assert_problem(&again, 404, "there is no namespace `one`", "");
    assert_eq!(namespaces(&mock), ["default", "two"]);
    assert_eq!(legacy_group_names(&mock, "/ns/one"), Vec::<String>::new());
    mock.delete("/__admin/namespaces/default").send().expect(204);
    assert_eq!(legacy_group_names(&mock, ""), Vec::<String>::new());
    assert_eq!(legacy_group_names(&mock, "/ns/two"), ["b"]);
}

#[test]
fn deleting_all_namespaces_resets_the_default_one() {
    let mock = TestServer::with_seed(r#"{"legacy":{"access_groups":[{"id":4,"name":"seeded"}]}}"#);
    create_legacy_group(&mock, "/ns/one", "a");
    create_legacy_group(&mock, "", "b");

    mock.delete("/__admin/namespaces").send().expect(204);

    assert_eq!(namespaces(&mock), ["default"]);
    assert_eq!(legacy_group_names(&mock, ""), ["seeded"]);
}

#[test]
fn a_name_may_have_letters_digits_and_some_punctuation() {
    let mock = TestServer::start();

    for name in ["a", "Ab9", "test_x::y-z", "a@b+c~.", "a%40b", &"x".repeat(128), "%61", "..."] {
        create_legacy_group(&mock, &format!("/ns/{name}"), "inside");
    }

    let listed = namespaces(&mock);
    assert!(listed.contains(&"a@b".to_owned()) && listed.contains(&"...".to_owned()), "{listed:?}");
    assert_eq!(
        legacy_group_names(&mock, "/ns/a"),
        ["inside", "inside"],
        "percent-encoding does not change the name"
    );
    assert_eq!(legacy_group_names(&mock, ""), Vec::<String>::new());
}

#[test]
fn an_invalid_name_is_rejected_in_the_vendors_format_and_creates_nothing() {
    let mock = TestServer::start();
    let long = "x".repeat(129);
    let reason = "must have 1 to 128 ASCII letters, digits and characters of `._~:@+-`";

    let dots = "must not be `.` or `..`, which clients remove from a URL";
    let names = ["a%20b", "%C3%A4", "a%2Fb", "", "a%00", "a,b", &long].map(|name| (name, reason));
    for (name, reason) in names.into_iter().chain([(".", dots), ("%2e%2E", dots)]) {
        let response = mock.get(&format!("/ns/{name}{LEGACY}")).send().expect(400);
        assert_eq!(response.json()["Message"], format!("/ns/NAME {reason}"), "{name}");
    }
    for name in ["a b", "a/b", "", &long] {
        let response =
            mock.get("/v2/groups?account_id=a").header("x-mock-namespace", name).send().expect(400);
        assert_eq!(response.json()["errors"][0]["message"], format!("X-Mock-Namespace {reason}"), "{name}");
    }
    assert_eq!(namespaces(&mock), ["default"]);
}

#[test]
fn an_invalid_name_is_rejected_by_the_admin_api_without_effect() {
    let mock = TestServer::start();
    create_legacy_group(&mock, "", "kept");
    let reason = "must have 1 to 128 ASCII letters, digits and characters of `._~:@+-`";

    let by_prefix = mock.post("/ns/a%20b/__admin/reset").send();
    let by_header = mock.post("/__admin/reset").header("x-mock-namespace", "a b").send();

    super::assert_invalid(&by_prefix, &format!("/ns/NAME {reason}"));
    super::assert_invalid(&by_header, &format!("X-Mock-Namespace {reason}"));
    assert_eq!(legacy_group_names(&mock, ""), ["kept"]);
}

#[test]
fn a_prefix_without_a_path_is_the_index_of_the_namespace() {
    let mock = TestServer::start();

    for target in ["/ns/one", "/ns/one/", "/ns/one?a=b"] {
        let index = mock.get(target).send().expect(200).json();
        assert_eq!(index["dialects"]["legacy"], format!("{}/ns/one", mock.url()), "{target}");
    }
    assert_eq!(namespaces(&mock), ["default"]);
}

#[test]
fn a_prefix_without_a_name_or_followed_by_another_prefix_is_404() {
    let mock = TestServer::start();

    for (target, path) in
        [("/ns", "/ns"), ("/ns/one/ns/two/api2/access_groups.json", "/ns/two/api2/access_groups.json")]
    {
        let response = mock.get(target).send().expect(404);
        let title = format!("no API of this server has the path `{path}`");
        assert_eq!(response.json()["errors"][0]["title"], title, "{target}");
    }
    assert_eq!(namespaces(&mock), ["default"]);
}

#[test]
fn head_and_options_work_under_a_prefix() {
    let mock = TestServer::with_config(
        Config { cors: vec!["http://app.test".to_owned()], ..Config::default() },
        DEMO_SEED,
    );

    let head = mock.head("/ns/one/v2/groups/AccessGroupId-1b0d2c34-7c1e-4f0a-9a55-2f1f0b0c7e11").send();
    let preflight = |target: &str, origin: &str| {
        let call = mock.request("OPTIONS", target).anonymous().header("origin", origin);
        call.header("access-control-request-method", "PUT").send().expect(200)
    };
    let configured = preflight(&format!("/ns/one{LEGACY}"), "http://app.test");
    let vendor = preflight("/ns/one/v1/groups/x", "http://any.test");
    let no_preflight = mock.request("OPTIONS", &format!("/ns/one{LEGACY}")).send().expect(405);

    assert!(head.expect(200).header("etag").starts_with(|first: char| first.is_ascii_digit()));
    assert_eq!(configured.header("access-control-allow-origin"), "http://app.test");
    assert_eq!(vendor.header("access-control-allow-origin"), "http://any.test");
    assert_eq!(no_preflight.header("allow"), "GET, POST");
}

#[test]
fn a_preflight_allows_the_namespace_header() {
    let mock = TestServer::with_config(
        Config { cors: vec!["http://app.test".to_owned()], ..Config::default() },
        "{}",
    );

    let call = mock.request("OPTIONS", LEGACY).anonymous().header("origin", "http://app.test");
    let call = call.header("access-control-request-method", "GET");
    let allowed = call.header("access-control-request-headers", "x-mock-namespace").send().expect(200);

    assert_eq!(allowed.header("access-control-allow-headers"), "x-mock-namespace");
}

#[test]
fn a_request_in_flight_in_a_deleted_namespace_completes_without_restoring_it() {
    let mock = TestServer::multi_threaded(Config::default(), "{}");
    create_legacy_group(&mock, "/ns/one", "before");
    let body = r#"{"entry":{"name":"late"}}"#;
    let head = format!(
        "POST /ns/one{LEGACY} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer t\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    let mut stream = mock.connect();
    stream.write_all(head.as_bytes()).unwrap();
    let mut interim_response = [0; 25];
    stream.read_exact(&mut interim_response).unwrap();

    mock.delete("/__admin/namespaces/one").send().expect(204);
    stream.write_all(body.as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();

    assert!(response.starts_with("HTTP/1.1 201"), "{response}");
    assert_eq!(namespaces(&mock), ["default"]);
    assert_eq!(legacy_group_names(&mock, "/ns/one"), Vec::<String>::new());
}
