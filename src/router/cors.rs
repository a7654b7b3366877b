//! CORS for the origins that `--cors` allows: tower-http's `CorsLayer`, except for vendors that send their own CORS
//! headers.

use std::convert::Infallible;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::Request;
use axum::http::header::{ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use axum::http::{HeaderValue, Method};
use axum::response::Response;
use futures_util::future::Either;
use tower::{Layer, Service};
use tower_http::cors::{AllowHeaders, AllowOrigin, Any, Cors, CorsLayer};

use super::dialects::dialect_for_path;
use crate::app::App;
use crate::config::Config;
use crate::http::namespace::vendor_path;
use crate::http::received_headers::MAX_HEADER_BYTES;

/// Adds CORS for `origins` to `routes`; without origins, returns the routes unchanged.
pub(super) fn with_cors(routes: Router, app: &App) -> Router {
    let origins = &app.config().cors;
    if origins.is_empty() {
        return routes;
    }
    let allow_origin = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()))
    };
    // A wildcard does not include `Authorization`, so the requested headers are mirrored.
    let cors = CorsLayer::new()
        .allow_origin(allow_origin)
        .allow_methods(Any)
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(Any);
    routes.layer(CrossOriginLayer { cors, app: app.clone() })
}

/// A [`CorsLayer`] for cross-origin requests only, because it treats every OPTIONS as a preflight, while vendors reject
/// an OPTIONS that is not one.
#[derive(Clone)]
struct CrossOriginLayer {
    cors: CorsLayer,
    app: App,
}

impl<S: Clone> Layer<S> for CrossOriginLayer {
    type Service = CrossOriginService<S>;

    fn layer(&self, inner: S) -> CrossOriginService<S> {
        CrossOriginService { cors: self.cors.layer(inner.clone()), inner, app: self.app.clone() }
    }
}

#[derive(Clone)]
struct CrossOriginService<S> {
    inner: S,
    cors: Cors<S>,
    app: App,
}

impl<S> Service<Request> for CrossOriginService<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    Cors<S>: Service<Request, Response = Response, Error = Infallible>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Either<<Cors<S> as Service<Request>>::Future, S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        if needs_cors(&request, self.app.config()) {
            Either::Left(self.cors.call(request))
        } else {
            Either::Right(self.inner.call(request))
        }
    }
}

/// Returns whether `request` is cross-origin and the vendor does not send its own CORS headers.
fn needs_cors(request: &Request, config: &Config) -> bool {
    let headers = request.headers();
    let dialect = dialect_for_path(vendor_path(request.uri().path()));
    let is_preflight = headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    // The requested headers are repeated in the response.
    let is_short = |names: &HeaderValue| names.len() <= MAX_HEADER_BYTES;
    headers.contains_key(ORIGIN)
        && headers.get(ACCESS_CONTROL_REQUEST_HEADERS).is_none_or(is_short)
        && (request.method() != Method::OPTIONS || is_preflight)
        && !(dialect.sends_cors && config.serves(dialect.api.name))
}
