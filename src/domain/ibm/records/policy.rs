//! Access policies, in a form that both versions of the API are mapped to.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::Value;

use super::super::error::related_services as error;
use super::audit::AuditStamp;
use super::entity_tag::entity_tag;
use super::interned::InternedStr;
use crate::spec::{ApiError, Violation, Violations};
use crate::store::{Index, Key, Record};

/// The maximum length of the value of an attribute, in Unicode scalar values.
const MAX_VALUE_CHARS: usize = 1000;

/// The name of the subject attribute that contains the id of a group.
const GROUP_ATTRIBUTE: &str = "access_group_id";

/// The name of the subject attribute that contains the IAM id of a user, a service id or a trusted profile.
const IAM_ID_ATTRIBUTE: &str = "iam_id";

/// The name of the resource attribute that contains the account id.
const ACCOUNT_ATTRIBUTE: &str = "accountId";

/// The name of the resource attribute that contains the type of services.
const SERVICE_TYPE_ATTRIBUTE: &str = "serviceType";

/// The account management services, which a policy for all services does not include.
const ACCOUNT_MANAGEMENT_SERVICES: [&str; 10] = [
    "billing",
    "context-based-restrictions",
    "enterprise",
    "entitlement",
    "globalcatalog",
    "iam-access-management",
    "iam-groups",
    "iam-identity",
    "support",
    "user-management",
];

/// A policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// The id, a UUID.
    pub id: Box<str>,
    /// The account of the resource.
    pub account: InternedStr,
    /// The version of the API that created the policy.
    pub version: ApiVersion,
    /// The content, which a request sets.
    pub content: PolicyDraft,
    /// The time and author of the creation.
    pub created: AuditStamp,
    /// The time and author of the last replacement.
    pub modified: AuditStamp,
    /// The revision of the last change.
    pub revision: u64,
    /// The number of times the content was set.
    pub change_count: u32,
}

/// A version of the policy API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ApiVersion {
    /// `/v1/policies`.
    V1,
    /// `/v2/policies`.
    V2,
}

/// The type of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyKind {
    /// Grants an identity or a group access to a resource.
    Access,
    /// Grants a service access to another service.
    Authorization,
}

/// The content of a policy.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyDraft {
    /// The type.
    pub kind: PolicyKind,
    /// The description, if any.
    pub description: Option<Box<str>>,
    /// The subject that gets access; in an access policy one group or one identity.
    pub subject: Box<[Attribute]>,
    /// The resource; one of the attributes is the account.
    pub resource: Box<[Attribute]>,
    /// The access management tags of the resource.
    pub tags: Box<[Attribute]>,
    /// The Cloud Resource Names (CRNs) of the roles.
    pub roles: Box<[Box<str>]>,
    /// The pattern that the rule follows.
    pub pattern: Option<Box<str>>,
    /// Additional conditions, which are returned unchanged and not evaluated.
    pub rule: Option<Box<Value>>,
}

/// An attribute of a subject or a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// The name.
    pub key: Box<str>,
    /// The comparison operator; optional in version 1.
    pub operator: Option<Box<str>>,
    /// A string, a boolean or a list of strings.
    pub value: Value,
}

/// The content of a policy as received, before validation.
#[derive(Debug, Clone, Default)]
pub struct PolicyInput {
    /// The type.
    pub kind: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// The subject.
    pub subject: Vec<AttributeInput>,
    /// The resource.
    pub resource: Vec<AttributeInput>,
    /// The access management tags of the resource.
    pub tags: Vec<AttributeInput>,
    /// The roles.
    pub roles: Vec<String>,
    /// The pattern that the rule follows.
    pub pattern: Option<String>,
    /// Additional conditions.
    pub rule: Option<Value>,
}

/// An attribute as received: name, operator and value.
pub type AttributeInput = (Option<String>, Option<String>, Option<Value>);

/// The sort orders of the policies of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyOrder {
    /// By id.
    Id,
    /// By type.
    Type,
    /// By link: by version, then by id.
    Href,
    /// By the time of creation.
    CreatedAt,
    /// By the author.
    CreatedById,
    /// By the time of the last change.
    LastModifiedAt,
    /// By the author of the last change.
    LastModifiedById,
    /// By state, which is the same for all policies.
    State,
}

/// The comparison functions, in the order of [`PolicyOrder`].
pub const SORT_ORDERS: &[fn(&Policy, &Policy) -> Ordering] = &[
    |left, right| left.id.cmp(&right.id),
    |left, right| left.content.kind.name().cmp(right.content.kind.name()),
    |left, right| (left.version, &left.id).cmp(&(right.version, &right.id)),
    |left, right| left.created.at.cmp(&right.created.at),
    |left, right| left.created.by.cmp(&right.created.by),
    |left, right| left.modified.at.cmp(&right.modified.at),
    |left, right| left.modified.by.cmp(&right.modified.by),
    |_, _| Ordering::Equal,
];

