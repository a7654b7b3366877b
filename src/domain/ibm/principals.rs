//! Operations on service ids and trusted profiles, and their lists.

use super::error::related_services as error;
use super::page::ListPage;
use super::records::caller::Caller;
use super::records::principal::{Principal, PrincipalDraft, PrincipalKind, PrincipalOrder};
use super::state::IbmState;
use crate::spec::ApiError;
use crate::store::{Direction, PageRange, Tx};

/// The query for a list of service ids or trusted profiles: the filter, the sort order and the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalQuery {
    /// The account.
    pub account: String,
    /// Only principals with this name.
    pub name: Option<String>,
    /// Only service ids of this service id group; no service id is in a group, so that the list is empty.
    pub group_id: Option<String>,
    /// The sort order; `None` for order of creation.
    pub order: Option<PrincipalOrder>,
    /// The sort direction.
    pub direction: Direction,
    /// The page.
    pub window: PageRange,
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
        if query.group_id.is_some() && kind == PrincipalKind::ServiceId {
            return ListPage { items: Vec::new(), total: 0 };
        }
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
        let id = self.new_id::<Principal>(kind.prefix(), kind.prefix(), tx).into();
        let (created, revision) = (tx.now.into(), tx.next_revision());
        let account = self.intern_account(account);
        let new =
            Principal { kind, account, id, content, created, modified: created, revision, change_count: 1 };
        self.add_identity(&new.iam_id(), new.details());
        Ok(self.principals.insert(new).expect("the id was checked to be unused"))
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
    /// As [`IbmState::principal`].
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
