//! What is known of a request before its handler runs, and the handler's way to the store.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method};

use super::Dialect;
use super::links::Place;
use crate::app::App;
use crate::control::FailItems;
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
    /// The identifier of the request: the client's own where the dialect has a header for it, else a new one.
    pub request_id: String,
    /// The `Origin` of the request.
    pub origin: Option<HeaderValue>,
    /// The parts of a bulk call that a fault makes fail.
    pub fail_items: OnceLock<FailItems>,
    place: Place,
    base_url: OnceLock<String>,
}

impl Meta {
    /// Returns the meta data of `request`, whose path `dialect` owns.
    pub fn new(app: App, dialect: &'static Dialect, request: &Request) -> Self {
        let headers = request.headers();
        Self {
            request_id: dialect.request_id_of(headers).unwrap_or_else(|| app.new_request_id()),
            app,
            dialect,
            method: request.method().clone(),
            origin: headers.get(axum::http::header::ORIGIN).cloned(),
            fail_items: OnceLock::new(),
            place: Place::of(request.uri().clone(), headers),
            base_url: OnceLock::new(),
        }
    }

    /// Returns the path as received.
    pub fn path(&self) -> &str {
        self.place.target().path()
    }

    /// Returns the base of absolute links, without a slash at its end: `--public-url`, or where the client found
    /// the server.
    pub fn base_url(&self) -> &str {
        self.base_url.get_or_init(|| match &self.app.config().public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => self.place.base_url(self.app.config().address),
        })
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
        self.0.base_url()
    }

    /// Returns which parts of a bulk call a fault makes fail.
    pub fn fail_items(&self) -> Option<&FailItems> {
        self.0.fail_items.get()
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
