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
