//! Error cases of the ibm dialect: the neighbors of groups.

use super::Rows;
use super::error_case::ErrorCase::{
    Body, EmptySegment, EncodedSlash, Header, Id, LargeBody, NoCredential, NoQuery, NonUtf8Segment, Query,
    Target, WrongMethod,
};

pub(super) const ROWS: Rows = &[
    (
        &[
            "ibm_get_api_key_details",
            "ibm_invite_users",
            "ibm_get_user_settings",
            "ibm_update_user_settings",
            "ibm_list_resource_groups",
            "ibm_create_resource_group",
            "ibm_get_resource_group",
            "ibm_update_resource_group",
            "ibm_delete_resource_group",
            "ibm_list_service_id_groups",
            "ibm_create_service_id_group",
            "ibm_get_service_id_group",
            "ibm_update_service_id_group",
            "ibm_delete_service_id_group",
            "ibm_list_policy_templates",
            "ibm_create_policy_template",
            "ibm_get_policy_template",
            "ibm_delete_policy_template",
            "ibm_list_policy_template_versions",
            "ibm_create_policy_template_version",
            "ibm_get_policy_template_version",
            "ibm_replace_policy_template_version",
            "ibm_delete_policy_template_version",
            "ibm_commit_policy_template",
            "ibm_list_accounts",
            "ibm_get_account",
            "ibm_list_enterprises",
            "ibm_get_enterprise",
            "ibm_list_enterprise_accounts",
            "ibm_get_enterprise_account",
            "ibm_list_account_groups",
            "ibm_get_account_group",
        ],
        &[(NoCredential, 401, "invalid_token"), (WrongMethod, 405, "method_not_allowed")],
    ),
    (&["ibm_get_api_key_details"], &[(Header("iam-apikey", ""), 400, "invalid_payload")]),
    (
        &["ibm_invite_users"],
        &[
            (EncodedSlash, 404, "group_not_found"),
            (EmptySegment, 400, "invalid_payload"),
            (NonUtf8Segment, 400, "invalid_payload"),
            (Body(b""), 400, "invalid_payload"),
            (Body(b"{"), 400, "invalid_payload"),
            (Body(b"\xff"), 400, "invalid_payload"),
            (Body(b"[]"), 400, "invalid_payload"),
            (Body(b"{}"), 400, "invalid_payload"),
            (Body(br#"{"users":[]}"#), 400, "invalid_payload"),
            (Body(br#"{"users":[{"email":"nobody"}]}"#), 400, "invalid_payload"),
            (Body(br#"{"users":[{"email":"a@b"}],"access_groups":["unknown"]}"#), 404, "group_not_found"),
            (
                Body(br#"{"users":[{"email":"a@b"}],"access_groups":["AccessGroupId-PublicAccess"]}"#),
                405,
                "method_not_allowed_for_group",
            ),
            (LargeBody, 413, "payload_too_large"),
        ],
    ),
    (
        &["ibm_get_user_settings", "ibm_update_user_settings"],
        &[
            (Id("IBMid-nobody"), 404, "user_not_found"),
            (EncodedSlash, 404, "user_not_found"),
            (EmptySegment, 404, "user_not_found"),
            (NonUtf8Segment, 400, "invalid_payload"),
        ],
    ),
    (
        &["ibm_update_user_settings"],
        &[
            (Body(b""), 400, "invalid_payload"),
            (Body(b"\xff"), 400, "invalid_payload"),
            (Body(b"[]"), 400, "invalid_payload"),
            (Body(br#"{"self_manage":"yes"}"#), 400, "invalid_payload"),
            (LargeBody, 413, "payload_too_large"),
        ],
    ),
    (
        &["ibm_list_resource_groups"],
        &[(Query("default=maybe"), 400, "invalid_payload"), (Query("include_deleted=x"), 400, "invalid_payload")],
    ),
    (
        &["ibm_get_resource_group", "ibm_update_resource_group", "ibm_delete_resource_group"],
        &[
            (Id("unknown"), 404, "not_found"),
            (EncodedSlash, 404, "not_found"),
            (EmptySegment, 404, "not_found"),
            (NonUtf8Segment, 400, "invalid_payload"),
        ],
    ),
    (&["ibm_delete_resource_group"], &[(Id("0a1b2c3d4e5f60718293a4b5c6d7e8f9"), 400, "bad_request")]),
    (
        &[
            "ibm_create_resource_group",
            "ibm_update_resource_group",
            "ibm_create_service_id_group",
            "ibm_update_service_id_group",
        ],
        &[
            (Body(b""), 400, "invalid_payload"),
            (Body(b"{"), 400, "invalid_payload"),
            (Body(b"\xff"), 400, "invalid_payload"),
            (Body(b"[]"), 400, "invalid_payload"),
            (Body(br#"{"account_id":"a","name":""}"#), 400, "invalid_payload"),
            (LargeBody, 413, "payload_too_large"),
        ],
    ),
    (
        &["ibm_create_resource_group", "ibm_create_service_id_group"],
        &[(Body(b"{}"), 400, "invalid_payload"), (Body(br#"{"name":"n"}"#), 400, "invalid_payload")],
    ),
    (
        &["ibm_create_resource_group"],
        &[
            (Body(br#"{"account_id":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","name":"production"}"#), 409, "conflict"),
            (Body(br#"{"account_id":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","name":"Default"}"#), 409, "conflict"),
        ],
    ),
    (
        &["ibm_update_resource_group"],
        &[
            (Body(br#"{"name":"staging"}"#), 409, "conflict"),
            (Body(br#"{"name":"Default"}"#), 409, "conflict"),
        ],
    ),
    (&["ibm_list_service_id_groups"], &[(NoQuery, 400, "invalid_payload")]),
    (
        &["ibm_get_service_id_group", "ibm_update_service_id_group", "ibm_delete_service_id_group"],
        &[
            (Id("unknown"), 404, "serviceid_group_not_found"),
            (EncodedSlash, 404, "serviceid_group_not_found"),
            (EmptySegment, 404, "not_found"),
            (NonUtf8Segment, 400, "invalid_payload"),
        ],
    ),
    (
        &["ibm_create_service_id_group"],
        &[(
            Body(br#"{"account_id":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","name":"robots"}"#),
            409,
            "serviceid_group_name_conflict",
        )],
    ),
    (
        &["ibm_update_service_id_group"],
        &[
            (Body(br#"{"name":"builders"}"#), 409, "serviceid_group_name_conflict"),
            (Header("if-match", "1-00000000000000000000000000000000"), 412, "incorrect_etag"),
        ],
    ),
    (
        &["ibm_list_policy_templates"],
        &[
            (NoQuery, 400, "missing_required_query_parameter"),
            (Query("policy_type=odd"), 400, "invalid_payload"),
            (Query("policy_service_name=x"), 400, "invalid_payload"),
            (Query("state=odd"), 400, "invalid_payload"),
            (Query("limit=0"), 400, "invalid_payload"),
            (Query("start=x"), 400, "invalid_payload"),
        ],
    ),
    (
        &["ibm_list_policy_template_versions"],
        &[(Query("state=odd"), 400, "invalid_payload"), (Query("limit=101"), 400, "invalid_payload")],
    ),
    (
        &["ibm_get_policy_template", "ibm_delete_policy_template"],
        &[
            (Id("unknown"), 404, "policy_template_not_found"),
            (EncodedSlash, 404, "policy_template_not_found"),
            (EmptySegment, 404, "not_found"),
            (NonUtf8Segment, 400, "invalid_payload"),
        ],
    ),
    (
        &[
            "ibm_list_policy_template_versions",
            "ibm_create_policy_template_version",
            "ibm_commit_policy_template",
        ],
        &[
            (Id("unknown"), 404, "policy_template_not_found"),
            (EncodedSlash, 404, "policy_template_not_found"),
            (EmptySegment, 404, "policy_template_not_found"),
            (NonUtf8Segment, 400, "invalid_payload"),
        ],
    ),
    (
        &[
            "ibm_get_policy_template_version",
            "ibm_replace_policy_template_version",
            "ibm_delete_policy_template_version",
        ],
        &[
            (Id("7"), 404, "policy_template_not_found"),
            (EncodedSlash, 404, "policy_template_not_found"),
            (EmptySegment, 404, "not_found"),
            (NonUtf8Segment, 400, "invalid_payload"),
        ],
    ),
    (
        &[
            "ibm_create_policy_template",
            "ibm_create_policy_template_version",
            "ibm_replace_policy_template_version",
        ],
        &[
            (Body(b""), 400, "invalid_body"),
            (Body(b"{"), 400, "invalid_body"),
            (Body(b"\xff"), 400, "invalid_body"),
            (Body(b"[]"), 400, "invalid_body"),
            (Body(b"{}"), 400, "invalid_body"),
            (Body(br#"{"name":"n","account_id":"a","policy":{}}"#), 400, "invalid_body"),
            (Body(br#"{"name":"n","account_id":"a","policy":{"type":"access","rule":7}}"#), 400, "invalid_body"),
            (Body(br#"{"name":"n","account_id":"a","policy":{"type":"odd"}}"#), 400, "invalid_body"),
            (
                Body(br#"{"name":"n","account_id":"a","policy":{"type":"access"},"committed":1}"#),
                400,
                "invalid_body",
            ),
            (
                Body(
                    br#"{"name":"Operators","account_id":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","policy":{"type":"access"}}"#,
                ),
                409,
                "policy_template_conflict_error",
            ),
            (LargeBody, 413, "payload_too_large"),
        ],
    ),
    (&["ibm_create_policy_template"], &[(Body(br#"{"policy":{"type":"access"}}"#), 400, "invalid_body")]),
    (
        &["ibm_replace_policy_template_version"],
        &[
            (Header("if-match", "1-00000000000000000000000000000000"), 412, "incorrect_etag"),
            (Target("/v1/policy_templates/policyTemplate-9/versions/1"), 400, "request_not_processed"),
        ],
    ),
    (&["ibm_commit_policy_template"], &[(Id("1"), 400, "request_not_processed")]),
    (
        &["ibm_list_accounts"],
        &[(Query("limit=0"), 400, "invalid_payload"), (Query("limit=101"), 400, "invalid_payload")],
    ),
    // Every account exists, even one with a slash in its id.
    (
        &["ibm_get_account", "ibm_get_enterprise_account"],
        &[(EncodedSlash, 200, ""), (EmptySegment, 404, "not_found"), (NonUtf8Segment, 400, "invalid_payload")],
    ),
    (
        &["ibm_list_enterprises", "ibm_list_enterprise_accounts", "ibm_list_account_groups"],
        &[
            (Query("limit=-1"), 400, "invalid_payload"),
            (Query("limit=101"), 400, "invalid_payload"),
            (Query("include_deleted=x"), 400, "invalid_payload"),
        ],
    ),
    (
        &["ibm_get_enterprise", "ibm_get_account_group"],
        &[
            (Id("unknown"), 404, "not_found"),
            (EncodedSlash, 404, "not_found"),
            (EmptySegment, 404, "not_found"),
            (NonUtf8Segment, 400, "invalid_payload"),
        ],
    ),
];