impl Record for Policy {
    const INDEXES: &'static [Index<Self>] = &[
        Index { partition: |policy| (&policy.account, ""), orders: SORT_ORDERS },
        Index { partition: |policy| (&policy.account, policy.content.kind.name()), orders: SORT_ORDERS },
        Index {
            partition: |policy| (&policy.account, policy.content.subject_value(GROUP_ATTRIBUTE)),
            orders: SORT_ORDERS,
        },
        Index {
            partition: |policy| (&policy.account, policy.content.subject_value(IAM_ID_ATTRIBUTE)),
            orders: SORT_ORDERS,
        },
    ];

    fn key(&self) -> Key<'_> {
        ("", &self.id)
    }

    fn unshared_bytes(&self, _newer: Option<&Self>) -> usize {
        let PolicyDraft { kind: _, description, subject, resource, tags, roles, pattern, rule } =
            &self.content;
        let attribute = |it: &Attribute| size_of::<Attribute>() + it.key.len() + it.value.to_string().len();
        let attributes = subject.iter().chain(resource).chain(tags).map(attribute);
        let text = |text: &Option<Box<str>>| text.as_ref().map_or(0, |text| text.len());
        self.id.len()
            + text(description)
            + text(pattern)
            + attributes.sum::<usize>()
            + roles.iter().map(|role| size_of::<Box<str>>() + role.len()).sum::<usize>()
            + rule.as_ref().map_or(0, |rule| rule.to_string().len())
    }
}

impl Policy {
    /// The index by account.
    pub const BY_ACCOUNT: usize = 0;

    /// The index by account and type.
    pub const BY_KIND: usize = 1;

    /// The index by account and the group that gets access.
    pub const BY_GROUP: usize = 2;

    /// The index by account and the identity that gets access.
    pub const BY_IAM_ID: usize = 3;

    /// Returns the entity tag.
    pub fn entity_tag(&self) -> String {
        entity_tag(&self.id, self.change_count, self.revision)
    }
}

impl ApiVersion {
    /// Returns the path of the policies in this version.
    pub const fn path(self) -> &'static str {
        match self {
            Self::V1 => "/v1/policies",
            Self::V2 => "/v2/policies",
        }
    }
}

impl PolicyKind {
    /// Returns the name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Authorization => "authorization",
        }
    }

    /// Returns the kind with `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Access, Self::Authorization].into_iter().find(|kind| kind.name() == name)
    }
}

impl PolicyDraft {
    /// Returns the content of a policy.
    ///
    /// # Errors
    /// [`error::INVALID_BODY`] with all violations, and [`error::MULTIPLE_ENTRIES`].
    pub fn new(given: PolicyInput) -> Result<Self, ApiError> {
        let mut violations = Violations::new();
        let kind = given.kind.as_deref().and_then(PolicyKind::from_name);
        if kind.is_none() {
            violations.push(Violation::new("type", "is not one of enum values: access,authorization"));
        }
        let subject = attributes(given.subject, "subject", &mut violations);
        let resource = attributes(given.resource, "resource", &mut violations);
        let tags = attributes(given.tags, "tag", &mut violations);
        if given.roles.is_empty() {
            violations.push(Violation::new("roles", "must have at least one role"));
        }
        if given.rule.as_ref().is_some_and(|rule| !rule.is_object()) {
            violations.push(Violation::new("rule", "must be an object"));
        }
        if given.rule.is_some() && given.pattern.is_none() {
            violations.push(Violation::new("pattern", "is required when there is a rule"));
        }
        let draft = Self {
            kind: kind.unwrap_or(PolicyKind::Access),
            description: given.description.map(Into::into),
            subject,
            resource,
            tags,
            roles: given.roles.into_iter().map(Into::into).collect(),
            pattern: given.pattern.map(Into::into),
            rule: given.rule.map(Box::new),
        };
        draft.check_subject_and_account(&mut violations);
        if let Some(duplicate) = first_duplicate(&draft.resource) {
            return Err(error::MULTIPLE_ENTRIES.with_subject(duplicate));
        }
        if violations.is_empty() { Ok(draft) } else { Err(error::invalid_body(&violations)) }
    }

    /// Checks that the policy has a subject and the account of the resource.
    fn check_subject_and_account(&self, violations: &mut Violations) {
        let keys = [GROUP_ATTRIBUTE, IAM_ID_ATTRIBUTE];
        let subjects = keys.iter().filter(|key| !self.subject_value(key).is_empty()).count();
        if self.kind == PolicyKind::Access && (subjects != 1 || self.subject.len() != 1) {
            violations.push(Violation::new("subject", "must have one attribute: access_group_id or iam_id"));
        } else if self.subject.is_empty() {
            violations.push(Violation::new("subject", "must have at least one attribute"));
        }
        if self.account().is_empty() {
            violations.push(Violation::new("resource", "must have the attribute accountId"));
        }
    }

    /// Returns the account of the resource.
    pub fn account(&self) -> &str {
        string_value(&self.resource, ACCOUNT_ATTRIBUTE)
    }

    /// Returns the id of the group that gets access; empty if the subject is not a group.
    pub fn group_id(&self) -> &str {
        self.subject_value(GROUP_ATTRIBUTE)
    }

