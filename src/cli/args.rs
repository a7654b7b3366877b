//! The command line arguments and their environment variables.

use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use access_groups_mock::store::{ClockSetting, IdGenerator};
use access_groups_mock::{
    AdminAccess, Config, Dialect, FallbackConfig, FallbackUrl, Fault, HumanDuration, JournalConfig,
    RateLimit, StateSync,
};
use clap::{Parser, Subcommand, ValueEnum};

use super::arg_values::{DialectName, LogFormat, SeedFormat, Sync};
use super::deferred::Deferred;
use super::error::{CliError, INVALID_ARGUMENTS};
use super::parse;
use super::response_args::ResponseArgs;

/// A local, stateful mock of the access-group APIs of Cloudflare, IBM Cloud, Authress and FlickRocket.
///
/// Start the server, configure an SDK, a Terraform provider or curl with the URL that it prints, and use the paths of
/// the vendor APIs. All data is kept in memory and is lost when the server stops.
#[derive(Debug, Parser)]
#[command(
    name = "access-groups-mock",
    version,
    max_term_width = 100,
    args_conflicts_with_subcommands = true,
    after_help = EXIT_CODES
)]
pub(super) struct Cli {
    /// Subcommand; without one, the server is started.
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) args: Args,
}

/// The exit codes and an example, as printed at the end of the help.
const EXIT_CODES: &str = "Exit codes: 0 stopped by a signal, 1 failed, 2 invalid arguments, 3 invalid seed, faults, \
                          state or certificate file, 4 address in use, 5 state file in use.\n\
                          `exec` exits with the code of its command, or with 128 plus the number of the signal that terminated it.\n\
                          Example: access-groups-mock --port 0 --seed seeds/demo.json";

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Start the server, as without a subcommand.
    #[command(alias = "start")]
    Serve(Deferred<Args>),
    /// Run a command with a server on a free port and the environment variables that configure clients for it.
    Exec(Deferred<ExecArgs>),
    /// Print the environment variables that configure clients for a running server.
    Env(EnvArgs),
    /// Validate a seed file or a saved state.
    CheckSeed {
        /// JSON or YAML file; `-` for standard input.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Format of the file; by default YAML if its name ends with `.yaml` or `.yml`, otherwise JSON.
        #[arg(long, value_enum)]
        seed_format: Option<SeedFormat>,
    },
    /// Write a seed with everything that recordings of a real account show.
    #[cfg(feature = "recordings")]
    Import(super::recording_args::ImportArgs),
    /// Send the requests of recordings again, to a mock or another server, and compare the responses.
    #[cfg(feature = "recordings")]
    Replay(Deferred<super::recording_args::ReplayArgs>),
    /// Check whether a running server is healthy; the exit code is 0 if it is, otherwise 1.
    Healthcheck(ServerUrl),
    /// Print the completion script of a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// The arguments of `exec`.
#[derive(Debug, clap::Args)]
pub(super) struct ExecArgs {
    #[command(flatten)]
    pub(super) args: Args,
    /// The command and its arguments.
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(super) command: Vec<OsString>,
}

/// The arguments of `env`.
#[derive(Debug, clap::Args)]
pub(super) struct EnvArgs {
    #[command(flatten)]
    pub(super) server: ServerUrl,
    /// Namespace that clients use; the default namespace if absent.
    #[arg(long, value_name = "NAME")]
    pub(super) namespace: Option<String>,
    /// Output format.
    #[arg(long, value_enum, default_value_t = EnvFormat::Shell)]
    pub(super) format: EnvFormat,
    /// Write the configuration file of IBM's SDK test suites, `iam_access_groups_v2.env`, to FILE instead.
    #[arg(long, value_name = "FILE")]
    pub(super) ibm_config: Option<PathBuf>,
}

/// The URL of a running server.
#[derive(Debug, clap::Args)]
pub(super) struct ServerUrl {
    /// URL of the server.
    #[arg(long, env = "AGM_URL", default_value = "http://127.0.0.1:4010", value_parser = parse::server_url)]
    pub(super) url: String,
}

/// The output format of `env`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum EnvFormat {
    /// `export NAME='value'` lines, for `eval`.
    Shell,
    /// `NAME=value` lines.
    Dotenv,
    /// Lines for the `$GITHUB_ENV` file.
    Github,
    /// One JSON object.
    Json,
}

