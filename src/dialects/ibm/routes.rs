//! The route table of the ibm dialect.

use super::handlers::{
    api_keys, assignments, enterprise, groups, invitations, members, memberships, policies, policy_templates,
    principals, resource_groups, rules, service_id_groups, settings, templates, token, users,
};
use super::wire::{PolicyRequestV1, PolicyRequestV2};
use super::{DIALECT, operations};
use crate::http::DialectRouter;

/// Returns the routes: each operation with its handler.
pub fn routes() -> DialectRouter {
    let router = templates_and_assignments(access_groups(DialectRouter::new(&DIALECT)));
    enterprises(policy_templates(neighbors(related_services(router))))
}

fn access_groups(router: DialectRouter) -> DialectRouter {
    router
        .route(&operations::groups::CREATE_ACCESS_GROUP, groups::create_access_group)
        .route(&operations::groups::LIST_ACCESS_GROUPS, groups::list_access_groups)
        .route(&operations::groups::GET_ACCESS_GROUP, groups::get_access_group)
        .route(&operations::groups::UPDATE_ACCESS_GROUP, groups::update_access_group)
        .route(&operations::groups::DELETE_ACCESS_GROUP, groups::delete_access_group)
        .route(&operations::members::IS_MEMBER_OF_ACCESS_GROUP, members::is_member_of_access_group)
        .route(&operations::members::ADD_MEMBERS_TO_ACCESS_GROUP, members::add_members_to_access_group)
        .route(&operations::members::LIST_ACCESS_GROUP_MEMBERS, members::list_access_group_members)
        .route(
            &operations::members::REMOVE_MEMBER_FROM_ACCESS_GROUP,
            members::remove_member_from_access_group,
        )
        .route(
            &operations::members::REMOVE_MEMBERS_FROM_ACCESS_GROUP,
            members::remove_members_from_access_group,
        )
        .route(
            &operations::members::REMOVE_MEMBER_FROM_ALL_ACCESS_GROUPS,
            memberships::remove_member_from_all_access_groups,
        )
        .route(
            &operations::members::ADD_MEMBER_TO_MULTIPLE_ACCESS_GROUPS,
            memberships::add_member_to_multiple_access_groups,
        )
        .route(&operations::rules::ADD_ACCESS_GROUP_RULE, rules::add_access_group_rule)
        .route(&operations::rules::LIST_ACCESS_GROUP_RULES, rules::list_access_group_rules)
        .route(&operations::rules::GET_ACCESS_GROUP_RULE, rules::get_access_group_rule)
        .route(&operations::rules::REPLACE_ACCESS_GROUP_RULE, rules::replace_access_group_rule)
        .route(&operations::rules::REMOVE_ACCESS_GROUP_RULE, rules::remove_access_group_rule)
        .route(&operations::settings::GET_ACCOUNT_SETTINGS, settings::get_account_settings)
        .route(&operations::settings::UPDATE_ACCOUNT_SETTINGS, settings::update_account_settings)
}

fn templates_and_assignments(router: DialectRouter) -> DialectRouter {
    router
        .route(&operations::templates::CREATE_TEMPLATE, templates::create_template)
        .route(&operations::templates::LIST_TEMPLATES, templates::list_templates)
        .route(&operations::templates::GET_LATEST_TEMPLATE_VERSION, templates::get_latest_template_version)
        .route(&operations::templates::DELETE_TEMPLATE, templates::delete_template)
        .route(&operations::templates::CREATE_TEMPLATE_VERSION, templates::create_template_version)
        .route(&operations::templates::LIST_TEMPLATE_VERSIONS, templates::list_template_versions)
        .route(&operations::templates::GET_TEMPLATE_VERSION, templates::get_template_version)
        .route(&operations::templates::UPDATE_TEMPLATE_VERSION, templates::update_template_version)
        .route(&operations::templates::DELETE_TEMPLATE_VERSION, templates::delete_template_version)
        .route(&operations::templates::COMMIT_TEMPLATE, templates::commit_template)
        .route(&operations::assignments::CREATE_ASSIGNMENT, assignments::create_assignment)
        .route(&operations::assignments::LIST_ASSIGNMENTS, assignments::list_assignments)
        .route(&operations::assignments::GET_ASSIGNMENT, assignments::get_assignment)
        .route(&operations::assignments::UPDATE_ASSIGNMENT, assignments::update_assignment)
        .route(&operations::assignments::DELETE_ASSIGNMENT, assignments::delete_assignment)
}

