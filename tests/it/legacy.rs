//! Black-box tests of the legacy dialect.

use access_groups_mock::{AuthMode, Config};
use serde_json::{Value, json};

use crate::support::TestServer;

const LIST: &str = "/api2/access_groups.json";

/// Returns the sample request of the vendor's help page.
fn sample_request() -> Value {
    let customer = json!({
        "id": 1, "organisation": "sample string 2", "email": "sample string 3",
        "expire_at": "2024-11-01T04:45:57.4498996+01:00", "group_id": 1, "valid": true,
        "created_at": "2024-11-01T04:45:57.4498996+01:00", "confirmed": true, "disabled": true,
        "invited": true, "custom_data_1": "sample string 4", "authentication": 64,
        "allowed_concurrent_users": 1, "monthly_cost": 1, "account_type": 64
    });
    json!({"entry": {
        "name": "sample string 1", "valid": 1, "company_id": 1, "license_id": 1, "theme_settings_id": 1,
        "auto_update": true, "send_mail": true, "sso_platform_id": 1,
        "sso_admin_group_id": "sample string 2", "sso_member_group_id": "sample string 3",
        "customers": [customer.clone(), customer], "user_count": 5, "project_count": 6,
        "domains": ["samplestring1", "samplestring2"], "invite_type": "InviteOnly"
    }})
}

fn with_group() -> TestServer {
    TestServer::with_seed(
        r#"{"legacy":{"access_groups":[{"id":4,"name":"old","created_at":"2024-11-01T04:45:57.4498996+01:00"}]}}"#,
    )
}

#[test]
fn the_sample_request_round_trips_in_the_field_order_of_the_sample_response() {
    let mock = with_group();

    let response = mock.put("/api2/access_groups/4.json").json(sample_request()).send().expect(200);

    let entry = &response.json()["entry"];
    let fields: Vec<&str> = entry.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "created_at",
        "name",
        "valid",
        "company_id",
        "license_id",
        "theme_settings_id",
        "auto_update",
        "send_mail",
        "sso_platform_id",
        "sso_admin_group_id",
        "sso_member_group_id",
        "id",
        "customers",
        "user_count",
        "project_count",
        "domains",
        "invite_type",
    ];
    assert_eq!(fields, expected);
    for (name, sent) in sample_request()["entry"].as_object().unwrap() {
        let expected = if name == "user_count" { json!(2) } else { sent.clone() };
        assert_eq!(entry[name], expected, "{name}");
    }
    assert_eq!(entry["id"], 4);
    assert_eq!(entry["created_at"], "2024-11-01T04:45:57.4498996+01:00");
    assert_eq!(response.header("content-type"), "application/json; charset=utf-8");
    let read = mock.get("/api2/access_groups/4.json").send().expect(200);
    assert_eq!(read.text(), response.text());
}

#[test]
fn absent_fields_keep_their_value_and_null_clears() {
    let mock = with_group();
    mock.put("/api2/access_groups/4.json").json(sample_request()).send().expect(200);

    let change = json!({"entry": {"name": null, "valid": 0, "customers": [], "unknown": 1}});
    let entry =
        mock.put("/api2/access_groups/4.json").json(change).send().expect(200).json()["entry"].clone();

    assert_eq!(entry["name"], Value::Null);
    assert_eq!(entry["valid"], 0);
    assert_eq!(entry["company_id"], 1);
    assert_eq!(entry["user_count"], 0);
    assert_eq!(entry["domains"], json!(["samplestring1", "samplestring2"]));
}

