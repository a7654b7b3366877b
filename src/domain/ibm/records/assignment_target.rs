//! The accounts of assignments: the account of the target, or each account of an account group.

use std::sync::Arc;

use super::interned::InternedStr;
use super::managed_group::ManagedGroup;
use crate::store::{Index, Key, Record};

/// An account of an assignment, with the result of the assignment in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentTarget {
    /// The id of the assignment.
    pub assignment: Arc<str>,
    /// The id of the template.
    pub template: Arc<str>,
    /// The account.
    pub account: InternedStr,
    /// Whether the assignment is to the account itself, not to an account group.
    pub is_direct: bool,
    /// The version that is in the account, which is an earlier one after a failed update; `None` if no version is.
    pub applied: Option<AppliedVersion>,
    /// The error of the last operation, if it failed in this account.
    pub error: Option<Box<str>>,
}

/// A version in an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedVersion {
    /// The version number as a string.
    pub number: Box<str>,
    /// The group and rules of the version.
    pub group: ManagedGroup,
}

impl Record for AssignmentTarget {
    const INDEXES: &'static [Index<Self>] = &[
        Index { partition: |it| (&it.assignment, ""), orders: &[] },
        Index { partition: |it| (&it.account, &it.template), orders: &[] },
        Index {
            partition: |it| (it.applied.as_ref().map_or("", |applied| &applied.group.group_id), ""),
            orders: &[],
        },
    ];

    fn key(&self) -> Key<'_> {
        (&self.assignment, &self.account)
    }
}

impl AssignmentTarget {
    /// The index by assignment.
    pub const BY_ASSIGNMENT: usize = 0;

    /// The index by account and template.
    pub const BY_TEMPLATE: usize = 1;

    /// The index by managed group; each partition has one record.
    pub const BY_GROUP: usize = 2;
}
