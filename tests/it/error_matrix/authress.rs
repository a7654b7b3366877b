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
];
