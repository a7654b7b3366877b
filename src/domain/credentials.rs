//! The credentials that strict mode accepts.
//!
//! Imports nothing of this crate.

use serde::{Deserialize, Serialize};

/// A credential in the seed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// The dialect: `cloudflare`, `ibm`, `authress` or `legacy`.
    pub dialect: String,
    /// The API token or key, as the client sends it.
    pub secret: String,
    /// The e-mail address of a Cloudflare API key; absent for a token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The account or zone for which the credential is valid; all accounts and zones when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The permissions of the credential; read and write when absent.
    #[serde(default)]
    pub role: Role,
    /// The IAM id of the caller, for the ibm dialect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iam_id: Option<String>,
}

/// The permissions of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// No permissions: the credential is valid but grants no access.
    None,
    /// Read access.
    Viewer,
    /// Read and write access.
    #[default]
    Editor,
}

/// The credentials in the seed file.
#[derive(Debug, Default)]
pub struct Credentials(Vec<Credential>);

impl Credentials {
    /// Returns the set of `credentials`.
    pub const fn new(credentials: Vec<Credential>) -> Self {
        Self(credentials)
    }

    /// Returns whether there are any credentials.
    pub const fn is_configured(&self) -> bool {
        !self.0.is_empty()
    }

    /// Returns a copy of the credentials.
    pub fn to_vec(&self) -> Vec<Credential> {
        self.0.clone()
    }

    /// Returns the first credential of `dialect` that satisfies `matches`.
    pub fn find(&self, dialect: &str, matches: impl Fn(&Credential) -> bool) -> Option<Credential> {
        self.0.iter().find(|credential| credential.dialect == dialect && matches(credential)).cloned()
    }
}

impl Credential {
    /// Returns whether the credential allows read access (or write access if `write`) to `account`.
    pub fn allows(&self, account: Option<&str>, write: bool) -> bool {
        let role_allows = match self.role {
            Role::None => false,
            Role::Viewer => !write,
            Role::Editor => true,
        };
        let accounts = self.account.as_deref().zip(account);
        role_allows && accounts.is_none_or(|(allowed, requested)| allowed == requested)
    }
}