fn related_services(router: DialectRouter) -> DialectRouter {
    router
        .route(&operations::token::CREATE_TOKEN, token::create_token)
        .route(&operations::users::LIST_USERS, users::list_users)
        .route(&operations::users::GET_USER_PROFILE, users::get_user_profile)
        .route(&operations::principals::LIST_SERVICE_IDS, principals::list_service_ids)
        .route(&operations::principals::CREATE_SERVICE_ID, principals::create_service_id)
        .route(&operations::principals::GET_SERVICE_ID, principals::get_service_id)
        .route(&operations::principals::UPDATE_SERVICE_ID, principals::update_service_id)
        .route(&operations::principals::DELETE_SERVICE_ID, principals::delete_service_id)
        .route(&operations::principals::LIST_PROFILES, principals::list_profiles)
        .route(&operations::principals::CREATE_PROFILE, principals::create_profile)
        .route(&operations::principals::GET_PROFILE, principals::get_profile)
        .route(&operations::principals::UPDATE_PROFILE, principals::update_profile)
        .route(&operations::principals::DELETE_PROFILE, principals::delete_profile)
        .route(&operations::policies::CREATE_POLICY, policies::create_policy::<PolicyRequestV1>)
        .route(&operations::policies::LIST_POLICIES, policies::list_policies::<PolicyRequestV1>)
        .route(&operations::policies::GET_POLICY, policies::get_policy::<PolicyRequestV1>)
        .route(&operations::policies::REPLACE_POLICY, policies::replace_policy::<PolicyRequestV1>)
        .route(&operations::policies::DELETE_POLICY, policies::delete_policy)
        .route(&operations::policies::CREATE_V2_POLICY, policies::create_policy::<PolicyRequestV2>)
        .route(&operations::policies::LIST_V2_POLICIES, policies::list_policies::<PolicyRequestV2>)
        .route(&operations::policies::GET_V2_POLICY, policies::get_policy::<PolicyRequestV2>)
        .route(&operations::policies::REPLACE_V2_POLICY, policies::replace_policy::<PolicyRequestV2>)
        .route(&operations::policies::DELETE_V2_POLICY, policies::delete_policy)
        .route(&operations::policies::LIST_ROLES, policies::list_roles)
}

fn neighbors(router: DialectRouter) -> DialectRouter {
    router
        .route(&operations::api_keys::GET_API_KEY_DETAILS, api_keys::get_api_key_details)
        .route(&operations::invitations::INVITE_USERS, invitations::invite_users)
        .route(&operations::invitations::GET_USER_SETTINGS, invitations::get_user_settings)
        .route(&operations::invitations::UPDATE_USER_SETTINGS, invitations::update_user_settings)
        .route(&operations::resource_groups::LIST_RESOURCE_GROUPS, resource_groups::list_resource_groups)
        .route(&operations::resource_groups::CREATE_RESOURCE_GROUP, resource_groups::create_resource_group)
        .route(&operations::resource_groups::GET_RESOURCE_GROUP, resource_groups::get_resource_group)
        .route(&operations::resource_groups::UPDATE_RESOURCE_GROUP, resource_groups::update_resource_group)
        .route(&operations::resource_groups::DELETE_RESOURCE_GROUP, resource_groups::delete_resource_group)
        .route(
            &operations::service_id_groups::LIST_SERVICE_ID_GROUPS,
            service_id_groups::list_service_id_groups,
        )
        .route(
            &operations::service_id_groups::CREATE_SERVICE_ID_GROUP,
            service_id_groups::create_service_id_group,
        )
        .route(&operations::service_id_groups::GET_SERVICE_ID_GROUP, service_id_groups::get_service_id_group)
        .route(
            &operations::service_id_groups::UPDATE_SERVICE_ID_GROUP,
            service_id_groups::update_service_id_group,
        )
        .route(
            &operations::service_id_groups::DELETE_SERVICE_ID_GROUP,
            service_id_groups::delete_service_id_group,
        )
}

fn policy_templates(router: DialectRouter) -> DialectRouter {
    router
        .route(&operations::policy_templates::LIST_POLICY_TEMPLATES, policy_templates::list_policy_templates)
        .route(
            &operations::policy_templates::CREATE_POLICY_TEMPLATE,
            policy_templates::create_policy_template,
        )
        .route(&operations::policy_templates::GET_POLICY_TEMPLATE, policy_templates::get_policy_template)
        .route(
            &operations::policy_templates::DELETE_POLICY_TEMPLATE,
            policy_templates::delete_policy_template,
        )
        .route(
            &operations::policy_templates::LIST_POLICY_TEMPLATE_VERSIONS,
            policy_templates::list_policy_template_versions,
        )
        .route(
            &operations::policy_templates::CREATE_POLICY_TEMPLATE_VERSION,
            policy_templates::create_policy_template_version,
        )
        .route(
            &operations::policy_templates::GET_POLICY_TEMPLATE_VERSION,
            policy_templates::get_policy_template_version,
        )
        .route(
            &operations::policy_templates::REPLACE_POLICY_TEMPLATE_VERSION,
            policy_templates::replace_policy_template_version,
        )
        .route(
            &operations::policy_templates::DELETE_POLICY_TEMPLATE_VERSION,
            policy_templates::delete_policy_template_version,
        )
        .route(
            &operations::policy_templates::COMMIT_POLICY_TEMPLATE,
            policy_templates::commit_policy_template,
        )
}

fn enterprises(router: DialectRouter) -> DialectRouter {
    router
        .route(&operations::enterprise::LIST_ACCOUNTS, enterprise::list_accounts)
        .route(&operations::enterprise::GET_ACCOUNT, enterprise::get_account)
        .route(&operations::enterprise::LIST_ENTERPRISES, enterprise::list_enterprises)
        .route(&operations::enterprise::GET_ENTERPRISE, enterprise::get_enterprise)
        .route(&operations::enterprise::LIST_ENTERPRISE_ACCOUNTS, enterprise::list_enterprise_accounts)
        .route(&operations::enterprise::GET_ENTERPRISE_ACCOUNT, enterprise::get_enterprise_account)
        .route(&operations::enterprise::LIST_ACCOUNT_GROUPS, enterprise::list_account_groups)
        .route(&operations::enterprise::GET_ACCOUNT_GROUP, enterprise::get_account_group)
}
