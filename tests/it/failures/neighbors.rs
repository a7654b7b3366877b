//! The rows of the services beside IBM's access groups.

use super::Rows;
use super::provocation::Provocation::{
    BadPath, Body, EmptySegment, EncodedSlash, Header, Id, LargeBody, NoCredential, NoQuery, Query,
    WrongMethod,
};

pub(super) const ROWS: Rows = &[
    (
        &[
            "ibm_list_users",
            "ibm_get_user_profile",
            "ibm_list_service_ids",
            "ibm_create_service_id",
            "ibm_get_service_id",
            "ibm_update_service_id",
            "ibm_delete_service_id",
            "ibm_list_profiles",
            "ibm_create_profile",
            "ibm_get_profile",
            "ibm_update_profile",
            "ibm_delete_profile",
            "ibm_list_policies",
            "ibm_create_policy",
            "ibm_get_policy",
            "ibm_replace_policy",
            "ibm_delete_policy",
            "ibm_list_v2_policies",
            "ibm_create_v2_policy",
            "ibm_get_v2_policy",
            "ibm_replace_v2_policy",
            "ibm_delete_v2_policy",
            "ibm_list_roles",
        ],
        &[(NoCredential, 401, "invalid_token"), (WrongMethod, 405, "method_not_allowed")],
    ),
    // Every account exists, also one with a slash in its name.
    (
        &["ibm_list_users"],
        &[
            (EncodedSlash, 200, ""),
            (EmptySegment, 400, "invalid_payload"),
            (BadPath, 400, "invalid_payload"),
            (Query("limit=0"), 400, "invalid_payload"),
            (Query("limit=101"), 400, "invalid_payload"),
            (Query("_start=x"), 400, "invalid_payload"),
        ],
    ),
    (
        &["ibm_get_user_profile"],
        &[
            (Id("IBMid-nobody"), 404, "user_not_found"),
            (EncodedSlash, 404, "user_not_found"),
            (EmptySegment, 404, "not_found"),
            (BadPath, 400, "invalid_payload"),
        ],
    ),
    (
        &["ibm_list_service_ids", "ibm_list_profiles"],
        &[
            (NoQuery, 400, "invalid_payload"),
            (Query("pagesize=0"), 400, "invalid_payload"),
            (Query("pagesize=101"), 400, "invalid_payload"),
            (Query("pagetoken=x"), 400, "invalid_payload"),
            (Query("sort=color"), 400, "invalid_payload"),
            (Query("order=up"), 400, "invalid_payload"),
        ],
    ),
    (
        &["ibm_create_service_id", "ibm_update_service_id", "ibm_create_profile", "ibm_update_profile"],
        &[
            (Body(b""), 400, "invalid_payload"),
            (Body(b"{"), 400, "invalid_payload"),
            (Body(b"\xff"), 400, "invalid_payload"),
            (Body(b"[]"), 400, "invalid_payload"),
            (Body(br#"{"account_id":"a","name":""}"#), 400, "invalid_payload"),
            (LargeBody, 413, "payload_too_large"),
        ],
    ),
    (&["ibm_create_service_id", "ibm_create_profile"], &[(Body(b"{}"), 400, "invalid_payload")]),
    (
        &["ibm_get_service_id", "ibm_update_service_id", "ibm_delete_service_id"],
        &[
            (Id("ServiceId-unknown"), 404, "service_id_not_found"),
            (EncodedSlash, 404, "service_id_not_found"),
            (BadPath, 400, "invalid_payload"),
        ],
    ),
    (
        &["ibm_get_profile", "ibm_update_profile", "ibm_delete_profile"],
        &[
            (Id("Profile-unknown"), 404, "profile_not_found"),
            (EncodedSlash, 404, "profile_not_found"),
            (BadPath, 400, "invalid_payload"),
        ],
    ),
    // An empty identifier leaves the path of the list, which is good with a slash at its end.
    (&["ibm_get_service_id", "ibm_get_profile"], &[(EmptySegment, 400, "invalid_payload")]),
    (
        &["ibm_update_service_id", "ibm_delete_service_id", "ibm_update_profile", "ibm_delete_profile"],
        &[(EmptySegment, 405, "method_not_allowed")],
    ),
    (
        &["ibm_update_service_id", "ibm_update_profile", "ibm_replace_policy", "ibm_replace_v2_policy"],
        &[(Header("if-match", "1-00000000000000000000000000000000"), 412, "incorrect_etag")],
    ),
    (
        &["ibm_create_profile"],
        &[(
            Body(br#"{"account_id":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","name":"deployments"}"#),
            409,
            "profile_name_conflict",
        )],
    ),
    (&["ibm_update_profile"], &[(Body(br#"{"name":"auditing"}"#), 409, "profile_name_conflict")]),
    (
        &["ibm_list_policies", "ibm_list_v2_policies"],
        &[
            (NoQuery, 400, "invalid_payload"),
            (Query("type=odd"), 400, "invalid_payload"),
            (Query("state=odd"), 400, "invalid_payload"),
            (Query("sort=color"), 400, "invalid_payload"),
            (Query("limit=0"), 400, "invalid_payload"),
            (Query("start=x"), 400, "invalid_payload"),
        ],
    ),
    (
        &[
            "ibm_get_policy",
            "ibm_replace_policy",
            "ibm_delete_policy",
            "ibm_get_v2_policy",
            "ibm_replace_v2_policy",
            "ibm_delete_v2_policy",
        ],
        &[
            (Id("00000000-0000-4000-8000-000000000000"), 404, "policy_not_found"),
            (EncodedSlash, 404, "policy_not_found"),
            (EmptySegment, 404, "not_found"),
            (BadPath, 400, "invalid_payload"),
        ],
    ),
    (
        &["ibm_create_policy", "ibm_replace_policy", "ibm_create_v2_policy", "ibm_replace_v2_policy"],
        &[
            (Body(b""), 400, "invalid_body"),
            (Body(b"{"), 400, "invalid_body"),
            (Body(b"\xff"), 400, "invalid_body"),
            (Body(b"[]"), 400, "invalid_body"),
            (Body(b"{}"), 400, "invalid_body"),
            (Body(br#"{"type":7}"#), 400, "invalid_body"),
            (LargeBody, 413, "payload_too_large"),
        ],
    ),
];
