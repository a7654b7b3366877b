//! `Operation`: the method, path and documentation of one route.

use axum::http::{Method, StatusCode};

use crate::spec::{ErrorCode, Evidence};

/// An operation of an API: its route and its documentation in `openapi.yaml`.
///
/// Every operation is a static, which a dialect's `routes` function registers with its handler.
#[derive(Debug)]
pub struct Operation {
    /// The operation id, unique in the dialect, such as `list_groups`.
    pub id: &'static str,
    /// The method.
    pub method: Method,
    /// The documented path, with parameters in braces.
    pub path: &'static str,
    /// A summary of one line.
    pub summary: &'static str,
    /// Further details; empty for none.
    pub description: &'static str,
    /// The evidence level.
    pub evidence: Evidence,
    /// The source: a page with its section, or a file of a client.
    pub source: &'static str,
    /// The query and header parameters.
    pub parameters: &'static [&'static Parameter],
    /// The media type of the responses and errors, if it is not the dialect's own.
    pub media_type: Option<&'static str>,
    /// The request body.
    pub body: Option<RequestBody>,
    /// The successful responses, the most common one first.
    responses: [Option<ResponseSpec>; MAX_RESPONSES],
    /// The errors besides those that every operation of the dialect can return.
    pub errors: &'static [&'static ErrorCode],
    /// Whether the operation requires no credential.
    pub is_public: bool,
}

/// The maximum number of successful responses of an operation.
const MAX_RESPONSES: usize = 3;

/// The documentation of a request body.
#[derive(Debug, Clone, Copy)]
pub struct RequestBody {
    /// The media type.
    pub media_type: &'static str,
    /// The name of the schema.
    pub schema: &'static str,
    /// An example: JSON, or the form-encoded string.
    pub example: &'static str,
    /// Whether a request without a body is invalid.
    pub required: bool,
}

/// The documentation of a successful response.
#[derive(Debug, Clone, Copy)]
pub struct ResponseSpec {
    /// The status.
    pub status: StatusCode,
    /// The media type, if it is not the dialect's own.
    pub media_type: Option<&'static str>,
    /// The name of the schema; `None` for an empty body.
    pub schema: Option<&'static str>,
    /// The headers besides those of every response of the dialect, with their descriptions.
    pub headers: &'static [(&'static str, &'static str)],
}

/// The documentation of a parameter.
#[derive(Debug)]
pub struct Parameter {
    /// The name.
    pub name: &'static str,
    /// The location: `query`, `header` or `path`.
    pub location: &'static str,
    /// Whether the parameter is required.
    pub required: bool,
    /// The meaning, default and range.
    pub description: &'static str,
    /// The schema as JSON.
    pub schema: &'static str,
    /// An example as JSON; empty for none.
    pub example: &'static str,
}

impl Parameter {
    /// The schema of any string.
    pub const STRING: &'static str = r#"{"type":"string"}"#;

    /// Returns a path parameter, which is a required string.
    pub const fn path(name: &'static str, description: &'static str, example: &'static str) -> Self {
        Self { name, location: "path", required: true, description, schema: Self::STRING, example }
    }

    /// Returns an optional query parameter.
    pub const fn query(name: &'static str, description: &'static str, schema: &'static str) -> Self {
        Self { name, location: "query", required: false, description, schema, example: "" }
    }

    /// Returns an optional header parameter, which is a string.
    pub const fn header(name: &'static str, description: &'static str) -> Self {
        Self { name, location: "header", required: false, description, schema: Self::STRING, example: "" }
    }

    /// Sets the schema as JSON.
    #[must_use]
    pub const fn schema(mut self, schema: &'static str) -> Self {
        self.schema = schema;
        self
    }

    /// Sets an example as JSON.
    #[must_use]
    pub const fn example(mut self, example: &'static str) -> Self {
        self.example = example;
        self
    }

    /// Makes the parameter required.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }
}

