//! `Operation`: the method, the path and the documentation of one route.

use axum::http::{Method, StatusCode};

use crate::spec::{ErrorCode, Evidence};

/// One operation of an API: its route and what `openapi.yaml` says of it.
///
/// It is a static; a dialect's `routes` registers it together with its handler.
#[derive(Debug)]
pub struct Operation {
    /// The name, unique in the dialect, such as `list_groups`.
    pub id: &'static str,
    /// The method.
    pub method: Method,
    /// The path as documented, with parameters in braces.
    pub path: &'static str,
    /// A summary of one line.
    pub summary: &'static str,
    /// Further details; empty for none.
    pub description: &'static str,
    /// The evidence level.
    pub evidence: Evidence,
    /// The source: a page with its section, or a file of a client.
    pub source: &'static str,
    /// The parameters of query and headers.
    pub parameters: &'static [&'static Parameter],
    /// The request body.
    pub body: Option<RequestBody>,
    /// The successful responses, the most common one first.
    responses: [Option<ResponseSpec>; MAX_RESPONSES],
    /// The errors besides those that every operation of the dialect can return.
    pub errors: &'static [&'static ErrorCode],
    /// Whether it needs no credential.
    pub is_public: bool,
}

/// The maximum number of successful responses of an operation.
const MAX_RESPONSES: usize = 3;

/// A request body as documented.
#[derive(Debug, Clone, Copy)]
pub struct RequestBody {
    /// The media type.
    pub media_type: &'static str,
    /// The name of the schema.
    pub schema: &'static str,
    /// An example: JSON text, or the encoded form.
    pub example: &'static str,
}

/// A successful answer as documented.
#[derive(Debug, Clone, Copy)]
pub struct ResponseSpec {
    /// The status.
    pub status: StatusCode,
    /// The media type, where it is not the dialect's own.
    pub media_type: Option<&'static str>,
    /// The name of the schema; `None` for an empty body.
    pub schema: Option<&'static str>,
    /// The headers besides those that every answer of the dialect has, with their descriptions.
    pub headers: &'static [(&'static str, &'static str)],
}

/// A parameter as documented.
#[derive(Debug)]
pub struct Parameter {
    /// The name.
    pub name: &'static str,
    /// Where it stands: `query`, `header` or `path`.
    pub location: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What it means, with its default and range.
    pub description: &'static str,
    /// The schema as JSON text.
    pub schema: &'static str,
    /// An example as JSON text; empty for none.
    pub example: &'static str,
}

impl Parameter {
    /// The schema of any text.
    pub const STRING: &'static str = r#"{"type":"string"}"#;

    /// Returns a capture of the path: a text, always there.
    pub const fn path(name: &'static str, description: &'static str, example: &'static str) -> Self {
        Self { name, location: "path", required: true, description, schema: Self::STRING, example }
    }

    /// Returns a parameter of the query that may be left out.
    pub const fn query(name: &'static str, description: &'static str, schema: &'static str) -> Self {
        Self { name, location: "query", required: false, description, schema, example: "" }
    }

    /// Returns a header that may be left out: a text.
    pub const fn header(name: &'static str, description: &'static str) -> Self {
        Self { name, location: "header", required: false, description, schema: Self::STRING, example: "" }
    }

    /// Sets the schema, as JSON text.
    #[must_use]
    pub const fn schema(mut self, schema: &'static str) -> Self {
        self.schema = schema;
        self
    }

    /// Sets an example, as JSON text.
    #[must_use]
    pub const fn example(mut self, example: &'static str) -> Self {
        self.example = example;
        self
    }

    /// Makes it one that must be there.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }
}

impl Operation {
    /// Returns the operation `id` of `method` at `path`, not documented yet.
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

    /// Sets the summary and how the operation is known.
    #[must_use]
    pub const fn summary(mut self, summary: &'static str, evidence: Evidence) -> Self {
        self.summary = summary;
        self.evidence = evidence;
        self
    }

    /// Sets where the operation is known from.
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

    /// Sets the parameters of query and header.
    #[must_use]
    pub const fn parameters(mut self, parameters: &'static [&'static Parameter]) -> Self {
        self.parameters = parameters;
        self
    }

    /// Sets a JSON body by the name of its schema and an example.
    #[must_use]
    pub const fn json_body(mut self, schema: &'static str, example: &'static str) -> Self {
        self.body = Some(RequestBody { media_type: "application/json", schema, example });
        self
    }

    /// Sets a form-encoded body by the name of its schema and an example.
    #[must_use]
    pub const fn form_body(mut self, schema: &'static str, example: &'static str) -> Self {
        self.body = Some(RequestBody { media_type: "application/x-www-form-urlencoded", schema, example });
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

    /// Adds a response; more than [`MAX_RESPONSES`] do not compile.
    const fn add(mut self, response: ResponseSpec) -> Self {
        let mut index = 0;
        while self.responses[index].is_some() {
            index += 1;
        }
        self.responses[index] = Some(response);
        self
    }

    /// Documents headers of the response that was added last.
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

    /// Makes it need no credential.
    #[must_use]
    pub const fn unauthenticated(mut self) -> Self {
        self.is_public = true;
        self
    }

    /// Sets the errors besides those that every operation of the dialect can answer.
    #[must_use]
    pub const fn errors(mut self, codes: &'static [&'static ErrorCode]) -> Self {
        self.errors = codes;
        self
    }
}
