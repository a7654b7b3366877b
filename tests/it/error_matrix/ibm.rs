//! Error cases of the ibm dialect.

use super::Rows;
use super::error_case::ErrorCase::{
    Body, EmptySegment, EncodedSlash, Group, Header, Id, LargeBody, NoCredential, NoQuery, NonUtf8Segment,
    PublicGroup, Query, Target, WrongMethod,
};

pub(super) const ROWS: Rows = &[
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
            "ibm_create_template",
            "ibm_list_templates",
            "ibm_get_latest_template_version",
            "ibm_delete_template",
            "ibm_create_template_version",
            "ibm_list_template_versions",
            "ibm_get_template_version",
            "ibm_update_template_version",
            "ibm_delete_template_version",
            "ibm_commit_template",
            "ibm_create_assignment",
            "ibm_list_assignments",
            "ibm_get_assignment",
            "ibm_update_assignment",
            "ibm_delete_assignment",
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
            (NonUtf8Segment, 400, ""),
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
            "ibm_list_templates",
            "ibm_list_assignments",
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
            (NonUtf8Segment, 400, "invalid_payload"),
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
        &[(EmptySegment, 404, "not_found"), (NonUtf8Segment, 400, "invalid_payload")],
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
    // A member can have any string as its IAM id.
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
        &[
            "ibm_update_access_group",
            "ibm_replace_access_group_rule",
            "ibm_update_template_version",
            "ibm_commit_template",
        ],
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
            "ibm_create_template",
            "ibm_create_template_version",
            "ibm_update_template_version",
            "ibm_create_assignment",
            "ibm_update_assignment",
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
        &["ibm_list_templates", "ibm_list_template_versions", "ibm_list_assignments"],
        &[
            (Query("limit=101"), 400, "invalid_payload"),
            (Query("limit=-1"), 400, "invalid_payload"),
            (Query("offset=-1"), 400, "invalid_payload"),
        ],
    ),
    (
        &[
            "ibm_list_templates",
            "ibm_get_latest_template_version",
            "ibm_get_template_version",
            "ibm_get_assignment",
        ],
        &[(Query("verbose=maybe"), 400, "invalid_payload")],
    ),
    (&["ibm_list_assignments"], &[(Query("status=superseded"), 400, "invalid_payload")]),
    (
        &[
            "ibm_get_latest_template_version",
            "ibm_delete_template",
            "ibm_create_template_version",
            "ibm_list_template_versions",
        ],
        &[
            (Id("AccessGroupTemplateId-unknown"), 404, "template_not_found"),
            (EncodedSlash, 404, "template_not_found"),
            (NonUtf8Segment, 400, "invalid_payload"),
        ],
    ),
    (&["ibm_get_latest_template_version", "ibm_delete_template"], &[(EmptySegment, 404, "not_found")]),
    (
        &["ibm_create_template_version", "ibm_list_template_versions"],
        &[(EmptySegment, 404, "template_not_found")],
    ),
    (
        &[
            "ibm_get_template_version",
            "ibm_update_template_version",
            "ibm_delete_template_version",
            "ibm_commit_template",
        ],
        &[
            (Id("9"), 404, "template_version_not_found"),
            (Id("02"), 404, "template_version_not_found"),
            (EncodedSlash, 404, "template_version_not_found"),
            (NonUtf8Segment, 400, "invalid_payload"),
        ],
    ),
    (
        &["ibm_get_template_version", "ibm_update_template_version", "ibm_delete_template_version"],
        &[
            (EmptySegment, 404, "not_found"),
            (Target("/v1/group_templates/unknown/versions/2"), 404, "template_not_found"),
        ],
    ),
    (
        &["ibm_commit_template"],
        &[
            (EmptySegment, 404, "template_version_not_found"),
            (Target("/v1/group_templates/unknown/versions/2/commit"), 404, "template_not_found"),
        ],
    ),
    // The first version of the demo seed is committed and assigned.
    (
        &["ibm_update_template_version", "ibm_commit_template"],
        &[(Id("1"), 409, "template_version_committed")],
    ),
    (&["ibm_delete_template_version"], &[(Id("1"), 409, "template_version_assigned")]),
    (
        &["ibm_create_template"],
        &[
            (Body(b"{}"), 400, "invalid_payload"),
            (Body(br#"{"name":"t","account_id":""}"#), 400, "invalid_payload"),
            (Body(br#"{"name":"t","account_id":"a","group":{}}"#), 400, "invalid_payload"),
        ],
    ),
    (
        &["ibm_create_template_version", "ibm_update_template_version"],
        &[
            (Body(br#"{"name":""}"#), 400, "invalid_payload"),
            (Body(br#"{"group":7}"#), 400, "invalid_payload"),
            (Body(br#"{"policy_template_references":{}}"#), 400, "invalid_payload"),
        ],
    ),
    (
        &["ibm_create_assignment"],
        &[
            (Body(b"{}"), 400, "invalid_payload"),
            (
                Body(br#"{"template_id":"AccessGroupTemplateId-0c2f5a1e-8d47-4b36-9e20-5f7a1c3d6b44","template_version":"2","target_type":"Account","target":"b"}"#),
                400,
                "template_version_not_committed",
            ),
            (
                Body(br#"{"template_id":"AccessGroupTemplateId-0c2f5a1e-8d47-4b36-9e20-5f7a1c3d6b44","template_version":"1","target_type":"Account","target":"0a1b2c3d4e5f60718293a4b5c6d7e8f9"}"#),
                400,
                "invalid_target",
            ),
            (
                Body(br#"{"template_id":"AccessGroupTemplateId-0c2f5a1e-8d47-4b36-9e20-5f7a1c3d6b44","template_version":"9","target_type":"Account","target":"b"}"#),
                404,
                "template_version_not_found",
            ),
            (
                Body(br#"{"template_id":"unknown","template_version":"1","target_type":"Account","target":"b"}"#),
                404,
                "template_not_found",
            ),
            (
                Body(br#"{"template_id":"unknown","template_version":"1","target_type":"Region","target":"b"}"#),
                400,
                "invalid_payload",
            ),
        ],
    ),
    (
        &["ibm_get_assignment", "ibm_update_assignment", "ibm_delete_assignment"],
        &[
            (Id("AccessGroupAssignmentId-unknown"), 404, "assignment_not_found"),
            (EncodedSlash, 404, "assignment_not_found"),
            (EmptySegment, 404, "not_found"),
            (NonUtf8Segment, 400, "invalid_payload"),
        ],
    ),
    (
        &["ibm_update_assignment"],
        &[
            (Body(br#"{"template_version":""}"#), 400, "invalid_payload"),
            (Body(br#"{"template_version":"2"}"#), 400, "template_version_not_committed"),
            (Body(br#"{"template_version":"9"}"#), 404, "template_version_not_found"),
            (Header("if-match", "1-00000000000000000000000000000000"), 412, "incorrect_etag"),
            (Header("if-match", "*"), 202, ""),
        ],
    ),
    (
        &["ibm_create_template"],
        &[(
            Body(br#"{"name":"Blue template","account_id":"0a1b2c3d4e5f60718293a4b5c6d7e8f9"}"#),
            409,
            "template_conflict_error",
        )],
    ),
    (
        &["ibm_create_assignment"],
        &[(
            Body(br#"{"template_id":"AccessGroupTemplateId-0c2f5a1e-8d47-4b36-9e20-5f7a1c3d6b44","template_version":"1","target_type":"Account","target":"1b2c3d4e5f60718293a4b5c6d7e8f90a"}"#),
            409,
            "assignment_conflict_error",
        )],
    ),
    // The demo seed has a group that is managed by a template and allows no changes.
    (
        &["ibm_update_access_group", "ibm_delete_access_group", "ibm_add_access_group_rule"],
        &[(Group("AccessGroupId-4f8b2d6a-9c1e-4a73-8d50-6b2e1f7c3a66"), 409, "group_managed_by_template")],
    ),
    (
        &["ibm_remove_member_from_access_group"],
        &[(Group("AccessGroupId-4f8b2d6a-9c1e-4a73-8d50-6b2e1f7c3a66"), 409, "group_managed_by_template")],
    ),
    (
        &["ibm_replace_access_group_rule", "ibm_remove_access_group_rule"],
        &[(
            Target("/v2/groups/AccessGroupId-4f8b2d6a-9c1e-4a73-8d50-6b2e1f7c3a66/rules/ClaimRule-2a9c6e14-7d3b-4f58-9b06-8e4d1c5f7a77"),
            409,
            "group_managed_by_template",
        )],
    ),
    (
        &["ibm_create_token"],
        &[
            (WrongMethod, 405, "BXNIM0060E"),
            (Body(b""), 400, "BXNIM0109E"),
            (Body(b"\xff"), 400, "BXNIM0106E"),
            (Body(b"grant_type=urn:ibm:params:oauth:grant-type:apikey"), 400, "BXNIM0109E"),
            (Body(b"grant_type=refresh_token&refresh_token=not_supported"), 400, "BXNIM0407E"),
            (Body(b"grant_type=odd"), 400, "BXNIM0106E"),
            (LargeBody, 413, "BXNIM0060E"),
        ],
    ),
];
