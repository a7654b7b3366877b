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

/// Documented errors that one request to a lenient server does not cause: bugs, time limits and strict mode.
/// `router::tests`, `cli` and the tests of each dialect's credentials provoke them.
pub(super) const UNPROVOKED: &[(&str, u16, &str)] = &[
    ("cloudflare", 401, "10000"),
    ("cloudflare", 403, "9103"),
    ("cloudflare", 403, "10000"),
    ("cloudflare", 403, "9109"),
    ("cloudflare", 500, "10001"),
    ("cloudflare", 504, "1000"),
    ("ibm", 403, "forbidden"),
    ("ibm", 403, ""),
    ("ibm", 500, "internal_server_error"),
    ("ibm", 500, ""),
    ("ibm", 503, "service_unavailable"),
    ("ibm", 503, ""),
    ("ibm", 400, "BXNIM0407E"),
    ("ibm", 500, "BXNIM0061E"),
    ("ibm", 503, "BXNIM0061E"),
    ("authress", 403, "Forbidden"),
    ("authress", 500, ""),
    ("authress", 504, "RequestTimeout"),
    ("legacy", 403, ""),
    ("legacy", 500, ""),
    ("legacy", 503, ""),
    ("admin", 403, "403"),
];