#[test]
fn a_group_is_created_listed_read_and_deleted() {
    let mock = TestServer::start();

    let body =
        json!({"entry": {"name": "a", "domains": ["ex ample.com"], "customers": [{"email": "a@b.c"}]}});
    let created = mock.post(LIST).json(body).send().expect(201);
    mock.post(LIST).json(json!({"entry": {"name": "b"}})).send().expect(201);

    assert_eq!(created.header("location"), format!("{}/api2/access_groups/1.json", mock.url()));
    let entry = &created.json()["entry"];
    assert_eq!(entry["domains"], json!(["example.com"]));
    assert_eq!(entry["customers"][0]["id"], 1);
    assert_eq!(entry["customers"][0]["group_id"], 1);
    let list = mock.get(LIST).send().expect(200).json();
    let names: Vec<&Value> = list["entries"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
    assert_eq!(names, ["a", "b"]);
    mock.delete("/api2/access_groups/1.json").send().expect(204);
    mock.get("/api2/access_groups/1.json").send().expect(404);
    mock.delete("/api2/access_groups/1.json").send().expect(404);
    let body = json!({"entry": {"name": "c"}});
    assert_eq!(mock.post(LIST).json(body).send().expect(201).json()["entry"]["id"], 3);
}

#[test]
fn a_page_has_fifty_groups() {
    let mock = TestServer::start();
    for number in 0..51 {
        mock.post(LIST).json(json!({"entry": {"name": number.to_string()}})).send().expect(201);
    }

    let count = |query: &str| {
        let list = mock.get(&format!("{LIST}{query}")).send().expect(200).json();
        list["entries"].as_array().unwrap().len()
    };

    assert_eq!([count(""), count("?Page=1"), count("?page=2"), count("?page=3")], [51, 50, 1, 0]);
    mock.get(&format!("{LIST}?page=0")).send().expect(400);
}

#[test]
fn a_long_list_has_all_groups_and_shows_changes() {
    let groups: Vec<Value> = (1..=2_100).map(|id| json!({"id": id, "name": format!("group {id}")})).collect();
    let mock =
        TestServer::with_config(Config::default(), &json!({"legacy": {"access_groups": groups}}).to_string());
    let entries = || mock.get(LIST).send().expect(200).json()["entries"].as_array().unwrap().clone();
    let before = entries();

    mock.put("/api2/access_groups/7.json").json(json!({"entry": {"name": "changed"}})).send().expect(200);

    let after = entries();
    assert_eq!((before.len(), after.len()), (2_100, 2_100));
    assert_eq!((&before[6]["name"], &after[6]["name"]), (&json!("group 7"), &json!("changed")));
    assert_eq!((&after[5], &after[2_099]), (&before[5], &before[2_099]));
}

#[test]
fn paths_are_case_insensitive_and_require_their_suffix() {
    let mock = with_group();

    mock.get("/API2/Access_Groups/4.JSON").send().expect(200);
    let response = mock.get("/api2/access_groups/4").send().expect(404);

    let message = format!(
        "No HTTP resource was found that matches the request URI '{}/api2/access_groups/4'.",
        mock.url()
    );
    assert_eq!(response.json(), json!({"Message": message}));
}

#[test]
fn an_unknown_id_is_404_and_a_put_creates_nothing() {
    let mock = TestServer::start();

    let response = mock.put("/api2/access_groups/9.json").json(sample_request()).send().expect(404);

    assert_eq!(response.json(), json!({"Message": "No access group with the id 9 was found."}));
    assert_eq!(mock.get(LIST).send().json(), json!({"entries": []}));
}

#[test]
fn a_non_integer_id_is_400() {
    let mock = TestServer::start();

    for id in ["abc", "99999999999", "1.5"] {
        let response = mock.get(&format!("/api2/access_groups/{id}.json")).send().expect(400);
        assert_eq!(response.json()["Message"], "The request is invalid.");
        assert!(response.json()["MessageDetail"].as_str().unwrap().contains("parameter 'id'"));
    }
}

#[test]
fn model_state_has_every_invalid_field() {
    let mock = with_group();

    let body = json!({"entry": {
        "valid": "x", "auto_update": "maybe", "invite_type": "Nobody", "domains": 3,
        "customers": [{"authentication": 256, "expire_at": "soon"}, 7]
    }});
    let response = mock.put("/api2/access_groups/4.json").json(body).send().expect(400);

    let state = response.json()["ModelState"].clone();
    let keys: Vec<&str> = state.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "entry.valid",
            "entry.auto_update",
            "entry.customers[0].expire_at",
            "entry.customers[0].authentication",
            "entry.customers[1]",
            "entry.domains",
            "entry.invite_type"
        ]
    );
    assert_eq!(state["entry.valid"], json!(["The value \"x\" cannot be converted to type 'System.Int32'."]));
    assert_eq!(mock.get("/api2/access_groups/4.json").send().json()["entry"]["name"], "old");
}

