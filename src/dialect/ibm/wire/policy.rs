//! Policies in the forms of both versions of policy management.

use serde::Serialize;
use serde_json::Value;

use super::super::model::Moment;
use super::super::model::policy::{self, Attribute, PolicyDraft, Version};
use super::super::model::role;
use crate::http::links::escape;

/// The operator of attributes that name none.
const EQUALS: &str = "stringEquals";

/// What both forms of a policy have.
#[derive(Serialize)]
struct Common<'a> {
    href: String,
    created_at: Moment,
    created_by_id: &'a str,
    last_modified_at: Moment,
    last_modified_by_id: &'a str,
    state: &'static str,
}

/// A policy in the form of version 1, which has neither pattern nor rule.
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
    common: Common<'a>,
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
    value: TextV1<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operator: Option<&'a str>,
}

/// A value in version 1, where all are texts.
#[derive(Serialize)]
#[serde(untagged)]
enum TextV1<'a> {
    Text(&'a str),
    Json(String),
}

#[derive(Serialize)]
struct RoleV1<'a> {
    role_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'static str>,
}

/// A policy in the form of version 2.
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
    common: Common<'a>,
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

/// A policy in the form of the version that is asked for.
#[derive(Serialize)]
#[serde(transparent)]
pub(in super::super) struct Policy<'a>(Form<'a>);

#[derive(Serialize)]
#[serde(untagged)]
enum Form<'a> {
    V1(PolicyV1<'a>),
    V2(PolicyV2<'a>),
}

/// One page of policies; the links and the limit are there when the page has a limit.
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

/// A link to a page, and the token in it.
#[derive(Serialize)]
pub(in super::super) struct PageLink {
    pub(in super::super) href: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) start: Option<String>,
}

/// The roles that policies can grant.
#[derive(Serialize)]
pub(in super::super) struct RoleCollection {
    custom_roles: [(); 0],
    service_roles: Vec<Role>,
    system_roles: Vec<Role>,
}

#[derive(Serialize)]
struct Role {
    display_name: &'static str,
    description: &'static str,
    actions: [(); 0],
    crn: &'static str,
}

impl<'a> Policy<'a> {
    /// Returns a policy in the form of `version`; its link leads to the version by which it was made.
    pub(in super::super) fn of(policy: &'a policy::Policy, version: Version, base_url: &str) -> Self {
        let common = Common {
            href: format!("{base_url}{}/{}", policy.version.path(), escape(&policy.id)),
            created_at: policy.created.at,
            created_by_id: &policy.created.by,
            last_modified_at: policy.modified.at,
            last_modified_by_id: &policy.modified.by,
            state: "active",
        };
        Self(match version {
            Version::V1 => Form::V1(PolicyV1::of(policy, common)),
            Version::V2 => Form::V2(PolicyV2::of(policy, common)),
        })
    }
}

impl<'a> PolicyV1<'a> {
    fn of(policy: &'a policy::Policy, common: Common<'a>) -> Self {
        let PolicyDraft { kind, description, subject, resource, tags, roles, .. } = &policy.content;
        let all = |attributes: &'a [Attribute]| attributes.iter().map(AttributeV1::of).collect::<Vec<_>>();
        Self {
            id: &policy.id,
            r#type: kind.name(),
            description: description.as_deref(),
            subjects: [SubjectV1 { attributes: subject.iter().map(AttributeV1::plain).collect() }],
            roles: roles.iter().map(|role| RoleV1::of(role)).collect(),
            resources: [ResourceV1 {
                attributes: all(resource),
                tags: (!tags.is_empty()).then(|| all(tags)),
            }],
            common,
        }
    }
}

impl<'a> AttributeV1<'a> {
    fn of(attribute: &'a Attribute) -> Self {
        let value = match &attribute.value {
            Value::String(text) => TextV1::Text(text),
            other => TextV1::Json(other.to_string()),
        };
        Self { name: &attribute.key, value, operator: attribute.operator.as_deref() }
    }

    /// Returns an attribute of a subject, where version 1 has no operators.
    fn plain(attribute: &'a Attribute) -> Self {
        Self { operator: None, ..Self::of(attribute) }
    }
}

impl<'a> RoleV1<'a> {
    fn of(role_id: &'a str) -> Self {
        let known = role::role(role_id);
        Self {
            role_id,
            display_name: known.map(|role| role.display_name),
            description: known.map(|role| role.description),
        }
    }
}

impl<'a> PolicyV2<'a> {
    fn of(policy: &'a policy::Policy, common: Common<'a>) -> Self {
        let PolicyDraft { kind, description, subject, resource, tags, roles, pattern, rule } =
            &policy.content;
        let all = |attributes: &'a [Attribute]| attributes.iter().map(AttributeV2::of).collect::<Vec<_>>();
        Self {
            id: &policy.id,
            r#type: kind.name(),
            description: description.as_deref(),
            subject: SubjectV2 { attributes: all(subject) },
            resource: ResourceV2 { attributes: all(resource), tags: (!tags.is_empty()).then(|| all(tags)) },
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
    fn of(attribute: &'a Attribute) -> Self {
        let operator = attribute.operator.as_deref().unwrap_or(EQUALS);
        Self { key: &attribute.key, operator, value: &attribute.value }
    }
}

impl RoleCollection {
    /// Returns the roles of the platform, those of services in general, and `more` of a service.
    pub(in super::super) fn with(more: &'static [role::Role]) -> Self {
        let service_roles = role::SERVICE.iter().chain(more).map(Role::of).collect();
        Self { custom_roles: [], service_roles, system_roles: role::SYSTEM.iter().map(Role::of).collect() }
    }
}

impl Role {
    const fn of(role: &'static role::Role) -> Self {
        Self { display_name: role.display_name, description: role.description, actions: [], crn: role.crn }
    }
}