/// The arguments of the server.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Args {
    /// Address to listen on, or `localhost`.
    #[arg(long, env = "AGM_HOST", default_value = "127.0.0.1", value_name = "ADDRESS", value_parser = parse::host)]
    pub(super) host: IpAddr,
    /// Port to listen on; 0 for a free port, which the ready line contains. The default is 4010, or a free port with
    /// `exec`.
    #[arg(long, env = "AGM_PORT")]
    pub(super) port: Option<u16>,
    /// File to which the port is written when the server is ready.
    #[arg(long, env = "AGM_PORT_FILE", value_name = "FILE")]
    pub(super) port_file: Option<PathBuf>,
    /// Stop when the parent process exits.
    #[arg(long, env = "AGM_EXIT_WITH_PARENT", value_parser = parse::switch)]
    pub(super) exit_with_parent: bool,
    /// Reuse a healthy instance that is already listening on the port.
    #[arg(long, env = "AGM_REUSE", value_parser = parse::switch)]
    pub(super) reuse: bool,
    /// JSON or YAML file with the initial objects and credentials; `-` for standard input.
    #[arg(long, env = "AGM_SEED", value_name = "FILE")]
    pub(super) seed: Option<PathBuf>,
    /// Format of the seed; by default YAML if the name of its file ends with `.yaml` or `.yml`, otherwise JSON.
    #[arg(long, env = "AGM_SEED_FORMAT", value_enum)]
    pub(super) seed_format: Option<SeedFormat>,
    /// Serve HTTPS on the same port, with a certificate for localhost, its addresses and the host name; the CA
    /// certificate is available at /__admin/ca.pem.
    #[cfg(feature = "tls")]
    #[arg(long, env = "AGM_TLS", value_parser = parse::switch)]
    pub(super) tls: bool,
    /// Additional subject alternative name of the certificate; can be repeated or comma-separated.
    #[cfg(feature = "tls")]
    #[arg(long, env = "AGM_TLS_NAME", value_name = "NAME", value_delimiter = ',')]
    pub(super) tls_name: Vec<String>,
    /// Directory that stores the CA between runs.
    #[cfg(feature = "tls")]
    #[arg(long, env = "AGM_TLS_DIR", value_name = "DIRECTORY")]
    pub(super) tls_dir: Option<PathBuf>,
    /// PEM file with your own certificate, followed by its intermediate certificates.
    #[cfg(feature = "tls")]
    #[arg(long, env = "AGM_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    pub(super) tls_cert: Option<PathBuf>,
    /// PEM file with the private key of your certificate.
    #[cfg(feature = "tls")]
    #[arg(long, env = "AGM_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    pub(super) tls_key: Option<PathBuf>,
    /// Dialect to serve; can be repeated or comma-separated. All dialects by default.
    #[arg(long, env = "AGM_DIALECTS", value_enum, value_name = "DIALECT", value_delimiter = ',')]
    dialects: Vec<DialectName>,
    #[command(flatten)]
    responses: ResponseArgs,
    /// Maximum duration of a request, and maximum idle time of a connection, in seconds.
    #[arg(long, env = "AGM_REQUEST_TIMEOUT", value_name = "SECONDS", default_value_t = 30,
          value_parser = clap::value_parser!(u64).range(1..=86_400))]
    request_timeout: u64,
    /// Additional host name that is allowed to use /__admin; can be repeated or comma-separated.
    #[arg(long, env = "AGM_ALLOW_HOST", value_name = "HOST", value_delimiter = ',')]
    allow_host: Vec<String>,
    /// Origin that is allowed to send cross-origin requests, or `*`; can be repeated or comma-separated.
    #[arg(long, env = "AGM_CORS", value_name = "ORIGIN", value_delimiter = ',', value_parser = parse::origin)]
    cors: Vec<String>,
    /// Server for requests whose path no operation has, such as `http://127.0.0.1:4020`, for all paths or for those of a
    /// dialect, for which it replaces the base URL of the vendor; can be repeated or comma-separated. Only http, without TLS; the responses have the header
    /// X-Mock-Fallback. See docs/admin.md.
    #[arg(long, env = "AGM_FALLBACK", value_name = "[DIALECT=]URL", value_delimiter = ',', value_parser = parse::fallback)]
    fallback: Vec<(Option<Dialect>, FallbackUrl)>,
    /// Allow fallback servers on addresses other than loopback.
    #[arg(long, env = "AGM_FALLBACK_REMOTE", value_parser = parse::switch)]
    fallback_remote: bool,
    /// Forward the headers with credentials to fallback servers, which do not receive them by default.
    #[arg(long, env = "AGM_FALLBACK_CREDENTIALS", value_parser = parse::switch)]
    fallback_credentials: bool,
    /// Maximum number of journal entries of a namespace; 0 disables the journal.
    #[arg(long, env = "AGM_JOURNAL_ENTRIES", value_name = "NUMBER", default_value_t = 1_000)]
    journal_entries: usize,
    /// Maximum number of bytes of each body in the journal.
    #[arg(long, env = "AGM_JOURNAL_BODY_BYTES", value_name = "BYTES", default_value_t = 64 * 1024)]
    journal_body_bytes: usize,
    /// Maximum total size of the journal of a namespace in bytes.
    #[arg(long, env = "AGM_JOURNAL_BYTES", value_name = "BYTES", default_value_t = 4 * 1024 * 1024)]
    journal_bytes: usize,
    /// Maximum total size of the journals of all namespaces in bytes.
    #[arg(long, env = "AGM_JOURNAL_TOTAL_BYTES", value_name = "BYTES", default_value_t = 256 * 1024 * 1024)]
    journal_total_bytes: usize,
    /// Do not redact credentials in the journal.
    #[arg(long, env = "AGM_JOURNAL_SECRETS", value_parser = parse::switch)]
    journal_secrets: bool,
    /// JSON or YAML (`.yaml`, `.yml`) file with the initial faults of every namespace; see docs/admin.md.
    #[arg(long, env = "AGM_FAULTS", value_name = "FILE")]
    pub(super) faults: Option<PathBuf>,
    /// Reload the files of --seed and --faults when they change, and reset the records or the faults of all namespaces
    /// to them.
    #[arg(long, env = "AGM_WATCH", value_parser = parse::switch, conflicts_with = "state_file")]
    pub(super) watch: bool,
    /// Rate limit of a dialect, such as `ibm=100/1m`; can be repeated or comma-separated.
    #[arg(long, env = "AGM_RATE_LIMIT", value_name = "DIALECT=N/DURATION", value_delimiter = ',',
          value_parser = parse::rate_limit)]
    rate_limit: Vec<(String, RateLimit)>,
    /// Generate the same identifiers, tokens, entity tags and times in each run, from the random seed SEED; 0 if SEED
    /// is absent.
    #[arg(long, env = "AGM_DETERMINISTIC", value_name = "SEED", num_args = 0..=1, require_equals = true,
          default_missing_value = "0")]
    deterministic: Option<u64>,
    /// Virtual clock of a new namespace: `system`, `frozen[@TIME]` or `stepping[@TIME][/STEP]`. The default is
    /// `system`, or `stepping@2026-01-01T00:00:00Z/1s` with --deterministic.
    #[arg(long, env = "AGM_CLOCK", value_name = "CLOCK", value_parser = parse::clock)]
    clock: Option<ClockSetting>,
    /// JSON file that persists the records of the default namespace: it is read at startup if it exists, and written
    /// shortly after a change. FILE.lock, FILE.bak and temporary files are created beside it.
    #[arg(long, env = "AGM_STATE_FILE", value_name = "FILE")]
    pub(super) state_file: Option<PathBuf>,
    /// When the state file is synced to the disk.
    #[arg(long, env = "AGM_STATE_SYNC", value_enum, default_value_t = Sync::Always)]
    state_sync: Sync,
    /// Start from FILE.bak, the state before the last save, if the state file does not exist or is invalid.
    #[arg(long, env = "AGM_STATE_RECOVER", value_parser = parse::switch)]
    pub(super) state_recover: bool,
    /// Maximum number of namespaces in addition to the default one.
    #[arg(long, env = "AGM_MAX_NAMESPACES", value_name = "NUMBER", default_value_t = 1_000)]
    max_namespaces: usize,
    /// Idle time after which a namespace is evicted, such as `30m`.
    #[arg(long, env = "AGM_NAMESPACE_IDLE", value_name = "DURATION", default_value = "30m")]
    namespace_idle: HumanDuration,
    /// Add the header X-Mock-Hint with a remediation to error responses.
    #[arg(long, env = "AGM_EXPLAIN", value_parser = parse::switch)]
    explain: bool,
    /// Token that /__admin requires; `auto` generates one, which the ready line contains. Without it, /__admin is
    /// available only on a loopback address.
    #[arg(long, env = "AGM_ADMIN_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    admin_token: Option<String>,
    /// File with the token that /__admin requires, which keeps it out of the list of processes.
    #[arg(long, env = "AGM_ADMIN_TOKEN_FILE", value_name = "FILE", value_parser = parse::token_file, conflicts_with = "admin_token")]
    admin_token_file: Option<String>,
    /// Disable /__admin.
    #[arg(long, env = "AGM_NO_ADMIN", value_parser = parse::switch, conflicts_with_all = ["admin_token", "admin_token_file"])]
    no_admin: bool,
    /// Log level: off, error, warn, info, debug or trace; can be set per module, such as `warn,hyper=debug`.
    #[arg(long, env = "AGM_LOG_LEVEL", value_name = "LEVEL", default_value = "warn", value_parser = parse::log_level)]
    pub(super) log_level: String,
    /// Log every request with its status, also if --log-level is higher.
    #[arg(long, env = "AGM_LOG_REQUESTS", value_parser = parse::switch)]
    pub(super) log_requests: bool,
    /// Format of the log on standard error.
    #[arg(long, env = "AGM_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub(super) log_format: LogFormat,
}

