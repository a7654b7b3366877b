//! Users, service ids, trusted profiles and policies in the seed file.

use access_groups_mock::{App, Config, Seed};
use serde_json::{Value, json};

use super::{ACCOUNT, add_member, field_values};
use crate::support::TestServer;

fn server_with_account(account: &Value) -> TestServer {
    TestServer::with_seed(&json!({"ibm": {"accounts": {"a": account}}}).to_string())
}

/// Returns the error of a seed with `account` as account `a`.
fn seed_error(account: &Value) -> String {
    let text = json!({"ibm": {"accounts": {"a": account}}}).to_string();
    match Seed::parse(&text) {
        Err(error) => error.to_string(),
        Ok(seed) => App::new(Config::default(), seed).expect_err("the seed is wrong").to_string(),
    }
}

fn policy(subject: &str, value: &str) -> Value {
    json!({
        "type": "access",
        "subjects": [{"attributes": [{"name": subject, "value": value}]}],
        "roles": [{"role_id": "crn:v1:bluemix:public:iam::::role:Viewer"}],
        "resources": [{"attributes": [{"name": "accountId", "value": "a"}]}]
    })
}

#[test]
fn responses_of_the_apis_are_valid_seeds() {
    let mock = super::demo_server();
    let get =
        |mock: &TestServer, path: &str, items: &str| mock.get(path).send().expect(200).json()[items].clone();
    let paths = [
        ("users", format!("/v2/accounts/{ACCOUNT}/users"), "resources"),
        ("service_ids", format!("/v1/serviceids/?account_id={ACCOUNT}"), "serviceids"),
        ("profiles", format!("/v1/profiles?account_id={ACCOUNT}"), "profiles"),
        ("policies", format!("/v1/policies?account_id={ACCOUNT}"), "policies"),
    ];
    let groups = mock.get(&format!("/v2/groups?account_id={ACCOUNT}&hide_public_access=true")).send().json();
    let mut account = json!({"groups": groups["groups"]});
    for (member, path, items) in &paths {
        account[*member] = get(&mock, path, items);
    }
    let second = format!("/v2/policies?account_id={ACCOUNT}");
    account["policies"][1] = get(&mock, &second, "policies")[1].clone();

    let copy = TestServer::with_seed(&json!({"ibm": {"accounts": {ACCOUNT: account}}}).to_string());

    let as_copied = |value: Value| value.to_string().replace(&mock.url(), &copy.url());
    for (_, path, items) in &paths {
        assert_eq!(get(&copy, path, items).to_string(), as_copied(get(&mock, path, items)));
    }
    assert_eq!(get(&copy, &second, "policies").to_string(), as_copied(get(&mock, &second, "policies")));
}

#[test]
fn ids_and_times_are_optional() {
    let mock = server_with_account(&json!({
        "users": [{"iam_id": "IBMid-1"}],
        "service_ids": [{"name": "s"}],
        "profiles": [{"name": "p"}],
        "policies": [policy("iam_id", "IBMid-1")]
    }));

    let first = |path: &str, items: &str| mock.get(path).send().expect(200).json()[items][0].clone();

    assert_eq!(first("/v2/accounts/a/users", "resources")["email"], "1@example.com");
    let service = first("/v1/serviceids/?account_id=a", "serviceids");
    super::assert_uuid(service["id"].as_str().unwrap(), "ServiceId-");
    let profile = first("/v1/profiles?account_id=a", "profiles");
    super::assert_uuid(profile["id"].as_str().unwrap(), "Profile-");
    let policy = first("/v1/policies?account_id=a", "policies");
    super::assert_uuid(policy["id"].as_str().unwrap(), "");
}

#[test]
fn the_link_of_a_policy_encodes_its_id() {
    let mut odd = policy("iam_id", "IBMid-1");
    odd["id"] = json!("a b?c");
    let mock = server_with_account(&json!({"policies": [odd]}));

    let list = mock.get("/v1/policies?account_id=a").send().expect(200).json();

    assert_eq!(list["policies"][0]["href"], format!("{}/v1/policies/a%20b%3Fc", mock.url()));
    assert_eq!(mock.get("/v1/policies/a%20b%3Fc").send().expect(200).json()["id"], "a b?c");
}

