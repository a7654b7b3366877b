//! The JSON bodies of service ids and trusted profiles.

use serde::{Deserialize, Serialize};

use crate::domain::ibm::error;
use crate::domain::ibm::records::audit::Timestamp;
use crate::domain::ibm::records::principal::{self, PrincipalChange, PrincipalDraft, PrincipalKind};
use crate::spec::{ApiError, Violation, Violations};

/// A service id or a trusted profile. Only a profile has `email`; only a service id has `locked` and
/// `unique_instance_crns`.
#[derive(Serialize)]
pub(in super::super) struct Principal<'a> {
    id: &'a str,
    iam_id: String,
    entity_tag: String,
    crn: String,
    created_at: Timestamp,
    modified_at: Timestamp,
    account_id: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locked: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unique_instance_crns: Option<&'a [Box<str>]>,
}

/// One page of service ids or trusted profiles; the links are absolute URLs.
#[derive(Serialize)]
pub(in super::super) struct PrincipalList<'a> {
    pub(in super::super) offset: usize,
    pub(in super::super) limit: usize,
    pub(in super::super) first: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) previous: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) next: Option<String>,
    #[serde(flatten)]
    pub(in super::super) items: PrincipalItems<'a>,
}

/// The items of a list, in a field named after their kind.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub(in super::super) enum PrincipalItems<'a> {
    ServiceIds(Vec<Principal<'a>>),
    Profiles(Vec<Principal<'a>>),
}

impl<'a> Principal<'a> {
    pub(in super::super) fn new(principal: &'a principal::Principal) -> Self {
        let content = &principal.content;
        let is_service = principal.kind == PrincipalKind::ServiceId;
        Self {
            id: &principal.id,
            iam_id: principal.iam_id(),
            entity_tag: principal.entity_tag(),
            crn: principal.crn(),
            created_at: principal.created,
            modified_at: principal.modified,
            account_id: &principal.account,
            name: &content.name,
            description: content.description.as_deref(),
            email: content.email.as_deref().filter(|_| !is_service),
            locked: is_service.then_some(false),
            unique_instance_crns: is_service.then_some(&*content.unique_instance_crns),
        }
    }
}

impl<'a> PrincipalItems<'a> {
    pub(in super::super) fn new(kind: PrincipalKind, principals: Vec<&'a principal::Principal>) -> Self {
        let items = principals.into_iter().map(Principal::new).collect();
        match kind {
            PrincipalKind::ServiceId => Self::ServiceIds(items),
            PrincipalKind::Profile => Self::Profiles(items),
        }
    }
}

/// The request body that creates or updates a service id or a trusted profile; `null` is equivalent to absent.
#[derive(Debug, Deserialize)]
pub(in super::super) struct PrincipalRequest {
    account_id: Option<String>,
    name: Option<String>,
    description: Option<String>,
    email: Option<String>,
    unique_instance_crns: Option<Vec<String>>,
    group_id: Option<String>,
}

impl PrincipalRequest {
    /// Returns the account and the draft of a new principal.
    ///
    /// # Errors
    /// [`error::INVALID_PAYLOAD`].
    pub(in super::super) fn into_draft(mut self) -> Result<(String, PrincipalDraft), ApiError> {
        self.check_group()?;
        let account = self.account_id.take().unwrap_or_default();
        let draft = PrincipalDraft::new(self.into_change());
        match draft {
            Ok(draft) if !account.is_empty() => Ok((account, draft)),
            draft => {
                let mut violations = Violations::new();
                if account.is_empty() {
                    violations.push(Violation::new("account_id", "is missing or empty"));
                }
                violations.extend(draft.err().into_iter().flatten());
                Err(error::INVALID_PAYLOAD.with_violations(violations))
            }
        }
    }

    /// Checks that the request names no service id group, because service ids cannot be in a group here.
    ///
    /// # Errors
    /// [`error::INVALID_PAYLOAD`].
    pub(in super::super) fn check_group(&self) -> Result<(), ApiError> {
        match self.group_id.as_deref() {
            None | Some("") => Ok(()),
            Some(_) => Err(error::INVALID_PAYLOAD.with_violation(
                "group_id",
                "is not supported by this server: service ids cannot be in a group",
            )),
        }
    }

    /// Returns the update of a principal; absent fields keep their value.
    pub(in super::super) fn into_change(self) -> PrincipalChange {
        PrincipalChange {
            name: self.name,
            description: self.description,
            email: self.email,
            unique_instance_crns: self.unique_instance_crns,
        }
    }
}