impl Args {
    /// Returns when the state file is synced.
    pub(super) const fn state_sync(&self) -> StateSync {
        match self.state_sync {
            Sync::Always => StateSync::Always,
            Sync::Close => StateSync::Close,
        }
    }

    /// Returns the fallback servers.
    ///
    /// # Errors
    /// Two servers for the same paths, or one that is not on a loopback address without `--fallback-remote`.
    pub(super) fn fallback(&self) -> Result<FallbackConfig, CliError> {
        let invalid = |reason: String| CliError::new(INVALID_ARGUMENTS, format!("--fallback {reason}"));
        let mut config = FallbackConfig {
            allow_remote: self.fallback_remote,
            forward_credentials: self.fallback_credentials,
            ..FallbackConfig::default()
        };
        for (dialect, url) in &self.fallback {
            if !self.fallback_remote && !url.is_loopback() {
                return Err(invalid(format!(
                    "{url}: not a loopback address; allow it with --fallback-remote"
                )));
            }
            let earlier = match dialect {
                Some(dialect) => config.dialects.insert(*dialect, url.clone()),
                None => config.server.replace(url.clone()),
            };
            if let Some(earlier) = earlier {
                return Err(invalid(format!("{url}: the same paths already have the server {earlier}")));
            }
        }
        Ok(config)
    }

