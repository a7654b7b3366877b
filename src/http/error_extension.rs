//! `ErrorExtension`: the `RequestError` in the extensions of a response, until the dialect renders it.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::json;
use crate::spec::{ApiError, ErrorCode, RequestError};

/// A response extension with the error that the dialect is to render.
#[derive(Debug, Clone)]
pub struct ErrorExtension(pub Arc<RequestError>);

impl IntoResponse for RequestError {
    fn into_response(self) -> Response {
        let mut response = Response::default();
        response.extensions_mut().insert(ErrorExtension(Arc::new(self)));
        response
    }
}

/// A response extension with the error code of a rendered error.
#[derive(Debug, Clone, Copy)]
pub struct ErrorCodeExtension(pub &'static ErrorCode);

/// Returns the response to `error` with its status, `body` as JSON, and its error code as [`ErrorCodeExtension`].
///
/// # Panics
/// If the status is not between 100 and 999, which error codes and the validation of faults guarantee.
pub fn error_response(error: &ApiError, media_type: &'static str, body: &impl Serialize) -> Response {
    let status = StatusCode::from_u16(error.status).expect("error codes and faults have valid HTTP statuses");
    let mut response = json(status, media_type, body).into_response();
    response.extensions_mut().insert(ErrorCodeExtension(error.code));
    response
}
