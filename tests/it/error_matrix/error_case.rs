//! The changes that turn a valid request into an error case, and the documented errors without an error case.

/// A change to the example request of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ErrorCase {
    /// No credential.
    NoCredential,
    /// A method that the path does not support.
    WrongMethod,
    /// This value for the last path parameter.
    Id(&'static str),
    /// An encoded slash in the last path parameter.
    EncodedSlash,
    /// An empty last path parameter.
    EmptySegment,
    /// A last path parameter that is not UTF-8.
    NonUtf8Segment,
    /// This additional query.
    Query(&'static str),
    /// No query.
    NoQuery,
    /// This body.
    Body(&'static [u8]),
    /// A body above the body limit.
    LargeBody,
    /// A header with this name and value.
    Header(&'static str, &'static str),
    /// Cloudflare: the id of the predefined resource group.
    PredefinedGroup,
    /// This path and query.
    Target(&'static str),
    /// This path and query, and this body.
    TargetWithBody(&'static str, &'static [u8]),
    /// IBM: this value for the group parameter if it is not the last path parameter.
    Group(&'static str),
    /// IBM: the id of the Public Access group.
    PublicGroup,
}

/// Documented errors that a single request to a lenient server cannot cause.
///
/// An entry has a dialect or an operation id, the status, the code and the reason.
pub(super) const NOT_REACHABLE: &[(&str, u16, &str, &str)] = &[
    ("cloudflare_list_accounts", 404, "7003", NO_PARAMETER),
    ("cloudflare_list_zones", 404, "7003", NO_PARAMETER),
    ("cloudflare_get_user", 404, "7003", NO_PARAMETER),
    ("cloudflare_verify_token", 404, "7003", NO_PARAMETER),
    ("cloudflare_list_token_permission_groups", 404, "7003", NO_PARAMETER),
    ("cloudflare", 400, "9107", LIVE),
    ("cloudflare", 400, "12091", LIVE),
    ("cloudflare", 401, "10000", STRICT),
    ("cloudflare", 403, "9103", STRICT),
    ("cloudflare", 403, "10000", STRICT),
    ("cloudflare", 403, "9109", STRICT),
    ("cloudflare", 403, "1010", LIVE),
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
    ("ibm", 400, "BXNIM0415E", STRICT),
    ("ibm_get_api_key_details", 404, "not_found", STRICT),
    ("ibm", 400, "BXNIM0408E", TIME),
    ("ibm_create_template_version", 409, "template_conflict_error", SECOND_TEMPLATE),
    ("ibm_update_template_version", 409, "template_conflict_error", SECOND_TEMPLATE),
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

const ACCESS: &str = "only with another admin access setting; covered by the admin access tests";
const NO_PARAMETER: &str = "only with a malformed parameter in the path, and the path has none";
const LIVE: &str = "only with `--fidelity live`: tested in cloudflare::fidelity";
const STRICT: &str = "only in strict mode; covered by the credential tests of each dialect";
const LIMIT: &str = "only with a rate limit";
const BUG: &str = "only on a server bug; covered by the unit tests of the request pipeline";
const SLOW: &str = "only on a timeout; covered by the unit tests of the request pipeline";
const TIME: &str = "only after 30 days; covered by the token tests";
const SECOND_TEMPLATE: &str = "only with a second template; covered by the template tests";
const FAULT: &str = "documented by the vendor, but only an injected fault causes it";
