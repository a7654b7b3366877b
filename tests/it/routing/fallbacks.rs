//! Paths without a route.

use access_groups_mock::{AuthMode, Config, Dialect};
use serde_json::json;

use super::{CLOUDFLARE_GROUP, IBM_GROUP, LEGACY_GROUPS, admin_not_found, demo_router, send, send_with};
use crate::support::TestServer;
use crate::support::operations::{demo_server, operations};

/// The prefixes of the paths that each API owns, with the rule of its 404.
const OWNED_PREFIXES: [(&str, &[&str]); 7] = [
    ("cloudflare.paths.not-found", &["/client/v4", "/accounts", "/zones", "/user"]),
    (
        "ibm.paths.not-found",
        &[
            "/v1/group_templates",
            "/v1/group_assignments",
            "/v1/policies",
            "/v1/serviceids",
            "/v1/profiles",
            "/v1/apikeys",
            "/v1/serviceid_groups",
            "/v1/policy_templates",
            "/v1/enterprises",
            "/v1/accounts",
            "/v1/account-groups",
            "/coe",
        ],
    ),
    ("ibm.paths.not-routed", &["/v2", "/v3", "/acms"]),
    ("ibm.tokens.not-found", &["/identity"]),
    ("authress.paths.not-found", &["/v1"]),
    ("legacy.paths.not-found", &["/api2"]),
    ("admin.paths.not-found", &["/__admin"]),
];

/// Ends of paths that no API has below any of its prefixes.
const UNKNOWN_ENDS: [&str; 10] = [
    "/nothing/at/all",
    "/nothing/at/all/",
    "/nothing/at/all.json",
    "//nothing/at/all",
    "/nothing//at/all",
    "/nothing/at/all//",
    "/nothing%2Fat/all/x",
    "/nothing/%2F/all",
    "/%ff/at/all",
    "/nothing/%ff%00/all?x=%ff",
];

#[test]
fn an_unknown_path_gets_the_404_of_the_api_that_owns_its_prefix() {
    let mock = TestServer::start();

    for (rule, prefixes) in OWNED_PREFIXES {
        for (prefix, end) in prefixes.iter().flat_map(|prefix| UNKNOWN_ENDS.map(|end| (prefix, end))) {
            for place in ["", "/ns/one"] {
                for prefix in [(*prefix).to_owned(), prefix.to_uppercase()] {
                    let target = format!("{place}{prefix}{end}");
                    let response = mock.get(&target).send().expect(404);
                    assert_eq!(response.header("x-mock-rule"), rule, "{target}");
                }
            }
        }
    }
}

#[test]
fn an_unknown_path_is_404_for_every_method() {
    let mock = TestServer::start();

    for (rule, prefixes) in OWNED_PREFIXES {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
            // OPTIONS is a preflight at Authress.
            if (rule, method) == ("authress.paths.not-found", "OPTIONS") {
                continue;
            }
            let target = format!("{}/nothing/at/all", prefixes[0]);
            let response = mock.request(method, &target).send().expect(404);
            assert_eq!((response.header("x-mock-rule"), response.header("allow")), (rule, ""), "{target}");
        }
    }
}

#[test]
fn a_path_of_a_vendor_with_doubled_slashes_or_another_trailing_slash_has_no_route() {
    let router = demo_router(Config::default());

    for (path, rule) in [
        ("//v2/groups", "ibm.paths.not-routed"),
        ("/v2//groups", "ibm.paths.not-routed"),
        ("/v2/groups/", "ibm.paths.not-found"),
        ("/v1/policies/", "ibm.paths.not-found"),
        ("//identity/token", "ibm.tokens.not-found"),
        ("/identity/token/", "ibm.tokens.not-found"),
        ("//v1/groups", "authress.paths.not-found"),
        ("/v1//groups", "authress.paths.not-found"),
        ("/v1/groups/", "authress.paths.not-found"),
        ("//api2/access_groups.json", "legacy.paths.not-found"),
        ("/api2//access_groups.json", "legacy.paths.not-found"),
        ("/api2/access_groups.json/", "legacy.paths.not-found"),
        ("//accounts/a/access/groups", "cloudflare.paths.not-found"),
        ("/accounts//access/groups", "cloudflare.paths.not-found"),
        ("/accounts/a/access/groups/x//", "cloudflare.paths.not-found"),
        ("/client//v4/accounts/a/access/groups", "admin.paths.not-found"),
        ("//ns/one/v2/groups", "admin.paths.not-found"),
    ] {
        for place in ["", "/ns/one"] {
            let response = send(&router, "GET", &format!("{place}{path}"), "").expect(404);
            assert_eq!(response.header("x-mock-rule"), rule, "{place}{path}");
        }
    }
}

#[test]
fn an_empty_segment_is_the_path_parameter_of_no_object() {
    let mock = demo_server(AuthMode::Off);

    for operation in operations() {
        for (name, _) in operation.required_parameters("path") {
            let template = operation.path.replace(&format!("{{{name}}}/"), "/");
            if template == operation.path {
                continue;
            }
            let target = operation.target_for_template(&template);
            let response = mock.request(&operation.method.to_uppercase(), &target).json(json!({})).send();
            // IBM's user service rejects an empty account as invalid.
            let status = if target.starts_with("/v2/accounts//") { 400 } else { 404 };
            response.expect(status);
        }
    }
}