    /// Returns whether an admin token is given that is empty, and therefore is none.
    pub(super) fn has_empty_admin_token(&self) -> bool {
        self.admin_token.as_deref().is_some_and(str::is_empty) && self.admin_token_file.is_none()
    }

    /// Generates the admin token if `auto` is given instead of one, and returns it.
    pub(super) fn generate_admin_token(&mut self) -> Option<String> {
        if self.admin_token.as_deref() != Some("auto") || self.admin_token_file.is_some() {
            return None;
        }
        // A generator has 64 bits of state, so that a token from one of them would be too easy to guess.
        let token = [(); 2].map(|()| IdGenerator::from_entropy().alphanumeric(16)).concat();
        self.admin_token = Some(token.clone());
        Some(token)
    }

    /// Returns the configuration of a server that is bound to `bound` and has the initial faults `faults`.
    pub(super) fn into_config(self, bound: SocketAddr, faults: Vec<Fault>) -> Config {
        let default_clock = match self.deterministic {
            Some(_) => parse::deterministic_clock(),
            None => ClockSetting::System,
        };
        Config {
            dialects: if self.dialects.is_empty() {
                Dialect::ALL.iter().copied().collect()
            } else {
                self.dialects.iter().map(|name| name.dialect()).collect()
            },
            request_timeout: Duration::from_secs(self.request_timeout),
            address: Some(bound),
            allow_hosts: parse::non_empty(self.allow_host),
            cors: parse::non_empty(self.cors),
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
                total_bytes: self.journal_total_bytes,
                keep_secrets: self.journal_secrets,
            },
            faults,
            rate_limits: self.rate_limit.into_iter().collect(),
            explain: self.explain,
            // An empty environment variable means no token, and not the empty token.
            admin: match (
                self.no_admin,
                self.admin_token_file.or(self.admin_token).filter(|token| !token.is_empty()),
            ) {
                (true, _) => AdminAccess::Disabled,
                (false, Some(token)) => AdminAccess::Token(token),
                (false, None) => AdminAccess::Open,
            },
            fallback: FallbackConfig::default(),
            ..self.responses.into_config()
        }
    }
}
