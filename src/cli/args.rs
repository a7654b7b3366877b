//! The arguments and their environment variables.

use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use access_groups_mock::store::Clock;
use access_groups_mock::{
    AdminAccess, AuthMode, CloudflareConfig, Config, Dialect, Fault, IbmConfig, IsDefaultShape,
    JournalConfig, RateLimit, RuleCheck, ScopeShape, Span,
};
use clap::{Parser, Subcommand, ValueEnum};

use super::parse;

/// A local, stateful mock of the access-group APIs of Cloudflare, IBM Cloud, Authress and FlickRocket.
///
/// Start it, point an SDK, a Terraform provider or curl at the URL that it prints, and use the vendors' own
/// paths. Everything is kept in memory and gone when it stops.
#[derive(Debug, Parser)]
#[command(
    name = "access-groups-mock",
    version,
    max_term_width = 100,
    args_conflicts_with_subcommands = true,
    after_help = EXIT_CODES
)]
pub(super) struct Cli {
    /// What is done instead of serving.
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) args: Args,
}

/// What the exit codes mean.
const EXIT_CODES: &str = "Exit codes: 0 stopped by a signal, 1 failed, 2 wrong arguments, 3 wrong seed, faults, \
                          state or certificate file, 4 address taken.\n\
                          `exec` ends with the code of its command, or 128 and the number of the signal that ended it.\n\
                          Example: access-groups-mock --port 0 --seed seeds/demo.json";

/// What is done instead of serving.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Serve on a free port while a command runs, with the variables that point clients at the server.
    Exec(Box<ExecArgs>),
    /// Print the variables that point clients at a running server.
    Env(EnvArgs),
    /// Read a seed, a saved state or nothing but JSON, and say what is wrong with it.
    CheckSeed {
        /// JSON file; `-` reads standard input.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Ask a running server whether it is healthy; exit code 0 when it is, 1 when it is not.
    Healthcheck(ServerUrl),
    /// Print the completions of a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// What `exec` takes.
#[derive(Debug, clap::Args)]
pub(super) struct ExecArgs {
    #[command(flatten)]
    pub(super) args: Args,
    /// The command and its arguments.
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(super) command: Vec<OsString>,
}

/// What `env` takes.
#[derive(Debug, clap::Args)]
pub(super) struct EnvArgs {
    #[command(flatten)]
    pub(super) server: ServerUrl,
    /// Namespace that the variables point at.
    #[arg(long, value_name = "NAME")]
    pub(super) namespace: Option<String>,
    /// Form of the output.
    #[arg(long, value_enum, default_value_t = EnvFormat::Shell)]
    pub(super) format: EnvFormat,
    /// Write the file that IBM's SDK suites look for, `iam_access_groups_v2.env`, instead.
    #[arg(long, value_name = "FILE")]
    pub(super) ibm_config: Option<PathBuf>,
}

/// A running server.
#[derive(Debug, clap::Args)]
pub(super) struct ServerUrl {
    /// URL of the server.
    #[arg(long, env = "AGM_URL", default_value = "http://127.0.0.1:4010", value_parser = parse::server_url)]
    pub(super) url: String,
}

/// The form in which variables are printed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum EnvFormat {
    /// `export NAME='value'` lines, for `eval`.
    Shell,
    /// `NAME=value` lines.
    Dotenv,
    /// Lines for the file that `$GITHUB_ENV` names.
    Github,
    /// One JSON object.
    Json,
}

