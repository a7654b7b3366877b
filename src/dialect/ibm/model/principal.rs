//! Service ids and trusted profiles: the identities of an account that are no users.

use std::cmp::Ordering;

use super::super::error::neighbors as error;
use super::group_list::Page;
use super::identity::Details;
use super::{Caller, Interned, Moment, State, entity_tag};
use crate::failure::{Refusal, Violation};
use crate::store::{Direction, Key, Record, Tx, View, Window};

/// A service id or a trusted profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Principal {
    /// Which of the two it is.
    pub kind: PrincipalKind,
    /// The account.
    pub account: Interned,
    /// `ServiceId-` or `Profile-` and a UUID.
    pub id: Box<str>,
    /// What a request sets.
    pub content: PrincipalDraft,
    /// When it was created.
    pub created: Moment,
    /// When it was last changed.
    pub modified: Moment,
    /// The revision of the last change.
    pub revision: u64,
    /// How often its content was set.
    pub changes: u32,
}

/// What a principal is.
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
    /// Not empty; that of a profile is its own in the account.
    pub name: Box<str>,
    /// `None` when none was given.
    pub description: Option<Box<str>>,
    /// The e-mail of a profile.
    pub email: Option<Box<str>>,
    /// The services that a service id is connected to.
    pub unique_instance_crns: Box<[Box<str>]>,
}

/// The content of a principal as it is given; `None` leaves a member as it is, an empty text clears it.
#[derive(Debug, Clone, Default)]
pub struct PrincipalChange {
    /// The name.
    pub name: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// The e-mail of a profile.
    pub email: Option<String>,
    /// The services that a service id is connected to.
    pub unique_instance_crns: Option<Vec<String>>,
}

/// What is asked for of the service ids or profiles of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalQuery {
    /// The account.
    pub account: String,
    /// Only those with this name.
    pub name: Option<String>,
    /// The order; `None` for the one in which they were created.
    pub order: Option<PrincipalOrder>,
    /// The direction of the order.
    pub direction: Direction,
    /// The page.
    pub window: Window,
}

/// What the principals of an account can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrincipalOrder {
    /// By name.
    Name,
    /// By description; those without one come first.
    Description,
    /// By the time of creation.
    CreatedAt,
    /// By the time of the last change.
    ModifiedAt,
}

impl Record for Principal {
    const VIEWS: &'static [View<Self>] = &[View {
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
    /// The view of the principals of one kind in one account.
    pub const OF_ACCOUNT: usize = 0;

    /// Returns the IAM id.
    pub fn iam_id(&self) -> String {
        format!("iam-{}", self.id)
    }

    /// Returns the Cloud Resource Name.
    pub fn crn(&self) -> String {
        let kind = match self.kind {
            PrincipalKind::ServiceId => "serviceid",
            PrincipalKind::Profile => "profile",
        };
        format!("crn:v1:bluemix:public:iam-identity::a/{}::{kind}:{}", self.account, self.id)
    }

    /// Returns the entity tag.
    pub fn entity_tag(&self) -> String {
        entity_tag(&self.id, self.changes, self.revision)
    }

    /// Returns what the list of a group's members shows of it.
    pub fn details(&self) -> Details {
        let PrincipalDraft { name, description, .. } = &self.content;
        Details { name: Some(name.clone()), email: None, description: description.clone() }
    }

    fn by_name(left: &Self, right: &Self) -> Ordering {
        left.content.name.cmp(&right.content.name)
    }
}

impl PrincipalKind {
    /// Returns what the ids begin with.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::ServiceId => "ServiceId-",
            Self::Profile => "Profile-",
        }
    }

    /// Returns the refusal of an unknown id.
    fn not_found(self, id: &str) -> Refusal {
        match self {
            Self::ServiceId => error::SERVICE_ID_NOT_FOUND.about(id),
            Self::Profile => error::PROFILE_NOT_FOUND.about(id),
        }
    }
}

impl PrincipalDraft {
    /// Returns the content of a new principal.
    ///
    /// # Errors
    /// The name is missing or empty.
    pub fn new(given: PrincipalChange) -> Result<Self, Vec<Violation>> {
        if given.name.is_none() {
            return Err(vec![Violation::new("name", "is missing")]);
        }
        let nothing =
            Self { name: "".into(), description: None, email: None, unique_instance_crns: [].into() };
        nothing.with(given)
    }

    /// Returns the content after a change.
    ///
    /// # Errors
    /// The name is given and empty.
    pub fn with(&self, change: PrincipalChange) -> Result<Self, Vec<Violation>> {
        if change.name.as_deref().is_some_and(|name| name.trim().is_empty()) {
            return Err(vec![Violation::new("name", "must not be empty")]);
        }
        let text = |given: Option<String>, old: Option<&str>| match given {
            Some(text) => Some(text.into_boxed_str()).filter(|text| !text.is_empty()),
            None => old.map(Into::into),
        };
        let crns = change.unique_instance_crns.map(|crns| crns.into_iter().map(Into::into).collect());
        Ok(Self {
            name: change.name.map_or_else(|| self.name.clone(), Into::into),
            description: text(change.description, self.description.as_deref()),
            email: text(change.email, self.email.as_deref()),
            unique_instance_crns: crns.unwrap_or_else(|| self.unique_instance_crns.clone()),
        })
    }
}

