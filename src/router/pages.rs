//! What a browser requests: the index at `/`, the icon, and the files of the console.
//!
//! They are no routes, so that a program that merges the router can have its own `/`. They go through the layer of the
//! admin API, and are therefore not in the journal.

use axum::extract::Request;
use axum::http::header::{ACCEPT, CACHE_CONTROL, LOCATION, VARY};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use serde::Serialize;
use serde_json::{Map, Value};
use tower::Layer;

use super::dialects::dialects;
use crate::admin::{AdminLayer, AdminService};
use crate::app::App;
use crate::app::namespaces::DEFAULT_NAMESPACE;
use crate::config::{AdminAccess, Config};
use crate::console;
use crate::http::base_url::encode_component;
use crate::http::{ApiResponse, BoxedHandler, Endpoint, HandlerResult, RequestContext, json};
use crate::spec::{Apis, RequestError};

/// The services of what a browser requests.
#[derive(Debug, Clone)]
pub(super) struct Pages {
    index: AdminService,
    icon: AdminService,
    console: AdminService,
    /// Whether the server has an index: not without the admin API, and a fallback server of all paths has its own.
    has_index: bool,
}

/// The index: where to find what.
#[derive(Serialize)]
struct Index {
    name: &'static str,
    version: &'static str,
    /// The URL of the console; absent if it is not part of this build.
    #[serde(skip_serializing_if = "Option::is_none")]
    console: Option<String>,
    health: String,
    openapi: String,
    /// The base URL of each served dialect.
    dialects: Map<String, Value>,
}

impl Pages {
    /// Returns the services of the server `app`.
    pub(super) fn new(app: &App, apis: &'static Apis) -> Self {
        let layer = AdminLayer::new(app.clone(), apis);
        let service = |handler| layer.layer(Endpoint { operation: None, is_forwarding: false, handler });
        let config = app.config();
        Self {
            index: service(BoxedHandler::new(get_index)),
            icon: service(BoxedHandler::new(get_icon)),
            console: service(BoxedHandler::new(get_console_file)),
            has_index: config.admin != AdminAccess::Disabled && config.fallback.server.is_none(),
        }
    }

    /// Returns the service that responds to `request`; `None` if it is not about a page.
    pub(super) fn service(&self, request: &Request) -> Option<&AdminService> {
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        match request.uri().path() {
            "/" if is_read && self.has_index => Some(&self.index),
            "/favicon.ico" if is_read && self.has_index => Some(&self.icon),
            path if console::matches_path(path) => Some(&self.console),
            _ => None,
        }
    }
}

/// Handles `GET /`: 303 to the console for a browser, else 200 with the index.
async fn get_index(context: RequestContext, request: Request) -> HandlerResult {
    let response = if console::is_included() && accepts_html(request.headers()) {
        redirect_to_console(&context)
    } else {
        json(StatusCode::OK, "application/json", &index(&context))
    };
    Ok(response.header(VARY, "accept"))
}

/// Handles `GET /favicon.ico`: 204, so that a browser finds out that there is none without an error in the journal.
async fn get_icon() -> HandlerResult {
    Ok(ApiResponse::empty(StatusCode::NO_CONTENT).header(CACHE_CONTROL, "max-age=86400"))
}

/// Handles `GET /__admin/ui/FILE`: 200 or 304 with a file of the console, 303 without the slash after `ui`.
async fn get_console_file(context: RequestContext, request: Request) -> HandlerResult {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(RequestError::MethodNotAllowed { allow: "GET".to_owned() });
    }
    match request.uri().path().strip_prefix(console::PATH) {
        Some(name) => {
            let file = console::file(name, request.headers());
            file.map(ApiResponse::from).ok_or(RequestError::RouteNotFound)
        }
        None if console::is_included() => Ok(redirect_to_console(&context)),
        None => Err(RequestError::RouteNotFound),
    }
}

/// Returns whether a browser asks for a page, and not a program for anything.
fn accepts_html(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut media_types = values.flat_map(|value| value.split(','));
    media_types.any(|it| it.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("text/html"))
}

/// Returns a redirection to the console, which shows the namespace of the request.
fn redirect_to_console(context: &RequestContext) -> ApiResponse {
    let name = &context.namespace().name;
    let fragment = match name.as_str() {
        DEFAULT_NAMESPACE => String::new(),
        _ => format!("#/requests?ns={}", encode_component(name)),
    };
    let location = format!("{}{}{fragment}", public_path(context.config()), console::PATH);
    ApiResponse::empty(StatusCode::SEE_OTHER).header(LOCATION, &location)
}

/// Returns the path of `--public-url`, without a trailing slash.
fn public_path(config: &Config) -> String {
    let url = config.public_url.as_deref().and_then(|url| url.parse::<Uri>().ok());
    url.map_or_else(String::new, |url| url.path().trim_end_matches('/').to_owned())
}

fn index(context: &RequestContext) -> Index {
    let base_url = context.base_url();
    let is_served = |name| context.config().serves(name);
    let served = dialects().filter(|dialect| !dialect.api.is_admin && is_served(dialect.api.name));
    Index {
        name: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        console: console::is_included().then(|| format!("{base_url}{}", console::PATH)),
        health: format!("{base_url}/__admin/health"),
        openapi: format!("{base_url}/__admin/openapi.json"),
        dialects: served
            .map(|it| (it.api.name.to_owned(), format!("{base_url}{}", it.api.base_path).into()))
            .collect(),
    }
}