/// What serving takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Address to listen on, or `localhost`.
    #[arg(long, env = "AGM_HOST", default_value = "127.0.0.1", value_name = "ADDRESS", value_parser = parse::host)]
    pub(super) host: IpAddr,
    /// Port to listen on; 0 picks a free one, which the ready line names. By default 4010, and with `exec` a free one.
    #[arg(long, env = "AGM_PORT")]
    pub(super) port: Option<u16>,
    /// File that the port is written to once the server is ready.
    #[arg(long, env = "AGM_PORT_FILE", value_name = "FILE")]
    pub(super) port_file: Option<PathBuf>,
    /// Stop when the process that started this one is gone.
    #[arg(long, env = "AGM_EXIT_WITH_PARENT")]
    pub(super) exit_with_parent: bool,
    /// Where the port is taken by a healthy server of this kind, use that one.
    #[arg(long, env = "AGM_REUSE")]
    pub(super) reuse: bool,
    /// JSON file with the objects and credentials to start with; `-` reads standard input.
    #[arg(long, env = "AGM_SEED", value_name = "FILE")]
    pub(super) seed: Option<PathBuf>,
    /// Answer https on the same port, with a certificate for localhost, its addresses and the host's name; the
    /// authority is at /__admin/ca.pem.
    #[cfg(feature = "tls")]
    #[arg(long, env = "AGM_TLS")]
    pub(super) tls: bool,
    /// Further name of the certificate; repeat it, or separate several by commas.
    #[cfg(feature = "tls")]
    #[arg(long, env = "AGM_TLS_NAME", value_name = "NAME", value_delimiter = ',')]
    pub(super) tls_name: Vec<String>,
    /// Folder that keeps the authority from run to run.
    #[cfg(feature = "tls")]
    #[arg(long, env = "AGM_TLS_DIR", value_name = "FOLDER")]
    pub(super) tls_dir: Option<PathBuf>,
    /// PEM file with a certificate of your own, and those of its authorities.
    #[cfg(feature = "tls")]
    #[arg(long, env = "AGM_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub(super) tls_cert: Option<PathBuf>,
    /// PEM file with the key of your certificate.
    #[cfg(feature = "tls")]
    #[arg(long, env = "AGM_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub(super) tls_key: Option<PathBuf>,
    /// Dialect that is served; repeat it, or separate several by commas. All of them by default.
    #[arg(long, env = "AGM_DIALECTS", value_enum, value_name = "DIALECT", value_delimiter = ',')]
    dialects: Vec<DialectName>,
    /// How credentials are checked.
    #[arg(long, env = "AGM_AUTH", value_enum, default_value_t = Auth::Lenient)]
    auth: Auth,
    /// Base of the links in answers, such as `https://mock.test`; by default each request's own host.
    #[arg(long, env = "AGM_PUBLIC_URL", value_name = "URL", value_parser = parse::public_url)]
    public_url: Option<String>,
    /// Largest request body in bytes.
    #[arg(long, env = "AGM_BODY_LIMIT", value_name = "BYTES", default_value_t = 1024 * 1024)]
    body_limit: usize,
    /// Seconds that a request may take, and a connection may be idle.
    #[arg(long, env = "AGM_REQUEST_TIMEOUT", value_name = "SECONDS", default_value_t = 30,
          value_parser = clap::value_parser!(u64).range(1..=86_400))]
    request_timeout: u64,
    /// Host name besides loopback that may use /__admin; repeat it, or separate several by commas.
    #[arg(long, env = "AGM_ALLOW_HOST", value_name = "HOST", value_delimiter = ',')]
    allow_host: Vec<String>,
    /// Origin that browsers may call from, or `*`; repeat it, or separate several by commas.
    #[arg(long, env = "AGM_CORS", value_name = "ORIGIN", value_delimiter = ',', value_parser = parse::origin)]
    cors: Vec<String>,
    /// How Cloudflare's `is_default` is answered.
    #[arg(long, env = "AGM_CLOUDFLARE_IS_DEFAULT", value_enum, default_value_t = IsDefault::Array)]
    cloudflare_is_default: IsDefault,
    /// How the `scope` of Cloudflare's resource groups is answered.
    #[arg(long, env = "AGM_CLOUDFLARE_SCOPE", value_enum, default_value_t = Scope::Mirror)]
    cloudflare_scope: Scope,
    /// How far the rules of Cloudflare's Access groups are checked.
    #[arg(long, env = "AGM_CLOUDFLARE_RULES", value_enum, default_value_t = Rules::Lenient)]
    cloudflare_rules: Rules,
    /// Journal entries that a namespace keeps; 0 keeps none.
    #[arg(long, env = "AGM_JOURNAL_ENTRIES", value_name = "NUMBER", default_value_t = 1_000)]
    journal_entries: usize,
    /// Bytes of a body that the journal keeps.
    #[arg(long, env = "AGM_JOURNAL_BODY_BYTES", value_name = "BYTES", default_value_t = 64 * 1024)]
    journal_body_bytes: usize,
    /// Bytes that the journal of a namespace keeps in all.
    #[arg(long, env = "AGM_JOURNAL_BYTES", value_name = "BYTES", default_value_t = 4 * 1024 * 1024)]
    journal_bytes: usize,
    /// Keep credentials in the journal as they were sent.
    #[arg(long, env = "AGM_JOURNAL_SECRETS")]
    journal_secrets: bool,
    /// JSON file with the faults that every namespace begins with; see docs/admin.md.
    #[arg(long, env = "AGM_FAULTS", value_name = "FILE")]
    pub(super) faults: Option<PathBuf>,
    /// Rate limit of a dialect, such as `ibm=100/1m`; repeat it, or separate several by commas.
    #[arg(long, env = "AGM_RATE_LIMIT", value_name = "DIALECT=N/TIME", value_delimiter = ',',
          value_parser = parse::rate_limit)]
    rate_limit: Vec<(String, RateLimit)>,
    /// Repeat identifiers, tokens, entity tags and times from run to run, drawn from SEED; 0 when it is left out.
    #[arg(long, env = "AGM_DETERMINISTIC", value_name = "SEED", num_args = 0..=1, require_equals = true,
          default_missing_value = "0")]
    deterministic: Option<u64>,
    /// Clock of a new namespace: `system`, `frozen[@TIME]` or `stepping[@TIME][/STEP]`; by default `system`, and
    /// `stepping@2026-01-01T00:00:00Z/1s` with --deterministic.
    #[arg(long, env = "AGM_CLOCK", value_name = "CLOCK", value_parser = parse::clock)]
    clock: Option<Clock>,
    /// JSON file that the records of the default namespace are read from at the start, if it is there, and written to
    /// at most 200 ms after they change.
    #[arg(long, env = "AGM_STATE_FILE", value_name = "FILE")]
    pub(super) state_file: Option<PathBuf>,
    /// Namespaces that are kept at most, besides the default one.
    #[arg(long, env = "AGM_MAX_NAMESPACES", value_name = "NUMBER", default_value_t = 1_000)]
    max_namespaces: usize,
    /// How long a namespace may be idle before it is forgotten, such as `30m`.
    #[arg(long, env = "AGM_NAMESPACE_IDLE", value_name = "TIME", default_value = "30m")]
    namespace_idle: Span,
    /// Say in the header X-Mock-Hint what would have let a refused request pass.
    #[arg(long, env = "AGM_EXPLAIN")]
    explain: bool,
    /// Token that /__admin asks for; without one it is open to loopback addresses only.
    #[arg(long, env = "AGM_ADMIN_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    admin_token: Option<String>,
    /// Serve no /__admin at all.
    #[arg(long, env = "AGM_NO_ADMIN", conflicts_with = "admin_token")]
    no_admin: bool,
    /// How long an assignment of an IBM template takes, such as `5s`; nothing by default.
    #[arg(long, env = "AGM_IBM_ASSIGNMENT_TIME", value_name = "TIME", default_value = "0s")]
    ibm_assignment_time: Span,
    /// Least important messages that are logged: error, warn, info, debug or trace, also per module.
    #[arg(long, env = "AGM_LOG_LEVEL", value_name = "LEVEL", default_value = "warn", value_parser = parse::log_level)]
    pub(super) log_level: String,
    /// Form of the log on standard error.
    #[arg(long, env = "AGM_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub(super) log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum DialectName {
    /// Zero Trust Access groups and IAM resource groups.
    Cloudflare,
    /// IAM Access Groups with the token endpoint.
    Ibm,
    /// Groups.
    Authress,
    /// FlickRocket's `api2/access_groups`.
    Legacy,
}