#[test]
fn details_of_one_identity_are_merged() {
    let mock = server_with_account(&json!({
        "users": [{"iam_id": "IBMid-1", "firstname": "Ada", "lastname": "Blue"}],
        "service_ids": [{"id": "ServiceId-1", "name": "bot"}],
        "groups": [{"id": "g", "name": "g", "members": [
            {"iam_id": "IBMid-1", "type": "user", "email": "ada@example.com"},
            {"iam_id": "iam-ServiceId-1", "type": "service", "name": "bot"}
        ]}]
    }));

    let members = mock.get("/v2/groups/g/members?verbose=true").send().expect(200).json();

    assert_eq!(field_values(&members, "members", "name"), ["Ada Blue", "bot"]);
    assert_eq!(members["members"][0]["email"], "ada@example.com");
    let user = mock.get("/v2/accounts/a/users/IBMid-1").send().expect(200).json();
    assert_eq!(user["email"], "ada@example.com");
}

#[test]
fn member_details_of_a_service_id_are_kept() {
    let mock = server_with_account(&json!({
        "service_ids": [{"id": "ServiceId-1", "name": "bot", "pinned": true}],
        "groups": [{"id": "g", "name": "g", "pinned": true, "members": [
            {"iam_id": "iam-ServiceId-1", "type": "service", "description": "runs builds"}
        ]}]
    }));
    let descriptions = || {
        let list = mock.get("/v2/groups/g/members?verbose=true").send().expect(200).json();
        field_values(&list, "members", "description")
    };
    let rename = json!({"name": "changed"});

    assert_eq!(descriptions(), ["runs builds"]);
    let own = mock.get("/v1/serviceids/ServiceId-1").send().expect(200).json();
    assert_eq!(own["description"], "runs builds");
    mock.put("/v1/serviceids/ServiceId-1").header("if-match", "*").json(rename).send().expect(200);
    assert_eq!(descriptions(), ["runs builds"]);
    mock.delete("/v1/serviceids/ServiceId-1").send().expect(204);
    assert_eq!(descriptions(), ["runs builds"]);
}

#[test]
fn a_user_has_the_details_of_its_service_id_in_any_account() {
    let accounts = json!({
        "a": {"users": [{"iam_id": "iam-ServiceId-1"}, {"iam_id": "iam-ServiceId-2"}],
              "service_ids": [{"id": "ServiceId-1", "name": "ci bot"}]},
        "b": {"service_ids": [{"id": "ServiceId-2", "name": "cd bot"}]}
    });
    let mock = TestServer::with_seed(&json!({"ibm": {"accounts": accounts}}).to_string());

    let users = mock.get("/v2/accounts/a/users").send().expect(200).json();

    assert_eq!(field_values(&users, "resources", "firstname"), ["ci", "cd"]);
    assert_eq!(field_values(&users, "resources", "lastname"), ["bot", "bot"]);
}

#[test]
fn conflicting_details_of_one_identity_are_an_error() {
    let member = |iam_id: &str, kind: &str, name: &str| json!([{"name": "g", "members": [{"iam_id": iam_id, "type": kind, "name": name}]}]);

    let user = json!({
        "users": [{"iam_id": "IBMid-1", "firstname": "Ada"}],
        "groups": member("IBMid-1", "user", "Ben")
    });
    let service = json!({
        "service_ids": [{"id": "ServiceId-1", "name": "bot"}],
        "groups": member("iam-ServiceId-1", "service", "other")
    });

    assert_eq!(
        seed_error(&user),
        "ibm.accounts.a.groups[0].members[0]: `IBMid-1` has contradictory details elsewhere"
    );
    assert_eq!(
        seed_error(&service),
        "ibm.accounts.a.service_ids[0]: `iam-ServiceId-1` has contradictory details elsewhere"
    );
}

