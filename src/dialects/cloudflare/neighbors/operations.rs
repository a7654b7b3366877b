//! The operations of the neighbors, with a row for each kind.

use axum::http::{Method, StatusCode};

use super::NeighborApi;
use crate::domain::cloudflare::{error, neighbors, source};
use crate::spec::{ErrorCode, Evidence, Operation, Parameter};

pub(in super::super) const NAME: Parameter =
    Parameter::query("name", "Return only objects with exactly this name.", Parameter::STRING);
pub(in super::super) const PAGE: Parameter = Parameter::query(
    "page",
    "The page number, starting at 1; 0 and non-numeric values mean 1.",
    r#"{"type":"integer","default":1}"#,
)
.example("1");
pub(in super::super) const PER_PAGE: Parameter = Parameter::query(
    "per_page",
    "The number of objects per page; 0 means the default, values above the maximum mean the maximum. The default \
     and the maximum are 1000 for lists of Access, and 20 and 50 for other lists.",
    r#"{"type":"integer"}"#,
)
.example("5");

/// What the operations of a kind have in common.
struct Documentation {
    source: &'static str,
    /// The parameters of the list.
    parameters: &'static [&'static Parameter],
    /// The example of a body.
    example: &'static str,
    errors: Errors,
    descriptions: Descriptions,
    /// The status of a creation and of a deletion.
    statuses: (StatusCode, StatusCode),
}

/// The errors of the list, of the creation, of reads and deletions, and of updates.
#[derive(Clone, Copy)]
struct Errors {
    list: &'static [&'static ErrorCode],
    create: &'static [&'static ErrorCode],
    item: &'static [&'static ErrorCode],
    update: &'static [&'static ErrorCode],
}

/// The descriptions of the operations.
#[derive(Clone, Copy)]
struct Descriptions {
    list: &'static str,
    create: &'static str,
    get: &'static str,
    update: &'static str,
    delete: &'static str,
}

const LIST: &str = "In the order of creation. Other filters and sort orders are ignored.";
const REPLACES: &str = "Replaces all fields.";
const CHANGES: &str = "Changes only the fields in the request.";

const PAGES: &[&Parameter] = &[&PAGE, &PER_PAGE];
const NAMES_AND_PAGES: &[&Parameter] = &[&NAME, &PAGE, &PER_PAGE];

/// The statuses of the Access service, and those of the IAM service.
const ACCESS_STATUSES: (StatusCode, StatusCode) = (StatusCode::CREATED, StatusCode::ACCEPTED);
const IAM_STATUSES: (StatusCode, StatusCode) = (StatusCode::OK, StatusCode::OK);

const ACCESS_ERRORS: Errors = Errors {
    list: &[&error::ACCESS_INVALID, &error::INVALID_PAGE_SIZE],
    create: &[&error::MALFORMED_JSON, &error::ACCESS_INVALID, &error::BODY_TOO_LARGE],
    item: &[&error::UNKNOWN_ACCESS_OBJECT],
    update: &[
        &error::MALFORMED_JSON,
        &error::ACCESS_INVALID,
        &error::UNKNOWN_ACCESS_OBJECT,
        &error::BODY_TOO_LARGE,
    ],
};

const IDENTITY_PROVIDER: Documentation = Documentation {
    source: source::IDENTITY_PROVIDERS,
    parameters: PAGES,
    example: r#"{"name":"Okta","type":"okta","config":{"client_id":"id","okta_account":"https://example.okta.com"}}"#,
    errors: ACCESS_ERRORS,
    descriptions: Descriptions {
        list: LIST,
        create: "The type and the fields of `config` are not checked. Secrets are returned as they \
             were sent.",
        get: "`config` is returned as it was sent, with its secrets.",
        update: REPLACES,
        delete: "Rules that refer to the identity provider keep the reference.",
    },
    statuses: ACCESS_STATUSES,
};

const ZONE_IDENTITY_PROVIDER: Documentation =
    Documentation { source: source::ZONE_IDENTITY_PROVIDERS, ..IDENTITY_PROVIDER };

const POLICY_EXAMPLE: &str = r#"{"name":"Allow devs","decision":"allow",
    "include":[{"group":{"id":"f174e90a-fafe-4643-bbbc-4a0ed4fc8415"}}],"session_duration":"24h"}"#;

const POLICY: Documentation = Documentation {
    source: source::ACCESS_POLICIES,
    parameters: PAGES,
    example: POLICY_EXAMPLE,
    errors: ACCESS_ERRORS,
    descriptions: Descriptions {
        list: LIST,
        create: "Rules are checked like those of an Access group. Whether the groups and identity \
             providers in them exist is not checked.",
        get: "Only policies of the account: those of an application are found below the application.",
        update: REPLACES,
        delete: "Applications that refer to the policy keep the reference.",
    },
    statuses: ACCESS_STATUSES,
};

