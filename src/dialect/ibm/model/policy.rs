//! Access policies, in a form of which both versions of the API are views.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::error::managed::ADD_POLICY;
use super::super::error::neighbors as error;
use super::group::PUBLIC_ACCESS;
use super::managed::Change;
use super::policy_list::ORDERS;
use super::{Caller, Interned, Stamp, State, entity_tag, role};
use crate::failure::{Refusal, Violation};
use crate::store::{Key, Record, Tx, View};

/// The longest value of an attribute, in Unicode scalar values.
const VALUE_LENGTH: usize = 1000;

/// The attribute of a subject that names a group.
const GROUP: &str = "access_group_id";

/// The attribute of a subject that names a user, a service id or a profile.
const IAM_ID: &str = "iam_id";

/// The attribute of a resource that names its account.
const ACCOUNT: &str = "accountId";

/// A policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// A UUID.
    pub id: Box<str>,
    /// The account of its resource.
    pub account: Interned,
    /// The version of the API by which it was made.
    pub version: Version,
    /// What a request sets.
    pub content: PolicyDraft,
    /// Its creation.
    pub created: Stamp,
    /// Its last replacement.
    pub modified: Stamp,
    /// The revision of the last change.
    pub revision: u64,
    /// How often its content was set.
    pub changes: u32,
}

/// A version of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// `/v1/policies`.
    V1,
    /// `/v2/policies`.
    V2,
}

/// What a policy grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyKind {
    /// Access of an identity or a group to a resource.
    Access,
    /// Access of a service to another.
    Authorization,
}

/// The content of a policy.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyDraft {
    /// What it grants.
    pub kind: PolicyKind,
    /// `None` when none was given.
    pub description: Option<Box<str>>,
    /// To whom; of an access policy one group or one identity.
    pub subject: Box<[Attribute]>,
    /// What for; one of them is the account.
    pub resource: Box<[Attribute]>,
    /// The access management tags of the resource.
    pub tags: Box<[Attribute]>,
    /// The Cloud Resource Names of the roles.
    pub roles: Box<[Box<str>]>,
    /// The kind of the rule.
    pub pattern: Option<Box<str>>,
    /// Further conditions, which are echoed and not looked into.
    pub rule: Option<Box<Value>>,
}

/// An attribute of a subject or a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// The name.
    pub key: Box<str>,
    /// How the value is compared; version 1 may leave it out.
    pub operator: Option<Box<str>>,
    /// A text, a truth value or a list of texts.
    pub value: Value,
}

/// A policy as it is given, before it is checked.
#[derive(Debug, Clone, Default)]
pub struct GivenPolicy {
    /// The type.
    pub kind: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// To whom.
    pub subject: Vec<GivenAttribute>,
    /// What for.
    pub resource: Vec<GivenAttribute>,
    /// The access management tags of the resource.
    pub tags: Vec<GivenAttribute>,
    /// The roles.
    pub roles: Vec<String>,
    /// The kind of the rule.
    pub pattern: Option<String>,
    /// Further conditions.
    pub rule: Option<Value>,
}

/// An attribute as it is given: name, operator and value.
pub type GivenAttribute = (Option<String>, Option<String>, Option<Value>);

impl Record for Policy {
    const VIEWS: &'static [View<Self>] = &[
        View { partition: |policy| (&policy.account, ""), orders: ORDERS },
        View { partition: |policy| (&policy.account, policy.content.kind.name()), orders: ORDERS },
        View { partition: |policy| (&policy.account, policy.content.subject_value(GROUP)), orders: ORDERS },
        View { partition: |policy| (&policy.account, policy.content.subject_value(IAM_ID)), orders: ORDERS },
    ];

    fn key(&self) -> Key<'_> {
        ("", &self.id)
    }
}

impl Policy {
    /// The view of the policies of one account.
    pub const OF_ACCOUNT: usize = 0;
    pub(super) const OF_KIND: usize = 1;
    pub(super) const OF_GROUP: usize = 2;
    pub(super) const OF_IAM_ID: usize = 3;

