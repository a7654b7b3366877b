//! A `Failure` travels in the extensions of a response until the dialect renders it.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};

use crate::failure::Failure;

/// The failure that a response stands for.
#[derive(Debug, Clone)]
pub struct Carried(pub Arc<Failure>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = Response::default();
        response.extensions_mut().insert(Carried(Arc::new(self)));
        response
    }
}