const APP: Documentation = Documentation {
    source: source::ACCESS_APPS,
    parameters: NAMES_AND_PAGES,
    example: r#"{"name":"Admin site","type":"self_hosted","domain":"test.example.com/admin","policies":[]}"#,
    errors: Errors {
        item: &[&error::UNKNOWN_APPLICATION],
        update: &[
            &error::MALFORMED_JSON,
            &error::ACCESS_INVALID,
            &error::UNKNOWN_APPLICATION,
            &error::BODY_TOO_LARGE,
        ],
        ..ACCESS_ERRORS
    },
    descriptions: Descriptions {
        list: LIST,
        create: "What an application of the type requires, and whether the identity providers and \
             policies exist, is not checked. An identifier in `policies` becomes an object with \
             this `id`.",
        get: "`policies` is as in the last write, without the policies below the application.",
        update: REPLACES,
        delete: "Its own policies are deleted with it.",
    },
    statuses: ACCESS_STATUSES,
};

const ZONE_APP: Documentation = Documentation { source: source::ZONE_ACCESS_APPS, ..APP };

const APP_POLICY: Documentation = Documentation {
    source: source::ACCESS_APP_POLICIES,
    parameters: PAGES,
    example: POLICY_EXAMPLE,
    errors: Errors {
        list: &[&error::ACCESS_INVALID, &error::INVALID_PAGE_SIZE, &error::UNKNOWN_APPLICATION],
        create: &[
            &error::MALFORMED_JSON,
            &error::ACCESS_INVALID,
            &error::UNKNOWN_APPLICATION,
            &error::BODY_TOO_LARGE,
        ],
        item: &[&error::UNKNOWN_ACCESS_OBJECT, &error::UNKNOWN_APPLICATION],
        update: &[
            &error::MALFORMED_JSON,
            &error::ACCESS_INVALID,
            &error::UNKNOWN_ACCESS_OBJECT,
            &error::UNKNOWN_APPLICATION,
            &error::BODY_TOO_LARGE,
        ],
    },
    descriptions: Descriptions {
        list: "Only policies that were created below the application, which does not show them \
             itself.",
        create: "Rules are checked like those of an Access group. That `precedence` is unique is not \
             checked.",
        get: "Only a policy that was created below the application, not a reusable one to which it refers.",
        update: REPLACES,
        delete: "The other policies of the application keep their `precedence`.",
    },
    statuses: ACCESS_STATUSES,
};

const ZONE_APP_POLICY: Documentation = Documentation { source: source::ZONE_ACCESS_POLICIES, ..APP_POLICY };

const MEMBER: Documentation = Documentation {
    source: source::MEMBERS,
    parameters: PAGES,
    example: r#"{"email":"user@example.com","roles":["10515a9267294c2e8dd974332556a33b"]}"#,
    errors: Errors {
        list: &[&error::IAM_INVALID],
        create: &[&error::MALFORMED_JSON, &error::IAM_INVALID, &error::BODY_TOO_LARGE],
        item: &[&error::UNKNOWN_MEMBER],
        update: &[
            &error::MALFORMED_JSON,
            &error::IAM_INVALID,
            &error::UNKNOWN_MEMBER,
            &error::BODY_TOO_LARGE,
        ],
    },
    descriptions: Descriptions {
        list: LIST,
        create: "Whether the roles and groups exist, and whether the address is that of another \
             member, is not checked. `status` is `pending` by default.",
        get: "`roles` has objects, also for roles that were sent as identifiers. Of `user`, only the address is known.",
        update: CHANGES,
        delete: "User groups that refer to the member keep the reference.",
    },
    statuses: IAM_STATUSES,
};

const USER_GROUP: Documentation = Documentation {
    source: source::USER_GROUPS,
    parameters: NAMES_AND_PAGES,
    example: r#"{"name":"Readers","policies":[{"access":"allow",
        "permission_groups":[{"id":"10515a9267294c2e8dd974332556a33b"}],
        "resource_groups":[{"id":"023e105f4ecef8ad9ca31a8372d0c353"}]}]}"#,
    errors: Errors {
        list: &[&error::IAM_INVALID],
        create: &[
            &error::MALFORMED_JSON,
            &error::IAM_INVALID,
            &error::USER_GROUP_NAME_IN_USE,
            &error::BODY_TOO_LARGE,
        ],
        item: &[&error::UNKNOWN_USER_GROUP],
        update: &[
            &error::MALFORMED_JSON,
            &error::IAM_INVALID,
            &error::USER_GROUP_NAME_IN_USE,
            &error::UNKNOWN_USER_GROUP,
            &error::BODY_TOO_LARGE,
        ],
    },
    descriptions: Descriptions {
        list: LIST,
        create: "The name is unique in the account. Whether the permission groups and resource groups \
             exist is not checked.",
        get: "Without its members, which have a list of their own. Each of its policies has an `id`.",
        update: CHANGES,
        delete: "Its members are deleted with it, not those of the account.",
    },
    statuses: IAM_STATUSES,
};

