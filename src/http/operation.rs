//! `Operation`: one route with its handler and its documentation, in one registration.

use axum::handler::Handler;
use axum::http::{Method, StatusCode};

use super::{Context, Endpoint, Handling};
use crate::failure::{Code, Evidence};

/// One operation of an API: the route, the handler and what `openapi.yaml` says of it.
///
/// Schemas and examples are named or given as JSON text, so that registering costs nothing at start.
#[derive(Debug)]
pub struct Operation {
    /// The name, unique in the dialect, such as `list_groups`.
    pub id: &'static str,
    /// The method.
    pub method: Method,
    /// The path as documented, with captures in braces.
    pub path: &'static str,
    /// The path as routed, where the dialect normalizes paths.
    pub route: &'static str,
    /// The handler.
    pub handler: Endpoint,
    /// What it does, in one line.
    pub summary: &'static str,
    /// What else there is to say.
    pub description: &'static str,
    /// How it is known.
    pub evidence: Evidence,
    /// Where it is known from: a page with its section, or a file of a client.
    pub source: &'static str,
    /// The parameters of query and header.
    pub parameters: &'static [&'static Parameter],
    /// The request body.
    pub body: Option<RequestBody>,
    /// The successful answers, the usual one first.
    pub answers: Vec<Success>,
    /// The errors besides those that every operation of the dialect can answer.
    pub codes: &'static [&'static Code],
    /// Whether it needs no credential.
    pub is_public: bool,
}

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
pub struct Success {
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
    pub place: &'static str,
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
    pub const TEXT: &'static str = r#"{"type":"string"}"#;

    /// Returns a capture of the path: a text, always there.
    pub const fn path(name: &'static str, description: &'static str, example: &'static str) -> Self {
        Self { name, place: "path", required: true, description, schema: Self::TEXT, example }
    }

    /// Returns a parameter of the query that may be left out.
    pub const fn query(name: &'static str, description: &'static str, schema: &'static str) -> Self {
        Self { name, place: "query", required: false, description, schema, example: "" }
    }

    /// Returns a header that may be left out: a text.
    pub const fn header(name: &'static str, description: &'static str) -> Self {
        Self { name, place: "header", required: false, description, schema: Self::TEXT, example: "" }
    }

    /// Sets the schema, as JSON text.
    #[must_use]
    pub const fn of(mut self, schema: &'static str) -> Self {
        self.schema = schema;
        self
    }

    /// Sets an example, as JSON text.
    #[must_use]
    pub const fn like(mut self, example: &'static str) -> Self {
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
    /// Returns the operation `id`, reached by `method` at `path` and answered by `handler`.
    pub fn new<H, T>(method: Method, path: &'static str, id: &'static str, handler: H) -> Self
    where
        H: Handler<T, Context, Future = Handling> + Sync,
        T: 'static,
    {
        Self {
            id,
            method,
            path,
            route: path,
            handler: Endpoint::new(handler),
            summary: "",
            description: "",
            evidence: Evidence::Assumed,
            source: "",
            parameters: &[],
            body: None,
            answers: Vec::new(),
            codes: &[],
            is_public: false,
        }
    }

    /// Sets the summary and how the operation is known.
    #[must_use]
    pub const fn says(mut self, summary: &'static str, evidence: Evidence) -> Self {
        self.summary = summary;
        self.evidence = evidence;
        self
    }

    /// Sets where the operation is known from.
    #[must_use]
    pub const fn known_from(mut self, source: &'static str) -> Self {
        self.source = source;
        self
    }

    /// Sets the description.
    #[must_use]
    pub const fn describes(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    /// Sets the path as routed.
    #[must_use]
    pub const fn routed_at(mut self, route: &'static str) -> Self {
        self.route = route;
        self
    }

    /// Sets the parameters of query and header.
    #[must_use]
    pub const fn takes(mut self, parameters: &'static [&'static Parameter]) -> Self {
        self.parameters = parameters;
        self
    }

    /// Sets a JSON body by the name of its schema and an example.
    #[must_use]
    pub const fn reads(mut self, schema: &'static str, example: &'static str) -> Self {
        self.body = Some(RequestBody { media_type: "application/json", schema, example });
        self
    }

    /// Sets a form-encoded body by the name of its schema and an example.
    #[must_use]
    pub const fn reads_form(mut self, schema: &'static str, example: &'static str) -> Self {
        self.body = Some(RequestBody { media_type: "application/x-www-form-urlencoded", schema, example });
        self
    }

    /// Adds a successful answer with a body.
    #[must_use]
    pub fn answers(mut self, status: StatusCode, schema: &'static str) -> Self {
        self.answers.push(Success { status, media_type: None, schema: Some(schema), headers: &[] });
        self
    }

    /// Adds a successful answer of another media type than the dialect's own.
    #[must_use]
    pub fn answers_as(mut self, status: StatusCode, media_type: &'static str, schema: &'static str) -> Self {
        self.answers.push(Success {
            status,
            media_type: Some(media_type),
            schema: Some(schema),
            headers: &[],
        });
        self
    }

    /// Adds a successful answer without a body.
    #[must_use]
    pub fn answers_empty(mut self, status: StatusCode) -> Self {
        self.answers.push(Success { status, media_type: None, schema: None, headers: &[] });
        self
    }

    /// Documents headers of the answer added last.
    #[must_use]
    pub fn with_headers(mut self, headers: &'static [(&'static str, &'static str)]) -> Self {
        if let Some(answer) = self.answers.last_mut() {
            answer.headers = headers;
        }
        self
    }

    /// Makes it need no credential.
    #[must_use]
    pub const fn public(mut self) -> Self {
        self.is_public = true;
        self
    }

    /// Sets the errors besides those that every operation of the dialect can answer.
    #[must_use]
    pub const fn refuses(mut self, codes: &'static [&'static Code]) -> Self {
        self.codes = codes;
        self
    }
}
