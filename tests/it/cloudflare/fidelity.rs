//! The differences between the documented and the live behavior, and the behavior that both share.

use access_groups_mock::{AuthMode, Config, Fidelity};
use serde_json::{Value, json};

use super::{ACCOUNT, ZONE, access_groups_path, resource_groups_path};
use crate::support::{TestResponse, TestServer};

const BOTH: [Fidelity; 2] = [Fidelity::Documented, Fidelity::Live];

const CREDENTIALS: &str = r#"{"credentials":[
    {"dialect":"cloudflare","secret":"editor"},
    {"dialect":"cloudflare","secret":"viewer","role":"viewer"},
    {"dialect":"cloudflare","secret":"none","role":"none"},
    {"dialect":"cloudflare","secret":"elsewhere","account":"another"}]}"#;

fn start(fidelity: Fidelity) -> TestServer {
    TestServer::with_config(Config { fidelity, ..Config::default() }, "{}")
}

fn start_strict(fidelity: Fidelity) -> TestServer {
    TestServer::with_config(Config { fidelity, auth: AuthMode::Strict, ..Config::default() }, CREDENTIALS)
}

/// Returns the Access groups of an account and of a zone.
fn both_scopes() -> [String; 2] {
    [access_groups_path(), format!("/client/v4/zones/{ZONE}/access/groups")]
}

/// Asserts an error of the gateway, whose envelope depends on the fidelity.
#[track_caller]
fn assert_gateway_error(response: &TestResponse, fidelity: Fidelity, error: &Value) {
    let (body, media_type) = match fidelity {
        Fidelity::Documented => (
            json!({"result": null, "success": false, "errors": [error], "messages": []}),
            "application/json; charset=UTF-8",
        ),
        Fidelity::Live => (json!({"success": false, "errors": [error]}), "application/json"),
    };
    assert_eq!(response.json(), body);
    assert_eq!(response.header("content-type"), media_type);
}

#[test]
fn is_default_is_omitted_by_the_live_service() {
    for (fidelity, expected) in [(Fidelity::Documented, Some(json!([]))), (Fidelity::Live, None)] {
        let mock = start(fidelity);
        for path in both_scopes() {
            let body = json!({"name": "a", "include": [], "is_default": true});
            let group = mock.post(&path).json(body).send().expect(201).json()["result"].clone();
            let item = format!("{path}/{}", group["id"].as_str().unwrap());
            let read = mock.get(&item).send().expect(200).json()["result"].clone();
            let listed = mock.get(&path).send().expect(200).json()["result"][0].clone();

            for group in [group, read, listed] {
                assert_eq!(group.get("is_default").cloned(), expected, "{fidelity:?}");
            }
        }
    }
}

#[test]
fn fidelity_of_a_namespace_is_set_by_a_request_and_ends_with_a_reset() {
    let mock = TestServer::start();
    let path = format!("/ns/a{}", access_groups_path());
    let body = json!({"name": "a", "include": []});
    let group = mock.post(&path).json(body.clone()).send().expect(201).json()["result"].clone();
    let item = format!("{path}/{}", group["id"].as_str().unwrap());
    let has_field =
        |path: &str| mock.get(path).send().expect(200).json()["result"].get("is_default").is_some();
    assert!(has_field(&item));

    let set = mock.put("/ns/a/__admin/fidelity").json(json!({"fidelity": "live"})).send().expect(200);

    assert_eq!(set.json(), json!({"fidelity": "live"}));
    assert_eq!(mock.get("/ns/a/__admin/fidelity").send().expect(200).json(), json!({"fidelity": "live"}));
    assert!(!has_field(&item), "a cached response keeps the other shape");
    let other = mock.post(&access_groups_path()).json(body).send().expect(201).json();
    assert!(other["result"].get("is_default").is_some(), "another namespace changed, too");
    mock.post("/ns/a/__admin/reset").send().expect(200);
    assert_eq!(
        mock.get("/ns/a/__admin/fidelity").send().expect(200).json(),
        json!({"fidelity": "documented"})
    );
}

