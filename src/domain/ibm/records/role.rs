//! The roles that policies grant: platform roles, roles of all services, roles of the IAM Identity service, and the
//! roles of other services that the seed adds.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::store::CowArc;

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// The Cloud Resource Name (CRN).
    pub crn: Cow<'static, str>,
    /// The name.
    pub display_name: Cow<'static, str>,
    /// The actions that the role allows.
    pub description: Cow<'static, str>,
}

impl Role {
    const fn builtin(crn: &'static str, display_name: &'static str, description: &'static str) -> Self {
        Self {
            crn: Cow::Borrowed(crn),
            display_name: Cow::Borrowed(display_name),
            description: Cow::Borrowed(description),
        }
    }
}

/// The platform roles, which IBM calls system roles.
pub const SYSTEM_ROLES: &[Role] = &[
    Role::builtin(
        "crn:v1:bluemix:public:iam::::role:Viewer",
        "Viewer",
        "As a viewer, you can view service instances, but you can't modify them.",
    ),
    Role::builtin(
        "crn:v1:bluemix:public:iam::::role:Operator",
        "Operator",
        "As an operator, you can perform platform actions required to configure and operate \
            service instances, such as viewing a service's dashboard.",
    ),
    Role::builtin(
        "crn:v1:bluemix:public:iam::::role:Editor",
        "Editor",
        "As an editor, you can perform all platform actions except for managing the account and \
            assigning access policies.",
    ),
    Role::builtin(
        "crn:v1:bluemix:public:iam::::role:Administrator",
        "Administrator",
        "As an administrator, you can perform all platform actions based on the resource this \
            role is being assigned, including assigning access policies to other users.",
    ),
];

/// The roles of all services.
pub const SERVICE_ROLES: &[Role] = &[
    Role::builtin(
        "crn:v1:bluemix:public:iam::::serviceRole:Reader",
        "Reader",
        "As a reader, you can perform read-only actions within a service such as viewing \
            service-specific resources.",
    ),
    Role::builtin(
        "crn:v1:bluemix:public:iam::::serviceRole:Writer",
        "Writer",
        "As a writer, you have permissions beyond the reader role, including creating and editing \
            service-specific resources.",
    ),
    Role::builtin(
        "crn:v1:bluemix:public:iam::::serviceRole:Manager",
        "Manager",
        "As a manager, you have permissions beyond the writer role to complete privileged actions \
            as defined by the service. In addition, you can create and edit service-specific resources.",
    ),
];

/// The roles of the IAM Identity service, which belongs to the service group `IAM`.
///
/// The names are from the tests of terraform-provider-ibm 1.89.0, and the first CRN is from the tests of
/// platform-services-go-sdk 0.103.0. The second CRN and the descriptions are assumed.
pub const IAM_IDENTITY_ROLES: &[Role] = &[
    Role::builtin(
        "crn:v1:bluemix:public:iam-identity::::serviceRole:ServiceIdCreator",
        "Service ID creator",
        "As a service ID creator, you can create service IDs when the account restricts that.",
    ),
    Role::builtin(
        "crn:v1:bluemix:public:iam-identity::::serviceRole:UserApiKeyCreator",
        "User API key creator",
        "As a user API key creator, you can create API keys when the account restricts that.",
    ),
];

/// The resource types of the CRNs of roles: platform roles, roles of services, and custom roles of an account.
const ROLE_TYPES: [&str; 3] = ["role", "serviceRole", "customRole"];

/// The roles of single services that the seed adds, by service. A clone shares them.
#[derive(Debug, Clone, Default)]
pub struct ServiceRoles(CowArc<BTreeMap<Box<str>, Vec<Role>>>);

impl ServiceRoles {
    /// Adds a role to a service, after the other roles of the service.
    pub fn insert(&mut self, service: &str, role: Role) {
        self.0.entry(service.into()).or_default().push(role);
    }

    /// Returns the roles of a service, in the order in which they were added.
    pub fn of(&self, service: &str) -> &[Role] {
        self.0.get(service).map_or(&[], Vec::as_slice)
    }

    /// Returns the roles of each service, ordered by the name of the service.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[Role])> {
        self.0.iter().map(|(service, roles)| (&**service, roles.as_slice()))
    }

    /// Returns the role with `crn`: a role that every server has, or one of these.
    pub fn find(&self, crn: &str) -> Option<&Role> {
        find_role(crn).or_else(|| self.0.values().flatten().find(|role| role.crn == crn))
    }
}

/// Returns whether `crn` has the form `crn:v1:CLOUD:KIND:SERVICE:LOCATION:SCOPE:INSTANCE:TYPE:NAME` with the type of a
/// role. Location, scope and instance can be empty.
///
/// A policy can grant every such role, because every service has roles of its own.
pub fn is_role_crn(crn: &str) -> bool {
    let segments: Vec<&str> = crn.split(':').collect();
    let ["crn", "v1", cloud, kind, service, _, _, _, role_type, name] = segments[..] else { return false };
    ROLE_TYPES.contains(&role_type) && ![cloud, kind, service, name].contains(&"")
}

/// Returns the role with `crn` that every server has.
fn find_role(crn: &str) -> Option<&'static Role> {
    SYSTEM_ROLES.iter().chain(SERVICE_ROLES).chain(IAM_IDENTITY_ROLES).find(|role| role.crn == crn)
}
