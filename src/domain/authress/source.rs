//! Sources of the emulated behavior of Authress.

pub const GET_GROUPS: &str = "authress.GroupsApi, get_groups \
     (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/GroupsApi.md#get_groups)";
pub const CREATE_GROUP: &str = "authress.GroupsApi, create_group \
     (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/GroupsApi.md#create_group)";
pub const GET_GROUP: &str = "authress.GroupsApi, get_group \
     (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/GroupsApi.md#get_group)";
pub const UPDATE_GROUP: &str = "authress.GroupsApi, update_group \
     (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/GroupsApi.md#update_group)";
pub const DELETE_GROUP: &str = "authress.GroupsApi, delete_group \
     (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/GroupsApi.md#delete_group)";
pub const ROLES: &str = "authress.RolesApi, and the SDK for Python 3.1.126 \
     (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/RolesApi.md)";
pub const RECORDS: &str = "authress.AccessRecordsApi, and the SDK for Python 3.1.126 \
     (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/AccessRecordsApi.md)";
pub const USERS: &str = "authress.UsersApi, and the SDK for Python 3.1.126 \
     (https://github.com/Authress/authress-sdk.py/blob/HEAD/docs/UsersApi.md)";
pub const CSHARP_SDK: &str =
    "Authress C# SDK 2.0.79, which updates by POST (https://github.com/Authress/authress-sdk.cs)";
pub const VALIDATOR: &str = "the vendor's request validator, the npm package openapi-data-validator 2.0.54 \
     (https://github.com/Authress-Engineering/openapi-data-validator.js), with the schema of its tests/openapi.js";
pub const SAMPLE_SERVICE: &str = "the vendor's sample service, src/index.js (https://github.com/Authress/document-library-microservice.js)";
