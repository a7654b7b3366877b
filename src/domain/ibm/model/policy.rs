//! Access policies, in a form that both versions of the API are mapped to.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::error::managed::ADD_POLICY;
use super::super::error::related_services as error;
use super::group::PUBLIC_ACCESS;
use super::managed_group::GroupMutation;
use super::policy_list::SORT_ORDERS;
use super::{AuditStamp, Caller, IbmState, InternedStr, entity_tag, role};
use crate::spec::{ApiError, Violation};
use crate::store::{Index, Key, Record, Tx};

/// The maximum length of the value of an attribute, in Unicode scalar values.
const MAX_VALUE_CHARS: usize = 1000;

/// The name of the subject attribute that contains the id of a group.
const GROUP_ATTRIBUTE: &str = "access_group_id";

/// The name of the subject attribute that contains the IAM id of a user, a service id or a trusted profile.
const IAM_ID_ATTRIBUTE: &str = "iam_id";

/// The name of the resource attribute that contains the account id.
const ACCOUNT_ATTRIBUTE: &str = "accountId";

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
        let mut violations = Vec::new();
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
    fn check_subject_and_account(&self, violations: &mut Vec<Violation>) {
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

    /// Returns the string value of a subject attribute; empty if absent.
    fn subject_value(&self, key: &str) -> &str {
        string_value(&self.subject, key)
    }
}

/// Returns the string value of an attribute; empty if absent or not a string.
fn string_value<'a>(attributes: &'a [Attribute], key: &str) -> &'a str {
    let attribute = attributes.iter().find(|attribute| &*attribute.key == key);
    attribute.and_then(|attribute| attribute.value.as_str()).unwrap_or_default()
}

/// Validates the attributes at `path`.
fn attributes(inputs: Vec<AttributeInput>, path: &str, violations: &mut Vec<Violation>) -> Box<[Attribute]> {
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

impl IbmState {
    /// Returns the policy with `id`.
    ///
    /// # Errors
    /// [`error::POLICY_NOT_FOUND`], and `forbidden` if the caller may not use the account.
    pub fn policy(&self, id: &str, caller: &Caller) -> Result<&Policy, ApiError> {
        let policy = self.policies.get(("", id)).ok_or_else(|| error::POLICY_NOT_FOUND.with_subject(id))?;
        caller.check_account_access(&policy.account)?;
        Ok(policy)
    }

    /// Adds a policy to the account of its resource.
    ///
    /// # Errors
    /// As [`State::check_policy`], and [`ADD_POLICY`].
    pub fn create_policy(
        &mut self,
        version: ApiVersion,
        content: PolicyDraft,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<&Policy, ApiError> {
        self.check_policy(&content, caller)?;
        self.check_group_allows_policy(&content)?;
        let id = tx.ids.uuid().to_string().into();
        let stamp = self.audit_stamp(caller, tx);
        let account = self.intern_account(content.account());
        let (created, modified) = (stamp.clone(), stamp);
        let revision = tx.next_revision();
        let policy = Policy { id, account, version, content, created, modified, revision, change_count: 1 };
        Ok(self.policies.insert(policy).expect("a new UUID is unique"))
    }

    /// Checks that the roles and the group of a policy exist, and that the caller may use its account.
    ///
    /// # Errors
    /// [`error::ROLE_NOT_FOUND`], [`error::GROUP_ACCOUNT_MISMATCH`], [`error::PUBLIC_ACCESS_DISABLED`], and `forbidden` if the caller
    /// may not use the account.
    pub fn check_policy(&self, content: &PolicyDraft, caller: &Caller) -> Result<(), ApiError> {
        let account = content.account();
        caller.check_account_access(account)?;
        if let Some(unknown) = content.roles.iter().find(|role| role::find_role(role).is_none()) {
            return Err(error::ROLE_NOT_FOUND.with_subject(&**unknown));
        }
        match content.subject_value(GROUP_ATTRIBUTE) {
            "" => Ok(()),
            PUBLIC_ACCESS if self.settings(account).is_none_or(|it| it.public_access_enabled) => Ok(()),
            PUBLIC_ACCESS => Err(error::PUBLIC_ACCESS_DISABLED.with_subject(account)),
            group => match self.groups.get(("", group)) {
                Some(found) if *found.key.account == *account => Ok(()),
                Some(_) | None => Err(error::GROUP_ACCOUNT_MISMATCH.error()),
            },
        }
    }

    /// Checks that the account may add policies for the group of a policy.
    fn check_group_allows_policy(&self, content: &PolicyDraft) -> Result<(), ApiError> {
        let group = content.subject_value(GROUP_ATTRIBUTE);
        self.check_mutation(group, GroupMutation::AddPolicy, &ADD_POLICY)
    }

    /// Replaces the content of the policy with `id`; its type and account cannot change.
    ///
    /// # Errors
    /// [`error::POLICY_NOT_FOUND`], [`error::INVALID_BODY`], and as [`State::create_policy`].
    pub fn replace_policy(
        &mut self,
        id: &str,
        content: PolicyDraft,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<&Policy, ApiError> {
        let policy = self.policy(id, caller)?;
        if policy.content.kind != content.kind {
            return Err(error::invalid_body(&[Violation::new("type", "cannot be changed")]));
        }
        if *policy.account != *content.account() {
            return Err(error::invalid_body(&[Violation::new("resource", "must keep its account")]));
        }
        let has_new_subject =
            policy.content.subject_value(GROUP_ATTRIBUTE) != content.subject_value(GROUP_ATTRIBUTE);
        self.check_policy(&content, caller)?;
        if has_new_subject {
            self.check_group_allows_policy(&content)?;
        }
        let modified = self.audit_stamp(caller, tx);
        let revision = tx.next_revision();
        let updated = self.policies.update(("", id), |policy| {
            policy.content = content;
            policy.modified = modified;
            policy.revision = revision;
            policy.change_count += 1;
        });
        updated.ok_or_else(|| error::POLICY_NOT_FOUND.with_subject(id))
    }

    /// Deletes the policy with `id`; a pinned one is restored to its seeded value.
    pub fn delete_policy(&mut self, id: &str) {
        self.policies.delete(("", id));
    }

    /// Deletes the policies of a group; pinned ones are restored to their seeded values.
    pub fn delete_group_policies(&mut self, account: &str, group: &str) {
        for id in self.group_policy_ids(account, group) {
            self.policies.delete(("", &id));
        }
    }

    /// Returns the ids of the policies of a group.
    fn group_policy_ids(&self, account: &str, group: &str) -> Vec<Box<str>> {
        let policies = self.policies.list(Policy::BY_GROUP, (account, group));
        policies.iter().map(|policy| policy.id.clone()).collect()
    }
}
