//! The route table of the cloudflare dialect.

use super::{
    DIALECT, access_groups, account_operations, accounts, neighbors, operations, permission_groups,
    resource_groups, user_group_members,
};
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
    let router = neighbors::add_routes(router);
    router
        .route(&account_operations::LIST_ACCOUNTS, accounts::list_accounts)
        .route(&account_operations::GET_ACCOUNT, accounts::get_owner)
        .route(&account_operations::LIST_ZONES, accounts::list_zones)
        .route(&account_operations::GET_ZONE, accounts::get_owner)
        .route(&account_operations::GET_USER, accounts::get_user)
        .route(&account_operations::VERIFY_TOKEN, accounts::verify_token)
        .route(&account_operations::VERIFY_ACCOUNT_TOKEN, accounts::verify_token)
        .route(&account_operations::LIST_TOKEN_PERMISSION_GROUPS, accounts::list_token_permission_groups)
        .route(
            &account_operations::LIST_ACCOUNT_TOKEN_PERMISSION_GROUPS,
            accounts::list_token_permission_groups,
        )
        .route(&account_operations::LIST_ROLES, accounts::list_roles)
        .route(&account_operations::GET_ROLE, accounts::get_role)
        .route(&account_operations::LIST_USER_GROUP_MEMBERS, user_group_members::list_user_group_members)
        .route(&account_operations::ADD_USER_GROUP_MEMBERS, user_group_members::add_user_group_members)
        .route(
            &account_operations::REPLACE_USER_GROUP_MEMBERS,
            user_group_members::replace_user_group_members,
        )
        .route(&account_operations::GET_USER_GROUP_MEMBER, user_group_members::get_user_group_member)
        .route(&account_operations::REMOVE_USER_GROUP_MEMBER, user_group_members::remove_user_group_member)
}