#[test]
fn a_path_that_no_vendor_owns_gets_the_404_of_the_admin_api() {
    let mock = TestServer::start();

    for path in [
        "/nothing",
        "/v",
        "/v4/groups",
        "/v20/groups",
        "/v10/groups",
        "/client",
        "/client/v40/accounts",
        "/account/a/access/groups",
        "/zones2/a/access/groups",
        "/identities/token",
        "/api/access_groups.json",
        "/api20/access_groups.json",
        "/__admins/health",
        "/%76%32/groups",
        "/v2%2Fgroups",
        "/client%2Fv4/accounts",
        "/%ff",
        "/NS/one/v2/groups",
    ] {
        let response = mock.get(path).send().expect(404);
        assert_eq!(response.json(), admin_not_found(path));
    }
}

#[test]
fn only_one_namespace_prefix_is_removed() {
    let mock = TestServer::start();

    let response = mock.get("/ns/one/ns/two/v2/groups").send().expect(404);

    assert_eq!(response.json(), admin_not_found("/ns/two/v2/groups"));
}

#[test]
fn a_path_of_a_dialect_that_is_not_served_gets_the_404_of_the_admin_api() {
    for &served in Dialect::ALL {
        let router = demo_router(Config { dialects: [served].into(), ..Config::default() });
        for (dialect, path) in [
            (Dialect::Cloudflare, CLOUDFLARE_GROUP),
            (Dialect::Cloudflare, "/client/v4/nothing"),
            (Dialect::Ibm, IBM_GROUP),
            (Dialect::Ibm, "/v1/policies"),
            (Dialect::Ibm, "/v1/profiles/nothing/at/all"),
            (Dialect::Ibm, "/identity/token"),
            (Dialect::Ibm, "/v1/accounts"),
            (Dialect::Ibm, "/v1/policy_templates/nothing"),
            (Dialect::Ibm, "/coe/v2/accounts"),
            (Dialect::Ibm, "/v2/resource_groups"),
            (Dialect::Authress, "/v1/groups"),
            (Dialect::Authress, "/v1/roles"),
            (Dialect::Authress, "/v1/users/nobody"),
            (Dialect::Authress, "/v1/records"),
            (Dialect::Authress, "/v1/nothing"),
            (Dialect::Legacy, LEGACY_GROUPS),
            (Dialect::Legacy, "/API2/Access_Groups.json"),
        ] {
            for method in ["GET", "PATCH", "OPTIONS"] {
                let response = send(&router, method, path, "");
                let is_admin = response.header("x-mock-rule") == "admin.paths.not-found";
                assert_eq!(is_admin, dialect != served, "{method} {path} with {served:?}");
                if is_admin {
                    assert_eq!((response.status, response.json()), (404, admin_not_found(path)));
                }
            }
        }
    }
}

#[test]
fn cors_applies_to_the_404_of_a_dialect_that_is_not_served() {
    let cors = vec!["http://app.test".to_owned()];
    let router = demo_router(Config { dialects: [Dialect::Ibm].into(), cors, ..Config::default() });

    for path in ["/v4/groups", "/api2/access_groups.json", "/v1/groups"] {
        let response = send_with(&router, "GET", path, ("origin", "http://app.test"), "").expect(404);
        assert_eq!(response.json(), admin_not_found(path));
        assert_eq!(response.header("access-control-allow-origin"), "http://app.test", "{path}");
    }
}

#[test]
fn a_path_of_legacy_works_in_any_letter_case() {
    let mock = demo_server(AuthMode::Lenient);

    let read = mock.get("/API2/Access_Groups/4.JSON").send().expect(200);
    let renamed = mock.put("/Api2/ACCESS_GROUPS/4.Json").json(json!({"entry": {"name": "B"}})).send();
    let listed = mock.get("/API2/Access_Groups.JSON?Page=1").send().expect(200);
    mock.delete("/api2/access_groups/4.JSON").send().expect(204);

    assert_eq!(read.json()["entry"]["name"], "Readers");
    assert_eq!(renamed.expect(200).json()["entry"]["name"], "B");
    assert_eq!(listed.json()["entries"][0]["name"], "B");
    mock.get("/api2/access_groups/4.json").send().expect(404);
}

/// Paths of Legacy without the suffix or the id of a group.
const INCOMPLETE_LEGACY_PATHS: [&str; 8] = [
    "/api2/access_groups",
    "/api2/access_groups/4",
    "/API2/Access_Groups/4",
    "/api2/access_groups/4.jso",
    "/api2/access_groups/4json",
    "/api2/access_groups/4.json/",
    "/api2/access_groups/.json",
    "/API2/Access_Groups/.JSON",
];

#[test]
fn a_path_of_legacy_without_its_suffix_or_an_id_is_404_for_every_method() {
    let mock = demo_server(AuthMode::Lenient);

    for path in INCOMPLETE_LEGACY_PATHS {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
            let response = mock.request(method, path).send().expect(404);
            let uri = format!("{}{path}", mock.url());
            let message = format!("No HTTP resource was found that matches the request URI '{uri}'.");
            assert_eq!(response.json(), json!({"Message": message}), "{method} {path}");
        }
        mock.head(path).send().expect(404);
    }
}

#[test]
fn a_404_of_legacy_does_not_list_the_methods_of_another_path() {
    let mock = demo_server(AuthMode::Lenient);

    for path in INCOMPLETE_LEGACY_PATHS {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
            let response = mock.request(method, path).send().expect(404);
            assert_eq!(response.header("allow"), "", "{method} {path}");
        }
    }
}
