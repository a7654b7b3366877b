//! What differs by nature between a recording and its replay, for each dialect.

/// What differs by nature in the responses of a dialect.
#[derive(Debug)]
pub(super) struct Volatile {
    /// The name of the dialect.
    dialect: &'static str,
    /// The JSON fields with values that the service draws: identifiers, authors, tokens and cursors. A value is bound to
    /// its counterpart when it first appears.
    pub(super) drawn: &'static [&'static str],
    /// The JSON fields whose values are not compared, because every request has another one.
    pub(super) ignored: &'static [&'static str],
    /// The response headers whose values are not compared.
    pub(super) headers: &'static [&'static str],
    /// Whether identifiers are numbers.
    pub(super) has_numeric_ids: bool,
}

/// The response headers whose values are bound, such as entity tags, or are times.
pub(super) const BOUND_HEADERS: [&str; 2] = ["etag", "last-modified"];

/// The query parameters of links whose values are drawn: positions in lists.
pub(super) const CURSORS: [&str; 3] = ["pagetoken=", "cursor=", "start="];

/// The response headers that are compared in addition to those of the dialect.
pub(super) const COMMON_HEADERS: [&str; 7] =
    ["allow", "content-type", "etag", "last-modified", "location", "retry-after", "www-authenticate"];

const DIALECTS: [Volatile; 4] = [
    Volatile {
        dialect: "cloudflare",
        drawn: &["id", "uid", "aud", "client_id", "created_by", "token_id"],
        ignored: &[],
        headers: &["cf-ray", "ratelimit", "ratelimit-policy", "retry-after"],
        has_numeric_ids: false,
    },
    Volatile {
        dialect: "ibm",
        drawn: &[
            "id",
            "iam_id",
            "guid",
            "access_group_id",
            "template_id",
            "resource",
            "entity_tag",
            "created_by_id",
            "last_modified_by_id",
            "created_by",
            "start",
            "user_id",
        ],
        ignored: &["trace", "access_token", "refresh_token", "delegated_refresh_token", "ims_user_id"],
        headers: &[
            "transaction-id",
            "x-ratelimit-limit",
            "x-ratelimit-remaining",
            "x-ratelimit-reset",
            "retry-after",
        ],
        has_numeric_ids: false,
    },
    Volatile {
        dialect: "authress",
        drawn: &["groupId", "roleId", "recordId", "cursor"],
        ignored: &["errorId"],
        headers: &["x-request-id", "retry-after"],
        has_numeric_ids: false,
    },
    Volatile {
        dialect: "legacy",
        drawn: &["id"],
        ignored: &[],
        headers: &["retry-after"],
        has_numeric_ids: true,
    },
];

/// The fields that are not compared in the responses of single operations, because they count or are times in seconds.
const OF_OPERATIONS: [(&str, &str, &str); 2] =
    [("ibm", "create_token", "expiration"), ("ibm", "create_token", "expires_in")];

impl Volatile {
    /// Returns what differs by nature in the responses of `dialect`.
    pub(super) fn of(dialect: &str) -> &'static Self {
        let found = DIALECTS.iter().find(|volatile| volatile.dialect == dialect);
        found.expect("every dialect is in the list")
    }

    /// Returns whether the values of the field are not compared in the responses of `operation`.
    pub(super) fn ignores(&self, operation: &str, field: &str) -> bool {
        self.ignored.contains(&field) || OF_OPERATIONS.contains(&(self.dialect, operation, field))
    }
}
