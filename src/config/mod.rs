//! `Config`: the settings of a server as plain structs, independent of the command line and the environment.
//!
//! Imports `control` and `store`.

pub mod fallback_url;
#[cfg(feature = "tls")]
pub mod tls;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::control::faults::fault::Fault;
use crate::control::human_duration::HumanDuration;
use crate::control::journal::JournalConfig;
use crate::control::rate_limit::RateLimit;
use crate::store::ClockSetting;
use fallback_url::FallbackUrl;
#[cfg(feature = "tls")]
use tls::Tls;

/// The maximum size of the log lines of the binary that wait for their reader, in bytes.
pub const MAX_LOG_BYTES: usize = 1024 * 1024;

/// The maximum size of the buffer for received bytes of an HTTP/1.1 connection, in bytes; hyper's default.
pub const MAX_HTTP1_RECEIVE_BUFFER: usize = 408 * 1024;

/// The maximum number of concurrent requests of an HTTP/2 connection.
#[cfg(feature = "http2")]
pub const MAX_HTTP2_STREAMS: u32 = 100;

/// The maximum number of bytes of a response that HTTP/2 buffers.
#[cfg(feature = "http2")]
pub const MAX_HTTP2_SEND_BUFFER: usize = 64 * 1024;

/// The maximum number of bytes of request bodies that HTTP/2 buffers for a connection.
#[cfg(feature = "http2")]
pub const MAX_HTTP2_RECEIVE_BUFFER: u32 = 1024 * 1024;

/// The maximum size of the headers of an HTTP/2 request, in bytes.
#[cfg(feature = "http2")]
pub const MAX_HTTP2_HEADER_BYTES: u32 = 16 * 1024;

/// The settings of a server.
#[derive(Debug, Clone)]
pub struct Config {
    /// The served dialects; all of them by default.
    pub dialects: BTreeSet<Dialect>,
    /// The credential check; [`AuthMode::Lenient`] by default.
    pub auth: AuthMode,
    /// The initial fidelity of every namespace; [`Fidelity::Documented`] by default.
    pub fidelity: Fidelity,
    /// The base of absolute links, such as `https://mock.test`; by default taken from each request's `Host`.
    pub public_url: Option<String>,
    /// The maximum size of a request body in bytes; 1 MiB by default.
    pub body_limit: usize,
    /// The maximum duration of a request, from the request headers to the response, and the maximum idle time of a
    /// connection; 30 s by default.
    pub request_timeout: Duration,
    /// The address that the server is bound to; none by default. Like loopback, it is an allowed host of `/__admin`,
    /// and it is the host in links if a request has no `Host`.
    pub address: Option<SocketAddr>,
    /// The allowed host names of `/__admin` besides loopback; none by default.
    pub allow_hosts: Vec<String>,
    /// The origins from which browsers may send cross-origin requests, or `*` for all; none by default.
    pub cors: Vec<String>,
    /// The TLS settings; plain HTTP only by default.
    #[cfg(feature = "tls")]
    pub tls: Option<Tls>,
    /// The initial clock setting of a namespace; the system clock by default.
    pub clock: ClockSetting,
    /// The random seed of identifiers, tokens and probabilities, which makes them the same in every run; by default a
    /// new random seed for each run.
    pub deterministic: Option<u64>,
    /// The maximum number of namespaces besides the default one; 1,000 by default.
    pub max_namespaces: usize,
    /// The maximum idle time of a namespace before it is evicted; 30 minutes by default.
    pub namespace_idle: HumanDuration,
    /// The limits of the journal of a namespace.
    pub journal: JournalConfig,
    /// The initial faults of every namespace; none by default.
    pub faults: Vec<Fault>,
    /// The rate limit of each dialect by dialect name; none by default.
    pub rate_limits: BTreeMap<String, RateLimit>,
    /// Whether error responses have an `X-Mock-Hint` header that describes a valid request; `false` by default.
    pub explain: bool,
    /// The access control of `/__admin`.
    pub admin: AdminAccess,
    /// The servers that respond to requests whose path no operation has; none by default.
    pub fallback: FallbackConfig,
    /// The quirks of the cloudflare dialect.
    pub cloudflare: CloudflareConfig,
    /// The quirks of the ibm dialect.
    pub ibm: IbmConfig,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            dialects: Dialect::ALL.iter().copied().collect(),
            auth: AuthMode::default(),
            fidelity: Fidelity::default(),
            public_url: None,
            body_limit: 1024 * 1024,
            request_timeout: Duration::from_secs(30),
            address: None,
            allow_hosts: Vec::new(),
            cors: Vec::new(),
            #[cfg(feature = "tls")]
            tls: None,
            clock: ClockSetting::default(),
            deterministic: None,
            max_namespaces: 1_000,
            namespace_idle: HumanDuration::from_millis(30 * 60 * 1_000),
            journal: JournalConfig::default(),
            faults: Vec::new(),
            rate_limits: BTreeMap::new(),
            explain: false,
            admin: AdminAccess::default(),
            fallback: FallbackConfig::default(),
            cloudflare: CloudflareConfig::default(),
            ibm: IbmConfig::default(),
        }
    }
}

