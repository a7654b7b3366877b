//! The fallbacks for paths without a route: the path is rewritten and routed again, or the response is that of a
//! fallback server, or a 404 in the envelope of the dialect that owns the path.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::extract::Request;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use axum::response::Response;
use tower::{Layer, ServiceExt};

use super::dialects::{dialect_for_path, dialects};
use super::pages::Pages;
use crate::admin::{self, AdminLayer, AdminService};
use crate::app::App;
use crate::http::base_url::ReceivedUri;
use crate::http::{DialectSpec, Endpoint, namespace};
use crate::pipeline::{DialectLayer, NotFoundService};
use crate::spec::Apis;

/// The routes for rewritten paths, which are built by the first one.
pub(super) type LazyRoutes = LazyLock<Router, Box<dyn FnOnce() -> Router + Send>>;

/// What responds to paths without a route.
#[derive(Debug, Clone)]
pub(super) struct Fallback(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// The service that forwards the request to a fallback server or returns the 404, for each served dialect by name,
    /// and for the admin API for paths that no vendor owns.
    not_found: BTreeMap<&'static str, NotFoundService>,
    /// The service that returns the 404 of paths of the admin API, with its access control.
    admin_not_found: AdminService,
    /// The services of what a browser requests.
    pages: Pages,
}

impl Fallback {
    /// Returns what responds on the server `app`.
    pub(super) fn new(app: &App, apis: &'static Apis) -> Self {
        let is_served =
            |dialect: &&'static DialectSpec| dialect.api.is_admin || app.config().serves(dialect.api.name);
        let served = dialects().filter(is_served);
        let not_found = served.map(|dialect| {
            let layer = DialectLayer::new(app.clone(), apis, dialect);
            (dialect.api.name, layer.not_found_service())
        });
        Self(Arc::new(Inner {
            not_found: not_found.collect(),
            admin_not_found: AdminLayer::new(app.clone(), apis).layer(Endpoint::route_not_found()),
            pages: Pages::new(app, apis),
        }))
    }
}

/// Removes `/ns/NAME` from the path, replaces the path by its canonical form, and routes the request again.
pub(super) async fn rewrite_path(
    routes: Arc<LazyRoutes>,
    mut request: Request,
) -> Result<Response, Infallible> {
    namespace::strip_prefix(&mut request);
    canonicalize_path(&mut request);
    LazyLock::force(&routes).clone().oneshot(request).await
}

/// Returns the page that the path has, the response of the fallback server of the dialect that owns the path, or the 404
/// of the dialect.
pub(super) async fn route_not_found(fallback: Fallback, request: Request) -> Result<Response, Infallible> {
    let Fallback(fallback) = fallback;
    if let Some(page) = fallback.pages.service(&request) {
        return page.clone().oneshot(request).await;
    }
    let path = request.uri().path();
    if admin::DIALECT.api.matches_path(path) {
        return fallback.admin_not_found.clone().oneshot(request).await;
    }
    let not_found = &fallback.not_found;
    // A path of a dialect that is not served gets the 404 of the admin API.
    let service =
        not_found.get(dialect_for_path(path).api.name).or_else(|| not_found.get(admin::DIALECT.api.name));
    match service {
        Some(service) => service.clone().oneshot(request).await,
        None => unreachable!("the admin API is always served"),
    }
}

/// Replaces the path by its canonical form, and stores the received URI in the extensions.
fn canonicalize_path(request: &mut Request) {
    let uri = request.uri();
    let Some(path) = (dialect_for_path(uri.path()).canonical_path)(uri.path()) else { return };
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let Ok(path_and_query) = format!("{path}{query}").parse::<PathAndQuery>() else { return };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path_and_query);
    if let Ok(canonical) = Uri::from_parts(parts) {
        let received = std::mem::replace(request.uri_mut(), canonical);
        request.extensions_mut().insert(ReceivedUri(received));
    }
}
