//! The route table of the authress dialect.

use super::{DIALECT, handlers, neighbors, operations};
use crate::http::DialectRouter;

/// Returns the router, which maps each operation to its handler.
pub fn routes() -> DialectRouter {
    let router = DialectRouter::new(&DIALECT)
        .route(&operations::GET_GROUPS, handlers::list_groups)
        .route(&operations::CREATE_GROUP, handlers::create_group)
        .route(&operations::GET_GROUP, handlers::get_group)
        .route(&operations::UPDATE_GROUP, handlers::update_group)
        .route(&operations::UPDATE_GROUP_BY_POST, handlers::update_group)
        .route(&operations::DELETE_GROUP, handlers::delete_group);
    neighbors::add_routes(router)
}
