//! Sources of the emulated behavior. Cloudflare's API pages are cited from the copy in the Elixir client's repository.

pub const LIST_GROUPS: &str = "Cloudflare API, Access groups, List Access groups \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/access_groups.md#list-access-groups)";
pub const CREATE_GROUP: &str = "Cloudflare API, Access groups, Create an Access group \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/access_groups.md#create-an-access-group)";
pub const GET_GROUP: &str = "Cloudflare API, Access groups, Get an Access group \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/access_groups.md#get-an-access-group)";
pub const UPDATE_GROUP: &str = "Cloudflare API, Access groups, Update an Access group \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/access_groups.md#update-an-access-group)";
pub const DELETE_GROUP: &str = "Cloudflare API, Access groups, Delete an Access group \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/access_groups.md#delete-an-access-group)";
pub const ZONE_GROUPS: &str = "Cloudflare API, Zone-Level Access groups \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/zone_level_access_groups.md)";
pub const LIST_RESOURCE_GROUPS: &str = "Cloudflare API, Account Resource Groups, List Resource Groups \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/account_resource_groups.md#list-resource-groups)";
pub const CREATE_RESOURCE_GROUP: &str = "Cloudflare API, Account Resource Groups, Create Resource Group \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/account_resource_groups.md#create-resource-group)";
pub const GET_RESOURCE_GROUP: &str = "Cloudflare API, Account Resource Groups, Resource Group Details \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/account_resource_groups.md#resource-group-details)";
pub const UPDATE_RESOURCE_GROUP: &str = "Cloudflare API, Account Resource Groups, Update Resource Group \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/account_resource_groups.md#update-resource-group)";
pub const DELETE_RESOURCE_GROUP: &str = "Cloudflare API, Account Resource Groups, Remove Resource Group \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/account_resource_groups.md#remove-resource-group)";
pub const PERMISSION_GROUPS: &str = "Cloudflare API, Account Permission Groups \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/account_permission_groups.md)";
pub const IDENTITY_PROVIDERS: &str = "Cloudflare API, Access Identity Providers \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/access_identity_providers.md)";
pub const ACCESS_POLICIES: &str = "Cloudflare API, Access reusable policies \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/access_reusable_policies.md)";
pub const ACCESS_APPS: &str = "Cloudflare API, Access applications \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/access_applications.md)";
pub const ACCESS_APP_POLICIES: &str = "Cloudflare API, Access application-scoped policies \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/access_application_scoped_policies.md)";
pub const MEMBERS: &str = "Cloudflare API, Account Members \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/account_members.md)";
pub const ROLES: &str = "Cloudflare API, Account Roles \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/account_roles.md)";
pub const USER_GROUPS: &str = "Cloudflare API, Account User Groups \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/account_user_groups.md)";
pub const ACCOUNTS: &str = "Cloudflare API, Accounts \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/accounts.md)";
pub const ZONES: &str = "Cloudflare API, Zone \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/zone.md)";
pub const USER: &str = "Cloudflare API, User \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/user.md)";
pub const USER_TOKENS: &str = "Cloudflare API, User API Tokens \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/user_api_tokens.md)";
pub const ACCOUNT_TOKENS: &str = "Cloudflare API, Account Owned API Tokens \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/account_owned_api_tokens.md)";
pub const ZONE_IDENTITY_PROVIDERS: &str = "Cloudflare API, Zone-Level Access identity providers \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/zone_level_access_identity_providers.md)";
pub const ZONE_ACCESS_APPS: &str = "Cloudflare API, Zone-Level Access applications \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/zone_level_access_applications.md)";
pub const ZONE_ACCESS_POLICIES: &str = "Cloudflare API, Zone-Level Access policies \
     (https://github.com/princemaple/elixir-cloudflare-api-client/blob/HEAD/priv/docs/zone_level_access_policies.md)";
pub const USER_GROUP_MEMBER_SDK: &str = "Cloudflare's SDK for Python 5.9.0, generated from the API definition, \
     resources/iam/user_groups/members.py (https://github.com/cloudflare/cloudflare-python)";
