//! A `RequestError` travels in the extensions of a response until the dialect renders it.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::json;
use crate::spec::{ApiError, ErrorCode, RequestError};

/// The failure that a response stands for.
#[derive(Debug, Clone)]
pub struct ErrorExtension(pub Arc<RequestError>);

impl IntoResponse for RequestError {
    fn into_response(self) -> Response {
        let mut response = Response::default();
        response.extensions_mut().insert(ErrorExtension(Arc::new(self)));
        response
    }
}

/// The vendor's error that a response tells of, in the extensions of the response.
#[derive(Debug, Clone, Copy)]
pub struct ErrorCodeExtension(pub &'static ErrorCode);

/// Returns the answer of a refusal with `body` as its JSON: its status, and its error as [`ErrorCodeExtension`] beside it.
///
/// The status is between 100 and 999; what makes a fault checks that of the fault.
pub fn error_response(refusal: &ApiError, media_type: &'static str, body: &impl Serialize) -> Response {
    let status = StatusCode::from_u16(refusal.status).expect("codes and faults hold HTTP statuses");
    let mut response = json(status, media_type, body).into_response();
    response.extensions_mut().insert(ErrorCodeExtension(refusal.code));
    response
}