#[test]
fn seed_errors_name_their_path() {
    let path = "ibm.accounts.a";
    let cases = [
        (json!({"users": [{"iam_id": ""}]}), "users[0].iam_id: must not be empty"),
        (json!({"users": [{"iam_id": "u", "id": ""}]}), "users[0].id: must not be empty"),
        (json!({"service_ids": [{"id": "", "name": "n"}]}), "service_ids[0].id: must not be empty"),
        (json!({"profiles": [{"id": "", "name": "n"}]}), "profiles[0].id: must not be empty"),
        (
            json!({"users": [{"iam_id": "u"}, {"iam_id": "u"}]}),
            "users[1].iam_id: `u` is already a user of the account",
        ),
        (
            json!({"users": [{"iam_id": "u", "account_id": "b"}]}),
            "users[0].account_id: must be `a` at this location, not `b`",
        ),
        (json!({"service_ids": [{"name": ""}]}), "service_ids[0].name: must not be empty"),
        (json!({"service_ids": [{"id": "x", "name": "n"}]}), "service_ids[0].id: must start with ServiceId-"),
        (
            json!({"service_ids": [{"id": "ServiceId-1", "iam_id": "iam-x", "name": "n"}]}),
            "service_ids[0].iam_id: must be `iam-ServiceId-1` at this location, not `iam-x`",
        ),
        (
            json!({"profiles": [{"id": "Profile-1", "name": "n"}, {"id": "Profile-1", "name": "n"}]}),
            "profiles[1].name: The account already has a trusted profile with the name: n",
        ),
        (
            json!({"service_ids": [{"id": "ServiceId-1", "name": "n"}, {"id": "ServiceId-1", "name": "n"}]}),
            "service_ids[1].id: `ServiceId-1` is already used by an earlier record",
        ),
        (
            json!({"policies": [policy("access_group_id", "g")]}),
            "policies[0]: Access groups can only be assigned against resources in the same account as the access \
             group.",
        ),
        (
            json!({"policies": [{"type": "access"}]}),
            "policies[0]: Invalid body format. Check the input parameters. instance.roles must have at least one \
             role, instance.subject must have one attribute: access_group_id or iam_id, instance.resource must have \
             the attribute accountId",
        ),
    ];

    for (account, expected) in cases {
        assert_eq!(seed_error(&account), format!("{path}.{expected}"));
    }
    let unknown = seed_error(&json!({"policies": [{"color": 1}]}));
    assert!(unknown.starts_with("ibm.accounts.a.policies[0].color: unknown field `color`"), "{unknown}");
    let mut elsewhere = policy("iam_id", "u");
    elsewhere["resources"][0]["attributes"][0]["value"] = json!("b");
    assert_eq!(
        seed_error(&json!({"policies": [elsewhere]})),
        "ibm.accounts.a.policies[0].accountId: must be `a` at this location, not `b`"
    );
    let mut first = policy("iam_id", "u");
    first["id"] = json!("p");
    assert_eq!(
        seed_error(&json!({"policies": [first, first]})),
        "ibm.accounts.a.policies[1].id: `p` is already used by an earlier policy"
    );
}

#[test]
fn policy_errors_name_their_path() {
    let with = |name: &str, value: Value| {
        let mut wrong = policy("iam_id", "u");
        wrong[name] = value;
        seed_error(&json!({"policies": [wrong]}))
    };
    let path = "ibm.accounts.a.policies[0]";

    assert_eq!(with("id", json!("")), format!("{path}.id: must not be empty"));
    assert_eq!(with("state", json!("deleted")), format!("{path}.state: must be active"));
    for (name, value) in [
        ("subject", json!({"attributes": []})),
        ("resource", json!({"attributes": []})),
        ("control", json!({"grant": {"roles": []}})),
    ] {
        assert_eq!(
            with(name, value),
            format!(
                "{path}.{name}: cannot be combined with `subjects`, which belongs to the other policy version"
            )
        );
    }
}

