//! Links to the next page, from which real clients cut parameters without a parser of URLs.

use serde_json::{Value, json};

use super::field_values;
use crate::support::TestServer;

/// The lists of account `a` with two items each: the path, the parameter for one item per page, and the name of the
/// items. The query of each path ends with a parameter.
const LISTS: [(&str, &str, &str); 9] = [
    ("/v2/groups?account_id=a", "limit=1", "groups"),
    ("/v2/groups/AccessGroupId-1/members?sort=id", "limit=1", "members"),
    ("/v1/group_templates?account_id=a", "limit=1", "group_templates"),
    (
        "/v1/group_templates/AccessGroupTemplateId-1/versions?verbose=false",
        "limit=1",
        "group_template_versions",
    ),
    ("/v1/group_assignments?account_id=a", "limit=1", "assignments"),
    ("/v1/policies?account_id=a", "limit=1", "policies"),
    ("/v2/policies?account_id=a", "limit=1", "policies"),
    ("/v1/serviceids/?account_id=a", "pagesize=1", "serviceids"),
    ("/v1/profiles?account_id=a", "pagesize=1", "profiles"),
];

/// Starts a server whose account `a` has two items in each of the lists.
fn server() -> TestServer {
    let policy = |iam_id: &str| {
        json!({
            "type": "access",
            "subjects": [{"attributes": [{"name": "iam_id", "value": iam_id}]}],
            "roles": [{"role_id": "crn:v1:bluemix:public:iam::::role:Viewer"}],
            "resources": [{"attributes": [{"name": "accountId", "value": "a"}]}]
        })
    };
    let template = |version: &str| {
        json!({"id": "AccessGroupTemplateId-1", "name": "t", "version": version, "committed": true,
               "group": {"name": "team"}})
    };
    let assignment = |target: &str| {
        json!({"template_id": "AccessGroupTemplateId-1", "template_version": "1", "target_type": "Account",
               "target": target})
    };
    let account = json!({
        "groups": [
            {"id": "AccessGroupId-1", "name": "g",
             "members": [{"iam_id": "IBMid-1", "type": "user"}, {"iam_id": "IBMid-2", "type": "user"}]},
            {"name": "h"}
        ],
        "templates": [template("1"), template("2"), {"name": "u", "version": "1"}],
        "assignments": [assignment("b"), assignment("c")],
        "service_ids": [{"name": "s"}, {"name": "t"}],
        "profiles": [{"name": "p"}, {"name": "q"}],
        "policies": [policy("IBMid-1"), policy("IBMid-2")]
    });
    TestServer::with_seed(&json!({"ibm": {"accounts": {"a": account}}}).to_string())
}

fn get_json(mock: &TestServer, path: &str) -> Value {
    mock.get(path).send().expect(200).json()
}

/// Returns the link to the next page, as a string or in `href`.
fn next_link(page: &Value) -> Option<&str> {
    let next = page.get("next")?;
    Some(next.as_str().unwrap_or_else(|| next["href"].as_str().unwrap()))
}

#[test]
fn the_last_page_of_a_list_has_no_next_link() {
    let mock = server();

    for (path, _, items) in LISTS {
        let page = get_json(&mock, path);

        assert!(page[items].as_array().unwrap().len() >= 2, "{path}: {page}");
        assert_eq!(page.get("next"), None, "{path}");
    }
    assert_eq!(get_json(&mock, "/v2/accounts/a/users").get("next_url"), None);
}

#[test]
fn the_path_and_query_of_a_next_link_are_the_next_page() {
    let mock = server();

    for (path, one_item, items) in LISTS {
        let first = get_json(&mock, &format!("{path}&{one_item}"));
        // As in bluemix-go, which removes the scheme and the host.
        let next = next_link(&first).unwrap().strip_prefix(&mock.url()).unwrap();
        let second = get_json(&mock, next);

        assert_eq!(second[items].as_array().unwrap().len(), 1, "{path}");
        assert_ne!(second[items][0], first[items][0], "{path}");
    }
}

#[test]
fn the_rest_of_a_link_after_pagetoken_is_a_page_token() {
    let mock = server();

    for (path, one_item, items) in [LISTS[7], LISTS[8]] {
        let first = get_json(&mock, &format!("{path}&{one_item}"));
        // As in cosaccess 0.1.18, which takes the rest of the link as the token.
        let token = next_link(&first).unwrap().split_once("pagetoken=").unwrap().1;
        let second = get_json(&mock, &format!("{path}&pagesize=100&pagetoken={token}"));

        assert_ne!(field_values(&second, items, "name"), field_values(&first, items, "name"), "{path}");
        assert_eq!(second.get("next"), None, "{path}");
    }
}

#[test]
fn the_start_in_the_next_url_of_users_ends_at_an_ampersand() {
    let mock = server();
    let mut page = get_json(&mock, "/v2/accounts/a/users?limit=1");
    let mut users = field_values(&page, "resources", "iam_id");

    // As in `get_users` of cosaccess 0.1.18, which reads pages as long as the page has a `next_url`.
    while let Some(next_url) = page.get("next_url") {
        let rest = next_url.as_str().unwrap().split_once("_start=").unwrap().1;
        let start = rest.split_once('&').expect("the value ends at an ampersand").0;
        page = get_json(&mock, &format!("/v2/accounts/a/users?limit=100&_start={start}"));
        users.extend(field_values(&page, "resources", "iam_id"));
    }

    assert_eq!(users, ["IBMid-1", "IBMid-2"]);
}
