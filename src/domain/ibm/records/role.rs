//! The roles that policies grant: platform roles, roles of all services, and roles of the IAM Identity service.

/// A role.
#[derive(Debug, PartialEq, Eq)]
pub struct Role {
    /// The Cloud Resource Name (CRN).
    pub crn: &'static str,
    /// The name.
    pub display_name: &'static str,
    /// The actions that the role allows.
    pub description: &'static str,
}

/// The platform roles, which IBM calls system roles.
pub const SYSTEM_ROLES: &[Role] = &[
    Role {
        crn: "crn:v1:bluemix:public:iam::::role:Viewer",
        display_name: "Viewer",
        description: "As a viewer, you can view service instances, but you can't modify them.",
    },
    Role {
        crn: "crn:v1:bluemix:public:iam::::role:Operator",
        display_name: "Operator",
        description: "As an operator, you can perform platform actions required to configure and operate \
            service instances, such as viewing a service's dashboard.",
    },
    Role {
        crn: "crn:v1:bluemix:public:iam::::role:Editor",
        display_name: "Editor",
        description: "As an editor, you can perform all platform actions except for managing the account and \
            assigning access policies.",
    },
    Role {
        crn: "crn:v1:bluemix:public:iam::::role:Administrator",
        display_name: "Administrator",
        description: "As an administrator, you can perform all platform actions based on the resource this \
            role is being assigned, including assigning access policies to other users.",
    },
];

/// The roles of all services.
pub const SERVICE_ROLES: &[Role] = &[
    Role {
        crn: "crn:v1:bluemix:public:iam::::serviceRole:Reader",
        display_name: "Reader",
        description: "As a reader, you can perform read-only actions within a service such as viewing \
            service-specific resources.",
    },
    Role {
        crn: "crn:v1:bluemix:public:iam::::serviceRole:Writer",
        display_name: "Writer",
        description: "As a writer, you have permissions beyond the reader role, including creating and editing \
            service-specific resources.",
    },
    Role {
        crn: "crn:v1:bluemix:public:iam::::serviceRole:Manager",
        display_name: "Manager",
        description: "As a manager, you have permissions beyond the writer role to complete privileged actions \
            as defined by the service. In addition, you can create and edit service-specific resources.",
    },
];

/// The roles of the IAM Identity service, which belongs to the service group `IAM`.
///
/// The names are from the tests of terraform-provider-ibm 1.89.0, and the first CRN is from the tests of
/// platform-services-go-sdk 0.101.0. The second CRN and the descriptions are assumed.
pub const IAM_IDENTITY_ROLES: &[Role] = &[
    Role {
        crn: "crn:v1:bluemix:public:iam-identity::::serviceRole:ServiceIdCreator",
        display_name: "Service ID creator",
        description: "As a service ID creator, you can create service IDs when the account restricts that.",
    },
    Role {
        crn: "crn:v1:bluemix:public:iam-identity::::serviceRole:UserApiKeyCreator",
        display_name: "User API key creator",
        description: "As a user API key creator, you can create API keys when the account restricts that.",
    },
];

/// The resource types of the CRNs of roles: platform roles, roles of services, and custom roles of an account.
const ROLE_TYPES: [&str; 3] = ["role", "serviceRole", "customRole"];

/// Returns whether `crn` is a role: one of `GET /v2/roles`, or any other with a well-formed CRN, because every service
/// has roles of its own.
pub fn is_role(crn: &str) -> bool {
    find_role(crn).is_some() || is_role_crn(crn)
}

/// Returns whether `crn` has the form `crn:v1:CLOUD:KIND:SERVICE:LOCATION:SCOPE:INSTANCE:TYPE:NAME` with the type of a
/// role. Location, scope and instance can be empty.
fn is_role_crn(crn: &str) -> bool {
    let segments: Vec<&str> = crn.split(':').collect();
    let ["crn", "v1", cloud, kind, service, _, _, _, role_type, name] = segments[..] else { return false };
    ROLE_TYPES.contains(&role_type) && ![cloud, kind, service, name].contains(&"")
}

/// Returns the role with `crn`.
pub fn find_role(crn: &str) -> Option<&'static Role> {
    SYSTEM_ROLES.iter().chain(SERVICE_ROLES).chain(IAM_IDENTITY_ROLES).find(|role| role.crn == crn)
}