#[test]
fn a_deleted_pinned_group_is_restored_with_its_policies() {
    let mut seeded_policy = policy("access_group_id", "g");
    seeded_policy["id"] = json!("p");
    let mock = server_with_account(&json!({
        "groups": [{"id": "g", "name": "g", "pinned": true}],
        "policies": [seeded_policy]
    }));
    let mut new = policy("access_group_id", "g");
    new["roles"] = json!([{"role_id": "crn:v1:bluemix:public:iam::::role:Editor"}]);
    mock.post("/v1/policies").json(new).send().expect(201);

    mock.delete("/v2/groups/g").send().expect(204);

    let list = mock.get("/v1/policies?account_id=a&access_group_id=g").send().expect(200).json();
    assert_eq!(field_values(&list, "policies", "id"), ["p"]);
}

#[test]
fn a_policy_moved_to_another_subject_is_not_restored() {
    let mut seeded_policy = policy("access_group_id", "g");
    seeded_policy["id"] = json!("p");
    let mock = server_with_account(&json!({
        "groups": [{"id": "g", "name": "g", "pinned": true}],
        "policies": [seeded_policy]
    }));
    let moved = policy("iam_id", "IBMid-1");
    let first = mock.get("/v1/policies/p").send().expect(200);
    let put = mock.put("/v1/policies/p").header("if-match", first.header("etag"));
    put.json(moved).send().expect(200);

    mock.delete("/v2/groups/g").send().expect(204);

    let list = |subject: &str| {
        let list = mock.get(&format!("/v1/policies?account_id=a&{subject}")).send().expect(200).json();
        field_values(&list, "policies", "id")
    };
    assert!(list("access_group_id=g").is_empty());
    assert_eq!(list("iam_id=IBMid-1"), ["p"]);
}

#[test]
fn a_restored_pinned_group_has_no_name_for_a_deleted_service_id() {
    let mock = server_with_account(&json!({
        "service_ids": [{"id": "ServiceId-1", "name": "gone", "description": "runs builds"}],
        "groups": [{"id": "g", "name": "g", "pinned": true, "members": [
            {"iam_id": "iam-ServiceId-1", "type": "service"}
        ]}]
    }));
    mock.delete("/v1/serviceids/ServiceId-1").send().expect(204);

    mock.delete("/v2/groups/g?force=true").send().expect(204);

    let list = mock.get("/v2/groups/g/members?verbose=true").send().expect(200).json();
    assert_eq!(field_values(&list, "members", "iam_id"), ["iam-ServiceId-1"]);
    assert_eq!(field_values(&list, "members", "name"), ["Service ID 1"]);
}

#[test]
fn a_deleted_pinned_service_id_is_restored_with_its_seeded_name() {
    let mock = server_with_account(&json!({
        "service_ids": [{"id": "ServiceId-1", "name": "kept", "pinned": true}],
        "groups": [{"id": "g", "name": "g", "pinned": true, "members": [
            {"iam_id": "iam-ServiceId-1", "type": "service"}
        ]}]
    }));
    let names = || {
        let list = mock.get("/v2/groups/g/members?verbose=true").send().expect(200).json();
        field_values(&list, "members", "name")
    };
    let rename = json!({"name": "changed"});
    mock.put("/v1/serviceids/ServiceId-1").header("if-match", "*").json(rename).send().expect(200);
    assert_eq!(names(), ["changed"]);

    // The membership is pinned as well: it is restored first with the current name, then with the seeded one.
    mock.delete("/v2/groups/g/members/iam-ServiceId-1").send().expect(204);
    assert_eq!(names(), ["changed"]);
    mock.delete("/v1/serviceids/ServiceId-1").send().expect(204);

    assert_eq!(names(), ["kept"]);
    assert_eq!(mock.get("/v1/serviceids/ServiceId-1").send().expect(200).json()["name"], "kept");
    add_member(&mock, "g", "IBMid-1");
}