impl State {
    /// Returns the principal of `kind` with `id`.
    ///
    /// # Errors
    /// [`error::SERVICE_ID_NOT_FOUND`], [`error::PROFILE_NOT_FOUND`], and a refusal of an account that the caller
    /// may not use.
    pub fn principal(&self, kind: PrincipalKind, id: &str, caller: &Caller) -> Result<&Principal, Refusal> {
        let found = self.principals.get((kind.prefix(), id)).ok_or_else(|| kind.not_found(id))?;
        caller.check_account(&found.account)?;
        Ok(found)
    }

    /// Returns one page of an account's principals of `kind`.
    pub fn list_principals(&self, kind: PrincipalKind, query: &PrincipalQuery) -> Page<&Principal> {
        let listing = self.principals.list(Principal::OF_ACCOUNT, (&query.account, kind.prefix()));
        let Window { offset, limit } = query.window;
        if let Some(name) = &query.name {
            let all: Box<dyn Iterator<Item = &Principal>> = match query.order {
                Some(order) => listing.ordered(order as usize, query.direction),
                None => Box::new(listing.iter()),
            };
            let found: Vec<&Principal> = all.filter(|it| *it.content.name == **name).collect();
            return Page {
                items: found.iter().skip(offset).take(limit).copied().collect(),
                total: found.len(),
            };
        }
        let items = match query.order {
            Some(order) => listing.page(order as usize, query.direction, query.window),
            None => listing.from(offset).take(limit).collect(),
        };
        Page { items, total: listing.len() }
    }

    /// Adds a principal to an account.
    ///
    /// # Errors
    /// [`error::PROFILE_NAME_TAKEN`].
    pub fn create_principal(
        &mut self,
        kind: PrincipalKind,
        account: &str,
        content: PrincipalDraft,
        tx: &mut Tx<'_>,
    ) -> Result<&Principal, Refusal> {
        self.check_name(kind, account, &content.name, "")?;
        let id = format!("{}{}", kind.prefix(), tx.ids.uuid()).into();
        let (created, revision) = (tx.now.into(), tx.next_revision());
        let account = self.account(account);
        let new = Principal { kind, account, id, content, created, modified: created, revision, changes: 1 };
        self.introduce(&new.iam_id(), new.details());
        Ok(self.principals.insert(new).expect("a new UUID is not taken"))
    }

    /// Checks that the name is not that of another trusted profile of the account than the one with `own` id.
    ///
    /// # Errors
    /// [`error::PROFILE_NAME_TAKEN`].
    pub fn check_name(
        &self,
        kind: PrincipalKind,
        account: &str,
        name: &str,
        own: &str,
    ) -> Result<(), Refusal> {
        if kind == PrincipalKind::ServiceId {
            return Ok(());
        }
        let listing = self.principals.list(Principal::OF_ACCOUNT, (account, kind.prefix()));
        let by_name = PrincipalOrder::Name as usize;
        let offset = listing.rank(by_name, |it| (*it.content.name).cmp(name));
        let found = listing.page(by_name, Direction::Ascending, Window { offset, limit: 1 });
        if found.iter().any(|it| *it.content.name == *name && *it.id != *own) {
            return Err(error::PROFILE_NAME_TAKEN.about(name));
        }
        Ok(())
    }

    /// Sets the content of the principal of `kind` with `id`, also wherever it is a member.
    ///
    /// # Errors
    /// As [`State::principal`].
    pub fn update_principal(
        &mut self,
        (kind, id): (PrincipalKind, &str),
        content: PrincipalDraft,
        tx: &mut Tx<'_>,
    ) -> Result<&Principal, Refusal> {
        let (now, revision) = (tx.now.into(), tx.next_revision());
        let updated = self.principals.update((kind.prefix(), id), |principal| {
            principal.content = content;
            principal.modified = now;
            principal.revision = revision;
            principal.changes += 1;
        });
        let updated = updated.ok_or_else(|| kind.not_found(id))?;
        let (iam_id, details) = (updated.iam_id(), updated.details());
        self.describe_anew(&iam_id, details);
        self.principals.get((kind.prefix(), id)).ok_or_else(|| kind.not_found(id))
    }

    /// Deletes the principal of `kind` with `id` and its memberships; what is pinned comes back as it was seeded.
    pub fn delete_principal(&mut self, kind: PrincipalKind, id: &str) {
        let Some(deleted) = self.principals.delete((kind.prefix(), id)) else { return };
        self.forget(&deleted.iam_id());
        if let Some(restored) = self.principals.get((kind.prefix(), id)) {
            let (iam_id, details) = (restored.iam_id(), restored.details());
            self.describe_anew(&iam_id, details);
        }
    }
}
