//! `ApiSpec`: the documentation of an API; `Apis`: every API of the server with its operations.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::error::{ApiError, ErrorCode, Evidence};
use super::operation::{Operation, Parameter};

/// The base URL in examples and in the document: that of a server with the default options.
pub const EXAMPLE_BASE_URL: &str = "http://127.0.0.1:4010";

/// The request id in examples.
pub const EXAMPLE_REQUEST_ID: &str = "4f3a5c5e-8b1d-4c5e-9f0a-2d6b7c8e9f10";

/// The documentation of an API.
#[derive(Debug, Clone, Copy)]
pub struct ApiSpec {
    /// The name, such as `ibm`.
    pub name: &'static str,
    /// The name of the vendor's product in a text, such as `IBM`.
    pub display_name: &'static str,
    /// A description of the emulated API in one sentence.
    pub title: &'static str,
    /// The path prefixes that the API owns, in lower case and without leading and trailing slashes. Each consists of
    /// whole segments, and the longest matching prefix of all APIs wins.
    pub prefixes: &'static [&'static str],
    /// The path in the base URL of the vendor, such as `/client/v4`, which is removed from the paths of requests to a
    /// fallback server of the dialect; empty if there is none.
    pub base_path: &'static str,
    /// The resources: a part of their paths and their name. The first whose part is in a path owns it.
    pub resources: &'static [(&'static str, &'static str)],
    /// Whether this is the admin API and not a vendor's.
    pub is_admin: bool,
    /// The media type of JSON responses.
    pub media_type: &'static str,
    /// Further media types of error responses.
    pub other_error_media_types: &'static [&'static str],
    /// Returns the name of the schema of the error responses to a path.
    pub error_schema: fn(&str) -> &'static str,
    /// Returns the body of an error in the response to a path, as an example.
    pub error_example: fn(&ApiError, &str) -> Value,
    /// The schemas by name; the generator prefixes each with the name of the API.
    pub schemas: fn() -> Value,
    /// The meaning of fields that have no description in their schema, by their names.
    pub field_descriptions: &'static [(&'static str, &'static str)],
    /// The parameters of the paths.
    pub path_parameters: &'static [&'static Parameter],
    /// The errors that every operation can return.
    pub common_errors: &'static [&'static ErrorCode],
    /// The errors that every operation except public ones can return, too.
    pub access_errors: &'static [&'static ErrorCode],
    /// All errors.
    pub errors: &'static [&'static ErrorCode],
    /// The differences between the vendor's document and its live service, which `--fidelity` chooses between.
    pub fidelity: &'static [FidelityDifference],
    /// The OpenAPI security schemes by name.
    pub security: fn() -> Value,
    /// The alternative credentials, each with the names of the schemes that are needed together.
    pub credentials: &'static [&'static [&'static str]],
    /// The headers of every response, with their descriptions.
    pub headers: &'static [(&'static str, &'static str)],
}

/// A difference between a vendor's document and its live service.
#[derive(Debug)]
pub struct FidelityDifference {
    /// The requests and the part of the response that differ.
    pub subject: &'static str,
    /// The behavior with `--fidelity documented`.
    pub documented: &'static str,
    /// The behavior with `--fidelity live`.
    pub live: &'static str,
    /// The evidence for the behavior of the live service.
    pub evidence: Evidence,
    /// The source of the evidence.
    pub source: &'static str,
}

/// An API with its operations.
#[derive(Debug)]
pub struct Api {
    /// The API.
    pub spec: &'static ApiSpec,
    /// The operations in the order of their registration.
    pub operations: Vec<&'static Operation>,
}

/// Every API of the server, in the order of registration; the admin API is the last.
///
/// They are listed at the first use, because most requests need none of them.
#[derive(Debug)]
pub struct Apis(LazyLock<Vec<Api>>);

impl ApiSpec {
    /// Returns whether one of the prefixes owns `path`.
    pub fn matches_path(&self, path: &str) -> bool {
        self.prefixes.iter().any(|prefix| has_path_prefix(prefix, path))
    }
}

impl Apis {
    /// Returns the APIs that `list` returns.
    pub const fn new(list: fn() -> Vec<Api>) -> Self {
        Self(LazyLock::new(list))
    }

    /// Returns the APIs.
    pub fn iter(&self) -> impl Iterator<Item = &Api> {
        self.0.iter()
    }

    /// Returns the APIs of vendors.
    pub fn vendors(&self) -> impl Iterator<Item = &Api> {
        self.iter().filter(|api| !api.spec.is_admin)
    }

    /// Returns every operation with its API, in the order of registration.
    pub fn operations(&self) -> impl Iterator<Item = (&'static ApiSpec, &'static Operation)> {
        self.iter().flat_map(|api| api.operations.iter().map(|operation| (api.spec, *operation)))
    }
}

/// Returns the schemas in `parts`, each a JSON object with schemas by name.
pub fn parse_schemas(parts: &[&str]) -> Map<String, Value> {
    let parse = |part: &&str| -> Map<String, Value> {
        serde_json::from_str(part)
            .expect("they are JSON objects, because a test generates the whole document")
    };
    parts.iter().flat_map(parse).collect()
}

/// Returns whether `path`, after any number of leading slashes, is `prefix` or starts with `prefix` and a slash. Case
/// is ignored.
pub fn has_path_prefix(prefix: &str, path: &str) -> bool {
    let (prefix, path) = (prefix.as_bytes(), path.as_bytes());
    let slashes = path.iter().take_while(|byte| **byte == b'/').count();
    let path = &path[slashes..];
    // These two comparisons reject most prefixes quickly.
    matches!(path.get(prefix.len()), None | Some(b'/'))
        && path.first().map(u8::to_ascii_lowercase) == prefix.first().copied()
        && path.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}
