//! The arguments of the commands that read recordings.

use std::path::PathBuf;

use access_groups_mock::recordings::Pseudonyms;
use clap::ValueEnum;
use clap::builder::NonEmptyStringValueParser;

use super::error::{CliError, INVALID_ARGUMENTS};
use super::parse;
use super::response_args::ResponseArgs;

/// The arguments of `import`.
#[derive(Debug, clap::Args)]
#[command(after_help = IMPORT_HELP)]
pub(super) struct ImportArgs {
    #[command(flatten)]
    pub(super) recordings: RecordingArgs,
    #[command(flatten)]
    pub(super) pseudonyms: PseudonymArgs,
}

/// The pseudonyms of a command.
#[derive(Debug, clap::Args)]
pub(super) struct PseudonymArgs {
    /// Replace names, e-mail addresses, identifiers and other texts by invented ones of the same form, so that a seed can
    /// be published, and be used by a replay of the recordings.
    /// Needs `--key`, or the environment variable `AGM_KEY`.
    #[arg(long)]
    pub(super) pseudonymize: bool,
    /// Secret on which the pseudonyms depend; with the same key, a text always has the same pseudonym. The default is the
    /// environment variable `AGM_KEY`, which has no effect without `--pseudonymize`.
    #[arg(long, value_name = "TEXT", requires = "pseudonymize", value_parser = NonEmptyStringValueParser::new())]
    key: Option<String>,
}

/// The variable with the key. It is read here and not by clap, for which a variable is the same as an option: it would be
/// rejected without `--pseudonymize`, although it may be set for all commands of a job.
const KEY_VARIABLE: &str = "AGM_KEY";

impl PseudonymArgs {
    /// Returns the pseudonyms, if they are asked for.
    ///
    /// # Errors
    /// There is no key, or it is empty: everybody could find out which name has which pseudonym.
    pub(super) fn pseudonyms(&self) -> Result<Option<Pseudonyms>, CliError> {
        if !self.pseudonymize {
            return Ok(None);
        }
        let key = self.key.clone().or_else(|| std::env::var(KEY_VARIABLE).ok());
        match key.filter(|key| !key.is_empty()) {
            Some(key) => Ok(Some(Pseudonyms::new(key.as_bytes()))),
            None => Err(CliError::new(
                INVALID_ARGUMENTS,
                format!("--pseudonymize needs a key that is not empty: --key TEXT or {KEY_VARIABLE}"),
            )),
        }
    }
}

/// The recordings of a command.
#[derive(Debug, clap::Args)]
pub(super) struct RecordingArgs {
    /// Recording: an HTTP Archive (HAR), or a cassette of go-vcr or vcrpy; `-` for standard input. Several recordings
    /// are read in this order.
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// Host name whose requests are used, in addition to those of the vendors and of loopback addresses; can be repeated
    /// or comma-separated.
    #[arg(long, value_name = "HOST", value_delimiter = ',')]
    pub(super) host: Vec<String>,
}

/// The end of the help of `import`.
const IMPORT_HELP: &str = "\
The seed has everything that the responses show: later responses win over earlier ones, deletions delete, and the pages \
of lists and the short and long forms of an object are joined. It contains no credentials. What could not be used is \
listed on standard error, with its place and the reason.\n\
Exit codes: 0 the seed is complete or something is listed, 2 invalid arguments, 3 a recording cannot be read.\n\
Example: access-groups-mock import recording.har > seed.json && access-groups-mock --seed seed.json";

/// The arguments of `replay`.
#[derive(Debug, clap::Args)]
#[command(after_help = REPLAY_HELP)]
pub(super) struct ReplayArgs {
    #[command(flatten)]
    pub(super) recordings: RecordingArgs,
    /// Seed of the mock; by default the state before the first write, as far as the recordings show it.
    #[arg(long, value_name = "FILE", conflicts_with = "against")]
    pub(super) seed: Option<PathBuf>,
    /// Send the requests to the server at URL instead of a mock, with the credentials in the environment.
    #[arg(long, value_name = "URL", value_parser = parse::server_url, conflicts_with_all = ["ResponseArgs", "pseudonymize"])]
    pub(super) against: Option<String>,
    /// Send also the requests that write to the server of `--against`.
    #[arg(long, requires = "against")]
    pub(super) yes: bool,
    #[command(flatten)]
    pub(super) pseudonyms: PseudonymArgs,
    /// File of differences that are accepted.
    #[arg(long, value_name = "FILE")]
    pub(super) accept: Option<PathBuf>,
    /// Write all differences to FILE, which `--accept` reads.
    #[arg(long, value_name = "FILE")]
    pub(super) write_accept: Option<PathBuf>,
    /// Write the operations and rules that the recordings confirm or contradict to FILE, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(super) evidence: Option<PathBuf>,
    /// Format of the report on standard output.
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(super) format: ReportFormat,
    #[command(flatten, next_help_heading = "Options of the mock, as of the server")]
    pub(super) responses: ResponseArgs,
}

/// The format of the report.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum ReportFormat {
    /// What differs, and the totals.
    Text,
    /// Every exchange, and the totals.
    Json,
    /// JUnit XML, with a test case for each exchange.
    Junit,
}

/// The end of the help of `replay`.
const REPLAY_HELP: &str = "\
The requests are sent in order, and each response is compared with the recorded one: status, vendor headers, media \
type, and JSON by path. Identifiers, times, tags, tokens and request ids are bound when they first appear, and \
substituted in later requests. Recorded credentials are never sent.\n\
Environment with --against: AGM_REPLAY_TOKEN is the bearer token; AGM_REPLAY_EMAIL and AGM_REPLAY_KEY are the \
X-Auth-Email and X-Auth-Key of Cloudflare; SSL_CERT_FILE is a PEM file with the certificates of the authorities that are \
trusted instead of the usual ones.\n\
Exit codes: 0 nothing differs beyond what is accepted, 1 something differs, 2 invalid arguments, or requests that write \
without --yes, 3 a file cannot be read.\n\
Example: access-groups-mock replay recording.har --format junit > report.xml";
