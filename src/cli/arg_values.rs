//! The values of options that have a fixed list of them.

use std::path::Path;

use access_groups_mock::Dialect;
use clap::ValueEnum;

/// The format of a seed or of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SeedFormat {
    /// JSON.
    Json,
    /// YAML 1.2.
    Yaml,
}

impl SeedFormat {
    /// Returns the format of a file by its name.
    pub(super) fn from_name(path: &Path) -> Self {
        let extension = path.extension().map(|extension| extension.to_ascii_lowercase());
        let is_yaml = extension.is_some_and(|extension| extension == "yaml" || extension == "yml");
        if is_yaml { Self::Yaml } else { Self::Json }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum DialectName {
    /// Zero Trust Access groups and IAM resource groups.
    #[cfg(feature = "cloudflare")]
    Cloudflare,
    /// IAM Access Groups with the token endpoint.
    #[cfg(feature = "ibm")]
    Ibm,
    /// Groups.
    #[cfg(feature = "authress")]
    Authress,
    /// FlickRocket's `api2/access_groups`.
    #[cfg(feature = "legacy")]
    Legacy,
}

impl DialectName {
    pub(super) const fn dialect(self) -> Dialect {
        match self {
            #[cfg(feature = "cloudflare")]
            Self::Cloudflare => Dialect::Cloudflare,
            #[cfg(feature = "ibm")]
            Self::Ibm => Dialect::Ibm,
            #[cfg(feature = "authress")]
            Self::Authress => Dialect::Authress,
            #[cfg(feature = "legacy")]
            Self::Legacy => Dialect::Legacy,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Auth {
    /// A well-formed credential is required; any value is accepted.
    Lenient,
    /// Credentials are not checked.
    Off,
    /// Only the credentials in the seed are accepted.
    Strict,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum FidelityName {
    /// The vendor's document.
    Documented,
    /// The live service.
    Live,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum IsDefault {
    /// An empty array, which all typed clients accept.
    Array,
    /// The boolean of the request.
    Bool,
    /// Omitted.
    Omit,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Scope {
    /// The format of the request.
    Mirror,
    /// Always an object.
    Object,
    /// Always an array.
    Array,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Rules {
    /// A rule can be any object.
    Any,
    /// The types of a rule must be known.
    Lenient,
    /// A rule must have exactly one known type with its required fields.
    Strict,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Sync {
    /// With every save: a power failure loses no saved change.
    Always,
    /// At startup and shutdown: saves are faster, and a power failure can lose all changes since the startup.
    Close,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum LogFormat {
    /// One line of text per event.
    Text,
    /// One JSON object per event.
    Json,
}
