//! The errors of the cloudflare dialect.

use axum::response::Response;

use crate::failure::Failure;
use crate::http::Meta;

pub(super) fn render(_: &Failure, _: &Meta) -> Response {
    Response::default()
}