    /// Returns the entity tag.
    pub fn entity_tag(&self) -> String {
        entity_tag(&self.id, self.changes, self.revision)
    }
}

impl Version {
    /// Returns the path of the policies.
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
    pub fn named(name: &str) -> Option<Self> {
        [Self::Access, Self::Authorization].into_iter().find(|kind| kind.name() == name)
    }
}

impl PolicyDraft {
    /// Returns the content of a policy.
    ///
    /// # Errors
    /// [`error::INVALID_BODY`] with everything that is wrong, and [`error::MULTIPLE_ENTRIES`].
    pub fn new(given: GivenPolicy) -> Result<Self, Refusal> {
        let mut violations = Vec::new();
        let kind = given.kind.as_deref().and_then(PolicyKind::named);
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
        draft.check_parties(&mut violations);
        if let Some(twice) = first_duplicate(&draft.resource) {
            return Err(error::MULTIPLE_ENTRIES.about(twice));
        }
        if violations.is_empty() { Ok(draft) } else { Err(error::invalid_body(&violations)) }
    }

    /// Checks that it says who gets access, and in which account.
    fn check_parties(&self, violations: &mut Vec<Violation>) {
        let parties = [GROUP, IAM_ID].iter().filter(|key| !self.subject_value(key).is_empty()).count();
        if self.kind == PolicyKind::Access && (parties != 1 || self.subject.len() != 1) {
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
        text_of(&self.resource, ACCOUNT)
    }

    /// Returns the id of the group that gets access; empty where it is none.
    pub fn group(&self) -> &str {
        self.subject_value(GROUP)
    }

    /// Returns an attribute of the subject, or the empty text.
    fn subject_value(&self, key: &str) -> &str {
        text_of(&self.subject, key)
    }
}

fn text_of<'a>(attributes: &'a [Attribute], key: &str) -> &'a str {
    let attribute = attributes.iter().find(|attribute| &*attribute.key == key);
    attribute.and_then(|attribute| attribute.value.as_str()).unwrap_or_default()
}

fn attributes(given: Vec<GivenAttribute>, place: &str, violations: &mut Vec<Violation>) -> Box<[Attribute]> {
    let attributes = given.into_iter().enumerate().filter_map(|(index, (key, operator, value))| {
        let place = format!("{place}.attributes[{index}]");
        let key = key.filter(|key| !key.is_empty());
        let value = value.filter(is_value);
        if key.is_none() {
            violations.push(Violation::new(place.as_str(), "has no name"));
        }
        if value.is_none() {
            let reason =
                format!("has no value that is a text of 1 to {VALUE_LENGTH} characters, true or false");
            violations.push(Violation::new(place, reason));
        }
        Some(Attribute { key: key?.into(), operator: operator.map(Into::into), value: value? })
    });
    attributes.collect()
}

fn is_value(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.is_empty() && text.chars().count() <= VALUE_LENGTH,
        Value::Bool(_) => true,
        Value::Array(values) => !values.is_empty() && values.iter().all(Value::is_string),
        Value::Null | Value::Number(_) | Value::Object(_) => false,
    }
}

fn first_duplicate(attributes: &[Attribute]) -> Option<&str> {
    let mut seen = BTreeSet::new();
    attributes.iter().map(|attribute| &*attribute.key).find(|key| !seen.insert(*key))
}

impl State {
    /// Returns the policy with `id`.
    ///
    /// # Errors
    /// [`error::POLICY_NOT_FOUND`], and a refusal of an account that the caller may not use.
    pub fn policy(&self, id: &str, caller: &Caller) -> Result<&Policy, Refusal> {
        let policy = self.policies.get(("", id)).ok_or_else(|| error::POLICY_NOT_FOUND.about(id))?;
        caller.check_account(&policy.account)?;
        Ok(policy)
    }

