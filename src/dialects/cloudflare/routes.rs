//! The route table of the cloudflare dialect.

use super::{DIALECT, access_groups, neighbors, operations, permission_groups, resource_groups};
use crate::http::DialectRouter;

/// Returns the router, which maps each operation to its handler.
pub fn routes() -> DialectRouter {
    let router = DialectRouter::new(&DIALECT)
        .route(&operations::LIST_ACCESS_GROUPS, access_groups::list_access_groups)
        .route(&operations::CREATE_ACCESS_GROUP, access_groups::create_access_group)
        .route(&operations::GET_ACCESS_GROUP, access_groups::get_access_group)
        .route(&operations::REPLACE_ACCESS_GROUP, access_groups::replace_access_group)
        .route(&operations::DELETE_ACCESS_GROUP, access_groups::delete_access_group)
        .route(&operations::LIST_ZONE_ACCESS_GROUPS, access_groups::list_access_groups)
        .route(&operations::CREATE_ZONE_ACCESS_GROUP, access_groups::create_access_group)
        .route(&operations::GET_ZONE_ACCESS_GROUP, access_groups::get_access_group)
        .route(&operations::REPLACE_ZONE_ACCESS_GROUP, access_groups::replace_access_group)
        .route(&operations::DELETE_ZONE_ACCESS_GROUP, access_groups::delete_access_group)
        .route(&operations::LIST_RESOURCE_GROUPS, resource_groups::list_resource_groups)
        .route(&operations::CREATE_RESOURCE_GROUP, resource_groups::create_resource_group)
        .route(&operations::GET_RESOURCE_GROUP, resource_groups::get_resource_group)
        .route(&operations::UPDATE_RESOURCE_GROUP, resource_groups::update_resource_group)
        .route(&operations::DELETE_RESOURCE_GROUP, resource_groups::delete_resource_group)
        .route(&operations::LIST_PERMISSION_GROUPS, permission_groups::list_permission_groups)
        .route(&operations::GET_PERMISSION_GROUP, permission_groups::get_permission_group);
    neighbors::add_routes(router)
}
