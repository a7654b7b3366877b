//! The composition root: one axum `Router` that mounts the routes of every dialect and of the admin API.

mod cors;
pub mod dialects;
mod fallback;
#[cfg(test)]
mod tests;

use axum::Router;

use crate::admin::{self, AdminLayer};
use crate::app::App;
use crate::http::DialectRouter;
use crate::pipeline::DialectLayer;
use fallback::Fallback;

/// Returns the whole server as an axum router.
///
/// The routes are at the vendors' full paths, so that another program can merge the router into its own, or nest it below a path.
/// As any router with a fallback, it can be merged into a router without one.
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

/// Mounts the routes of dialects and of the admin API.
fn mount(app: &App, dialects: impl IntoIterator<Item = DialectRouter>, admin: DialectRouter) -> Router {
    let apis = dialects::apis();
    let mut routes = Router::new();
    for dialect in dialects {
        // Each dialect's routes stand under the layer that puts errors into the envelope of its vendor.
        let layer = DialectLayer::new(app.clone(), apis, dialect.dialect());
        routes = routes.merge(dialect.into_router(&layer));
    }
    // The admin API has a shorter layer: access control, and neither journal nor limits nor faults.
    routes = routes.merge(admin.into_router(&AdminLayer::new(app.clone(), apis)));
    // A path without a route gets the 404 of the dialect that owns it, under the layer of that dialect.
    let fallback = Fallback::new(app, apis);
    let routes = routes.fallback(fallback::route_not_found).with_state(fallback.clone());
    // First it is rewritten and routed anew: `/ns/NAME` is removed, and the vendor's other forms of a path become the routed one.
    let rewriting = routes.clone().with_state(()).fallback(fallback::rewrite_path);
    cors::with_cors(rewriting.with_state(fallback.with_routes(routes)), &app.config().cors)
}