    /// Returns whether both policies have the same type, subject, resource, roles and conditions, in any order.
    pub fn grants_same(&self, other: &Self) -> bool {
        self.kind == other.kind
            && has_same_attributes(&self.subject, &other.subject)
            && has_same_attributes(&self.resource, &other.resource)
            && has_same_attributes(&self.tags, &other.tags)
            && contains_all(&self.roles, &other.roles)
            && contains_all(&other.roles, &self.roles)
            && self.pattern == other.pattern
            && self.rule == other.rule
    }

    /// Returns whether the policy grants a group everything that `other` grants it: all its roles without a condition,
    /// for a resource with no attribute that the resource of `other` does not have. A policy for all services also covers
    /// one for a service or a resource group.
    pub fn covers(&self, other: &Self) -> bool {
        let is_for_group = !self.group_id().is_empty() && self.group_id() == other.group_id();
        is_for_group
            && self.rule.is_none()
            && self.resource.iter().all(|attribute| {
                contains_attribute(&other.resource, attribute)
                    || is_all_services(attribute) && other.is_for_some_services()
            })
            && self.tags.iter().all(|tag| contains_attribute(&other.tags, tag))
            && contains_all(&self.roles, &other.roles)
    }

    /// Returns whether the resource is a part of all services: it has no type of services, but another attribute besides
    /// the account, and is not an account management service.
    fn is_for_some_services(&self) -> bool {
        let has = |key: &str| self.resource.iter().any(|attribute| &*attribute.key == key);
        let service = string_value(&self.resource, "serviceName");
        !has(SERVICE_TYPE_ATTRIBUTE)
            && self.resource.len() > 1
            && !ACCOUNT_MANAGEMENT_SERVICES.contains(&service)
    }

    /// Returns the IAM id that gets access; empty if the subject is a group or a service.
    pub fn iam_id(&self) -> &str {
        self.subject_value(IAM_ID_ATTRIBUTE)
    }

    /// Returns the string value of a subject attribute; empty if absent.
    fn subject_value(&self, key: &str) -> &str {
        string_value(&self.subject, key)
    }
}

/// Returns whether the attribute selects all services, which the account management services do not belong to.
fn is_all_services(attribute: &Attribute) -> bool {
    &*attribute.key == SERVICE_TYPE_ATTRIBUTE && attribute.value == "service"
}

/// Returns whether both lists have the same attributes, in any order.
fn has_same_attributes(left: &[Attribute], right: &[Attribute]) -> bool {
    left.len() == right.len() && left.iter().all(|attribute| contains_attribute(right, attribute))
}

/// Returns whether a list has the attribute; one without an operator has the default operator.
fn contains_attribute(attributes: &[Attribute], attribute: &Attribute) -> bool {
    attributes.iter().any(|other| {
        other.key == attribute.key
            && other.operator() == attribute.operator()
            && other.value == attribute.value
    })
}

/// Returns whether `roles` contains all of `others`.
fn contains_all(roles: &[Box<str>], others: &[Box<str>]) -> bool {
    others.iter().all(|role| roles.contains(role))
}

impl Attribute {
    /// Returns the comparison operator, by default `stringEquals`.
    pub fn operator(&self) -> &str {
        self.operator.as_deref().unwrap_or("stringEquals")
    }
}

/// Returns the string value of an attribute; empty if absent or not a string.
fn string_value<'a>(attributes: &'a [Attribute], key: &str) -> &'a str {
    let attribute = attributes.iter().find(|attribute| &*attribute.key == key);
    attribute.and_then(|attribute| attribute.value.as_str()).unwrap_or_default()
}

/// Validates the attributes at `path`.
fn attributes(inputs: Vec<AttributeInput>, path: &str, violations: &mut Violations) -> Box<[Attribute]> {
    let attributes = inputs.into_iter().enumerate().filter_map(|(index, (key, operator, value))| {
        let path = format!("{path}.attributes[{index}]");
        let key = key.filter(|key| !key.is_empty());
        let value = value.filter(is_value);
        if key.is_none() {
            violations.push(Violation::new(path.as_str(), "has no name"));
        }
        if value.is_none() {
            let reason =
                format!("has no value that is a string of 1 to {MAX_VALUE_CHARS} characters, true or false");
            violations.push(Violation::new(path, reason));
        }
        Some(Attribute { key: key?.into(), operator: operator.map(Into::into), value: value? })
    });
    attributes.collect()
}

/// Returns whether an attribute can have the value.
fn is_value(value: &Value) -> bool {
    match value {
        Value::String(string) => !string.is_empty() && string.chars().count() <= MAX_VALUE_CHARS,
        Value::Bool(_) => true,
        Value::Array(values) => !values.is_empty() && values.iter().all(Value::is_string),
        Value::Null | Value::Number(_) | Value::Object(_) => false,
    }
}

/// Returns the first attribute name that occurs a second time.
fn first_duplicate(attributes: &[Attribute]) -> Option<&str> {
    let mut seen = BTreeSet::new();
    attributes.iter().map(|attribute| &*attribute.key).find(|key| !seen.insert(*key))
}
