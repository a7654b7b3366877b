//! The JSON bodies of policies in both versions of the policy management API.

use serde::Serialize;
use serde_json::Value;

use super::MillisecondTimestamp;
use crate::domain::ibm::records::policy::{self, ApiVersion, Attribute, PolicyDraft};
use crate::domain::ibm::records::role::{self, ServiceRoles};
use crate::http::base_url::encode_component;

/// The description of the placeholder of a policy of version 2 in a list of version 1, and of its role.
const PLACEHOLDER: &str = "**This is a unsupported policy version placeholder, to view the full content, please call GET \
    with provided href**";

/// The fields that both formats of a policy have.
#[derive(Serialize)]
struct CommonFields<'a> {
    href: String,
    #[serde(flatten)]
    audit: Option<AuditFields<'a>>,
}

/// The fields of a policy that its placeholder does not have.
#[derive(Serialize)]
struct AuditFields<'a> {
    created_at: MillisecondTimestamp,
    created_by_id: &'a str,
    last_modified_at: MillisecondTimestamp,
    last_modified_by_id: &'a str,
    state: &'static str,
}

/// A policy in the format of version 1, which has neither pattern nor rule.
#[derive(Serialize)]
struct PolicyV1<'a> {
    id: &'a str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    subjects: [SubjectV1<'a>; 1],
    roles: Vec<RoleV1<'a>>,
    resources: [ResourceV1<'a>; 1],
    #[serde(flatten)]
    common: CommonFields<'a>,
}

#[derive(Serialize)]
struct SubjectV1<'a> {
    attributes: Vec<AttributeV1<'a>>,
}

#[derive(Serialize)]
struct ResourceV1<'a> {
    attributes: Vec<AttributeV1<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<AttributeV1<'a>>>,
}

#[derive(Serialize)]
struct AttributeV1<'a> {
    name: &'a str,
    value: ValueV1<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operator: Option<&'a str>,
}

/// An attribute value in version 1, where all values are strings.
#[derive(Serialize)]
#[serde(untagged)]
enum ValueV1<'a> {
    String(&'a str),
    Json(String),
}

#[derive(Serialize)]
struct RoleV1<'a> {
    role_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
}

/// A policy in the format of version 2.
#[derive(Serialize)]
struct PolicyV2<'a> {
    id: &'a str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    subject: SubjectV2<'a>,
    resource: ResourceV2<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a Value>,
    control: Control<'a>,
    #[serde(flatten)]
    common: CommonFields<'a>,
}

#[derive(Serialize)]
struct SubjectV2<'a> {
    attributes: Vec<AttributeV2<'a>>,
}

#[derive(Serialize)]
struct ResourceV2<'a> {
    attributes: Vec<AttributeV2<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<AttributeV2<'a>>>,
}

#[derive(Serialize)]
struct AttributeV2<'a> {
    key: &'a str,
    operator: &'a str,
    value: &'a Value,
}

#[derive(Serialize)]
struct Control<'a> {
    grant: Grant<'a>,
}

#[derive(Serialize)]
struct Grant<'a> {
    roles: Vec<RoleV2<'a>>,
}

#[derive(Serialize)]
struct RoleV2<'a> {
    role_id: &'a str,
}

/// A policy in the format of the requested API version.
#[derive(Serialize)]
#[serde(transparent)]
pub(in super::super) struct Policy<'a>(VersionedPolicy<'a>);

#[derive(Serialize)]
#[serde(untagged)]
enum VersionedPolicy<'a> {
    V1(PolicyV1<'a>),
    V2(PolicyV2<'a>),
}

/// One page of policies; the links and the limit are present only if the request has a limit.
#[derive(Serialize)]
pub(in super::super) struct PolicyCollection<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) limit: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) first: Option<PageLink>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) next: Option<PageLink>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) previous: Option<PageLink>,
    pub(in super::super) policies: Vec<Policy<'a>>,
}

/// A link to a page, and the `start` parameter in it.
#[derive(Serialize)]
pub(in super::super) struct PageLink {
    pub(in super::super) href: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) start: Option<String>,
}

/// The format of a policy in a response: the API version, the base URL of its link, and the names of its roles.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct PolicyFormat<'a> {
    pub(in super::super) version: ApiVersion,
    pub(in super::super) base_url: &'a str,
    pub(in super::super) roles: &'a ServiceRoles,
}

/// The roles that policies can grant.
#[derive(Serialize)]
pub(in super::super) struct RoleCollection<'a> {
    custom_roles: [(); 0],
    service_roles: Vec<Role<'a>>,
    system_roles: Vec<Role<'a>>,
}

#[derive(Serialize)]
struct Role<'a> {
    display_name: &'a str,
    description: &'a str,
    actions: [(); 0],
    crn: &'a str,
}

impl<'a> Policy<'a> {
    /// Returns a policy in `format`; its `href` uses the API version that created it.
    pub(in super::super) fn new(policy: &'a policy::Policy, format: PolicyFormat<'a>) -> Self {
        let audit = AuditFields {
            created_at: MillisecondTimestamp(policy.created.at),
            created_by_id: &policy.created.by,
            last_modified_at: MillisecondTimestamp(policy.modified.at),
            last_modified_by_id: &policy.modified.by,
            state: "active",
        };
        let common = CommonFields { href: href(policy, format.base_url), audit: Some(audit) };
        Self(match format.version {
            ApiVersion::V1 => VersionedPolicy::V1(PolicyV1::new(policy, common, format.roles)),
            ApiVersion::V2 => VersionedPolicy::V2(PolicyV2::new(policy, common)),
        })
    }

