//! Error cases of the ibm dialect: identity, user management and policy management.

use super::Rows;
use super::error_case::ErrorCase::{
    Body, EmptySegment, EncodedSlash, Header, Id, LargeBody, NoCredential, NoQuery, NonUtf8Segment, Query,
    TargetWithBody, WrongMethod,
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
    (&["ibm_list_roles"], &[(Query("service_name=%ff"), 400, "invalid_payload")]),
    // Every account exists, even one with a slash in its id.
    (
        &["ibm_list_users"],
        &[
            (EncodedSlash, 200, ""),
            (EmptySegment, 400, "invalid_payload"),
            (NonUtf8Segment, 400, "invalid_payload"),
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
            (NonUtf8Segment, 400, "invalid_payload"),
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
            (Query("filter=name%20eq%20%22a%22"), 400, "invalid_payload"),
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
            (NonUtf8Segment, 400, "invalid_payload"),
        ],
    ),
    (
        &["ibm_get_profile", "ibm_update_profile", "ibm_delete_profile"],
        &[
            (Id("Profile-unknown"), 404, "profile_not_found"),
            (EncodedSlash, 404, "profile_not_found"),
            (NonUtf8Segment, 400, "invalid_payload"),
        ],
    ),
    // With an empty identifier, the path is that of the list with a trailing slash, which is accepted.
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
            (NoQuery, 400, "missing_required_query_parameter"),
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
            (NonUtf8Segment, 400, "invalid_payload"),
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
    (
        &["ibm_list_service_ids"],
        &[(Query("show_group_id=maybe"), 400, "invalid_payload"), (Query("group_id=any"), 200, "")],
    ),
    (
        &["ibm_create_service_id", "ibm_update_service_id"],
        &[(Body(br#"{"account_id":"a","name":"n","group_id":"g"}"#), 400, "invalid_payload")],
    ),
    (
        &["ibm_create_policy"],
        &[
            (Body(MANAGED_V1), 409, "group_managed_by_template"),
            (Body(SEEDED_V1), 409, "policy_conflict_error"),
        ],
    ),
    (
        &["ibm_create_v2_policy"],
        &[
            (Body(MANAGED_V2), 409, "group_managed_by_template"),
            (Body(SEEDED_V2), 409, "policy_conflict_error"),
        ],
    ),
    (
        &["ibm_replace_policy"],
        &[(
            TargetWithBody("/v1/policies/4c7d8e9f-0a1b-4c2d-9e3f-a4b5c6d7e802", SEEDED_V1),
            409,
            "policy_conflict_error",
        )],
    ),
    (
        &["ibm_replace_v2_policy"],
        &[(
            TargetWithBody("/v2/policies/4c7d8e9f-0a1b-4c2d-9e3f-a4b5c6d7e802", SEEDED_V2),
            409,
            "policy_conflict_error",
        )],
    ),
    (
        &["ibm_replace_policy"],
        &[(
            TargetWithBody("/v1/policies/9a1f6c2e-3b4d-4e5f-8a90-b1c2d3e4f503", MANAGED_V1),
            409,
            "group_managed_by_template",
        )],
    ),
    (
        &["ibm_replace_v2_policy"],
        &[(
            TargetWithBody("/v2/policies/9a1f6c2e-3b4d-4e5f-8a90-b1c2d3e4f503", MANAGED_V2),
            409,
            "group_managed_by_template",
        )],
    ),
];

/// A policy of the demo seed, in another order and in the v1 format.
const SEEDED_V1: &[u8] = br#"{"type":"access","subjects":[{"attributes":[{"name":"access_group_id","value":"AccessGroupId-1b0d2c34-7c1e-4f0a-9a55-2f1f0b0c7e11"}]}],"roles":[{"role_id":"crn:v1:bluemix:public:iam::::serviceRole:Writer"},{"role_id":"crn:v1:bluemix:public:iam::::role:Editor"}],"resources":[{"attributes":[{"name":"serviceName","value":"cloud-object-storage"},{"name":"accountId","value":"0a1b2c3d4e5f60718293a4b5c6d7e8f9"}]}]}"#;
/// The same policy in the v2 format.
const SEEDED_V2: &[u8] = br#"{"type":"access","subject":{"attributes":[{"key":"access_group_id","operator":"stringEquals","value":"AccessGroupId-1b0d2c34-7c1e-4f0a-9a55-2f1f0b0c7e11"}]},"resource":{"attributes":[{"key":"serviceName","operator":"stringEquals","value":"cloud-object-storage"},{"key":"accountId","operator":"stringEquals","value":"0a1b2c3d4e5f60718293a4b5c6d7e8f9"}]},"control":{"grant":{"roles":[{"role_id":"crn:v1:bluemix:public:iam::::role:Editor"},{"role_id":"crn:v1:bluemix:public:iam::::serviceRole:Writer"}]}}}"#;

/// A policy for the managed group of the demo seed, in the v1 format.
const MANAGED_V1: &[u8] = br#"{"type":"access","subjects":[{"attributes":[{"name":"access_group_id","value":"AccessGroupId-4f8b2d6a-9c1e-4a73-8d50-6b2e1f7c3a66"}]}],"roles":[{"role_id":"crn:v1:bluemix:public:iam::::role:Viewer"}],"resources":[{"attributes":[{"name":"accountId","value":"1b2c3d4e5f60718293a4b5c6d7e8f90a"},{"name":"serviceType","value":"service"}]}]}"#;
/// The same policy in the v2 format.
const MANAGED_V2: &[u8] = br#"{"type":"access","subject":{"attributes":[{"key":"access_group_id","operator":"stringEquals","value":"AccessGroupId-4f8b2d6a-9c1e-4a73-8d50-6b2e1f7c3a66"}]},"resource":{"attributes":[{"key":"accountId","operator":"stringEquals","value":"1b2c3d4e5f60718293a4b5c6d7e8f90a"},{"key":"serviceType","operator":"stringEquals","value":"service"}]},"control":{"grant":{"roles":[{"role_id":"crn:v1:bluemix:public:iam::::role:Viewer"}]}}}"#;
