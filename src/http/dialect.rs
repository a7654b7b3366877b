//! `Dialect`: what the router must know of a vendor.

use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use serde_json::Value;

use super::{Meta, Operation, Parameter, Quota};
use crate::config::Config;
use crate::failure::{Code, Failure};

/// What the router and the documentation must know of a vendor's API.
#[derive(Debug, Clone, Copy)]
pub struct Dialect {
    /// The name, such as `ibm`.
    pub name: &'static str,
    /// What it emulates, in one sentence.
    pub title: &'static str,
    /// The path prefixes it owns, in lower case, each a whole number of segments; the longest one wins.
    pub prefixes: &'static [&'static str],
    /// Lets a request in before it is routed, or refuses it.
    pub admit: fn(&Uri, &HeaderMap, &Config) -> Result<(), Failure>,
    /// Turns a path as received into the path that is routed; `None` where it is routed as it is.
    pub normalize: fn(&str) -> Option<String>,
    /// Whether the vendor sends CORS headers of its own, whatever `--cors` says.
    pub sends_cors: bool,
    /// Whether HEAD is answered wherever GET is.
    pub serves_head: bool,
    /// The operations with their handlers.
    pub operations: fn() -> Vec<Operation>,
    /// Renders a failure in the vendor's envelope.
    pub render: fn(&Failure, &Meta) -> Response,
    /// Adds the headers that stand on every answer.
    pub finish: fn(&mut Response, &Meta),
    /// The request header in which a client names its request, in lower case.
    pub request_id_header: Option<&'static str>,
    /// Whether each operation has a rate limit of its own, instead of one for all.
    pub limits_each_operation: bool,
    /// The error of a request beyond the rate limit, status 429.
    pub limited: &'static Code,
    /// The error of a fault whose status is none of the vendor's.
    pub fault: &'static Code,
    /// Writes what is left of the rate limit into the headers of an answer, and `Retry-After` where the vendor does.
    pub quota: fn(&mut HeaderMap, &Quota),
    /// The media type of its JSON answers.
    pub media_type: &'static str,
    /// What `openapi.yaml` says of it.
    pub documentation: Documentation,
}

/// What `openapi.yaml` says of a dialect besides its operations.
#[derive(Debug, Clone, Copy)]
pub struct Documentation {
    /// The components, by name; the generator puts the dialect's name before each.
    pub schemas: fn() -> Value,
    /// The name of the schema of an error.
    pub error_schema: &'static str,
    /// The captures of the paths.
    pub path_parameters: &'static [&'static Parameter],
    /// The errors that every operation can answer.
    pub common_codes: &'static [&'static Code],
    /// All errors of the dialect.
    pub codes: &'static [&'static Code],
    /// The kinds of credentials as OpenAPI security schemes, by name; any one is enough.
    pub security: fn() -> Value,
    /// Headers that stand on every answer, with their descriptions.
    pub headers: &'static [(&'static str, &'static str)],
}

impl Dialect {
    /// Returns the length of the longest prefix that owns `path`.
    pub fn owns(&self, path: &str) -> Option<usize> {
        let path = path.trim_start_matches('/').as_bytes();
        let owned = self.prefixes.iter().map(|prefix| prefix.trim_start_matches('/').as_bytes());
        let owning = owned.filter(|prefix| {
            let same = path.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
            same && matches!(path.get(prefix.len()), None | Some(b'/'))
        });
        owning.map(<[u8]>::len).max()
    }

    /// Returns the identifier that the client gave its request.
    pub fn request_id_of(&self, headers: &HeaderMap) -> Option<String> {
        let value = headers.get(self.request_id_header?)?.to_str().ok()?;
        (!value.is_empty()).then(|| value.to_owned())
    }
}