    /// Adds a policy to the account of its resource.
    ///
    /// # Errors
    /// As [`State::check_policy`], and [`ADD_POLICY`].
    pub fn create_policy(
        &mut self,
        version: Version,
        content: PolicyDraft,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<&Policy, Refusal> {
        self.check_policy(&content, caller)?;
        self.check_subject(&content)?;
        let id = tx.ids.uuid().to_string().into();
        let stamp = self.stamp(caller, tx);
        let account = self.account(content.account());
        let (created, modified) = (stamp.clone(), stamp);
        let revision = tx.next_revision();
        let policy = Policy { id, account, version, content, created, modified, revision, changes: 1 };
        Ok(self.policies.insert(policy).expect("a new UUID is not taken"))
    }

    /// Checks that what a policy speaks of exists, and that the caller may use its account.
    ///
    /// # Errors
    /// [`error::ROLE_UNKNOWN`], [`error::FOREIGN_GROUP`], [`error::PUBLIC_ACCESS_OFF`], and a refusal of an account
    /// that the caller may not use.
    pub fn check_policy(&self, content: &PolicyDraft, caller: &Caller) -> Result<(), Refusal> {
        let account = content.account();
        caller.check_account(account)?;
        if let Some(unknown) = content.roles.iter().find(|role| role::role(role).is_none()) {
            return Err(error::ROLE_UNKNOWN.about(&**unknown));
        }
        match content.subject_value(GROUP) {
            "" => Ok(()),
            PUBLIC_ACCESS if self.settings(account).is_none_or(|it| it.public_access_enabled) => Ok(()),
            PUBLIC_ACCESS => Err(error::PUBLIC_ACCESS_OFF.about(account)),
            group => match self.groups.get(("", group)) {
                Some(found) if *found.place.account == *account => Ok(()),
                Some(_) | None => Err(error::FOREIGN_GROUP.plain()),
            },
        }
    }

    /// Checks that the group of a policy may get one.
    fn check_subject(&self, content: &PolicyDraft) -> Result<(), Refusal> {
        let group = content.subject_value(GROUP);
        self.check_change(group, Change::AddPolicy, &ADD_POLICY)
    }

    /// Replaces the content of the policy with `id`, whose type and account stay.
    ///
    /// # Errors
    /// [`error::POLICY_NOT_FOUND`], [`error::INVALID_BODY`], and as [`State::create_policy`].
    pub fn replace_policy(
        &mut self,
        id: &str,
        content: PolicyDraft,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<&Policy, Refusal> {
        let policy = self.policy(id, caller)?;
        if policy.content.kind != content.kind {
            return Err(error::invalid_body(&[Violation::new("type", "cannot be changed")]));
        }
        if *policy.account != *content.account() {
            return Err(error::invalid_body(&[Violation::new("resource", "must stay in its account")]));
        }
        let has_new_subject = policy.content.subject_value(GROUP) != content.subject_value(GROUP);
        self.check_policy(&content, caller)?;
        if has_new_subject {
            self.check_subject(&content)?;
        }
        let modified = self.stamp(caller, tx);
        let revision = tx.next_revision();
        let updated = self.policies.update(("", id), |policy| {
            policy.content = content;
            policy.modified = modified;
            policy.revision = revision;
            policy.changes += 1;
        });
        updated.ok_or_else(|| error::POLICY_NOT_FOUND.about(id))
    }

    /// Deletes the policy with `id`; what is pinned comes back as it was seeded.
    pub fn delete_policy(&mut self, id: &str) {
        self.policies.delete(("", id));
    }

    /// Deletes the policies of a group; what is pinned comes back as it was seeded.
    pub(super) fn delete_policies_of(&mut self, account: &str, group: &str) {
        for id in self.policies_of(account, group) {
            self.policies.delete(("", &id));
        }
    }

    fn policies_of(&self, account: &str, group: &str) -> Vec<Box<str>> {
        let policies = self.policies.list(Policy::OF_GROUP, (account, group));
        policies.iter().map(|policy| policy.id.clone()).collect()
    }
}
