//! Memberships of users, service ids and trusted profiles in access groups.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use super::super::error;
use super::audit::AuditStamp;
use super::group::GroupKey;
use super::identity::{Identity, SERVICE_ID_PREFIX, concat_parts, lowercase_chars};
use crate::spec::ErrorCode;
use crate::store::{Index, Key, Record};

/// A membership of one member in one group.
#[derive(Debug, Clone, PartialEq)]
pub struct Membership {
    /// The group.
    pub group: Arc<GroupKey>,
    /// The identity of the member; shared by the memberships of one account.
    pub member: Arc<Identity>,
    /// The kind that the member was added as.
    pub kind: MemberKind,
    /// The time and author of the addition.
    pub added: AuditStamp,
}

/// The kind of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MemberKind {
    /// A user, `IBMid-…`.
    User,
    /// A service id, `iam-ServiceId-…`.
    Service,
    /// A trusted profile, `iam-Profile-…`.
    Profile,
}

/// The type of memberships. There are no logins, so all stored memberships are static.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MembershipType {
    /// Created by a request.
    #[default]
    Static,
    /// Created by a rule at login.
    Dynamic,
    /// Both types.
    All,
}

/// A member to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMember {
    /// The IAM id.
    pub iam_id: String,
    /// The kind.
    pub kind: MemberKind,
}

impl Record for Membership {
    /// In the sort orders that start with the kind, the members of each kind are contiguous, so that a page of one
    /// kind is a range of them.
    const INDEXES: &'static [Index<Self>] = &[
        Index {
            partition: |it| (&it.group.id, ""),
            orders: &[
                Self::by_id,
                Self::by_name,
                Self::by_email,
                |left, right| left.kind.cmp(&right.kind),
                |left, right| left.kind.cmp(&right.kind).then_with(|| Self::by_id(left, right)),
                |left, right| left.kind.cmp(&right.kind).then_with(|| Self::by_name(left, right)),
                |left, right| left.kind.cmp(&right.kind).then_with(|| Self::by_email(left, right)),
            ],
        },
        Index { partition: |it| (&it.group.account, &it.member.iam_id), orders: &[] },
    ];

    fn key(&self) -> Key<'_> {
        (&self.group.id, &self.member.iam_id)
    }
}

impl Membership {
    /// The index by group.
    pub const BY_GROUP: usize = 0;

    /// The index by account and member.
    pub const BY_MEMBER: usize = 1;

    /// Returns the display name of the member.
    pub fn name(&self) -> Cow<'_, str> {
        concat_parts(self.member.name())
    }

    /// Returns the e-mail address of a user; `None` for other members.
    pub fn email(&self) -> Option<Cow<'_, str>> {
        (self.kind == MemberKind::User).then(|| concat_parts(self.member.email()))
    }

    /// Returns the description of a service id; `None` for other members.
    pub fn description(&self) -> Option<&str> {
        (self.kind == MemberKind::Service).then(|| self.member.description())
    }

    fn by_id(left: &Self, right: &Self) -> Ordering {
        left.member.iam_id.cmp(&right.member.iam_id)
    }

    fn by_name(left: &Self, right: &Self) -> Ordering {
        let order = lowercase_chars(left.member.name()).cmp(lowercase_chars(right.member.name()));
        order.then_with(|| Self::by_id(left, right))
    }

    fn by_email(left: &Self, right: &Self) -> Ordering {
        let order = lowercase_chars(left.email_parts()).cmp(lowercase_chars(right.email_parts()));
        order.then_with(|| Self::by_id(left, right))
    }

    fn email_parts(&self) -> (&str, &str) {
        if self.kind == MemberKind::User { self.member.email() } else { ("", "") }
    }
}

impl MemberKind {
    /// All kinds with their names.
    pub const NAMES: [(&'static str, Self); 3] =
        [("user", Self::User), ("service", Self::Service), ("profile", Self::Profile)];

    /// Returns the kind with `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(other, _)| *other == name).map(|(_, kind)| *kind)
    }

    /// Checks that the IAM id of a service id has the prefix of service ids, as IBM does.
    ///
    /// # Errors
    /// [`error::item::SERVICE_ID`].
    pub fn check_id(self, iam_id: &str) -> Result<(), &'static ErrorCode> {
        if self == Self::Service && !iam_id.starts_with(SERVICE_ID_PREFIX) {
            return Err(&error::item::SERVICE_ID);
        }
        Ok(())
    }

    /// Returns the name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Service => "service",
            Self::Profile => "profile",
        }
    }
}

impl NewMember {
    /// Checks that the IAM id of a service id has the prefix of service ids, as IBM does.
    ///
    /// # Errors
    /// [`error::item::SERVICE_ID`].
    pub fn check(&self) -> Result<(), &'static ErrorCode> {
        self.kind.check_id(&self.iam_id)
    }
}