impl DialectName {
    const fn dialect(self) -> Dialect {
        match self {
            Self::Cloudflare => Dialect::Cloudflare,
            Self::Ibm => Dialect::Ibm,
            Self::Authress => Dialect::Authress,
            Self::Legacy => Dialect::Legacy,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Auth {
    /// A well-formed credential must be there; any value is accepted.
    Lenient,
    /// Nothing is checked.
    Off,
    /// Only the seeded credentials are accepted.
    Strict,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum IsDefault {
    /// As an empty array, which every typed client reads.
    Array,
    /// As the boolean that was sent.
    Bool,
    /// Not at all.
    Omit,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Scope {
    /// In the shape in which it was written.
    Mirror,
    /// Always as an object.
    Object,
    /// Always as an array.
    Array,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Rules {
    /// A rule is any object.
    Lenient,
    /// A rule has exactly one known kind with its required members.
    Strict,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum LogFormat {
    /// One line of text a message.
    Text,
    /// One JSON object a message.
    Json,
}

impl Args {
    /// Returns the settings of a server that is bound to `bound` and begins with `faults`.
    pub(super) fn into_config(self, bound: SocketAddr, faults: Vec<Fault>) -> Config {
        let default_clock = match self.deterministic {
            Some(_) => parse::deterministic_clock(),
            None => Clock::System,
        };
        Config {
            dialects: if self.dialects.is_empty() {
                Dialect::ALL.into()
            } else {
                self.dialects.iter().map(|name| name.dialect()).collect()
            },
            auth: match self.auth {
                Auth::Lenient => AuthMode::Lenient,
                Auth::Off => AuthMode::Off,
                Auth::Strict => AuthMode::Strict,
            },
            public_url: self.public_url,
            body_limit: self.body_limit,
            request_timeout: Duration::from_secs(self.request_timeout),
            address: Some(bound),
            allow_hosts: parse::present(self.allow_host),
            cors: parse::present(self.cors),
            #[cfg(feature = "tls")]
            tls: None,
            clock: self.clock.unwrap_or(default_clock),
            deterministic: self.deterministic,
            max_namespaces: self.max_namespaces,
            namespace_idle: self.namespace_idle,
            journal: JournalConfig {
                entries: self.journal_entries,
                body_bytes: self.journal_body_bytes,
                bytes: self.journal_bytes,
                keep_secrets: self.journal_secrets,
            },
            faults,
            rate_limits: self.rate_limit.into_iter().collect(),
            explain: self.explain,
            // An empty variable means that there is no token, and not that anyone has it.
            admin: match (self.no_admin, self.admin_token.filter(|token| !token.is_empty())) {
                (true, _) => AdminAccess::Closed,
                (false, Some(token)) => AdminAccess::Token(token),
                (false, None) => AdminAccess::Open,
            },
            ibm: IbmConfig { assignment_time: self.ibm_assignment_time.duration() },
            cloudflare: CloudflareConfig {
                is_default: match self.cloudflare_is_default {
                    IsDefault::Array => IsDefaultShape::Array,
                    IsDefault::Bool => IsDefaultShape::Bool,
                    IsDefault::Omit => IsDefaultShape::Omit,
                },
                scope: match self.cloudflare_scope {
                    Scope::Mirror => ScopeShape::Mirror,
                    Scope::Object => ScopeShape::Object,
                    Scope::Array => ScopeShape::Array,
                },
                rules: match self.cloudflare_rules {
                    Rules::Lenient => RuleCheck::Lenient,
                    Rules::Strict => RuleCheck::Strict,
                },
            },
        }
    }
}