/// A vendor whose API is mocked, also called a dialect; each has a Cargo feature of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// Cloudflare.
    #[cfg(feature = "cloudflare")]
    Cloudflare,
    /// IBM Cloud.
    #[cfg(feature = "ibm")]
    Ibm,
    /// Authress.
    #[cfg(feature = "authress")]
    Authress,
    /// FlickRocket, the legacy API.
    #[cfg(feature = "legacy")]
    Legacy,
}

impl Dialect {
    /// All dialects whose Cargo feature is on.
    pub const ALL: &[Self] = &[
        #[cfg(feature = "cloudflare")]
        Self::Cloudflare,
        #[cfg(feature = "ibm")]
        Self::Ibm,
        #[cfg(feature = "authress")]
        Self::Authress,
        #[cfg(feature = "legacy")]
        Self::Legacy,
    ];

    /// Returns the name of the dialect.
    ///
    /// ```
    /// assert_eq!(access_groups_mock::Dialect::Ibm.name(), "ibm");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            #[cfg(feature = "cloudflare")]
            Self::Cloudflare => "cloudflare",
            #[cfg(feature = "ibm")]
            Self::Ibm => "ibm",
            #[cfg(feature = "authress")]
            Self::Authress => "authress",
            #[cfg(feature = "legacy")]
            Self::Legacy => "legacy",
        }
    }
}

impl Config {
    /// Returns the certificate of the server's own certificate authority as PEM, if it has one.
    pub fn ca_pem(&self) -> Option<&str> {
        #[cfg(feature = "tls")]
        return self.tls.as_ref().and_then(Tls::ca_pem);
        #[cfg(not(feature = "tls"))]
        None
    }

    /// Returns whether the server accepts TLS connections.
    pub const fn has_tls(&self) -> bool {
        #[cfg(feature = "tls")]
        return self.tls.is_some();
        #[cfg(not(feature = "tls"))]
        false
    }

    /// Returns whether the dialect `name` is served; the admin API always is.
    pub fn serves(&self, name: &str) -> bool {
        let is_vendor = Dialect::ALL.iter().any(|dialect| dialect.name() == name);
        !is_vendor || self.dialects.iter().any(|dialect| dialect.name() == name)
    }
}

/// The access control of `/__admin`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AdminAccess {
    /// Access by a loopback or an allowed host name.
    #[default]
    Open,
    /// Access by a loopback or an allowed host name, with this token.
    Token(String),
    /// No access: requests get the same response as an unknown path.
    Disabled,
}

/// The credential check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AuthMode {
    /// Requires a well-formed credential; any value is accepted.
    #[default]
    Lenient,
    /// Accepts every request.
    Off,
    /// Accepts only the credentials in the seed file, each with its account and role.
    Strict,
}

/// The choice where the vendor's document and its live service disagree.
///
/// The differences are listed in `docs/dialects.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fidelity {
    /// Responses follow the vendor's document.
    #[default]
    Documented,
    /// Responses follow the live service where there is evidence of its behavior.
    Live,
}

/// The fallback servers: requests whose path no operation has are forwarded to them.
#[derive(Debug, Clone, Default)]
pub struct FallbackConfig {
    /// The server for all paths, except those of the dialects in `dialects` and of the admin API; none by default.
    pub server: Option<FallbackUrl>,
    /// The servers for the paths of single dialects, each instead of the base URL of the vendor; none by default.
    pub dialects: BTreeMap<Dialect, FallbackUrl>,
    /// Whether the servers may have addresses other than loopback; `false` by default.
    pub allow_remote: bool,
    /// Whether headers with credentials are forwarded; `false` by default.
    pub forward_credentials: bool,
}

impl FallbackConfig {
    /// Returns the server for the paths of the dialect `name`.
    pub fn server_of(&self, name: &str) -> Option<&FallbackUrl> {
        self.dialects.iter().find(|(dialect, _)| dialect.name() == name).map(|(_, url)| url)
    }
}

/// The quirks of the cloudflare dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct CloudflareConfig {
    /// The JSON type of `is_default` in the responses for access groups; by default an array, and with
    /// [`Fidelity::Live`] no field.
    pub is_default: Option<IsDefaultShape>,
    /// The JSON type of `scope` in the responses for resource groups.
    pub scope: ScopeShape,
    /// The validation of the rules of access groups.
    pub rules: RuleCheck,
}

/// The JSON type of `is_default` in the responses for access groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IsDefaultShape {
    /// An empty array, the type in the specification.
    Array,
    /// The boolean of the request.
    Bool,
    /// No field.
    Omit,
}

/// The JSON type of `scope` in the responses for resource groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ScopeShape {
    /// The type of the request.
    #[default]
    Mirror,
    /// Always an object.
    Object,
    /// Always an array.
    Array,
}

/// The validation of the rules of access groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RuleCheck {
    /// Accepts any object as a rule.
    Any,
    /// Requires that every kind of a rule is known.
    #[default]
    Lenient,
    /// Requires exactly one known rule type with its required fields.
    Strict,
}

/// The quirks of the ibm dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct IbmConfig {
    /// The duration for which an assignment is in progress after its last operation, on the virtual clock; zero by
    /// default, which makes the first request after the operation see the assignment as succeeded.
    pub assignment_time: Duration,
}