#[test]
fn invalid_fidelity_is_rejected_and_changes_nothing() {
    let mock = TestServer::start();

    for body in ["", "{", "[]", "{}", r#"{"fidelity":"real"}"#, r#"{"fidelity":"live","x":1}"#] {
        mock.put("/__admin/fidelity").body(body).send().expect(400);
    }

    let fidelity = mock.get("/__admin/fidelity").send().expect(200).json();
    assert_eq!(fidelity, json!({"fidelity": "documented"}));
}

#[test]
fn missing_credential_and_unknown_path_are_errors_of_the_gateway() {
    for fidelity in BOTH {
        let mock = start(fidelity);
        for path in both_scopes() {
            let missing = mock.get(&path).anonymous().send().expect(400);
            let message = "Missing X-Auth-Key, X-Auth-Email or Authorization headers";
            assert_gateway_error(&missing, fidelity, &json!({"code": 9106, "message": message}));
        }
        let path = format!("/client/v4/accounts//{ACCOUNT}/access/groupz");
        let unknown = mock.get(&path).send().expect(404);
        let sent = format!("/client/v4/accounts/{ACCOUNT}/access/groupz");
        let message = format!("Could not route to {sent}, perhaps your object identifier is invalid?");
        assert_gateway_error(&unknown, fidelity, &json!({"code": 7003, "message": message}));
    }
}

#[test]
fn incomplete_key_credential_is_named_by_the_live_service() {
    let all = json!({"code": 9106, "message": "Missing X-Auth-Key, X-Auth-Email or Authorization headers"});
    let key = json!({"code": 9107, "message": "Missing X-Auth-Key header"});
    let email = json!({"code": 9106, "message": "Missing X-Auth-Email header"});
    for (fidelity, without_key, without_email) in
        [(Fidelity::Documented, &all, &all), (Fidelity::Live, &key, &email)]
    {
        let mock = start(fidelity);
        let get = || mock.get(&access_groups_path()).anonymous();

        let response = get().header("x-auth-email", "user@example.com").send().expect(400);
        assert_gateway_error(&response, fidelity, without_key);
        let response = get().header("x-auth-key", "144c9defac04969c7bfad8efaa8ea194").send().expect(400);
        assert_gateway_error(&response, fidelity, without_email);
    }
}

#[test]
fn malformed_email_and_key_are_both_in_the_chain() {
    for fidelity in BOTH {
        let mock = start(fidelity);
        let request = mock.get(&access_groups_path()).anonymous();
        let response =
            request.header("x-auth-email", "nobody").header("x-auth-key", "a key").send().expect(400);

        assert_eq!(
            response.json(),
            json!({"result": null, "success": false, "messages": [], "errors": [{
                "code": 6003, "message": "Invalid request headers", "error_chain": [
                    {"code": 6102, "message": "Invalid format for X-Auth-Email header"},
                    {"code": 6103, "message": "Invalid format for X-Auth-Key header"}
                ]
            }]})
        );
    }
}

#[test]
fn credential_without_the_right_is_rejected_by_the_service_of_the_path() {
    for fidelity in BOTH {
        let mock = start_strict(fidelity);
        let with = |method: &str, path: &str, token: &str| {
            let request = mock.request(method, path).header("authorization", &format!("Bearer {token}"));
            if method == "GET" || method == "DELETE" {
                request
            } else {
                request.json(json!({"name": "a", "include": []}))
            }
            .send()
        };
        let authentication = json!({"code": 10000, "message": "Authentication error"});
        for path in both_scopes() {
            let item = format!("{path}/f174e90a-fafe-4643-bbbc-4a0ed4fc8415");
            assert_gateway_error(&with("GET", &item, "none").expect(403), fidelity, &authentication);
            assert_gateway_error(&with("GET", &path, "unknown").expect(401), fidelity, &authentication);
            assert_gateway_error(&with("POST", &path, "none").expect(403), fidelity, &authentication);
            assert_gateway_error(&with("GET", &path, "elsewhere").expect(403), fidelity, &authentication);
            let list = with("GET", &path, "none");
            match fidelity {
                Fidelity::Documented => assert_gateway_error(&list.expect(403), fidelity, &authentication),
                Fidelity::Live => assert_eq!(list.expect(200).json()["result"], json!([])),
            }
            for (method, path) in [("POST", &path), ("PUT", &item), ("DELETE", &item)] {
                let response = with(method, path, "viewer").expect(403);
                match fidelity {
                    Fidelity::Documented => assert_gateway_error(&response, fidelity, &authentication),
                    Fidelity::Live => {
                        assert_eq!(response.json(), json!({"code": 1010, "error": "auth.forbidden"}));
                    }
                }
            }
            assert_eq!(with("GET", &path, "editor").expect(200).json()["result"], json!([]));
        }
        // The IAM service has its own error.
        let response = with("GET", &resource_groups_path(), "none").expect(403).json();
        assert_eq!(response["errors"][0]["code"], 9109);
    }
}

