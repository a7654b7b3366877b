//! The state of the ibm dialect and IBM's rules for it.
//!
//! Imports `error` and `store`, but no HTTP types and no JSON shapes. The Public Access group exists in every account
//! and is never stored. An account exists implicitly and is recorded on its first use.

pub mod assignment;
pub mod assignment_list;
pub mod bulk;
pub mod directory;
pub mod group;
pub mod group_list;
pub mod identity;
pub mod interned;
mod json_node;
pub mod managed_group;
pub mod member;
pub mod member_list;
pub mod policy;
pub mod policy_list;
pub mod principal;
pub mod restore;
pub mod role;
pub mod rule;
pub mod settings;
pub mod template;
pub mod template_group;
pub mod template_lifecycle;
pub mod user;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::error;
use crate::spec::ApiError;
use crate::store::{Collection, CowArc, Summaries, Summary, Tx};
use assignment::Assignment;
use group::Group;
use identity::Identity;
use interned::InternedStr;
use member::Membership;
use policy::Policy;
use principal::Principal;
use rule::Rule;
use settings::Settings;
use template::{Template, Version};
use user::User;

/// The account of a caller whose token has none.
pub const DEFAULT_ACCOUNT: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

/// The IAM id of a caller whose token has none.
pub const DEFAULT_IAM_ID: &str = "IBMid-mock";

/// The creation time of builtin resources: 2026-01-01T00:00:00Z.
pub const BUILTIN_CREATED_AT: Timestamp = Timestamp(1_767_225_600);

/// The IAM id of the author of builtin resources.
pub const SYSTEM_IAM_ID: &str = "iam-system";

/// The state of the dialect.
#[derive(Debug, Clone, Default)]
pub struct IbmState {
    groups: CowArc<Collection<Group>>,
    members: CowArc<Collection<Membership>>,
    rules: CowArc<Collection<Rule>>,
    templates: CowArc<Collection<Template>>,
    versions: CowArc<Collection<Version>>,
    assignments: CowArc<Collection<Assignment>>,
    users: CowArc<Collection<User>>,
    principals: CowArc<Collection<Principal>>,
    policies: CowArc<Collection<Policy>>,
    /// The accounts that have been used, with their settings; `None` if the settings have never been set.
    accounts: CowArc<BTreeMap<InternedStr, Option<Settings>>>,
    /// The identities that have details.
    identities: CowArc<BTreeMap<Box<str>, Arc<Identity>>>,
    /// The interned IAM ids of the authors of records.
    authors: CowArc<BTreeSet<InternedStr>>,
}

/// The caller of an operation: the author of its changes, and the accounts that it may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The IAM id.
    pub iam_id: String,
    /// The account of the token.
    pub account: String,
    /// The only account that the caller may use; `None` for all accounts.
    pub restricted_to: Option<String>,
}

/// A Unix timestamp in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(i64);

/// The time and the author of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditStamp {
    /// The time.
    pub at: Timestamp,
    /// The IAM id of the author.
    pub by: InternedStr,
}

impl Caller {
    /// Checks that the caller may use `account`.
    ///
    /// # Errors
    /// [`error::FORBIDDEN`].
    pub fn check_account_access(&self, account: &str) -> Result<(), ApiError> {
        match &self.restricted_to {
            Some(own) if own != account => Err(error::FORBIDDEN.error()),
            Some(_) | None => Ok(()),
        }
    }
}

impl Timestamp {
    /// Converts the timestamp to a date and time.
    pub fn to_datetime(self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0, 0).unwrap_or_default()
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(time: DateTime<Utc>) -> Self {
        Self(time.timestamp())
    }
}

impl IbmState {
    /// Returns the time and author of a change that `caller` makes now.
    pub fn audit_stamp(&mut self, caller: &Caller, tx: &Tx<'_>) -> AuditStamp {
        AuditStamp { at: tx.now.into(), by: self.intern_author(&caller.iam_id) }
    }

    /// Returns the interned IAM id of an author.
    pub fn intern_author(&mut self, iam_id: &str) -> InternedStr {
        if let Some(interned) = self.authors.get(iam_id) {
            return interned.clone();
        }
        let author = InternedStr::from(iam_id);
        self.authors.insert(author.clone());
        author
    }

    /// Returns the interned id of an account, and records the account if it is new.
    pub fn intern_account(&mut self, id: &str) -> InternedStr {
        if let Some((interned, _)) = self.accounts.get_key_value(id) {
            return interned.clone();
        }
        let account = InternedStr::from(id);
        self.accounts.insert(account.clone(), None);
        account
    }
}

impl Summaries for IbmState {
    fn count(&self) -> usize {
        self.groups.len()
    }

    fn summaries(&self, offset: usize) -> Box<dyn Iterator<Item = Summary<'_>> + '_> {
        Box::new(self.groups.iter_from(offset).map(|group| Summary {
            kind: "access_group",
            account: &group.key.account,
            id: group.key.id.to_string(),
            name: &group.name,
            members: self.member_count(&group.key.id),
            created: Some(group.created.at.to_datetime()),
            modified: Some(group.modified.at.to_datetime()),
            revision: group.revision,
        }))
    }
}

/// Returns an entity tag: the change count of the resource, then hexadecimal digits that are unique to its state.
///
/// The tag of the first state depends only on the id, so that seeded resources have the same tags in every run.
fn entity_tag(id: &str, changes: u32, revision: u64) -> String {
    let state = if changes == 1 { 0 } else { revision }.to_string();
    let changes = changes.to_string();
    [&changes, "-", &crate::store::stable_hex_id(&[id, "/", &changes, "/", &state].concat())].concat()
}
