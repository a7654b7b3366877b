//! The neighbors of groups: their operations, a row for each kind, and the handlers that all kinds share.
//!
//! The next kind is a row in `domain/cloudflare/neighbors/kinds.rs` and one in `APIS` of `operations.rs`.

mod handlers;
pub(super) mod operations;
pub(super) mod parameters;
mod schema;

use axum::http::{Method, StatusCode};

use crate::domain::cloudflare::neighbors::CloudflareNeighbor;
use crate::http::{DialectRouter, RequestContext};
use crate::spec::Operation;

pub(super) use schema::schemas;

/// A kind of neighbor with its operations.
pub(super) struct NeighborApi {
    kind: &'static CloudflareNeighbor,
    /// The name of its schema.
    schema: &'static str,
    /// The status of a creation and of a deletion.
    statuses: (StatusCode, StatusCode),
    operations: [Operation; 5],
}

impl NeighborApi {
    /// Returns the kind that the operation of a request belongs to.
    fn of(context: &RequestContext) -> &'static Self {
        let path = context.0.operation.map_or("", |operation| operation.path);
        let api = operations::APIS.iter().find(|api| api.operations.iter().any(|it| it.path == path));
        api.expect("these handlers are routed only for the operations of the table")
    }

    /// Returns whether the Access service responds, and not the IAM service.
    fn is_access(&self) -> bool {
        self.operations[0].path.contains("/access/")
    }
}

/// Adds the routes of all kinds.
pub(super) fn add_routes(mut router: DialectRouter) -> DialectRouter {
    for operation in operations::APIS.iter().flat_map(|api| &api.operations) {
        let is_item = operation.path.ends_with('}');
        router = match (&operation.method, is_item) {
            (&Method::POST, _) => router.route(operation, handlers::create_neighbor),
            (&Method::PUT, _) => router.route(operation, handlers::update_neighbor),
            (&Method::DELETE, _) => router.route(operation, handlers::delete_neighbor),
            (_, true) => router.route(operation, handlers::get_neighbor),
            (_, false) => router.route(operation, handlers::list_neighbors),
        };
    }
    router
}
