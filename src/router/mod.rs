//! The composition root: one axum `Router` with the routes of all dialects and of the admin API.

mod cors;
pub mod dialects;
mod fallback;
mod pages;
#[cfg(test)]
#[cfg(feature = "default")]
mod tests;

use std::sync::Arc;

use axum::Router;
use tower::layer::layer_fn;
use tower::service_fn;

use crate::admin::{self, AdminLayer};
use crate::app::App;
use crate::http::DialectRouter;
use crate::pipeline::DialectLayer;
use fallback::{Fallback, LazyRoutes, rewrite_path, route_not_found};

/// Returns the whole server as an axum router.
///
/// The routes have the vendors' full paths. Another program can nest the router under a path, or merge it into its own
/// router if that has no fallback. Links in responses lack the path of an outer `nest`; set
/// [`public_url`](crate::Config::public_url) to a base URL with that path if clients follow them.
///
/// ```
/// use access_groups_mock::{App, Config, Seed, router};
/// use axum::{Router, body::Body, http::Request, routing::get};
/// use tower::ServiceExt;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
/// # runtime.block_on(async {
/// let app = App::new(Config::default(), Seed::default()).unwrap();
/// let program = Router::new()
///     .route("/hello", get(async || "hello"))
///     .nest("/mock", router(&app))
///     .merge(router(&app));
///
/// for path in ["/hello", "/v1/groups", "/mock/v1/groups"] {
///     let request = Request::get(path).header("authorization", "Bearer any").body(Body::empty()).unwrap();
///     let response = program.clone().oneshot(request).await.unwrap();
///     assert_eq!(response.status(), 200, "{path}");
/// }
/// # });
/// ```
pub fn router(app: &App) -> Router {
    mount(app, dialects::served(app.config()), admin::routes())
}

/// Returns a router with the routes of `dialects` and of the admin API.
fn mount(app: &App, dialects: impl IntoIterator<Item = DialectRouter>, admin: DialectRouter) -> Router {
    let dialects: Vec<DialectRouter> = dialects.into_iter().collect();
    let fallback = Fallback::new(app, dialects::apis());
    let routes = operation_routes(app, dialects.clone(), admin.clone());
    // A path without a route is rewritten and routed again: `/ns/NAME` is removed, and the path is replaced by its
    // canonical form. A path that still has no route returns the 404 of the dialect that owns it, through the layer of
    // that dialect. Many servers receive no such path, so that its routes are built by the first one.
    let app_of_rewritten = app.clone();
    let rewritten: Arc<LazyRoutes> = Arc::new(LazyRoutes::new(Box::new(move || {
        let routes = operation_routes(&app_of_rewritten, dialects, admin);
        routes.fallback_service(service_fn(move |request| route_not_found(fallback.clone(), request)))
    })));
    let routes =
        routes.fallback_service(service_fn(move |request| rewrite_path(Arc::clone(&rewritten), request)));
    cors::with_cors(routes, app)
}

/// Returns the routes of `dialects` and of the admin API, without a fallback.
fn operation_routes(app: &App, dialects: Vec<DialectRouter>, admin: DialectRouter) -> Router {
    let apis = dialects::apis();
    let mut routes = Router::new();
    for dialect in dialects {
        // Each dialect has its own layer, which renders errors in the envelope of the vendor.
        let layer = DialectLayer::new(app.clone(), apis, dialect.dialect());
        routes = dialect.add_to(routes, &layer_fn(|endpoint| layer.service(endpoint)));
    }
    // The admin API has a shorter layer, with access control but without journal, rate limits and faults.
    admin.add_to(routes, &AdminLayer::new(app.clone(), apis))
}
