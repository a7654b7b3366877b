//! The route table of the legacy dialect.

use super::{DIALECT, handlers, operations};
use crate::http::DialectRouter;

/// Returns the router, which maps each operation to its handler.
pub fn routes() -> DialectRouter {
    DialectRouter::new(&DIALECT)
        .route(&operations::LIST_ACCESS_GROUPS, handlers::list_access_groups)
        .route(&operations::CREATE_ACCESS_GROUP, handlers::create_access_group)
        .route(&operations::GET_ACCESS_GROUP, handlers::get_access_group)
        .route(&operations::UPDATE_ACCESS_GROUP, handlers::update_access_group)
        .route(&operations::DELETE_ACCESS_GROUP, handlers::delete_access_group)
}
