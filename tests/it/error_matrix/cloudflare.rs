//! Error cases of the cloudflare dialect.

use super::Rows;
use super::error_case::ErrorCase::{
    Body, EmptySegment, EncodedSlash, Header, Id, LargeBody, NoCredential, NonUtf8Segment, PredefinedGroup,
    Query, WrongMethod,
};

pub(super) const ROWS: Rows = &[
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
            (NonUtf8Segment, 404, "7003"),
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
        &["cloudflare_update_resource_group", "cloudflare_delete_resource_group"],
        &[(PredefinedGroup, 422, "422")],
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
    // With an empty identifier, the path is that of the list with a trailing slash, which is accepted.
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
];
