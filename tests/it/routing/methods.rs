//! Methods that a path does not have.

use access_groups_mock::AuthMode;
use serde_json::{Value, json};

use super::{CLOUDFLARE_GROUP, LEGACY_GROUPS};
use crate::support::contract::document;
use crate::support::operations::{Operation, demo_server, operations};

/// A path of the document with its methods in the order of the document.
struct DocumentedPath {
    operation: Operation,
    methods: Vec<String>,
}

impl DocumentedPath {
    /// Returns the methods that the path rejects.
    fn rejected_methods(&self) -> impl Iterator<Item = &'static str> {
        let has = |method: &str| self.methods.iter().any(|it| it == method);
        // HEAD is like GET except at Cloudflare, and OPTIONS is a preflight at Authress.
        let has_head = has("HEAD") || (has("GET") && self.operation.dialect() != "cloudflare");
        let is_preflight = self.operation.dialect() == "authress";
        let all = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"].into_iter();
        let is_served = move |method: &str| match method {
            "HEAD" => has_head,
            "OPTIONS" => is_preflight,
            _ => has(method),
        };
        all.filter(move |method| !is_served(method))
    }

    /// Returns the path with the examples of its parameters, in every form that the vendor accepts.
    fn forms(&self) -> Vec<String> {
        let path = self.operation.target().split('?').next().unwrap().to_owned();
        match (self.operation.dialect(), path.as_str()) {
            ("cloudflare", _) => ["", "/client/v4"]
                .iter()
                .flat_map(|prefix| [format!("{prefix}{path}"), format!("{prefix}{path}/")])
                .collect(),
            ("ibm", "/v1/serviceids/") => vec![path, "/v1/serviceids".to_owned()],
            ("ibm", "/v1/profiles") => vec![path, "/v1/profiles/".to_owned()],
            ("legacy", _) => vec![path.to_uppercase(), path],
            _ => vec![path],
        }
    }
}

fn documented_paths() -> impl Iterator<Item = DocumentedPath> {
    let paths = document()["paths"].as_object().unwrap();
    paths.iter().map(|(path, item)| DocumentedPath {
        operation: operations().find(|operation| operation.path == path).unwrap(),
        methods: methods(item),
    })
}

/// Returns the methods of a path item, which may also have servers and parameters.
fn methods(item: &Value) -> Vec<String> {
    let fields = item.as_object().unwrap().iter();
    let operations = fields.filter(|(_, definition)| definition["responses"].is_object());
    operations.map(|(method, _)| method.to_uppercase()).collect()
}

/// A request with a method that its path does not have.
struct RejectedRequest {
    method: &'static str,
    target: String,
    dialect: &'static str,
    /// The documented methods of the path.
    allow: String,
}

/// Returns a request for each form of each documented path and each method that the path rejects.
fn rejected_requests() -> Vec<RejectedRequest> {
    let mut requests = Vec::new();
    for path in documented_paths() {
        for (target, method) in
            path.forms().iter().flat_map(|form| path.rejected_methods().map(move |method| (form, method)))
        {
            let dialect = path.operation.dialect();
            let allow = path.methods.join(", ");
            requests.push(RejectedRequest { method, target: target.clone(), dialect, allow });
        }
    }
    requests
}

/// Returns the methods in alphabetical order: the document lists them in another order than the server.
fn sorted(methods: &str) -> Vec<&str> {
    let mut methods: Vec<&str> = methods.split(", ").collect();
    methods.sort_unstable();
    methods
}

#[test]
fn every_other_method_is_405_with_the_documented_methods_of_the_path() {
    let mock = demo_server(AuthMode::Off);

    for RejectedRequest { method, target, dialect, allow } in rejected_requests() {
        let rule = match (dialect, target.as_str()) {
            ("admin", _) => "admin.paths.method-not-allowed".to_owned(),
            (_, "/identity/token") => "ibm.tokens.method-not-allowed".to_owned(),
            _ => format!("{dialect}.paths.method-not-allowed"),
        };
        for target in [target.clone(), format!("/ns/one{target}")] {
            let response = mock.request(method, &target).send().expect(405);
            assert_eq!(sorted(response.header("allow")), sorted(&allow), "{method} {target}");
            assert_eq!(response.header("x-mock-rule"), rule, "{method} {target}");
            assert_eq!(response.body.is_empty(), method == "HEAD", "{method} {target}");
        }
    }
}

#[test]
fn head_is_rejected_only_where_get_is_not_served_and_by_cloudflare() {
    let rejecting = documented_paths().filter(|path| path.rejected_methods().any(|method| method == "HEAD"));

    let with_get: Vec<&str> = rejecting
        .filter(|path| path.methods.iter().any(|method| method == "GET"))
        .map(|path| path.operation.dialect())
        .collect();

    assert!(with_get.len() >= 8, "{with_get:?}");
    assert!(with_get.iter().all(|dialect| *dialect == "cloudflare"), "{with_get:?}");
}

#[test]
fn options_is_a_preflight_on_every_path_of_authress() {
    let mock = demo_server(AuthMode::Lenient);

    for path in ["/v1/groups", "/v1/groups/grp_support", "/v1/nothing", "/ns/one/v1/groups"] {
        let response = mock.request("OPTIONS", path).anonymous().send().expect(200);
        let methods = "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT";
        assert_eq!(response.header("access-control-allow-methods"), methods, "{path}");
        assert_eq!(response.text(), "");
    }
}

#[test]
fn an_error_that_replaces_a_405_does_not_list_the_methods_of_the_path() {
    let mock = demo_server(AuthMode::Lenient);

    for path in [CLOUDFLARE_GROUP, "/v2/groups", "/v1/groups/grp_support", LEGACY_GROUPS] {
        let injected = mock.patch(path).fault("status=503").send().expect(503);
        let invalid = mock.patch(&format!("/ns/a%20b{path}")).send().expect(400);
        assert_eq!((injected.header("allow"), invalid.header("allow")), ("", ""), "{path}");
    }
}

#[test]
fn a_request_with_a_wrong_method_has_no_operation_in_the_journal() {
    let mock = demo_server(AuthMode::Off);

    for RejectedRequest { method, target, dialect, .. } in rejected_requests() {
        if dialect == "admin" {
            continue;
        }
        let rejected = mock.request(method, &target).send().expect(405);

        let id = rejected.header("x-mock-request-id");
        let entry = mock.get(&format!("/__admin/requests/{id}")).send().expect(200).json();
        let expected = json!([dialect, null, false, method, target, 405]);
        let (request, response) = (&entry["request"], &entry["response"]);
        let actual = [&entry["dialect"], &entry["operation"], &entry["wasMatched"]];
        let actual = actual.into_iter().chain([&request["method"], &request["url"], &response["status"]]);
        assert_eq!(actual.cloned().collect::<Value>(), expected);
    }
}

#[test]
fn an_admin_request_with_a_wrong_method_is_not_in_the_journal() {
    let mock = demo_server(AuthMode::Off);

    for RejectedRequest { method, target, .. } in
        rejected_requests().iter().filter(|it| it.dialect == "admin")
    {
        mock.request(method, target).send().expect(405);
    }

    let journal = mock.get("/__admin/requests").send().expect(200).json();
    assert_eq!(journal["requests"], json!([]));
}
