//! What can be set about a server: plain structs, without the command line and the environment.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::Duration;

use crate::control::fault::Fault;
use crate::control::journal::JournalConfig;
use crate::control::limit::RateLimit;
use crate::control::span::Span;
use crate::store::Clock;
#[cfg(feature = "tls")]
use crate::tls::Tls;

/// The settings of a server.
#[derive(Debug, Clone)]
pub struct Config {
    /// The dialects that are served; all of them by default.
    pub dialects: BTreeSet<Dialect>,
    /// How credentials are checked; [`AuthMode::Lenient`] by default.
    pub auth: AuthMode,
    /// The base of absolute links, such as `https://mock.test`; by default taken from each request's `Host`.
    pub public_url: Option<String>,
    /// The largest request body in bytes; 1 MiB by default.
    pub body_limit: usize,
    /// How long a request may take, from its head to its answer, and a connection may be idle; 30 s by default.
    pub request_timeout: Duration,
    /// The address that the server is bound to: it may use `/__admin` besides loopback, and it stands in links
    /// where a request names no host; none by default.
    pub address: Option<SocketAddr>,
    /// Host names besides loopback that may use `/__admin`; none by default.
    pub allow_hosts: Vec<String>,
    /// Origins that browsers may call from; none by default. `*` stands for all.
    pub cors: Vec<String>,
    /// What https needs; http only by default.
    #[cfg(feature = "tls")]
    pub tls: Option<Tls>,
    /// How time passes in a new namespace; as on the machine by default.
    pub clock: Clock,
    /// The seed of identifiers, tokens and probabilities, which then are the same in every run; drawn by default.
    pub deterministic: Option<u64>,
    /// The most namespaces besides the default one; 1,000 by default.
    pub max_namespaces: usize,
    /// How long a namespace may be idle before it is forgotten; 30 minutes by default.
    pub namespace_idle: Span,
    /// How much the journal of a namespace keeps.
    pub journal: JournalConfig,
    /// The faults that every namespace begins with; none by default.
    pub faults: Vec<Fault>,
    /// The rate limit of each dialect by its name; none by default.
    pub rate_limits: BTreeMap<String, RateLimit>,
    /// Whether refusals say in `X-Mock-Hint` what would pass; they do not by default.
    pub explain: bool,
    /// Who may use `/__admin`.
    pub admin: AdminAccess,
    /// The quirks of the cloudflare dialect.
    pub cloudflare: CloudflareConfig,
    /// The quirks of the ibm dialect.
    pub ibm: IbmConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            dialects: Dialect::ALL.into(),
            auth: AuthMode::default(),
            public_url: None,
            body_limit: 1024 * 1024,
            request_timeout: Duration::from_secs(30),
            address: None,
            allow_hosts: Vec::new(),
            cors: Vec::new(),
            #[cfg(feature = "tls")]
            tls: None,
            clock: Clock::default(),
            deterministic: None,
            max_namespaces: 1_000,
            namespace_idle: Span::milliseconds(30 * 60 * 1_000),
            journal: JournalConfig::default(),
            faults: Vec::new(),
            rate_limits: BTreeMap::new(),
            explain: false,
            admin: AdminAccess::default(),
            cloudflare: CloudflareConfig::default(),
            ibm: IbmConfig::default(),
        }
    }
}

/// A vendor whose API is mocked: a dialect of this server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// Cloudflare.
    Cloudflare,
    /// IBM Cloud.
    Ibm,
    /// Authress.
    Authress,
    /// FlickRocket, the legacy API.
    Legacy,
}

impl Dialect {
    /// All vendors.
    pub const ALL: [Self; 4] = [Self::Cloudflare, Self::Ibm, Self::Authress, Self::Legacy];

    /// Returns the name of its dialect.
    ///
    /// ```
    /// assert_eq!(access_groups_mock::Dialect::Ibm.name(), "ibm");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cloudflare => "cloudflare",
            Self::Ibm => "ibm",
            Self::Authress => "authress",
            Self::Legacy => "legacy",
        }
    }
}

impl Config {
    /// Returns the certificate of the server's own authority as PEM, where it has one.
    pub fn ca_pem(&self) -> Option<&str> {
        #[cfg(feature = "tls")]
        return self.tls.as_ref().and_then(Tls::ca_pem);
        #[cfg(not(feature = "tls"))]
        None
    }

    /// Returns whether https is answered.
    pub const fn has_tls(&self) -> bool {
        #[cfg(feature = "tls")]
        return self.tls.is_some();
        #[cfg(not(feature = "tls"))]
        false
    }

    /// Returns whether the dialect `name` is served; the server's own API always is.
    pub fn serves(&self, name: &str) -> bool {
        let is_vendor = Dialect::ALL.iter().any(|vendor| vendor.name() == name);
        !is_vendor || self.dialects.iter().any(|vendor| vendor.name() == name)
    }
}

/// Who may use `/__admin`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AdminAccess {
    /// Whoever reaches it by a loopback or an allowed host name.
    #[default]
    Open,
    /// Whoever has this token besides.
    Token(String),
    /// Nobody: it is as if it were not there.
    Closed,
}

/// How credentials are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AuthMode {
    /// A well-formed credential must be there; any value is accepted.
    #[default]
    Lenient,
    /// Nothing is checked.
    Off,
    /// Only the seeded credentials are accepted, each with its account and role.
    Strict,
}

/// The quirks of the cloudflare dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct CloudflareConfig {
    /// How `is_default` of an access group is answered.
    pub is_default: IsDefaultShape,
    /// How `scope` of a resource group is answered.
    pub scope: ScopeShape,
    /// How far the rules of an access group are checked.
    pub rules: RuleCheck,
}

/// How `is_default` of an access group is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IsDefaultShape {
    /// As the empty array that the specification's type asks for.
    #[default]
    Array,
    /// As the boolean that was sent.
    Bool,
    /// Not at all.
    Omit,
}

/// How `scope` of a resource group is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ScopeShape {
    /// In the shape in which it was written.
    #[default]
    Mirror,
    /// Always as an object.
    Object,
    /// Always as an array.
    Array,
}

/// How far the rules of an access group are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RuleCheck {
    /// A rule is any object.
    #[default]
    Lenient,
    /// A rule has exactly one known kind with its required members.
    Strict,
}

/// The quirks of the ibm dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct IbmConfig {
    /// How long an assignment is in progress after its last operation, on the mock's clock; zero by default, so that
    /// it has succeeded as soon as it is looked at.
    pub assignment_time: Duration,
}
