//! Error cases of the legacy dialect.

use super::Rows;
use super::error_case::ErrorCase::{
    Body, EmptySegment, EncodedSlash, Header, Id, LargeBody, NoCredential, NonUtf8Segment, Query, WrongMethod,
};

pub(super) const ROWS: Rows = &[
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
            (NonUtf8Segment, 400, ""),
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
];
