//! The credentials that strict mode accepts.
//!
//! Imports nothing of this crate.

use serde::{Deserialize, Serialize};

/// A credential of the seed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// The dialect it is for: `cloudflare`, `ibm`, `authress` or `legacy`.
    pub dialect: String,
    /// The API token or key, as the client sends it.
    pub secret: String,
    /// The e-mail that goes with a Cloudflare API key; absent for a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The account or zone it is good for; all of them when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// What it may do; everything when absent.
    #[serde(default)]
    pub role: Role,
    /// The IAM id of the caller, for the ibm dialect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iam_id: Option<String>,
}

/// What a credential may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Nothing: the credential is known and has no right.
    None,
    /// Read.
    Viewer,
    /// Read and write.
    #[default]
    Editor,
}

/// The credentials of the seed.
#[derive(Debug, Default)]
pub struct Credentials(Vec<Credential>);

impl Credentials {
    /// Returns the set of `credentials`.
    pub const fn new(credentials: Vec<Credential>) -> Self {
        Self(credentials)
    }

    /// Returns whether there are any.
    pub const fn is_given(&self) -> bool {
        !self.0.is_empty()
    }

    /// Returns a copy of them.
    pub fn to_vec(&self) -> Vec<Credential> {
        self.0.clone()
    }

    /// Returns the credential of `dialect` that `matches`.
    pub fn find(&self, dialect: &str, matches: impl Fn(&Credential) -> bool) -> Option<Credential> {
        self.0.iter().find(|credential| credential.dialect == dialect && matches(credential)).cloned()
    }
}

impl Credential {
    /// Returns whether it may read, or write when `write`, in `account`.
    pub fn allows(&self, account: Option<&str>, write: bool) -> bool {
        let role = match self.role {
            Role::None => false,
            Role::Viewer => !write,
            Role::Editor => true,
        };
        let known = self.account.as_deref().zip(account);
        role && known.is_none_or(|(own, asked)| own == asked)
    }
}
