//! Finds the operation of a recorded request: its host, the operation and its path parameters.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::http::Uri;
use axum::response::Response;
use futures_util::FutureExt;
use tower::{Layer, Service, ServiceExt};

use crate::http::namespace::vendor_path;
use crate::http::{DialectSpec, Endpoint};
use crate::router::dialects::{dialect_for_path, dialect_routers};
use crate::spec::{ApiSpec, Operation};

/// The operation of a recorded request.
#[derive(Debug, Clone)]
pub struct RecordedOperation {
    /// The API.
    pub(crate) api: &'static ApiSpec,
    /// The operation.
    pub(crate) operation: &'static Operation,
    /// The decoded path parameters by name, in the order of the path.
    pub(crate) params: Vec<(String, String)>,
    /// The decoded query parameters.
    pub(crate) query: Vec<(String, String)>,
}

impl RecordedOperation {
    /// Returns the name of the dialect, such as `ibm`.
    pub fn dialect(&self) -> &'static str {
        self.api.name
    }

    /// Returns the id of the operation, such as `get_access_group`.
    pub fn id(&self) -> &'static str {
        self.operation.id
    }

    /// Returns the path parameter `name`; empty if there is none.
    pub(crate) fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
    }

    /// Returns the first value of the query parameter `name`.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

/// The hosts whose requests are used, and the routes of the operations.
#[derive(Debug)]
pub struct Hosts {
    others: Vec<String>,
    routes: Router,
}

impl Hosts {
    /// Returns the hosts of the vendors, of loopback addresses, and `others`.
    pub fn new(others: Vec<String>) -> Self {
        let mut routes = Router::new();
        for router in dialect_routers() {
            let layer = LookupLayer(router.dialect());
            routes = router.add_to(routes, &layer);
        }
        Self { others: others.into_iter().map(|host| host.to_ascii_lowercase()).collect(), routes }
    }

    /// Returns the operation of the request.
    ///
    /// # Errors
    /// The reason why the request is none of an API of this server.
    pub fn find(&self, method: &str, url: &str) -> Result<RecordedOperation, String> {
        let uri: Uri = url.parse().map_err(|error| format!("invalid URL `{}`: {error}", shown(url)))?;
        let Some(host) = uri.host() else {
            return Err(format!("`{}` is not an absolute URL", shown(url)));
        };
        let path = vendor_path(uri.path());
        let dialect = dialect_for_path(path);
        let canonical = (dialect.canonical_path)(path);
        let path = canonical.as_deref().unwrap_or(path);
        let no_operation = || format!("no operation of this server has {method} {path}");
        let request = Request::builder().method(method).uri(path).body(Body::empty());
        let request = request.map_err(|_| no_operation())?;
        let response = self.routes.clone().oneshot(request).now_or_never();
        let found = response.and_then(|response| response.ok()?.extensions_mut().remove::<Found>());
        let Found { api, operation, mut params } = found.ok_or_else(no_operation)?;
        if !dialect.path_suffix.is_empty() {
            if !dialect.has_suffix(path) {
                return Err(no_operation());
            }
            // The router leaves the suffix in a parameter at the end of the path.
            if let Some((_, last)) = params.last_mut().filter(|_| operation.path.contains('}')) {
                last.truncate(last.len().saturating_sub(dialect.path_suffix.len()));
            }
        }
        if !self.accepts(dialect, &host.to_ascii_lowercase()) {
            return Err(format!("the host {host} is not one of the vendor's; `--host {host}` includes it"));
        }
        let query = uri.query().unwrap_or_default();
        Ok(RecordedOperation { api, operation, params, query: decode_query(query) })
    }

    /// Returns whether requests to `host` can be those of `dialect`.
    fn accepts(&self, dialect: &DialectSpec, host: &str) -> bool {
        let name = host.trim_start_matches('[').trim_end_matches(']');
        let is_loopback = name == "localhost"
            || name.ends_with(".localhost")
            || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        let is_vendors = |pattern: &&str| match pattern.strip_prefix('*') {
            Some(suffix) => name.ends_with(suffix),
            None => name == *pattern,
        };
        is_loopback || dialect.hosts.iter().any(is_vendors) || self.others.iter().any(|it| it == name)
    }
}

/// Returns a URL without credentials, shortened for a message.
fn shown(url: &str) -> String {
    let url = crate::control::redaction::url(url);
    url.chars().take(200).collect()
}

/// Decodes a query.
fn decode_query(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.map(|(name, value)| (decode(name), decode(value))).collect()
}

/// A response extension with the operation of a route.
#[derive(Debug, Clone)]
struct Found {
    api: &'static ApiSpec,
    operation: &'static Operation,
    params: Vec<(String, String)>,
}

/// The layer of the routes, whose endpoints return only what was [`Found`].
struct LookupLayer(&'static DialectSpec);

impl Layer<Endpoint> for LookupLayer {
    type Service = LookupService;

    fn layer(&self, endpoint: Endpoint) -> LookupService {
        LookupService { api: &self.0.api, operation: endpoint.operation }
    }
}

#[derive(Debug, Clone)]
struct LookupService {
    api: &'static ApiSpec,
    operation: Option<&'static Operation>,
}

impl Service<Request> for LookupService {
    type Response = Response;
    type Error = Infallible;
    type Future = Ready<Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let mut response = Response::new(Body::empty());
        if let Some(operation) = self.operation {
            let (mut parts, _) = request.into_parts();
            let params = RawPathParams::from_request_parts(&mut parts, &()).now_or_never();
            let params = params.and_then(Result::ok);
            let params = params.iter().flatten().map(|(name, value)| (name.to_owned(), value.to_owned()));
            let found = Found { api: self.api, operation, params: params.collect() };
            response.extensions_mut().insert(found);
        }
        ready(Ok(response))
    }
}