#[test]
fn page_size_is_checked_by_the_live_service() {
    for path in both_scopes() {
        let status =
            |mock: &TestServer, size: &str| mock.get(&format!("{path}?per_page={size}")).send().status;
        let (documented, live) = (start(Fidelity::Documented), start(Fidelity::Live));
        for size in ["0", "1", "5", "10", "20", "25", "50", "100", "1000", "", "x"] {
            assert_eq!((status(&documented, size), status(&live, size)), (200, 200), "{size}");
        }
        for size in ["2", "26", "1001", "5000"] {
            assert_eq!((status(&documented, size), status(&live, size)), (200, 400), "{size}");
        }
        let error = live.get(&format!("{path}?per_page=26")).send().expect(400).json()["errors"][0].clone();
        let message = "access.api.error.invalid_url_parameter_value";
        assert_eq!(error, json!({"code": 12091, "message": message}));
    }
}

#[test]
fn rule_of_an_unknown_kind_is_rejected_unless_any_rule_is_accepted() {
    use access_groups_mock::{CloudflareConfig, RuleCheck};

    for fidelity in BOTH {
        let mock = start(fidelity);
        for path in both_scopes() {
            let valid = json!({"name": "a", "include": [{"everyone": {}}]});
            let group = mock.post(&path).json(valid).send().expect(201).json()["result"].clone();
            let item = format!("{path}/{}", group["id"].as_str().unwrap());
            for list in ["include", "exclude", "require"] {
                let mut body = json!({"name": "a", "include": [{"everyone": {}}]});
                body[list] = json!([{"everyone": {}}, {"identity_provider": {"id": "x"}}]);
                for request in [mock.post(&path), mock.put(&item)] {
                    let response = request.json(body.clone()).send().expect(400);
                    let message = format!("access.api.error.invalid_request: invalid '{list}' configuration");
                    assert_eq!(
                        response.json(),
                        json!({"result": null, "success": false, "messages": [], "errors": [{
                            "code": 12130, "message": message,
                            "error_chain": [{"message": "unknown rule type: 'identity_provider'"}]
                        }]})
                    );
                }
            }
            assert_eq!(mock.get(&item).send().expect(200).json()["result"], group);

            let cloudflare = CloudflareConfig { rules: RuleCheck::Any, ..CloudflareConfig::default() };
            let any = TestServer::with_config(Config { fidelity, cloudflare, ..Config::default() }, "{}");
            let body = json!({"name": "a", "include": [{"identity_provider": {"id": "x"}}]});
            let group = any.post(&path).json(body.clone()).send().expect(201).json()["result"].clone();
            assert_eq!(group["include"], body["include"]);
        }
    }
}

#[test]
fn permission_groups_are_the_roles_of_an_account_with_labels() {
    for fidelity in BOTH {
        let mock = start(fidelity);
        let path = format!("/client/v4/accounts/{ACCOUNT}/iam/permission_groups");
        let by_label = |label: &str| {
            mock.get(&format!("{path}?label={label}")).send().expect(200).json()["result"].clone()
        };

        for label in ["admin", "all_privileges", "domain_admin_readonly", "brand_protection"] {
            assert_eq!(by_label(label).as_array().unwrap().len(), 1, "{label}");
        }
        let firewall = by_label("waf_admin")[0].clone();
        assert_eq!(firewall["id"], "10515a9267294c2e8dd974332556a33b");
        assert_eq!(firewall["name"], "Firewall");
        let item = format!("{path}/{}", firewall["id"].as_str().unwrap());
        assert_eq!(mock.get(&item).send().expect(200).json()["result"], firewall);
    }
}
