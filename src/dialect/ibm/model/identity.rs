//! Identities of IAM: who can be a member, and what is known of them.

use std::borrow::Cow;
use std::sync::Arc;

/// What the IAM id of a service id begins with.
pub(super) const SERVICE_PREFIX: &str = "iam-ServiceId-";

/// An identity of IAM.
#[derive(Debug, PartialEq, Eq)]
pub struct Identity {
    /// The IAM id.
    pub iam_id: Box<str>,
    /// What is known of it; the rest is derived from the IAM id.
    pub details: Option<Box<Details>>,
}

/// What is known of an identity: what the seed says, or its service id or trusted profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// The display name.
    pub name: Option<Box<str>>,
    /// The e-mail of a user.
    pub email: Option<Box<str>>,
    /// The description of a service id.
    pub description: Option<Box<str>>,
}

impl Details {
    /// Returns these and the `other` details; `None` when they contradict each other.
    pub fn with(self, other: Self) -> Option<Self> {
        Some(Self {
            name: agreed(self.name, other.name)?,
            email: agreed(self.email, other.email)?,
            description: agreed(self.description, other.description)?,
        })
    }
}

/// What two sources say, unless they contradict each other.
fn agreed(one: Option<Box<str>>, other: Option<Box<str>>) -> Option<Option<Box<str>>> {
    match (one, other) {
        (Some(one), Some(other)) if one != other => None,
        (Some(said), _) | (None, Some(said)) => Some(Some(said)),
        (None, None) => Some(None),
    }
}

impl Identity {
    /// Returns the identity with `iam_id` of which nothing else is known.
    pub(super) fn plain(iam_id: &str) -> Arc<Self> {
        Arc::new(Self { iam_id: iam_id.into(), details: None })
    }

    /// Returns the identity with `iam_id` of which `details` are known.
    pub(super) fn described(iam_id: &str, details: Details) -> Arc<Self> {
        Arc::new(Self { iam_id: iam_id.into(), details: Some(Box::new(details)) })
    }

    /// The name in two parts, so that a derived one needs no memory.
    pub(super) fn name(&self) -> (&str, &str) {
        match self.details.as_ref().and_then(|details| details.name.as_deref()) {
            Some(name) => (name, ""),
            None => self.derived(),
        }
    }

    pub(super) fn email(&self) -> (&str, &str) {
        match self.details.as_ref().and_then(|details| details.email.as_deref()) {
            Some(email) => (email, ""),
            None => (self.derived().1, "@example.com"),
        }
    }

    pub(super) fn description(&self) -> &str {
        self.details.as_ref().and_then(|details| details.description.as_deref()).unwrap_or_default()
    }

    /// What the IAM id says: the sort of identity, and what is its own.
    fn derived(&self) -> (&str, &str) {
        const SORTS: [(&str, &str); 3] =
            [("IBMid-", "User "), (SERVICE_PREFIX, "Service ID "), ("iam-Profile-", "Trusted profile ")];
        let known = SORTS.iter().find_map(|(prefix, sort)| Some((*sort, self.iam_id.strip_prefix(prefix)?)));
        known.unwrap_or(("", &self.iam_id))
    }
}

/// Returns a text in two parts in lower case.
pub(super) fn lowered<'a>((first, second): (&'a str, &'a str)) -> impl Iterator<Item = char> + 'a {
    first.chars().chain(second.chars()).flat_map(char::to_lowercase)
}

/// Returns a text in two parts as one.
pub(super) fn joined<'a>((first, second): (&'a str, &'a str)) -> Cow<'a, str> {
    if second.is_empty() { first.into() } else { format!("{first}{second}").into() }
}
