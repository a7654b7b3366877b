//! Error cases of the authress dialect.

use super::Rows;
use super::error_case::ErrorCase::{
    Body, EmptySegment, EncodedSlash, Header, Id, LargeBody, NoCredential, NonUtf8Segment, Query, WrongMethod,
};

pub(super) const ROWS: Rows = &[
    (
        &[
            "authress_get_groups",
            "authress_create_group",
            "authress_get_group",
            "authress_update_group",
            "authress_update_group_by_post",
            "authress_delete_group",
            "authress_get_roles",
            "authress_create_role",
            "authress_get_role",
            "authress_update_role",
            "authress_delete_role",
            "authress_get_records",
            "authress_create_record",
            "authress_get_record",
            "authress_update_record",
            "authress_delete_record",
            "authress_get_users",
            "authress_get_user",
            "authress_delete_user",
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
            (NonUtf8Segment, 404, "GroupNotFound"),
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
        &["authress_get_roles", "authress_get_records", "authress_get_users"],
        &[
            (Query("limit=0"), 400, "InvalidRequest"),
            (Query("limit=101"), 400, "InvalidRequest"),
            (Query("filter="), 400, "InvalidRequest"),
            (Query("cursor=none"), 400, "InvalidRequest"),
        ],
    ),
    (
        &["authress_get_role", "authress_update_role", "authress_delete_role"],
        &[
            (Id("ro_unknown"), 404, "RoleNotFound"),
            (EncodedSlash, 404, "RoleNotFound"),
            (NonUtf8Segment, 404, "RoleNotFound"),
            (EmptySegment, 404, "NotFound"),
        ],
    ),
    (
        &["authress_get_record", "authress_update_record", "authress_delete_record"],
        &[
            (Id("rec_unknown"), 404, "RecordNotFound"),
            (EncodedSlash, 404, "RecordNotFound"),
            (NonUtf8Segment, 404, "RecordNotFound"),
            (EmptySegment, 404, "NotFound"),
        ],
    ),
    (
        &["authress_get_user", "authress_delete_user"],
        &[
            (Id("nobody"), 404, "UserNotFound"),
            (EncodedSlash, 404, "UserNotFound"),
            (NonUtf8Segment, 404, "UserNotFound"),
            (EmptySegment, 404, "NotFound"),
        ],
    ),
    (
        &["authress_create_role", "authress_update_role", "authress_create_record", "authress_update_record"],
        &[
            (Body(b""), 400, "InvalidRequest"),
            (Body(b"{"), 400, "InvalidRequest"),
            (Body(b"\xff"), 400, "InvalidRequest"),
            (Body(b"[]"), 400, "InvalidRequest"),
            (Body(b"{}"), 400, "InvalidRequest"),
            (LargeBody, 413, "RequestTooLarge"),
        ],
    ),
    (
        &["authress_create_role"],
        &[(Body(br#"{"roleId":"ro_reader","name":"a","permissions":[]}"#), 409, "RoleAlreadyExists")],
    ),
    (
        &["authress_create_record"],
        &[(
            Body(
                br#"{"recordId":"rec_engineering","name":"a","statements":[{"roles":["r"],"resources":[{"resourceUri":"*"}]}]}"#,
            ),
            409,
            "AccessRecordAlreadyExists",
        )],
    ),
    (
        &["authress_update_record"],
        &[
            (Header("if-unmodified-since", "2001-01-01T00:00:00Z"), 412, "PreconditionFailed"),
            (Header("if-unmodified-since", "soon"), 400, "InvalidRequest"),
        ],
    ),
];
