//! What is known of a request before its handler runs, and the handler's way to the store.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};

use super::Dialect;
use crate::app::App;
use crate::failure::Failure;

/// What is known of a request before its handler runs.
#[derive(Debug)]
pub struct Meta {
    /// The server.
    pub app: App,
    /// The dialect that owns the path.
    pub dialect: &'static Dialect,
    /// The method as received.
    pub method: Method,
    /// The path as received.
    pub path: String,
    /// The identifier of the request: the client's own where the dialect has a header for it, else a new one.
    pub request_id: String,
    /// The base of absolute links, without a slash at its end.
    pub base_url: String,
    /// The `Origin` of the request.
    pub origin: Option<HeaderValue>,
}

impl Meta {
    /// Returns the meta data of a request for `path` with `headers`.
    pub fn new(
        app: App,
        dialect: &'static Dialect,
        method: Method,
        path: String,
        headers: &HeaderMap,
    ) -> Self {
        let request_id = dialect.request_id_of(headers).unwrap_or_else(|| app.new_request_id());
        let base_url = super::links::base_url(app.config().public_url.as_deref(), headers);
        let origin = headers.get(axum::http::header::ORIGIN).cloned();
        Self { app, dialect, method, path, request_id, base_url, origin }
    }
}

/// Gives a handler the meta data of its request and, through it, the store.
#[derive(Debug, Clone)]
pub struct Context(pub Arc<Meta>);

impl Deref for Context {
    type Target = App;

    /// Gives the server: its configuration, clock and store.
    fn deref(&self) -> &App {
        &self.0.app
    }
}

impl Context {
    /// Returns the identifier of the request.
    pub fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// Returns the base of absolute links, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.0.base_url
    }
}

impl FromRequestParts<App> for Context {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failure> {
        let meta =
            parts.extensions.get::<Arc<Meta>>().expect("the front puts the meta data into each request");
        Ok(Self(Arc::clone(meta)))
    }
}
