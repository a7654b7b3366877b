//! The neighbors of groups: roles, access records and users, with a row for each kind.

mod handlers;
mod operations;
mod schema;

use axum::http::{Method, StatusCode};

use crate::domain::authress::neighbors::AuthressNeighbor;
use crate::http::{DialectRouter, RequestContext};
use crate::spec::Operation;

pub(super) use operations::{RECORD_ID, ROLE_ID, USER_ID};
pub(super) use schema::schemas;

/// A kind of neighbor with its operations.
pub(super) struct NeighborApi {
    pub(super) kind: &'static AuthressNeighbor,
    /// The maximum number of items per page, which is also the default.
    pub(super) max_limit: u8,
    /// The query parameters of the list besides those of a list of groups.
    pub(super) further_parameters: &'static [&'static str],
    /// The status of a response to a replacement, if there is such an operation, and to a deletion.
    replaced: StatusCode,
    deleted: StatusCode,
    operations: &'static [Operation],
}

impl NeighborApi {
    /// Returns the kind that the operation of a request belongs to; `None` for the operations of groups.
    pub(super) fn of(context: &RequestContext) -> Option<&'static Self> {
        let path = context.0.operation?.path;
        operations::APIS.iter().find(|api| api.operations.iter().any(|it| it.path == path))
    }

    /// Returns the kind whose objects have the given path.
    pub(super) fn of_path(path: &str) -> Option<&'static Self> {
        operations::APIS.iter().find(|api| path.starts_with(&format!("{}/", api.path())))
    }

    /// Returns the path of the list.
    pub(super) fn path(&self) -> &'static str {
        self.operations.first().map_or("", |operation| operation.path)
    }
}

/// Adds the routes of all kinds.
pub(super) fn add_routes(mut router: DialectRouter) -> DialectRouter {
    for operation in operations::APIS.iter().flat_map(|api| api.operations) {
        let is_item = operation.path.ends_with('}');
        router = match (&operation.method, is_item) {
            (&Method::POST, _) => router.route(operation, handlers::create_neighbor),
            (&Method::PUT, _) => router.route(operation, handlers::replace_neighbor),
            (&Method::DELETE, _) => router.route(operation, handlers::delete_neighbor),
            (_, true) => router.route(operation, handlers::get_neighbor),
            (_, false) => router.route(operation, handlers::list_neighbors),
        };
    }
    router
}