#[test]
fn a_body_without_entry_or_without_json_is_400_with_model_state() {
    let mock = with_group();
    let put = |body: &str| {
        mock.put("/api2/access_groups/4.json").body(body).header("content-type", "application/json").send()
    };

    assert_eq!(put("{}").expect(400).json()["ModelState"], json!({"entry": ["An error has occurred."]}));
    assert_eq!(put("null").expect(400).json()["ModelState"], json!({"entry": ["An error has occurred."]}));
    let broken = put("{\"entry\":\n  x}").expect(400).json();
    assert_eq!(broken["ModelState"]["entry"], json!(["Expected value. Path '', line 2, position 3."]));
    let empty = mock.put("/api2/access_groups/4.json").send().expect(400);
    assert_eq!(empty.json()["ModelState"], json!({"entry": ["An error has occurred."]}));
}

#[test]
fn other_media_types_are_415() {
    let mock = with_group();

    let put = || mock.put("/api2/access_groups/4.json").body("entry");
    let plain = put().header("content-type", "text/plain").send().expect(415);
    let none = put().send().expect(415);

    assert_eq!(
        plain.json()["Message"],
        "The request entity's media type 'text/plain' is not supported for this resource."
    );
    assert_eq!(
        none.json()["Message"],
        "The request contains an entity body but no Content-Type header. The inferred media type \
         'application/octet-stream' is not supported for this resource."
    );
}

#[test]
fn a_wrong_method_is_405_with_allow() {
    let mock = with_group();

    let response = mock.patch("/api2/access_groups/4.json").json(json!({})).send().expect(405);

    assert_eq!(response.header("allow"), "GET, PUT, DELETE");
    assert_eq!(
        response.json(),
        json!({"Message": "The requested resource does not support http method 'PATCH'."})
    );
}

#[test]
fn a_missing_token_is_401_and_strict_mode_accepts_only_known_tokens() {
    let lenient = with_group();
    let strict = TestServer::with_config(
        Config { auth: AuthMode::Strict, ..Config::default() },
        r#"{"credentials":[{"dialect":"legacy","secret":"w"},{"dialect":"legacy","secret":"r","role":"viewer"}]}"#,
    );

    let response = lenient.get(LIST).anonymous().send().expect(401);
    assert_eq!(response.header("www-authenticate"), "Bearer");
    assert_eq!(response.json(), json!({"Message": "Authorization has been denied for this request."}));
    lenient.get(LIST).header("authorization", "Basic eA==").send().expect(401);
    let entry = json!({"entry": {"name": "a"}});
    strict.get(LIST).send().expect(401);
    strict.get(LIST).header("authorization", "Bearer r").send().expect(200);
    strict.head(LIST).header("authorization", "Bearer r").send().expect(200);
    strict.post(LIST).header("authorization", "Bearer r").json(entry.clone()).send().expect(403);
    strict.post(LIST).header("authorization", "Bearer w").json(entry).send().expect(201);
}