/// A row of [`APIS`]: the kind, the path of its lists and the parameter of its items, the parts of the operation ids
/// in the singular and the plural, the name of its schema, the words for one object and for many, and what else its
/// operations have in common.
macro_rules! api {
    (
        $kind:ident, $list:literal, $parameter:literal, $one:literal, $many:literal, $schema:literal,
        $object:literal, $objects:literal, $documentation:ident
    ) => {
        NeighborApi {
            kind: &neighbors::$kind,
            schema: $schema,
            statuses: $documentation.statuses,
            operations: [
                Operation::new(Method::GET, $list, concat!("list_", $many))
                    .summary(concat!("List ", $objects), Evidence::Spec)
                    .description($documentation.descriptions.list)
                    .source($documentation.source)
                    .parameters($documentation.parameters)
                    .response(StatusCode::OK, concat!($schema, "List"))
                    .errors($documentation.errors.list),
                Operation::new(Method::POST, $list, concat!("create_", $one))
                    .summary(concat!("Create ", $object), Evidence::Spec)
                    .description($documentation.descriptions.create)
                    .source($documentation.source)
                    .json_body(concat!($schema, "Request"), $documentation.example)
                    .response($documentation.statuses.0, concat!($schema, "Response"))
                    .errors($documentation.errors.create),
                Operation::new(Method::GET, concat!($list, "/{", $parameter, "}"), concat!("get_", $one))
                    .summary(concat!("Get ", $object), Evidence::Spec)
                    .description($documentation.descriptions.get)
                    .source($documentation.source)
                    .response(StatusCode::OK, concat!($schema, "Response"))
                    .errors($documentation.errors.item),
                Operation::new(Method::PUT, concat!($list, "/{", $parameter, "}"), concat!("update_", $one))
                    .summary(concat!("Update ", $object), Evidence::Spec)
                    .description($documentation.descriptions.update)
                    .source($documentation.source)
                    .json_body(concat!($schema, "Request"), $documentation.example)
                    .response(StatusCode::OK, concat!($schema, "Response"))
                    .errors($documentation.errors.update),
                Operation::new(
                    Method::DELETE,
                    concat!($list, "/{", $parameter, "}"),
                    concat!("delete_", $one),
                )
                .summary(concat!("Delete ", $object), Evidence::Spec)
                .description($documentation.descriptions.delete)
                .source($documentation.source)
                .response($documentation.statuses.1, "Deleted")
                .errors($documentation.errors.item),
            ],
        }
    };
}

/// The kinds with their operations; those of zones follow those of accounts.
#[rustfmt::skip]
pub(super) static APIS: [NeighborApi; 9] = [
    api!(IDENTITY_PROVIDERS, "/accounts/{account_id}/access/identity_providers", "identity_provider_id",
        "identity_provider", "identity_providers", "IdentityProvider",
        "an Access identity provider", "Access identity providers", IDENTITY_PROVIDER),
    api!(ACCESS_POLICIES, "/accounts/{account_id}/access/policies", "policy_id",
        "access_policy", "access_policies", "AccessPolicy",
        "a reusable Access policy", "reusable Access policies", POLICY),
    api!(ACCESS_APPS, "/accounts/{account_id}/access/apps", "app_id",
        "access_application", "access_applications", "AccessApplication",
        "an Access application", "Access applications", APP),
    api!(ACCESS_APP_POLICIES, "/accounts/{account_id}/access/apps/{app_id}/policies", "policy_id",
        "access_application_policy", "access_application_policies", "AccessApplicationPolicy",
        "a policy of an Access application", "the policies of an Access application", APP_POLICY),
    api!(MEMBERS, "/accounts/{account_id}/members", "member_id",
        "account_member", "account_members", "AccountMember",
        "a member of an account", "the members of an account", MEMBER),
    api!(USER_GROUPS, "/accounts/{account_id}/iam/user_groups", "user_group_id",
        "user_group", "user_groups", "UserGroup",
        "a user group", "user groups", USER_GROUP),
    api!(IDENTITY_PROVIDERS, "/zones/{zone_id}/access/identity_providers", "identity_provider_id",
        "zone_identity_provider", "zone_identity_providers", "IdentityProvider",
        "an Access identity provider of a zone", "the Access identity providers of a zone", ZONE_IDENTITY_PROVIDER),
    api!(ACCESS_APPS, "/zones/{zone_id}/access/apps", "app_id",
        "zone_access_application", "zone_access_applications", "AccessApplication",
        "an Access application of a zone", "the Access applications of a zone", ZONE_APP),
    api!(ACCESS_APP_POLICIES, "/zones/{zone_id}/access/apps/{app_id}/policies", "policy_id",
        "zone_access_application_policy", "zone_access_application_policies", "AccessApplicationPolicy",
        "a policy of an Access application of a zone", "the policies of an Access application of a zone", ZONE_APP_POLICY),
];
