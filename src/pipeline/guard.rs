//! The panic guard around the whole pipeline: a client always receives a response.
//!
//! The pipeline itself guards the handler; this guard catches a panic in any other step, which is a bug of this server.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use futures_util::future::Either;
use uuid::Uuid;

use super::Inner;
use crate::http::context::EndpointInfo;
use crate::http::namespace::RequestNamespace;
use crate::http::received_headers::ReceivedHeaders;
use crate::http::render::render_error;
use crate::http::{DialectSpec, RequestMeta};
use crate::spec::RequestError;

/// Runs the pipeline around the handler of `service`, and returns the 500 of the dialect if it panics.
pub(super) fn run(service: Arc<Inner>, request: Request) -> impl Future<Output = Response> + Send {
    let guarded = Arc::clone(&service);
    match catch_unwind(AssertUnwindSafe(|| super::run(service, request))) {
        Ok(response) => Either::Left(
            AssertUnwindSafe(response)
                .catch_unwind()
                .map(move |response| response.unwrap_or_else(|_panic| error_response(&guarded))),
        ),
        Err(_panic) => Either::Right(std::future::ready(error_response(&guarded))),
    }
}

/// Returns the dialect's response to a panic, or one without a body if that panics, too.
fn error_response(service: &Inner) -> Response {
    let render = || {
        let layer = &service.layer;
        let DialectSpec { api, .. } = layer.dialect;
        let info = EndpointInfo { api, operation: service.endpoint.operation, apis: layer.apis };
        let (namespace, headers) = (RequestNamespace::default_of(&layer.app), ReceivedHeaders::default());
        let meta = RequestMeta::new(info, namespace, headers, &mut Request::default(), Uuid::nil());
        let mut response = render_error(layer.dialect, &RequestError::Panic, &meta);
        (layer.dialect.apply_headers)(&mut response, &meta);
        response
    };
    catch_unwind(AssertUnwindSafe(render))
        .unwrap_or_else(|_panic| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

#[cfg(test)]
#[cfg(feature = "legacy")]
mod tests {
    use axum::body::{Body, to_bytes};
    use tower::Service;

    use super::*;
    use crate::app::App;
    use crate::config::Config;
    use crate::dialects::legacy;
    use crate::domain::seed::Seed;
    use crate::http::{BoxedHandler, Endpoint};
    use crate::pipeline::DialectLayer;
    use crate::spec::Apis;

    /// Sends a request to a dialect, and returns the status and the body of the response.
    fn respond(dialect: DialectSpec) -> (u16, String) {
        let app = App::new(Config::default(), Seed::default()).unwrap();
        let apis = Box::leak(Box::new(Apis::new(Vec::new)));
        let layer = DialectLayer::new(app, apis, Box::leak(Box::new(dialect)));
        let mut service = layer.service(Endpoint {
            operation: None,
            is_forwarding: false,
            handler: BoxedHandler::new(async || "read"),
        });
        let request = Request::get("/api2/reads.json").body(Body::empty()).unwrap();
        let response = service.call(request).now_or_never().unwrap().unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), usize::MAX).now_or_never().unwrap().unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[test]
    fn repeated_panic_returns_an_empty_error() {
        let dialect = DialectSpec { apply_headers: |_, _| panic!("in a test"), ..legacy::DIALECT };

        assert_eq!(respond(dialect), (500, String::new()));
    }

    #[test]
    fn panic_once_returns_the_error_of_the_dialect() {
        let (status, body) = respond(DialectSpec {
            // The error is rendered without the id of a request, so that only the first call panics.
            apply_headers: |_, meta| assert!(meta.id.is_nil(), "in a test"),
            ..legacy::DIALECT
        });

        assert_eq!(status, 500);
        assert!(body.contains("\"Message\""), "{body}");
    }
}