    /// Returns a policy in a list: a list of version 1 has only placeholders of the policies that version 2
    /// created.
    pub(in super::super) fn in_list(policy: &'a policy::Policy, format: PolicyFormat<'a>) -> Self {
        match (format.version, policy.version) {
            (ApiVersion::V1, ApiVersion::V2) => {
                Self(VersionedPolicy::V1(PolicyV1::placeholder(policy, href(policy, format.base_url))))
            }
            (ApiVersion::V1, ApiVersion::V1) | (ApiVersion::V2, _) => Self::new(policy, format),
        }
    }
}

/// Returns the URL of a policy in the API version that created it.
fn href(policy: &policy::Policy, base_url: &str) -> String {
    format!("{base_url}{}/{}", policy.version.path(), encode_component(&policy.id))
}

impl<'a> PolicyV1<'a> {
    fn new(policy: &'a policy::Policy, common: CommonFields<'a>, known_roles: &'a ServiceRoles) -> Self {
        let PolicyDraft { kind, description, subject, resource, tags, roles, .. } = &policy.content;
        let convert =
            |attributes: &'a [Attribute]| attributes.iter().map(AttributeV1::new).collect::<Vec<_>>();
        Self {
            id: &policy.id,
            r#type: kind.name(),
            description: description.as_deref(),
            subjects: [SubjectV1 { attributes: subject.iter().map(AttributeV1::without_operator).collect() }],
            roles: roles.iter().map(|role_id| RoleV1::new(role_id, known_roles)).collect(),
            resources: [ResourceV1 {
                attributes: convert(resource),
                tags: (!tags.is_empty()).then(|| convert(tags)),
            }],
            common,
        }
    }
}

impl<'a> PolicyV1<'a> {
    /// Returns the placeholder of a policy that version 1 cannot represent.
    fn placeholder(policy: &'a policy::Policy, href: String) -> Self {
        let attribute = |name, value| AttributeV1 { name, value: ValueV1::String(value), operator: None };
        let role = RoleV1 {
            role_id: "crn:v1:bluemix:public:iam::::role:UnsupportedVersion",
            display_name: Some("Unsupported Version"),
            description: Some(PLACEHOLDER),
        };
        Self {
            id: &policy.id,
            r#type: policy.content.kind.name(),
            description: Some(PLACEHOLDER),
            subjects: [SubjectV1 { attributes: vec![attribute("iam_id", "unsupported version")] }],
            roles: vec![role],
            resources: [ResourceV1 { attributes: vec![attribute("accountId", &policy.account)], tags: None }],
            common: CommonFields { href, audit: None },
        }
    }
}

impl<'a> AttributeV1<'a> {
    fn new(attribute: &'a Attribute) -> Self {
        let value = match &attribute.value {
            Value::String(value) => ValueV1::String(value),
            other => ValueV1::Json(other.to_string()),
        };
        Self { name: &attribute.key, value, operator: attribute.operator.as_deref() }
    }

    /// Returns an attribute of a subject; in version 1 these have no operator.
    fn without_operator(attribute: &'a Attribute) -> Self {
        Self { operator: None, ..Self::new(attribute) }
    }
}

impl<'a> RoleV1<'a> {
    fn new(role_id: &'a str, known_roles: &'a ServiceRoles) -> Self {
        let role = known_roles.find(role_id);
        Self {
            role_id,
            display_name: role.map(|role| &*role.display_name),
            description: role.map(|role| &*role.description),
        }
    }
}

impl<'a> PolicyV2<'a> {
    fn new(policy: &'a policy::Policy, common: CommonFields<'a>) -> Self {
        let PolicyDraft { kind, description, subject, resource, tags, roles, pattern, rule } =
            &policy.content;
        let convert =
            |attributes: &'a [Attribute]| attributes.iter().map(AttributeV2::new).collect::<Vec<_>>();
        Self {
            id: &policy.id,
            r#type: kind.name(),
            description: description.as_deref(),
            subject: SubjectV2 { attributes: convert(subject) },
            resource: ResourceV2 {
                attributes: convert(resource),
                tags: (!tags.is_empty()).then(|| convert(tags)),
            },
            pattern: pattern.as_deref(),
            rule: rule.as_deref(),
            control: Control {
                grant: Grant { roles: roles.iter().map(|role_id| RoleV2 { role_id }).collect() },
            },
            common,
        }
    }
}

impl<'a> AttributeV2<'a> {
    fn new(attribute: &'a Attribute) -> Self {
        Self { key: &attribute.key, operator: attribute.operator(), value: &attribute.value }
    }
}

impl<'a> RoleCollection<'a> {
    /// Returns the platform roles, the general service roles and `service_specific` roles.
    pub(in super::super) fn new(service_specific: impl Iterator<Item = &'a role::Role>) -> Self {
        let service_roles = role::SERVICE_ROLES.iter().chain(service_specific).map(Role::new).collect();
        Self {
            custom_roles: [],
            service_roles,
            system_roles: role::SYSTEM_ROLES.iter().map(Role::new).collect(),
        }
    }
}

impl<'a> Role<'a> {
    fn new(role: &'a role::Role) -> Self {
        Self { display_name: &role.display_name, description: &role.description, actions: [], crn: &role.crn }
    }
}
