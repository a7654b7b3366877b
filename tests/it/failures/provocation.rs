//! What can be done to a request, and the errors that nothing of it causes.

/// What is done to the request that the examples of an operation make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Provocation {
    /// The credential is left out.
    NoCredential,
    /// The method is one that the path does not take.
    WrongMethod,
    /// The last capture of the path has this value.
    Id(&'static str),
    /// The last capture of the path holds an escaped slash.
    EncodedSlash,
    /// The last capture of the path is empty.
    EmptySegment,
    /// The last capture of the path is not UTF-8.
    BadPath,
    /// The query has this besides.
    Query(&'static str),
    /// The query is left out.
    NoQuery,
    /// The body is this.
    Body(&'static [u8]),
    /// The body is larger than the limit.
    LargeBody,
    /// A header has this value.
    Header(&'static str, &'static str),
    /// Cloudflare: the resource group is the predefined one.
    PredefinedGroup,
    /// The path and the query are these.
    Target(&'static str),
    /// The path and the query are these, and so is the body.
    At(&'static str, &'static [u8]),
    /// IBM: the group, where it is not the last capture, has this value.
    Group(&'static str),
    /// IBM: the group is the Public Access group.
    PublicGroup,
}

/// Documented errors that one request to a lenient server does not cause, with the reason: of all operations of a
/// dialect, or of one operation.
pub(super) const UNPROVOKED: &[(&str, u16, &str, &str)] = &[
    ("cloudflare", 401, "10000", STRICT),
    ("cloudflare", 403, "9103", STRICT),
    ("cloudflare", 403, "10000", STRICT),
    ("cloudflare", 403, "9109", STRICT),
    ("cloudflare", 429, "971", LIMIT),
    ("cloudflare", 500, "10001", BUG),
    ("cloudflare", 504, "1000", SLOW),
    ("ibm", 403, "forbidden", STRICT),
    ("ibm", 403, "", STRICT),
    ("ibm", 429, "too_many_requests", LIMIT),
    ("ibm", 429, "", LIMIT),
    ("ibm", 500, "internal_server_error", BUG),
    ("ibm", 500, "", BUG),
    ("ibm", 503, "service_unavailable", SLOW),
    ("ibm", 503, "", SLOW),
    ("ibm", 400, "BXNIM0407E", STRICT),
    ("ibm", 500, "BXNIM0061E", BUG),
    ("ibm", 503, "BXNIM0061E", SLOW),
    ("ibm_add_members_to_access_group", 404, "membership_not_found", FAULT),
    ("authress", 403, "Forbidden", STRICT),
    ("authress", 429, "TooManyRequests", LIMIT),
    ("authress", 500, "", BUG),
    ("authress", 504, "RequestTimeout", SLOW),
    ("legacy", 403, "", STRICT),
    ("legacy", 429, "", LIMIT),
    ("legacy", 500, "", BUG),
    ("legacy", 503, "", SLOW),
    ("admin", 401, "401", ACCESS),
    ("admin", 404, "404", ACCESS),
];

const ACCESS: &str = "only where the server was started with another access; `control::safety` provokes it";
const STRICT: &str = "only in strict mode; the tests of each dialect's credentials provoke it";
const LIMIT: &str = "only where a rate limit is set";
const BUG: &str = "only where the server has a bug; `front::tests` provoke it";
const SLOW: &str = "only where the server is slow; `front::tests` provoke it";
const FAULT: &str = "the vendor lists it, and nothing causes it but a fault";
