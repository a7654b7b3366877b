//! Service ids and trusted profiles: the identities of an account that are not users.

use std::cmp::Ordering;

use super::super::error::related_services as error;
use super::audit::Timestamp;
use super::entity_tag::entity_tag;
use super::identity::IdentityDetails;
use super::interned::InternedStr;
use crate::spec::{ApiError, Violation, Violations};
use crate::store::{Index, Key, Record};

/// A service id or a trusted profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Principal {
    /// The kind: service id or trusted profile.
    pub kind: PrincipalKind,
    /// The account.
    pub account: InternedStr,
    /// The id: `ServiceId-` or `Profile-` and a UUID.
    pub id: Box<str>,
    /// The content, which a request sets.
    pub content: PrincipalDraft,
    /// The time of the creation.
    pub created: Timestamp,
    /// The time of the last change.
    pub modified: Timestamp,
    /// The revision of the last change.
    pub revision: u64,
    /// The number of times the content was set.
    pub change_count: u32,
}

/// The kind of a principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrincipalKind {
    /// A service id.
    ServiceId,
    /// A trusted profile.
    Profile,
}

/// The content of a principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalDraft {
    /// The name, not empty; that of a trusted profile is unique in its account.
    pub name: Box<str>,
    /// The description, if any.
    pub description: Option<Box<str>>,
    /// The e-mail address of a trusted profile.
    pub email: Option<Box<str>>,
    /// The CRNs of the services that a service id is connected to.
    pub unique_instance_crns: Box<[Box<str>]>,
}

/// The content of a principal as received; `None` leaves a field unchanged, an empty string clears it.
#[derive(Debug, Clone, Default)]
pub struct PrincipalChange {
    /// The name.
    pub name: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// The e-mail address of a trusted profile.
    pub email: Option<String>,
    /// The CRNs of the services that a service id is connected to.
    pub unique_instance_crns: Option<Vec<String>>,
}

/// The sort orders of the principals of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrincipalOrder {
    /// By name.
    Name,
    /// By description; principals without one come first.
    Description,
    /// By the time of creation.
    CreatedAt,
    /// By the time of the last change.
    ModifiedAt,
}

impl Record for Principal {
    const INDEXES: &'static [Index<Self>] = &[Index {
        partition: |it| (&it.account, it.kind.prefix()),
        orders: &[
            Self::by_name,
            |left, right| left.content.description.cmp(&right.content.description),
            |left, right| left.created.cmp(&right.created),
            |left, right| left.modified.cmp(&right.modified),
        ],
    }];

    fn key(&self) -> Key<'_> {
        (self.kind.prefix(), &self.id)
    }

    fn unshared_bytes(&self, _newer: Option<&Self>) -> usize {
        let PrincipalDraft { name, description, email, unique_instance_crns } = &self.content;
        let text = |text: &Option<Box<str>>| text.as_ref().map_or(0, |text| text.len());
        let crns = unique_instance_crns.iter().map(|crn| size_of::<Box<str>>() + crn.len());
        self.id.len() + name.len() + text(description) + text(email) + crns.sum::<usize>()
    }
}

impl Principal {
    /// The index by account and kind.
    pub const BY_ACCOUNT: usize = 0;

    /// Returns the IAM id.
    pub fn iam_id(&self) -> String {
        format!("iam-{}", self.id)
    }

    /// Returns the Cloud Resource Name (CRN).
    pub fn crn(&self) -> String {
        let kind = match self.kind {
            PrincipalKind::ServiceId => "serviceid",
            PrincipalKind::Profile => "profile",
        };
        format!("crn:v1:bluemix:public:iam-identity::a/{}::{kind}:{}", self.account, self.id)
    }

    /// Returns the entity tag.
    pub fn entity_tag(&self) -> String {
        entity_tag(&self.id, self.change_count, self.revision)
    }

    /// Returns the details of its identity.
    pub fn details(&self) -> IdentityDetails {
        let PrincipalDraft { name, description, .. } = &self.content;
        IdentityDetails { name: Some(name.clone()), email: None, description: description.clone() }
    }

    fn by_name(left: &Self, right: &Self) -> Ordering {
        left.content.name.cmp(&right.content.name)
    }
}

impl PrincipalKind {
    /// Returns the prefix of the ids.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::ServiceId => "ServiceId-",
            Self::Profile => "Profile-",
        }
    }

    /// Returns the error for an unknown id.
    pub fn not_found(self, id: &str) -> ApiError {
        match self {
            Self::ServiceId => error::SERVICE_ID_NOT_FOUND.with_subject(id),
            Self::Profile => error::PROFILE_NOT_FOUND.with_subject(id),
        }
    }
}

impl PrincipalDraft {
    /// Returns the content of a new principal.
    ///
    /// # Errors
    /// The name is missing or empty.
    pub fn new(change: PrincipalChange) -> Result<Self, Violations> {
        if change.name.is_none() {
            return Err(Violation::new("name", "is missing").into());
        }
        let empty = Self { name: "".into(), description: None, email: None, unique_instance_crns: [].into() };
        empty.with_change(change)
    }

    /// Returns the content after a change.
    ///
    /// # Errors
    /// The name is present and empty.
    pub fn with_change(&self, change: PrincipalChange) -> Result<Self, Violations> {
        if change.name.as_deref().is_some_and(|name| name.trim().is_empty()) {
            return Err(Violation::new("name", "must not be empty").into());
        }
        let optional = |new: Option<String>, current: Option<&str>| match new {
            Some(new) => Some(new.into_boxed_str()).filter(|new| !new.is_empty()),
            None => current.map(Into::into),
        };
        let crns = change.unique_instance_crns.map(|crns| crns.into_iter().map(Into::into).collect());
        Ok(Self {
            name: change.name.map_or_else(|| self.name.clone(), Into::into),
            description: optional(change.description, self.description.as_deref()),
            email: optional(change.email, self.email.as_deref()),
            unique_instance_crns: crns.unwrap_or_else(|| self.unique_instance_crns.clone()),
        })
    }
}
