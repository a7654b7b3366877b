//! The composition root: puts the front before the dialects and the admin API, and gives them as one axum router.
//!
//! Outermost is the `Door`, which answers CORS where `--cors` asks for it.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::Request;
use axum::http::header::{ACCESS_CONTROL_REQUEST_METHOD, HeaderName, ORIGIN};
use axum::http::{HeaderValue, Method};
use axum::response::Response;
use futures_util::FutureExt;
use futures_util::future::Either;
use tower::{Layer, Service, ServiceExt};
use tower_http::cors::{AllowHeaders, AllowOrigin, Any, Cors, CorsLayer};

use crate::app::App;
use crate::catalog::catalog;
use crate::dialect;
use crate::front::{Answering, Front, measure, vendor_path};

/// Returns the whole server as an axum router.
///
/// ```
/// use access_groups_mock::{App, Config, Seed, router};
/// use axum::{body::Body, http::Request};
/// use tower::ServiceExt;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
/// # runtime.block_on(async {
/// let app = App::new(Config::default(), Seed::default()).unwrap();
/// let request = Request::get("/v1/groups").header("authorization", "Bearer any");
/// let answer = router(&app).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
/// assert_eq!(answer.status(), 200);
/// # });
/// ```
pub fn router(app: &App) -> Router {
    Router::new().fallback_service(Door::new(app))
}

/// What stands before the front: CORS, where `--cors` asks for it and the vendor has none of its own.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    front: Front,
    cors: Option<Cors<Front>>,
}

impl Door {
    /// Returns the whole server.
    pub(crate) fn new(app: &App) -> Self {
        let front = Front::new(app.clone(), catalog());
        let origins = &app.config().cors;
        let cors = (!origins.is_empty()).then(|| cors(origins).layer(front.clone()));
        Self { front, cors }
    }

    /// Answers a request.
    pub(crate) fn answer(&self, request: Request) -> Answering {
        match &self.cors {
            Some(cors) if is_cross_origin(&request) => {
                let crossed = cors.clone().oneshot(request);
                let answer = crossed.map(|answer| answer.unwrap_or_else(|never| match never {}));
                Either::Right(Box::pin(answer))
            }
            _ => self.front.answer(request),
        }
    }
}

impl Service<Request> for Door {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let is_head = request.method() == Method::HEAD;
        let answer = self.answer(request).map(move |mut answer| {
            // A connection does this by itself; whoever calls the router without one gets the same head.
            if !is_head {
                measure(&mut answer);
            }
            Ok(answer)
        });
        Box::pin(answer)
    }
}

/// Whether a browser asks from another origin, and the vendor does not answer that itself.
///
/// OPTIONS is a preflight only where it says which method is to come.
fn is_cross_origin(request: &Request) -> bool {
    let has = |name: HeaderName| request.headers().contains_key(name);
    has(ORIGIN)
        && (request.method() != Method::OPTIONS || has(ACCESS_CONTROL_REQUEST_METHOD))
        && !dialect::owner_of(vendor_path(request.uri().path())).sends_cors
}

fn cors(origins: &[String]) -> CorsLayer {
    let allow = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()))
    };
    // A wildcard does not stand for `Authorization`, so the headers that were asked for are named.
    let headers = AllowHeaders::mirror_request();
    CorsLayer::new().allow_origin(allow).allow_methods(Any).allow_headers(headers).expose_headers(Any)
}
