//! Service ids and trusted profiles: the identities of an account that are not users.

use std::cmp::Ordering;

use super::super::error::related_services as error;
use super::group_list::ListPage;
use super::identity::IdentityDetails;
use super::{Caller, IbmState, InternedStr, Timestamp, entity_tag};
use crate::spec::{ApiError, Violation};
use crate::store::{Direction, Index, Key, PageRange, Record, Tx};

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

/// The query for a list of service ids or trusted profiles: the filter, the sort order and the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalQuery {
    /// The account.
    pub account: String,
    /// Only principals with this name.
    pub name: Option<String>,
    /// The sort order; `None` for order of creation.
    pub order: Option<PrincipalOrder>,
    /// The sort direction.
    pub direction: Direction,
    /// The page.
    pub window: PageRange,
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
    fn not_found(self, id: &str) -> ApiError {
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
    pub fn new(change: PrincipalChange) -> Result<Self, Vec<Violation>> {
        if change.name.is_none() {
            return Err(vec![Violation::new("name", "is missing")]);
        }
        let empty = Self { name: "".into(), description: None, email: None, unique_instance_crns: [].into() };
        empty.with_change(change)
    }

    /// Returns the content after a change.
    ///
    /// # Errors
    /// The name is present and empty.
    pub fn with_change(&self, change: PrincipalChange) -> Result<Self, Vec<Violation>> {
        if change.name.as_deref().is_some_and(|name| name.trim().is_empty()) {
            return Err(vec![Violation::new("name", "must not be empty")]);
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

impl IbmState {
    /// Returns the principal of `kind` with `id`.
    ///
    /// # Errors
    /// [`error::SERVICE_ID_NOT_FOUND`], [`error::PROFILE_NOT_FOUND`], and `forbidden` if the caller may not use the
    /// account.
    pub fn principal(&self, kind: PrincipalKind, id: &str, caller: &Caller) -> Result<&Principal, ApiError> {
        let found = self.principals.get((kind.prefix(), id)).ok_or_else(|| kind.not_found(id))?;
        caller.check_account_access(&found.account)?;
        Ok(found)
    }

    /// Returns one page of an account's principals of `kind`.
    pub fn list_principals(&self, kind: PrincipalKind, query: &PrincipalQuery) -> ListPage<&Principal> {
        let listing = self.principals.list(Principal::BY_ACCOUNT, (&query.account, kind.prefix()));
        let PageRange { offset, limit } = query.window;
        if let Some(name) = &query.name {
            let all: Box<dyn Iterator<Item = &Principal>> = match query.order {
                Some(order) => listing.ordered(order as usize, query.direction),
                None => Box::new(listing.iter()),
            };
            let matching: Vec<&Principal> = all.filter(|it| *it.content.name == **name).collect();
            return ListPage {
                items: matching.iter().skip(offset).take(limit).copied().collect(),
                total: matching.len(),
            };
        }
        let items = match query.order {
            Some(order) => listing.page(order as usize, query.direction, query.window),
            None => listing.iter_from(offset).take(limit).collect(),
        };
        ListPage { items, total: listing.len() }
    }

    /// Adds a principal to an account.
    ///
    /// # Errors
    /// [`error::PROFILE_NAME_CONFLICT`].
    pub fn create_principal(
        &mut self,
        kind: PrincipalKind,
        account: &str,
        content: PrincipalDraft,
        tx: &mut Tx<'_>,
    ) -> Result<&Principal, ApiError> {
        self.check_principal_name(kind, account, &content.name, "")?;
        let id = format!("{}{}", kind.prefix(), tx.ids.uuid()).into();
        let (created, revision) = (tx.now.into(), tx.next_revision());
        let account = self.intern_account(account);
        let new =
            Principal { kind, account, id, content, created, modified: created, revision, change_count: 1 };
        self.add_identity(&new.iam_id(), new.details());
        Ok(self.principals.insert(new).expect("a new UUID is unique"))
    }

    /// Checks that no trusted profile of the account has the name, except the one with the id `own_id`.
    ///
    /// # Errors
    /// [`error::PROFILE_NAME_CONFLICT`].
    pub fn check_principal_name(
        &self,
        kind: PrincipalKind,
        account: &str,
        name: &str,
        own_id: &str,
    ) -> Result<(), ApiError> {
        if kind == PrincipalKind::ServiceId {
            return Ok(());
        }
        let listing = self.principals.list(Principal::BY_ACCOUNT, (account, kind.prefix()));
        let by_name = PrincipalOrder::Name as usize;
        let offset = listing.rank(by_name, |it| (*it.content.name).cmp(name));
        let found = listing.page(by_name, Direction::Ascending, PageRange { offset, limit: 1 });
        if found.iter().any(|it| *it.content.name == *name && *it.id != *own_id) {
            return Err(error::PROFILE_NAME_CONFLICT.with_subject(name));
        }
        Ok(())
    }

    /// Updates the content of the principal of `kind` with `id`, and its details in all its memberships.
    ///
    /// # Errors
    /// As [`State::principal`].
    pub fn update_principal(
        &mut self,
        (kind, id): (PrincipalKind, &str),
        content: PrincipalDraft,
        tx: &mut Tx<'_>,
    ) -> Result<&Principal, ApiError> {
        let (now, revision) = (tx.now.into(), tx.next_revision());
        let updated = self.principals.update((kind.prefix(), id), |principal| {
            principal.content = content;
            principal.modified = now;
            principal.revision = revision;
            principal.change_count += 1;
        });
        let updated = updated.ok_or_else(|| kind.not_found(id))?;
        let (iam_id, details) = (updated.iam_id(), updated.details());
        self.replace_details(&iam_id, details);
        self.principals.get((kind.prefix(), id)).ok_or_else(|| kind.not_found(id))
    }

    /// Deletes the principal of `kind` with `id` and its memberships; restores a pinned one to its seeded value.
    pub fn delete_principal(&mut self, kind: PrincipalKind, id: &str) {
        let Some(deleted) = self.principals.delete((kind.prefix(), id)) else { return };
        self.remove_identity(&deleted.iam_id());
        if let Some(restored) = self.principals.get((kind.prefix(), id)) {
            let (iam_id, details) = (restored.iam_id(), restored.details());
            self.replace_details(&iam_id, details);
        }
    }
}
