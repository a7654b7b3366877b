//! Groups.

use serde::{Deserialize, Serialize};

use super::super::error;
use super::super::model::group::{
    self, Found, GroupChange, GroupDraft, PUBLIC_ACCESS, PUBLIC_ACCESS_DESCRIPTION, PUBLIC_ACCESS_NAME,
};
use super::super::model::{BEGINNING, Moment, SYSTEM};
use super::super::page::Links;
use super::super::params::Shows;
use crate::failure::Refusal;
use crate::http::links::escape;
use crate::http::{Piece, linked_piece, piece};

/// A group: alone it has its account, in a list its link, and the rest when the flags of the request ask for it.
#[derive(Serialize)]
pub(in super::super) struct Group<'a> {
    id: &'a str,
    name: &'a str,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<&'a str>,
    created_at: Moment,
    created_by_id: &'a str,
    last_modified_at: Moment,
    last_modified_by_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    href: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_federated: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    crn: Option<String>,
}

/// One page of groups.
#[derive(Serialize)]
pub(in super::super) struct GroupsList<'a> {
    pub(in super::super) limit: usize,
    pub(in super::super) offset: usize,
    pub(in super::super) total_count: usize,
    #[serde(flatten)]
    pub(in super::super) links: Links,
    pub(in super::super) groups: Vec<Piece<'a, Group<'a>>>,
}

impl<'a> Group<'a> {
    /// Returns a group as it is answered alone: with its account, which for the Public Access group is `account`.
    pub(in super::super) fn alone(found: Found<'a>, account: &'a str, shows: Shows) -> Piece<'a, Self> {
        match found {
            Found::Stored(group) if shows == Shows::default() => {
                Piece::Kept(piece(&group.made().json, || Self::with_account(found, account, shows)))
            }
            Found::PublicAccess | Found::Stored(_) => {
                Piece::Shape(Box::new(Self::with_account(found, account, shows)))
            }
        }
    }

    /// Returns a copy of a group that was just written, as it is answered alone.
    pub(in super::super) fn written(group: &'a group::Group) -> Self {
        Self::with_account(Found::Stored(group), "", Shows::default())
    }

    fn with_account(found: Found<'a>, account: &'a str, shows: Shows) -> Self {
        let account = match found {
            Found::PublicAccess => account,
            Found::Stored(group) => &group.place.account,
        };
        let mut shape = Self::of(found, account, shows);
        shape.account_id = Some(account);
        shape
    }

    /// Returns a group as an item of the list of `account`: with its link, which begins with `base_url`.
    pub(in super::super) fn item(
        found: Found<'a>,
        account: &str,
        shows: Shows,
        base_url: &str,
    ) -> Piece<'a, Self> {
        let shape = |base_url: &str| Self::with_link(found, account, shows, base_url);
        match found {
            Found::Stored(group) if shows == Shows::default() => {
                linked_piece(&group.made().json_in_list, base_url, shape)
            }
            Found::PublicAccess | Found::Stored(_) => Piece::Shape(Box::new(shape(base_url))),
        }
    }

    fn with_link(found: Found<'a>, account: &str, shows: Shows, base_url: &str) -> Self {
        let mut shape = Self::of(found, account, shows);
        shape.href = Some(format!("{base_url}/v2/groups/{}", escape(shape.id)));
        shape
    }

    fn of(found: Found<'a>, account: &str, shows: Shows) -> Self {
        let (mut shape, is_federated) = match found {
            Found::PublicAccess => (Self::public_access(), false),
            Found::Stored(group) => (Self::stored(group), group.is_federated()),
        };
        shape.is_federated = shows.federated.then_some(is_federated);
        shape.crn = shows
            .crn
            .then(|| format!("crn:v1:bluemix:public:iam-groups:global:a/{account}::groups:{}", shape.id));
        shape
    }

    fn stored(group: &'a group::Group) -> Self {
        Self {
            id: &group.place.id,
            name: &group.name,
            description: &group.description,
            account_id: None,
            created_at: group.created.at,
            created_by_id: &group.created.by,
            last_modified_at: group.modified.at,
            last_modified_by_id: &group.modified.by,
            href: None,
            is_federated: None,
            crn: None,
        }
    }

    const fn public_access() -> Self {
        Self {
            id: PUBLIC_ACCESS,
            name: PUBLIC_ACCESS_NAME,
            description: PUBLIC_ACCESS_DESCRIPTION,
            account_id: None,
            created_at: BEGINNING,
            created_by_id: SYSTEM,
            last_modified_at: BEGINNING,
            last_modified_by_id: SYSTEM,
            href: None,
            is_federated: None,
            crn: None,
        }
    }
}

/// The body that creates or changes a group; `null` is as good as absent.
#[derive(Debug, Deserialize)]
pub(in super::super) struct GroupRequest {
    name: Option<String>,
    description: Option<String>,
}

impl GroupRequest {
    /// Returns the content of a new group.
    ///
    /// # Errors
    /// [`error::INVALID_PAYLOAD`].
    pub(in super::super) fn into_draft(self) -> Result<GroupDraft, Refusal> {
        let draft = GroupDraft::new(self.name, self.description);
        draft.map_err(|violations| error::INVALID_PAYLOAD.because(violations))
    }

    /// Returns the change of a group; what is absent stays as it is.
    ///
    /// # Errors
    /// [`error::INVALID_PAYLOAD`].
    pub(in super::super) fn into_change(self) -> Result<GroupChange, Refusal> {
        let change = GroupChange::new(self.name, self.description);
        change.map_err(|violations| error::INVALID_PAYLOAD.because(violations))
    }
}
