//! The JSON bodies of groups.

use serde::{Deserialize, Serialize};

use super::super::page::Links;
use super::super::params::GroupFields;
use crate::domain::ibm::error;
use crate::domain::ibm::records::audit::{BUILTIN_CREATED_AT, SYSTEM_IAM_ID, Timestamp};
use crate::domain::ibm::records::group::{
    self, GroupChange, GroupDraft, GroupRef, PUBLIC_ACCESS, PUBLIC_ACCESS_DESCRIPTION, PUBLIC_ACCESS_NAME,
};
use crate::http::base_url::encode_component;
use crate::http::{Items, JsonFragment, cached_json, cached_json_with_base_url};
use crate::spec::ApiError;

/// A group. A single group has `account_id`, a list item has `href`; [`GroupFields`] selects `is_federated` and `crn`.
#[derive(Serialize)]
pub(in super::super) struct Group<'a> {
    id: &'a str,
    name: &'a str,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<&'a str>,
    created_at: Timestamp,
    created_by_id: &'a str,
    last_modified_at: Timestamp,
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
pub(in super::super) struct GroupsList {
    pub(in super::super) limit: usize,
    pub(in super::super) offset: usize,
    pub(in super::super) total_count: usize,
    #[serde(flatten)]
    pub(in super::super) links: Links,
    pub(in super::super) groups: Items,
}

impl<'a> Group<'a> {
    /// Returns a group as a single resource, with its account; that of the Public Access group is `account`.
    pub(in super::super) fn single(
        group_ref: GroupRef<'a>,
        account: &'a str,
        fields: GroupFields,
    ) -> JsonFragment<'a, Self> {
        match group_ref {
            GroupRef::Stored(group) if fields == GroupFields::default() => {
                JsonFragment::Cached(cached_json(&group.cache().json, || {
                    Self::with_account(group_ref, account, fields)
                }))
            }
            GroupRef::PublicAccess | GroupRef::Stored(_) => {
                JsonFragment::Fresh(Box::new(Self::with_account(group_ref, account, fields)))
            }
        }
    }

    /// Returns a group as a single resource, without using its cached JSON.
    pub(in super::super) fn uncached(group: &'a group::Group) -> Self {
        Self::with_account(GroupRef::Stored(group), "", GroupFields::default())
    }

    fn with_account(group_ref: GroupRef<'a>, account: &'a str, fields: GroupFields) -> Self {
        let account = match group_ref {
            GroupRef::PublicAccess => account,
            GroupRef::Stored(group) => &group.key.account,
        };
        let mut body = Self::with_optional_fields(group_ref, account, fields);
        body.account_id = Some(account);
        body
    }

    /// Returns a group as an item of the list of `account`, with its URL, which starts with `base_url`.
    pub(in super::super) fn list_item(
        group_ref: GroupRef<'a>,
        account: &str,
        fields: GroupFields,
        base_url: &str,
    ) -> JsonFragment<'a, Self> {
        let uncached = |base_url: &str| Self::with_href(group_ref, account, fields, base_url);
        match group_ref {
            GroupRef::Stored(group) if fields == GroupFields::default() => {
                cached_json_with_base_url(&group.cache().json_in_list, base_url, uncached)
            }
            GroupRef::PublicAccess | GroupRef::Stored(_) => JsonFragment::Fresh(Box::new(uncached(base_url))),
        }
    }

    fn with_href(group_ref: GroupRef<'a>, account: &str, fields: GroupFields, base_url: &str) -> Self {
        let mut body = Self::with_optional_fields(group_ref, account, fields);
        body.href = Some(format!("{base_url}/v2/groups/{}", encode_component(body.id)));
        body
    }

    fn with_optional_fields(group_ref: GroupRef<'a>, account: &str, fields: GroupFields) -> Self {
        let (mut body, is_federated) = match group_ref {
            GroupRef::PublicAccess => (Self::public_access(), false),
            GroupRef::Stored(group) => (Self::from_stored(group), group.is_federated()),
        };
        body.is_federated = fields.is_federated.then_some(is_federated);
        body.crn = fields
            .crn
            .then(|| format!("crn:v1:bluemix:public:iam-groups:global:a/{account}::groups:{}", body.id));
        body
    }

    fn from_stored(group: &'a group::Group) -> Self {
        Self {
            id: &group.key.id,
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
            created_at: BUILTIN_CREATED_AT,
            created_by_id: SYSTEM_IAM_ID,
            last_modified_at: BUILTIN_CREATED_AT,
            last_modified_by_id: SYSTEM_IAM_ID,
            href: None,
            is_federated: None,
            crn: None,
        }
    }
}

/// The request body that creates or updates a group; `null` is equivalent to absent.
#[derive(Debug, Deserialize)]
pub(in super::super) struct GroupRequest {
    name: Option<String>,
    description: Option<String>,
}

impl GroupRequest {
    /// Returns the draft of a new group.
    ///
    /// # Errors
    /// [`error::INVALID_PAYLOAD`].
    pub(in super::super) fn into_draft(self) -> Result<GroupDraft, ApiError> {
        let draft = GroupDraft::new(self.name, self.description);
        draft.map_err(|violations| error::INVALID_PAYLOAD.with_violations(violations))
    }

    /// Returns the update of a group; absent fields keep their value.
    ///
    /// # Errors
    /// [`error::INVALID_PAYLOAD`].
    pub(in super::super) fn into_change(self) -> Result<GroupChange, ApiError> {
        let change = GroupChange::new(self.name, self.description);
        change.map_err(|violations| error::INVALID_PAYLOAD.with_violations(violations))
    }
}