#[test]
fn a_pinned_group_is_restored_on_deletion() {
    let mock =
        TestServer::with_seed(r#"{"legacy":{"access_groups":[{"id":7,"name":"kept","pinned":true}]}}"#);
    mock.put("/api2/access_groups/7.json").json(json!({"entry": {"name": "x"}})).send().expect(200);

    mock.delete("/api2/access_groups/7.json").send().expect(204);

    let entry = mock.get("/api2/access_groups/7.json").send().expect(200).json()["entry"].clone();
    assert_eq!(entry["name"], "kept");
}

#[test]
fn maximum_ids_do_not_prevent_new_groups_and_customers() {
    let mock = TestServer::with_seed(
        r#"{"legacy":{"access_groups":[{"id":2147483647,"name":"last"},{"name":"first"}]}}"#,
    );
    mock.post(LIST).json(json!({"entry": {"customers": [{"id": 2_147_483_647}]}})).send().expect(201);

    let response =
        mock.post(LIST).json(json!({"entry": {"customers": [{"email": "a@b.c"}]}})).send().expect(201);

    assert_eq!(response.json()["entry"]["id"], 3);
    assert_eq!(response.json()["entry"]["customers"][0]["id"], 1);
    assert_eq!(mock.get("/api2/access_groups/1.json").send().json()["entry"]["name"], "first");
}

#[test]
fn a_response_has_at_most_a_hundred_errors() {
    let mock = with_group();

    let body = json!({"entry": {"customers": vec![1; 1000]}});
    let response = mock.post(LIST).json(body).send().expect(400);

    assert_eq!(response.json()["ModelState"].as_object().unwrap().len(), 100);
}

#[test]
fn an_id_that_is_not_utf_8_is_400() {
    let mock = with_group();

    let response = mock.get("/api2/access_groups/%ff.json").send().expect(400);

    assert!(response.json()["MessageDetail"].as_str().unwrap().contains("parameter 'id'"));
}

#[test]
fn a_restored_state_continues_its_sequences_and_ids() {
    let state = json!({"last_sequence": 9, "last_id": 20, "last_customer_id": 30});
    let pinned = json!({"name": "kept"});
    let groups = json!([
        {"id": 2, "name": "b", "$state": {"sequence": 8, "pinned": pinned}},
        {"id": 1, "name": "a", "$state": {"sequence": 3, "modified": "2026-01-02T03:04:05.678Z"}}
    ]);
    let mock =
        TestServer::with_seed(&json!({"legacy": {"access_groups": groups, "$state": state}}).to_string());

    let new = mock.post(LIST).json(json!({"entry": {"customers": [{}]}})).send().expect(201).json();
    let ids: Vec<Value> = mock.get(LIST).send().expect(200).json()["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["id"].clone())
        .collect();
    mock.delete("/api2/access_groups/2.json").send().expect(204);

    assert_eq!((&new["entry"]["id"], &new["entry"]["customers"][0]["id"]), (&json!(21), &json!(31)));
    assert_eq!(ids, [1, 2, 21]);
    let restored = mock.get("/api2/access_groups/2.json").send().expect(200).json();
    assert_eq!(restored["entry"]["name"], "kept");
}

#[test]
fn the_last_of_repeated_fields_wins_and_exact_names_have_precedence() {
    let mock = with_group();
    let put = |body: &'static str| {
        let request = mock.put("/api2/access_groups/4.json").header("content-type", "application/json");
        request.body(body).send().expect(200).json()["entry"]["name"].clone()
    };

    assert_eq!(put(r#"{"entry":{"name":"a","name":"b","Name":"c"}}"#), "b");
    assert_eq!(put(r#"{"entry":{"Name":"a","NAME":"b","Name":1.0}}"#), "1.0");
}

#[test]
fn a_time_has_at_most_seven_fraction_digits_without_trailing_zeros() {
    for (given, shown) in [
        ("2024-11-01T04:45:57Z", "2024-11-01T04:45:57+00:00"),
        ("2024-11-01T04:45:57.500+01:00", "2024-11-01T04:45:57.5+01:00"),
        ("2024-11-01T04:45:57.0300-03:30", "2024-11-01T04:45:57.03-03:30"),
        ("2024-11-01T04:45:57.123456789+01:00", "2024-11-01T04:45:57.1234567+01:00"),
        ("2024-11-01T04:45:57.00000009+01:00", "2024-11-01T04:45:57+01:00"),
    ] {
        let seed = json!({"legacy": {"access_groups": [{"id": 4, "name": "a", "created_at": given}]}});
        let mock = TestServer::with_seed(&seed.to_string());

        let group = mock.get("/api2/access_groups/4.json").send().expect(200).json();

        assert_eq!(group["entry"]["created_at"], shown);
    }
}
