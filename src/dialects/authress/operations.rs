//! The operations of the authress dialect, each with its method, path and documentation.

use axum::http::{Method, StatusCode};

use crate::domain::authress::{error, source};
use crate::spec::{Confidence, ErrorCode, Evidence, Observation, Operation, Parameter};

pub(super) const GROUP_ID: Parameter =
    Parameter::path("groupId", "The identifier of the group.", r#""grp_user_group_001""#)
        .schema(r#"{"type":"string","minLength":1}"#);

pub(super) const LIMIT: Parameter = Parameter::query(
    "limit",
    "Max number of results to return.",
    r#"{"type":"integer","minimum":1,"maximum":20,"default":20}"#,
)
.example("20");

pub(super) const CURSOR: Parameter = Parameter::query(
    "cursor",
    "Continuation cursor for paging: `pagination.next.cursor` of the previous page, with the same \
                  filter.",
    r#"{"type":"string","minLength":1}"#,
);

pub(super) const FILTER: Parameter = Parameter::query(
    "filter",
    "Filter to search groups by. This is a case insensitive search through every text field: \
                  identifier, name, users, admins, and tag keys and values.",
    r#"{"type":"string","minLength":1,"maxLength":64}"#,
)
.example(r#""production""#);

pub(super) const IF_UNMODIFIED_SINCE: Parameter = Parameter::header(
    "If-Unmodified-Since",
    "The `lastUpdated` on which the update is based, in RFC 3339 or HTTP date format. It is compared at \
                  the lower precision of the two times. A group that changed later is not updated.",
)
.example(r#""2026-01-02T03:04:05.678Z""#);

const GROUP: &str = r#"{"groupId":"grp_on_call","name":"On call","users":[{"userId":"oauth|userId"}],
    "admins":[{"userId":"oauth|adminId"}],"tags":{"environment":"production"}}"#;

const REPLACEMENT: &str = r#"{"name":"Engineering","users":[{"userId":"oauth|userId"},
    {"userId":"oauth|newId"}],"admins":[{"userId":"oauth|adminId"}],"tags":{"environment":"production"}}"#;

const LIST: &str = "/v1/groups";
const ITEM: &str = "/v1/groups/{groupId}";

const UPDATE_ERRORS: &[&ErrorCode] =
    &[&error::GROUP_NOT_FOUND, &error::PRECONDITION_FAILED, &error::BODY_TOO_LARGE];

pub(super) static GET_GROUPS: Operation = Operation::new(Method::GET, LIST, "get_groups")
    .summary("List groups", Evidence::VendorDoc)
    .source(source::GET_GROUPS)
    .description(
        "Groups are in creation order. Cursors remain valid after writes: no group is duplicated or skipped.",
    )
    .parameters(&[&LIMIT, &CURSOR, &FILTER])
    .response(StatusCode::OK, "GroupCollection");

pub(super) static CREATE_GROUP: Operation = Operation::new(Method::POST, LIST, "create_group")
    .summary("Create group", Evidence::VendorDoc)
    .source(source::CREATE_GROUP)
    .description("At most 100 users, 100 admins and 102,400 bytes.")
    .json_body("GroupRequest", GROUP)
    .response(StatusCode::CREATED, "Group")
    .errors(&[&error::GROUP_ALREADY_EXISTS, &error::BODY_TOO_LARGE]);

pub(super) static GET_GROUP: Operation = Operation::new(Method::GET, ITEM, "get_group")
    .summary("Retrieve group", Evidence::VendorDoc)
    .source(source::GET_GROUP)
    .description("`lastUpdated` can be sent as `If-Unmodified-Since` of an update.")
    .response(StatusCode::OK, "Group")
    .errors(&[&error::GROUP_NOT_FOUND]);

pub(super) static UPDATE_GROUP: Operation = Operation::new(Method::PUT, ITEM, "update_group")
    .summary("Update a group", Evidence::VendorDoc)
    .source(source::UPDATE_GROUP)
    .description("Replaces the whole group: absent fields are removed.")
    .parameters(&[&IF_UNMODIFIED_SINCE])
    .json_body("GroupRequest", REPLACEMENT)
    .response(StatusCode::OK, "Group")
    .errors(UPDATE_ERRORS);

pub(super) static UPDATE_GROUP_BY_POST: Operation =
    Operation::new(Method::POST, ITEM, "update_group_by_post")
        .summary(
            "Update a group, as the C# SDK does",
            Evidence::Client(Observation::new("2026", Confidence::High)),
        )
        .source(source::CSHARP_SDK)
        .description("The same as PUT.")
        .parameters(&[&IF_UNMODIFIED_SINCE])
        .json_body("GroupRequest", REPLACEMENT)
        .response(StatusCode::OK, "Group")
        .errors(UPDATE_ERRORS);

pub(super) static DELETE_GROUP: Operation = Operation::new(Method::DELETE, ITEM, "delete_group")
    .summary("Deletes group", Evidence::VendorDoc)
    .source(source::DELETE_GROUP)
    .description("Access records that name the group keep the reference.")
    .empty_response(StatusCode::NO_CONTENT)
    .errors(&[&error::GROUP_NOT_FOUND]);
