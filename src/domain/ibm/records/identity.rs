//! IAM identities, which can be members of groups, and their details.

use std::borrow::Cow;
use std::sync::Arc;

/// The prefix of the IAM id of a service id.
pub const SERVICE_ID_PREFIX: &str = "iam-ServiceId-";

/// An IAM identity.
#[derive(Debug, PartialEq, Eq)]
pub struct Identity {
    /// The IAM id.
    pub iam_id: Box<str>,
    /// The known details; the others are derived from the IAM id.
    pub details: Option<Box<IdentityDetails>>,
}

/// The details of an identity, taken from the seed or from its service id or trusted profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdentityDetails {
    /// The display name.
    pub name: Option<Box<str>>,
    /// The e-mail address of a user.
    pub email: Option<Box<str>>,
    /// The description of a service id.
    pub description: Option<Box<str>>,
}

impl IdentityDetails {
    /// Returns the union of both details; `None` if they contradict each other.
    pub fn merge(self, other: Self) -> Option<Self> {
        Some(Self {
            name: merge_values(self.name, other.name)?,
            email: merge_values(self.email, other.email)?,
            description: merge_values(self.description, other.description)?,
        })
    }
}

/// Returns the value that at least one side has; the outer `None` means that the two sides differ.
fn merge_values(one: Option<Box<str>>, other: Option<Box<str>>) -> Option<Option<Box<str>>> {
    match (one, other) {
        (Some(one), Some(other)) if one != other => None,
        (Some(value), _) | (None, Some(value)) => Some(Some(value)),
        (None, None) => Some(None),
    }
}

impl Identity {
    /// Returns the identity with `iam_id` and no details.
    pub fn without_details(iam_id: &str) -> Arc<Self> {
        Arc::new(Self { iam_id: iam_id.into(), details: None })
    }

    /// Returns the identity with `iam_id` and `details`.
    pub fn with_details(iam_id: &str, details: IdentityDetails) -> Arc<Self> {
        Arc::new(Self { iam_id: iam_id.into(), details: Some(Box::new(details)) })
    }

    /// Returns the name in two parts, so that a derived name needs no allocation.
    pub fn name(&self) -> (&str, &str) {
        match self.details.as_ref().and_then(|details| details.name.as_deref()) {
            Some(name) => (name, ""),
            None => self.derived_name(),
        }
    }

    /// Returns the e-mail address in two parts, so that a derived address needs no allocation.
    pub fn email(&self) -> (&str, &str) {
        match self.details.as_ref().and_then(|details| details.email.as_deref()) {
            Some(email) => (email, ""),
            None => (self.derived_name().1, "@example.com"),
        }
    }

    /// Returns the description; empty if there is none.
    pub fn description(&self) -> &str {
        self.details.as_ref().and_then(|details| details.description.as_deref()).unwrap_or_default()
    }

    /// Returns the name derived from the IAM id: the kind of identity, then the id without its prefix.
    fn derived_name(&self) -> (&str, &str) {
        const KINDS: [(&str, &str); 3] =
            [("IBMid-", "User "), (SERVICE_ID_PREFIX, "Service ID "), ("iam-Profile-", "Trusted profile ")];
        let derived =
            KINDS.iter().find_map(|(prefix, kind)| Some((*kind, self.iam_id.strip_prefix(prefix)?)));
        derived.unwrap_or(("", &self.iam_id))
    }
}

/// Returns the lowercase characters of a string given in two parts.
pub fn lowercase_chars<'a>((first, second): (&'a str, &'a str)) -> impl Iterator<Item = char> + 'a {
    first.chars().chain(second.chars()).flat_map(char::to_lowercase)
}

/// Concatenates the two parts of a string.
pub fn concat_parts<'a>((first, second): (&'a str, &'a str)) -> Cow<'a, str> {
    if second.is_empty() { first.into() } else { format!("{first}{second}").into() }
}
