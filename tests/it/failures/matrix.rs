//! The rows of the failure matrix.

use super::Row;

/// What is done to the request that the examples of an operation make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Provocation {
    /// The credential is left out.
    NoCredential,
    /// The method is one that the path does not take.
    WrongMethod,
    /// The last capture of the path has this value.
    Id(&'static str),
    /// The last capture of the path holds an escaped slash.
    EncodedSlash,
    /// The last capture of the path is empty.
    EmptySegment,
    /// The last capture of the path is not UTF-8.
    BadPath,
    /// The query has this besides.
    Query(&'static str),
    /// The query is left out.
    NoQuery,
    /// The body is this.
    Body(&'static [u8]),
    /// The body is larger than the limit.
    LargeBody,
    /// A header has this value.
    Header(&'static str, &'static str),
    /// IBM: the group, where it is not the last capture, has this value.
    Group(&'static str),
    /// IBM: the group is the Public Access group.
    PublicGroup,
}

use Provocation::{
    BadPath, Body, EmptySegment, EncodedSlash, Group, Header, Id, LargeBody, NoCredential, NoQuery,
    PublicGroup, Query, WrongMethod,
};

/// Documented errors that one request to a lenient server does not cause: bugs, time limits and strict mode.
/// `router::tests`, `cli` and the tests of each dialect's credentials provoke them.
pub(super) const UNPROVOKED: &[(&str, u16, &str)] = &[
    ("cloudflare", 400, "6003"),
    ("cloudflare", 401, "10000"),
    ("cloudflare", 403, "9103"),
    ("cloudflare", 403, "10000"),
    ("cloudflare", 403, "9109"),
    ("cloudflare", 404, "7003"),
    ("cloudflare", 422, "422"),
    ("cloudflare", 500, "10001"),
    ("cloudflare", 504, "1000"),
    ("ibm", 403, "forbidden"),
    ("ibm", 403, ""),
    ("ibm", 500, "internal_server_error"),
    ("ibm", 500, ""),
    ("ibm", 503, "service_unavailable"),
    ("ibm", 503, ""),
    ("ibm", 400, "BXNIM0407E"),
    ("ibm", 500, "BXNIM0061E"),
    ("ibm", 503, "BXNIM0061E"),
    ("authress", 403, "Forbidden"),
    ("authress", 500, ""),
    ("authress", 504, "RequestTimeout"),
    ("legacy", 403, ""),
    ("legacy", 500, ""),
    ("legacy", 503, ""),
    ("admin", 403, "403"),
];

/// The rows by the operations that have them.
pub(super) const MATRIX: &[(&[&str], &[Row])] = &[
    (
        &[
            "cloudflare_list_access_groups",
            "cloudflare_create_access_group",
            "cloudflare_get_access_group",
            "cloudflare_replace_access_group",
            "cloudflare_delete_access_group",
            "cloudflare_list_zone_access_groups",
            "cloudflare_create_zone_access_group",
            "cloudflare_get_zone_access_group",
            "cloudflare_replace_zone_access_group",
            "cloudflare_delete_zone_access_group",
            "cloudflare_list_resource_groups",
            "cloudflare_create_resource_group",
            "cloudflare_get_resource_group",
            "cloudflare_update_resource_group",
            "cloudflare_delete_resource_group",
            "cloudflare_list_permission_groups",
            "cloudflare_get_permission_group",
        ],
        &[
            (NoCredential, 400, "9106"),
            (WrongMethod, 405, "10405"),
            (BadPath, 404, "7003"),
            (Header("authorization", "Basic eA=="), 400, "6003"),
        ],
    ),
    (
        &[
            "cloudflare_list_access_groups",
            "cloudflare_create_access_group",
            "cloudflare_list_zone_access_groups",
            "cloudflare_create_zone_access_group",
            "cloudflare_list_resource_groups",
            "cloudflare_create_resource_group",
            "cloudflare_list_permission_groups",
        ],
        &[
            (EncodedSlash, 404, "7003"),
            (EmptySegment, 404, "7003"),
            (Id("an-account-id-of-more-than-32-letters"), 404, "7003"),
        ],
    ),
    (
        &["cloudflare_list_access_groups", "cloudflare_list_zone_access_groups"],
        &[(Query("name=%ff"), 400, "12130")],
    ),
    (
        &["cloudflare_list_resource_groups", "cloudflare_list_permission_groups"],
        &[(Query("name=%ff"), 400, "400")],
    ),
    (
        &[
            "cloudflare_get_access_group",
            "cloudflare_replace_access_group",
            "cloudflare_delete_access_group",
            "cloudflare_get_zone_access_group",
            "cloudflare_replace_zone_access_group",
            "cloudflare_delete_zone_access_group",
        ],
        &[(EncodedSlash, 404, "12152"), (Id("f174e90a-0000-4643-bbbc-4a0ed4fc8415"), 404, "12152")],
    ),
    (
        &[
            "cloudflare_create_access_group",
            "cloudflare_replace_access_group",
            "cloudflare_create_zone_access_group",
            "cloudflare_replace_zone_access_group",
        ],
        &[
            (Body(b""), 400, "6007"),
            (Body(b"{"), 400, "6007"),
            (Body(b"\xff"), 400, "6007"),
            (LargeBody, 413, "10413"),
            (Body(b"[]"), 400, "12130"),
            (Body(b"null"), 400, "12130"),
            (Body(b"{}"), 400, "12130"),
            (Body(br#"{"name":[],"include":[]}"#), 400, "12130"),
            (Body(br#"{"name":"a","include":[7]}"#), 400, "12130"),
        ],
    ),
    (
        &[
            "cloudflare_get_resource_group",
            "cloudflare_update_resource_group",
            "cloudflare_delete_resource_group",
            "cloudflare_get_permission_group",
        ],
        &[(EncodedSlash, 404, "404"), (Id("00000000000000000000000000000000"), 404, "404")],
    ),
    (
        &["cloudflare_create_resource_group", "cloudflare_update_resource_group"],
        &[
            (Body(b""), 400, "6007"),
            (Body(b"{"), 400, "6007"),
            (Body(b"\xff"), 400, "6007"),
            (LargeBody, 413, "10413"),
            (Body(b"[]"), 400, "400"),
            (Body(br#"{"name":""}"#), 400, "400"),
            (Body(br#"{"scope":{"key":"k","objects":[]}}"#), 400, "400"),
        ],
    ),
    // An empty identifier at the end leaves the path of the list, with a slash that is tolerated.
    (
        &["cloudflare_replace_access_group", "cloudflare_replace_zone_access_group"],
        &[(EmptySegment, 405, "10405")],
    ),
    (
        &["cloudflare_delete_access_group", "cloudflare_delete_zone_access_group"],
        &[(EmptySegment, 405, "10405")],
    ),
    (
        &["cloudflare_update_resource_group", "cloudflare_delete_resource_group"],
        &[(EmptySegment, 405, "10405")],
    ),
    (
        &[
            "cloudflare_get_access_group",
            "cloudflare_get_zone_access_group",
            "cloudflare_get_resource_group",
            "cloudflare_get_permission_group",
        ],
        &[(EmptySegment, 200, "")],
    ),
    (
        &[
            "ibm_list_access_groups",
            "ibm_create_access_group",
            "ibm_get_access_group",
            "ibm_update_access_group",
            "ibm_delete_access_group",
            "ibm_list_access_group_members",
            "ibm_add_members_to_access_group",
            "ibm_remove_member_from_access_group",
            "ibm_remove_members_from_access_group",
            "ibm_add_member_to_multiple_access_groups",
            "ibm_remove_member_from_all_access_groups",
            "ibm_list_access_group_rules",
            "ibm_add_access_group_rule",
            "ibm_get_access_group_rule",
            "ibm_replace_access_group_rule",
            "ibm_remove_access_group_rule",
            "ibm_get_account_settings",
            "ibm_update_account_settings",
        ],
        &[(NoCredential, 401, "invalid_token"), (WrongMethod, 405, "method_not_allowed")],
    ),
    (
        &["ibm_is_member_of_access_group"],
        &[
            (NoCredential, 401, ""),
            (WrongMethod, 405, "method_not_allowed"),
            (Id("IBMid-nobody"), 404, ""),
            (EncodedSlash, 404, ""),
            (EmptySegment, 404, ""),
            (BadPath, 400, ""),
            (PublicGroup, 404, ""),
        ],
    ),
    (
        &[
            "ibm_list_access_groups",
            "ibm_create_access_group",
            "ibm_get_account_settings",
            "ibm_update_account_settings",
            "ibm_add_member_to_multiple_access_groups",
            "ibm_remove_member_from_all_access_groups",
        ],
        &[(NoQuery, 400, "invalid_payload"), (Query("account_id=%ff"), 400, "invalid_payload")],
    ),
    (
        &["ibm_list_access_groups", "ibm_list_access_group_members"],
        &[
            (Query("limit=101"), 400, "invalid_payload"),
            (Query("limit=-1"), 400, "invalid_payload"),
            (Query("limit=1.5"), 400, "invalid_payload"),
            (Query("offset=-1"), 400, "invalid_payload"),
            (Query("sort=color"), 400, "invalid_payload"),
            (Query("membership_type=odd"), 400, "invalid_payload"),
        ],
    ),
    (&["ibm_list_access_groups"], &[(Query("search=blue"), 400, "invalid_payload")]),
    (&["ibm_list_access_group_members"], &[(Query("type=odd"), 400, "invalid_payload")]),
    (
        &[
            "ibm_get_access_group",
            "ibm_update_access_group",
            "ibm_delete_access_group",
            "ibm_list_access_group_members",
            "ibm_add_members_to_access_group",
            "ibm_remove_members_from_access_group",
            "ibm_list_access_group_rules",
            "ibm_add_access_group_rule",
        ],
        &[
            (Id("AccessGroupId-unknown"), 404, "group_not_found"),
            (EncodedSlash, 404, "group_not_found"),
            (BadPath, 400, "invalid_payload"),
        ],
    ),
    (
        &["ibm_get_access_group", "ibm_update_access_group", "ibm_delete_access_group"],
        &[(EmptySegment, 404, "not_found")],
    ),
    (
        &[
            "ibm_list_access_group_members",
            "ibm_add_members_to_access_group",
            "ibm_remove_members_from_access_group",
            "ibm_list_access_group_rules",
            "ibm_add_access_group_rule",
        ],
        &[(EmptySegment, 404, "group_not_found")],
    ),
    (
        &[
            "ibm_remove_member_from_access_group",
            "ibm_get_access_group_rule",
            "ibm_replace_access_group_rule",
            "ibm_remove_access_group_rule",
            "ibm_add_member_to_multiple_access_groups",
            "ibm_remove_member_from_all_access_groups",
        ],
        &[(EmptySegment, 404, "not_found"), (BadPath, 400, "invalid_payload")],
    ),
    (
        &["ibm_remove_member_from_access_group"],
        &[
            (Id("IBMid-nobody"), 404, "membership_not_found"),
            (EncodedSlash, 404, "membership_not_found"),
            (Group("AccessGroupId-unknown"), 404, "group_not_found"),
        ],
    ),
    (
        &["ibm_get_access_group_rule", "ibm_replace_access_group_rule", "ibm_remove_access_group_rule"],
        &[
            (Id("ClaimRule-unknown"), 404, "rule_not_found"),
            (EncodedSlash, 404, "rule_not_found"),
            (Group("AccessGroupId-unknown"), 404, "group_not_found"),
        ],
    ),
    (
        &["ibm_remove_member_from_all_access_groups"],
        &[(Id("IBMid-nobody"), 404, "no_groups_found"), (EncodedSlash, 404, "no_groups_found")],
    ),
    // Any text can be the identity of a member.
    (&["ibm_add_member_to_multiple_access_groups"], &[(EncodedSlash, 207, "")]),
    (&["ibm_is_member_of_access_group"], &[(Group("AccessGroupId-unknown"), 404, "")]),
    (
        &[
            "ibm_update_access_group",
            "ibm_delete_access_group",
            "ibm_add_members_to_access_group",
            "ibm_remove_member_from_access_group",
            "ibm_remove_members_from_access_group",
            "ibm_add_access_group_rule",
            "ibm_replace_access_group_rule",
            "ibm_remove_access_group_rule",
        ],
        &[(PublicGroup, 405, "method_not_allowed_for_group")],
    ),
    (
        &["ibm_delete_access_group"],
        &[(Query("force=false"), 409, "group_not_empty"), (Query("force=maybe"), 400, "invalid_payload")],
    ),
    (
        &["ibm_update_access_group", "ibm_replace_access_group_rule"],
        &[
            (Header("if-match", "1-00000000000000000000000000000000"), 412, "incorrect_etag"),
            (Header("if-match", "*"), 412, "incorrect_etag"),
        ],
    ),
    (
        &[
            "ibm_create_access_group",
            "ibm_update_access_group",
            "ibm_add_members_to_access_group",
            "ibm_remove_members_from_access_group",
            "ibm_add_member_to_multiple_access_groups",
            "ibm_add_access_group_rule",
            "ibm_replace_access_group_rule",
            "ibm_update_account_settings",
        ],
        &[
            (Body(b""), 400, "invalid_payload"),
            (Body(b"{"), 400, "invalid_payload"),
            (Body(b"\xff"), 400, "invalid_payload"),
            (Body(b"[]"), 400, "invalid_payload"),
            (Body(b"7"), 400, "invalid_payload"),
            (LargeBody, 413, "payload_too_large"),
        ],
    ),
    (
        &["ibm_create_access_group"],
        &[
            (Body(b"{}"), 400, "invalid_payload"),
            (Body(br#"{"name":""}"#), 400, "invalid_payload"),
            (Body(br#"{"name":7}"#), 400, "invalid_payload"),
        ],
    ),
    (
        &["ibm_add_members_to_access_group"],
        &[
            (Body(br#"{"members":[]}"#), 400, "invalid_payload"),
            (Body(br#"{"members":[{"iam_id":"a","type":"dog"}]}"#), 400, "invalid_payload"),
            (
                Body(br#"{"members":[{"iam_id":"a","type":"user"},{"iam_id":"a","type":"user"}]}"#),
                400,
                "invalid_payload",
            ),
        ],
    ),
    (
        &["ibm_remove_members_from_access_group"],
        &[(Body(br#"{"members":["IBMid-nobody"]}"#), 404, "membership_not_found")],
    ),
    (
        &["ibm_add_member_to_multiple_access_groups"],
        &[(Body(br#"{"type":"user","groups":["a","a"]}"#), 400, "duplicate_groupid_error")],
    ),
    (
        &["ibm_add_access_group_rule", "ibm_replace_access_group_rule"],
        &[
            (Body(b"{}"), 400, "invalid_payload"),
            (Body(br#"{"expiration":0,"realm_name":"r","conditions":[{"claim":"c","operator":"EQUALS","value":"1"}]}"#), 400, "invalid_payload"),
            (Body(br#"{"expiration":25,"realm_name":"r","conditions":[{"claim":"c","operator":"EQUALS","value":"1"}]}"#), 400, "invalid_payload"),
            (Body(br#"{"expiration":1,"realm_name":"r","conditions":[{"claim":"c","operator":"LIKE","value":"1"}]}"#), 400, "invalid_payload"),
        ],
    ),
    (
        &["ibm_update_account_settings"],
        &[(Body(br#"{"public_access_enabled":"no"}"#), 400, "invalid_payload")],
    ),
    (
        &["ibm_create_token"],
        &[
            (WrongMethod, 405, "BXNIM0060E"),
            (Body(b""), 400, "BXNIM0109E"),
            (Body(b"\xff"), 400, "BXNIM0106E"),
            (Body(b"grant_type=urn:ibm:params:oauth:grant-type:apikey"), 400, "BXNIM0415E"),
            (Body(b"grant_type=odd"), 400, "BXNIM0106E"),
            (LargeBody, 413, "BXNIM0060E"),
        ],
    ),
    (
        &[
            "authress_get_groups",
            "authress_create_group",
            "authress_get_group",
            "authress_update_group",
            "authress_update_group_by_post",
            "authress_delete_group",
        ],
        &[
            (NoCredential, 401, "Unauthorized"),
            (Header("authorization", "Bearer undefined"), 401, "Unauthorized"),
            (WrongMethod, 405, "MethodNotAllowed"),
            (Query("unknown=1"), 400, "InvalidRequest"),
            (Query("%ff=1"), 400, "InvalidRequest"),
        ],
    ),
    (
        &["authress_get_groups"],
        &[
            (Query("limit=0"), 400, "InvalidRequest"),
            (Query("limit=21"), 400, "InvalidRequest"),
            (Query("limit=x"), 400, "InvalidRequest"),
            (Query("filter="), 400, "InvalidRequest"),
            (Query("cursor=none"), 400, "InvalidRequest"),
        ],
    ),
    (
        &[
            "authress_get_group",
            "authress_update_group",
            "authress_update_group_by_post",
            "authress_delete_group",
        ],
        &[
            (Id("grp_unknown"), 404, "GroupNotFound"),
            (EncodedSlash, 404, "GroupNotFound"),
            (BadPath, 404, "GroupNotFound"),
            (EmptySegment, 404, "NotFound"),
        ],
    ),
    (
        &["authress_create_group", "authress_update_group", "authress_update_group_by_post"],
        &[
            (Body(b""), 400, "InvalidRequest"),
            (Body(b"{"), 400, "InvalidRequest"),
            (Body(b"\xff"), 400, "InvalidRequest"),
            (Body(b"[]"), 400, "InvalidRequest"),
            (Body(b"{}"), 400, "InvalidRequest"),
            (Body(br#"{"name":"a","users":null,"admins":[]}"#), 400, "InvalidRequest"),
            (Body(br#"{"name":"a","users":[],"admins":[],"x":1}"#), 400, "InvalidRequest"),
            (LargeBody, 413, "RequestTooLarge"),
        ],
    ),
    (
        &["authress_create_group"],
        &[(
            Body(br#"{"groupId":"grp_support","name":"a","users":[],"admins":[]}"#),
            409,
            "GroupAlreadyExists",
        )],
    ),
    (
        &["authress_update_group", "authress_update_group_by_post"],
        &[
            (Header("if-unmodified-since", "2001-01-01T00:00:00Z"), 412, "PreconditionFailed"),
            (Header("if-unmodified-since", "soon"), 400, "InvalidRequest"),
        ],
    ),
    (
        &[
            "legacy_list_access_groups",
            "legacy_create_access_group",
            "legacy_get_access_group",
            "legacy_update_access_group",
            "legacy_delete_access_group",
        ],
        &[(NoCredential, 401, ""), (WrongMethod, 405, "")],
    ),
    (
        &["legacy_list_access_groups"],
        &[(Query("Page=0"), 400, ""), (Query("page=x"), 400, ""), (Query("page=%ff"), 400, "")],
    ),
    (
        &["legacy_get_access_group", "legacy_update_access_group", "legacy_delete_access_group"],
        &[
            (Id("9"), 404, ""),
            (Id("x"), 400, ""),
            (Id("2147483648"), 400, ""),
            (EncodedSlash, 400, ""),
            (EmptySegment, 404, ""),
            (BadPath, 400, ""),
        ],
    ),
    (
        &["legacy_create_access_group", "legacy_update_access_group"],
        &[
            (Body(b""), 400, ""),
            (Body(b"{"), 400, ""),
            (Body(b"\xff"), 400, ""),
            (Body(b"[]"), 400, ""),
            (Body(br#"{"entry":7}"#), 400, ""),
            (LargeBody, 413, ""),
            (Header("content-type", "text/plain"), 415, ""),
        ],
    ),
    (
        &["admin_get_health", "admin_get_openapi_json", "admin_get_openapi_yaml", "admin_list_groups"],
        &[(WrongMethod, 405, "405"), (Header("host", "evil.test"), 403, "403")],
    ),
    (
        &["admin_list_groups"],
        &[
            (Query("limit=-1"), 400, "400"),
            (Query("limit=1001"), 400, "400"),
            (Query("offset=x"), 400, "400"),
            (Query("unknown=1"), 400, "400"),
            (Query("name=%ff"), 400, "400"),
        ],
    ),
];
