//! Suggestions for requests that match no route.

use axum::http::Method;

use crate::router::dialects::apis;

#[test]
fn mistyped_path_suggests_the_similar_operation_and_describes_the_difference() {
    let first = |method: Method, path: &str| {
        let suggestion = apis().suggest(&method, path).into_iter().next().expect("there is a suggestion");
        (suggestion.operation, suggestion.difference)
    };
    let pair = |operation: &str, difference: &str| (operation.to_owned(), difference.to_owned());

    assert_eq!(
        first(Method::GET, "/v2/group"),
        pair("ibm_list_access_groups", "segment 2 is `group` instead of `groups`")
    );
    assert_eq!(
        first(Method::PUT, "/v2/groups"),
        pair("ibm_create_access_group", "the method is PUT instead of POST")
    );
    assert_eq!(
        first(Method::GET, "/v1/groups/a/extra"),
        pair("authress_get_group", "the segment `extra` is unexpected")
    );
    assert_eq!(first(Method::GET, "/api2/access_groups").0, "legacy_list_access_groups");
}
