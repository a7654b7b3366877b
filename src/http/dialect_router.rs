//! `DialectRouter`: the routes of a dialect, from which an axum `Router` is built with a layer around every endpoint.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::Method;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, any_service};
use tower::{Layer, Service};

use super::{BoxedHandler, DialectSpec, HandlerFuture, RequestContext};
use crate::spec::{Operation, RequestError};

/// The routes of a dialect: each operation with its handler.
#[derive(Debug, Clone)]
pub struct DialectRouter {
    dialect: &'static DialectSpec,
    routes: Vec<(&'static Operation, BoxedHandler)>,
}

/// The endpoint of a route, which the layers of dialects and of the admin API wrap.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// The operation; `None` if no operation has the path and method.
    pub operation: Option<&'static Operation>,
    /// Whether the handler forwards requests to a fallback server.
    pub is_forwarding: bool,
    /// The handler of the operation, or one that returns the error.
    pub handler: BoxedHandler,
}

impl Endpoint {
    /// Returns the endpoint for paths without a route.
    pub fn route_not_found() -> Self {
        let handler = BoxedHandler::new(async || RequestError::RouteNotFound);
        Self { operation: None, is_forwarding: false, handler }
    }

    /// Returns the endpoint for unsupported methods of a path; `allow` lists the supported ones.
    fn method_not_allowed(allow: &str) -> Self {
        let allow = allow.to_owned();
        let handler = async move || RequestError::MethodNotAllowed { allow };
        Self { operation: None, is_forwarding: false, handler: BoxedHandler::new(handler) }
    }
}

impl DialectRouter {
    /// Returns a router of `dialect` without routes.
    pub const fn new(dialect: &'static DialectSpec) -> Self {
        Self { dialect, routes: Vec::new() }
    }

    /// Routes the method and the path of `operation` to `handler`.
    #[must_use]
    pub fn route<H, T>(mut self, operation: &'static Operation, handler: H) -> Self
    where
        H: Handler<T, RequestContext, Future = HandlerFuture> + Sync,
        T: 'static,
    {
        self.routes.push((operation, BoxedHandler::new(handler)));
        self
    }

    /// Returns the dialect.
    pub const fn dialect(&self) -> &'static DialectSpec {
        self.dialect
    }

    /// Returns the operations in the order of registration.
    pub fn operations(&self) -> impl Iterator<Item = &'static Operation> {
        self.routes.iter().map(|(operation, _)| *operation)
    }

    /// Adds the routes to `router`: a `MethodRouter` for each path, with `layer` around every endpoint.
    ///
    /// An unsupported method of a path returns [`RequestError::MethodNotAllowed`] through the same layer, with the
    /// path's own `Allow`. axum's `get` also accepts HEAD; in a dialect without HEAD, HEAD is an unsupported method.
    pub fn add_to<L>(self, mut router: Router, layer: &L) -> Router
    where
        L: Layer<Endpoint>,
        L::Service: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        let mut by_path: BTreeMap<Cow<'static, str>, Vec<Endpoint>> = BTreeMap::new();
        for (operation, handler) in self.routes {
            for path in (self.dialect.route_paths)(operation.path) {
                let handler = handler.clone();
                let endpoint = Endpoint { operation: Some(operation), is_forwarding: false, handler };
                by_path.entry(path).or_default().push(endpoint);
            }
        }
        for (path, endpoints) in by_path {
            router = router.route(&path, method_router(self.dialect, endpoints, layer));
        }
        router
    }
}

/// Returns the `MethodRouter` of the operations of one path.
fn method_router<L>(dialect: &DialectSpec, endpoints: Vec<Endpoint>, layer: &L) -> MethodRouter
where
    L: Layer<Endpoint>,
    L::Service: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
    <L::Service as Service<Request>>::Future: Send + 'static,
{
    let methods: Vec<&Method> = endpoints.iter().filter_map(|it| it.operation.map(|op| &op.method)).collect();
    let allow = methods.iter().map(|method| method.as_str()).collect::<Vec<_>>().join(", ");
    let not_allowed = layer.layer(Endpoint::method_not_allowed(&allow));
    // Unlike a plain `MethodRouter`, this one does not add `Allow` to responses that have none, such as injected
    // errors.
    let mut router = any_service(not_allowed.clone());
    if methods.contains(&&Method::GET) && !methods.contains(&&Method::HEAD) && !dialect.serves_head {
        router = router.on_service(MethodFilter::HEAD, not_allowed);
    }
    for endpoint in endpoints {
        if let Some(filter) = endpoint.operation.and_then(|it| MethodFilter::try_from(it.method.clone()).ok())
        {
            router = router.on_service(filter, layer.layer(endpoint));
        }
    }
    router
}