impl Operation {
    /// Returns the operation `id` of `method` and `path`, without documentation.
    pub const fn new(method: Method, path: &'static str, id: &'static str) -> Self {
        Self {
            id,
            method,
            path,
            summary: "",
            description: "",
            evidence: Evidence::Assumed,
            source: "",
            parameters: &[],
            media_type: None,
            body: None,
            responses: [None; MAX_RESPONSES],
            errors: &[],
            is_public: false,
        }
    }

    /// Returns the successful responses, the most common one first.
    pub fn responses(&self) -> impl Iterator<Item = &ResponseSpec> {
        self.responses.iter().flatten()
    }

    /// Sets the summary and the evidence level.
    #[must_use]
    pub const fn summary(mut self, summary: &'static str, evidence: Evidence) -> Self {
        self.summary = summary;
        self.evidence = evidence;
        self
    }

    /// Sets the source of the evidence.
    #[must_use]
    pub const fn source(mut self, source: &'static str) -> Self {
        self.source = source;
        self
    }

    /// Sets the description.
    #[must_use]
    pub const fn description(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    /// Sets the media type of the responses and errors, which is not the dialect's own.
    #[must_use]
    pub const fn media_type(mut self, media_type: &'static str) -> Self {
        self.media_type = Some(media_type);
        self
    }

    /// Sets the query and header parameters.
    #[must_use]
    pub const fn parameters(mut self, parameters: &'static [&'static Parameter]) -> Self {
        self.parameters = parameters;
        self
    }

    /// Sets a JSON request body with the name of its schema and an example.
    #[must_use]
    pub const fn json_body(mut self, schema: &'static str, example: &'static str) -> Self {
        self.body = Some(RequestBody { media_type: "application/json", schema, example, required: true });
        self
    }

    /// Sets a form-encoded request body with the name of its schema and an example.
    #[must_use]
    pub const fn form_body(mut self, schema: &'static str, example: &'static str) -> Self {
        let media_type = "application/x-www-form-urlencoded";
        self.body = Some(RequestBody { media_type, schema, example, required: true });
        self
    }

    /// Makes the request body optional.
    #[must_use]
    pub const fn optional_body(mut self) -> Self {
        if let Some(body) = &mut self.body {
            body.required = false;
        }
        self
    }

    /// Adds a successful response with a body.
    #[must_use]
    pub const fn response(self, status: StatusCode, schema: &'static str) -> Self {
        self.add(ResponseSpec { status, media_type: None, schema: Some(schema), headers: &[] })
    }

    /// Adds a successful response whose media type is not the dialect's own.
    #[must_use]
    pub const fn response_as(
        self,
        status: StatusCode,
        media_type: &'static str,
        schema: &'static str,
    ) -> Self {
        self.add(ResponseSpec { status, media_type: Some(media_type), schema: Some(schema), headers: &[] })
    }

    /// Adds a successful response without a body.
    #[must_use]
    pub const fn empty_response(self, status: StatusCode) -> Self {
        self.add(ResponseSpec { status, media_type: None, schema: None, headers: &[] })
    }

    /// Adds a response; in a static, more than [`MAX_RESPONSES`] are a compile error.
    const fn add(mut self, response: ResponseSpec) -> Self {
        let mut index = 0;
        while self.responses[index].is_some() {
            index += 1;
        }
        self.responses[index] = Some(response);
        self
    }

    /// Sets the headers of the response that was added last.
    #[must_use]
    pub const fn response_headers(mut self, headers: &'static [(&'static str, &'static str)]) -> Self {
        let mut index = MAX_RESPONSES;
        while index > 0 {
            index -= 1;
            if let Some(response) = &mut self.responses[index] {
                response.headers = headers;
                return self;
            }
        }
        self
    }

    /// Makes the operation require no credential.
    #[must_use]
    pub const fn unauthenticated(mut self) -> Self {
        self.is_public = true;
        self
    }

    /// Sets the errors besides those that every operation of the dialect can return.
    #[must_use]
    pub const fn errors(mut self, errors: &'static [&'static ErrorCode]) -> Self {
        self.errors = errors;
        self
    }
}
