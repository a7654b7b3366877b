//! A `Failure` travels in the extensions of a response until the dialect renders it.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};

use crate::failure::{Code, Failure};

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

/// The vendor's error that a response tells of, in the extensions of the response.
#[derive(Debug, Clone, Copy)]
pub struct Ruled(pub &'static Code);
