//! The request bodies of policies in both versions of the policy management API.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::domain::ibm::records::policy::{ApiVersion, AttributeInput, PolicyInput};

/// A request body that creates or replaces a policy in one version of the API.
pub(in super::super) trait PolicyRequest: DeserializeOwned + Send {
    /// The API version.
    const VERSION: ApiVersion;

    /// Returns the unvalidated policy.
    fn into_input(self) -> PolicyInput;
}

/// The request body of version 1.
#[derive(Debug, Deserialize)]
pub(in super::super) struct PolicyRequestV1 {
    r#type: Option<String>,
    description: Option<String>,
    #[serde(default)]
    subjects: Vec<AttributesV1>,
    #[serde(default)]
    roles: Vec<RoleRequest>,
    #[serde(default)]
    resources: Vec<AttributesV1>,
}

#[derive(Debug, Default, Deserialize)]
struct AttributesV1 {
    #[serde(default)]
    attributes: Vec<AttributeRequestV1>,
    #[serde(default)]
    tags: Vec<AttributeRequestV1>,
}

#[derive(Debug, Deserialize)]
struct AttributeRequestV1 {
    name: Option<String>,
    operator: Option<String>,
    value: Option<Value>,
}

/// A role; other fields than `role_id` are ignored.
#[derive(Debug, Deserialize)]
struct RoleRequest {
    #[serde(default)]
    role_id: String,
}

/// The request body of version 2.
#[derive(Debug, Deserialize)]
pub(in super::super) struct PolicyRequestV2 {
    r#type: Option<String>,
    description: Option<String>,
    subject: Option<AttributesV2>,
    resource: Option<AttributesV2>,
    pattern: Option<String>,
    rule: Option<Value>,
    control: Option<ControlRequest>,
}

#[derive(Debug, Default, Deserialize)]
struct AttributesV2 {
    #[serde(default)]
    attributes: Vec<AttributeRequestV2>,
    #[serde(default)]
    tags: Vec<AttributeRequestV2>,
}

#[derive(Debug, Deserialize)]
struct AttributeRequestV2 {
    key: Option<String>,
    operator: Option<String>,
    value: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct ControlRequest {
    grant: Option<GrantRequest>,
}

#[derive(Debug, Deserialize)]
struct GrantRequest {
    #[serde(default)]
    roles: Vec<RoleRequest>,
}

impl PolicyRequest for PolicyRequestV1 {
    const VERSION: ApiVersion = ApiVersion::V1;

    fn into_input(self) -> PolicyInput {
        let convert = |attributes: Vec<AttributeRequestV1>| -> Vec<AttributeInput> {
            attributes.into_iter().map(|it| (it.name, it.operator, it.value)).collect()
        };
        let mut policy = PolicyInput {
            kind: self.r#type,
            description: self.description,
            roles: role_ids(self.roles),
            ..PolicyInput::default()
        };
        for subject in self.subjects {
            policy.subject.extend(convert(subject.attributes));
        }
        for resource in self.resources {
            policy.resource.extend(convert(resource.attributes));
            policy.tags.extend(convert(resource.tags));
        }
        policy
    }
}

impl PolicyRequest for PolicyRequestV2 {
    const VERSION: ApiVersion = ApiVersion::V2;

    fn into_input(self) -> PolicyInput {
        let convert = |attributes: Vec<AttributeRequestV2>| -> Vec<AttributeInput> {
            attributes.into_iter().map(|it| (it.key, it.operator, it.value)).collect()
        };
        let subject = self.subject.unwrap_or_default();
        let resource = self.resource.unwrap_or_default();
        let grant = self.control.and_then(|control| control.grant);
        PolicyInput {
            kind: self.r#type,
            description: self.description,
            subject: convert(subject.attributes),
            resource: convert(resource.attributes),
            tags: convert(resource.tags),
            roles: role_ids(grant.map(|grant| grant.roles).unwrap_or_default()),
            pattern: self.pattern,
            rule: self.rule,
        }
    }
}

fn role_ids(roles: Vec<RoleRequest>) -> Vec<String> {
    roles.into_iter().map(|role| role.role_id).collect()
}
