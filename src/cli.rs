//! The command line and its environment variables, and what the process says to its surroundings.

use std::io::{IsTerminal, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use access_groups_mock::{
    App, AuthMode, CloudflareConfig, Config, IsDefaultShape, RuleCheck, ScopeShape, Seed, serve,
};
use clap::{Parser, ValueEnum};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// The exit code when the server fails while it runs.
const FAILED: u8 = 1;
/// The exit code for a mistake in the seed; clap uses 2 for one in the arguments.
const BAD_SEED: u8 = 3;
/// The exit code when the address is taken or cannot be bound.
const CANNOT_BIND: u8 = 4;

/// A local, stateful mock of the access-group APIs of Cloudflare, IBM Cloud, Authress and FlickRocket.
///
/// Start it, point an SDK, a Terraform provider or curl at the URL that it prints, and use the vendors' own
/// paths. Everything is kept in memory and gone when it stops.
#[derive(Debug, Parser)]
#[command(
    version,
    max_term_width = 100,
    after_help = "Exit codes: 0 stopped by a signal, 1 failed, 2 wrong arguments, 3 wrong seed, 4 address taken.\n\
                  Example: access-groups-mock --port 0 --seed seeds/demo.json"
)]
struct Args {
    /// Address to listen on, or `localhost`.
    #[arg(long, env = "AGM_HOST", default_value = "127.0.0.1", value_name = "ADDRESS", value_parser = host)]
    host: IpAddr,
    /// Port to listen on; 0 picks a free one, which the ready line names.
    #[arg(long, env = "AGM_PORT", default_value_t = 4010)]
    port: u16,
    /// JSON file with the objects and credentials to start with; `-` reads standard input.
    #[arg(long, env = "AGM_SEED", value_name = "FILE")]
    seed: Option<PathBuf>,
    /// How credentials are checked.
    #[arg(long, env = "AGM_AUTH", value_enum, default_value_t = Auth::Lenient)]
    auth: Auth,
    /// Base of the links in answers, such as `https://mock.test`; by default each request's own host.
    #[arg(long, env = "AGM_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    public_url: Option<String>,
    /// Largest request body in bytes.
    #[arg(long, env = "AGM_BODY_LIMIT", value_name = "BYTES", default_value_t = 1024 * 1024)]
    body_limit: usize,
    /// Seconds that a request may take.
    #[arg(long, env = "AGM_REQUEST_TIMEOUT", value_name = "SECONDS", default_value_t = 30,
          value_parser = clap::value_parser!(u64).range(1..=86_400))]
    request_timeout: u64,
    /// Host name besides loopback that may use /__admin; repeat it, or separate several by commas.
    #[arg(long, env = "AGM_ALLOW_HOST", value_name = "HOST", value_delimiter = ',')]
    allow_host: Vec<String>,
    /// Origin that browsers may call from, or `*`; repeat it, or separate several by commas.
    #[arg(long, env = "AGM_CORS", value_name = "ORIGIN", value_delimiter = ',', value_parser = origin)]
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
    /// Least important messages that are logged: error, warn, info, debug or trace, also per module.
    #[arg(long, env = "AGM_LOG_LEVEL", value_name = "LEVEL", default_value = "warn", value_parser = log_level)]
    log_level: String,
    /// Form of the log on standard error.
    #[arg(long, env = "AGM_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
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
enum LogFormat {
    /// One line of text a message.
    Text,
    /// One JSON object a message.
    Json,
}

/// Why the process ends with another code than 0.
struct Exit {
    code: u8,
    message: String,
}

/// Runs the program.
pub(crate) fn run() -> ExitCode {
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = runtime
        .map_err(|error| Exit::new(FAILED, format!("the runtime does not start: {error}")))
        .and_then(|runtime| runtime.block_on(start(args)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(exit) => {
            let _ = writeln!(std::io::stderr(), "access-groups-mock: {}", exit.message);
            ExitCode::from(exit.code)
        }
    }
}

async fn start(args: Args) -> Result<(), Exit> {
    log_to_stderr(&args)?;
    let seed = args.seed.as_deref().map(read_seed).transpose()?.unwrap_or_default();
    let address = SocketAddr::new(args.host, args.port);
    let cannot_bind = |error| Exit::new(CANNOT_BIND, format!("cannot listen on {address}: {error}"));
    let listener = TcpListener::bind(address).await.map_err(cannot_bind)?;
    let bound = listener.local_addr().map_err(cannot_bind)?;
    let source = args.seed.as_deref().map(name_of).unwrap_or_default();
    let app = App::new(args.into_config(bound), seed)
        .map_err(|error| Exit::new(BAD_SEED, format!("{source}: {error}")))?;
    let stop = stop_signal().map_err(|error| Exit::new(FAILED, format!("no signals: {error}")))?;
    announce(bound).map_err(|error| Exit::new(FAILED, format!("standard output: {error}")))?;
    serve(listener, &app, stop).await.map_err(|error| Exit::new(FAILED, error.to_string()))
}

impl Exit {
    const fn new(code: u8, message: String) -> Self {
        Self { code, message }
    }
}

impl Args {
    fn into_config(self, bound: SocketAddr) -> Config {
        Config {
            auth: match self.auth {
                Auth::Lenient => AuthMode::Lenient,
                Auth::Off => AuthMode::Off,
                Auth::Strict => AuthMode::Strict,
            },
            public_url: self.public_url,
            body_limit: self.body_limit,
            request_timeout: Duration::from_secs(self.request_timeout),
            address: Some(bound),
            allow_hosts: present(self.allow_host),
            cors: present(self.cors),
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
            ..Config::default()
        }
    }
}

/// A list from the environment may hold empty items, which mean nothing.
fn present(items: Vec<String>) -> Vec<String> {
    items.into_iter().filter(|item| !item.is_empty()).collect()
}

fn host(text: &str) -> Result<IpAddr, String> {
    if text.eq_ignore_ascii_case("localhost") {
        return Ok(Ipv4Addr::LOCALHOST.into());
    }
    text.parse().map_err(|_| "must be an IP address or localhost".to_owned())
}

fn public_url(text: &str) -> Result<String, String> {
    if is_url(text) {
        Ok(text.to_owned())
    } else {
        Err("must begin with http:// or https:// and a host".to_owned())
    }
}

fn origin(text: &str) -> Result<String, String> {
    let has_path = text.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
    if text.is_empty() || text == "*" || (is_url(text) && !has_path) {
        return Ok(text.to_owned());
    }
    Err("must be an origin such as http://localhost:3000, or *".to_owned())
}

/// Whether `text` is an HTTP URL of the characters that a URL has.
fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let is_of_urls = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/[]@!$&'()*+,;=%".contains(&byte);
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && rest.bytes().all(is_of_urls))
}

/// A filter takes any word for the name of a module, so that a mistyped level would silence the log.
fn log_level(text: &str) -> Result<String, String> {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let is_sound = |part: &str| part.contains('=') || LEVELS.contains(&part.to_ascii_lowercase().as_str());
    if text.split(',').all(is_sound) {
        Ok(text.to_owned())
    } else {
        Err(format!("must be one of {}", LEVELS.join(", ")))
    }
}

fn log_to_stderr(args: &Args) -> Result<(), Exit> {
    let filter = EnvFilter::try_new(&args.log_level)
        .map_err(|error| Exit::new(2, format!("--log-level {}: {error}", args.log_level)))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match args.log_format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => log.json().init(),
    }
    // A panic is told of in the form of the log, and answered with a 500.
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "panicked")));
    Ok(())
}

/// How a message names the seed.
fn name_of(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

fn read_seed(path: &Path) -> Result<Seed, Exit> {
    let mistake = |reason: String| Exit::new(BAD_SEED, format!("{}: {reason}", name_of(path)));
    let text = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    let text = text.map_err(|error| mistake(error.to_string()))?;
    Seed::parse(&text).map_err(|error| mistake(error.to_string()))
}

/// Writes the ready line to standard output: for a person on a terminal, as JSON elsewhere.
fn announce(bound: SocketAddr) -> std::io::Result<()> {
    let url = format!("http://{bound}");
    let mut out = std::io::stdout();
    if out.is_terminal() {
        writeln!(
            out,
            "access-groups-mock {} is ready on {url} (Ctrl-C stops it)",
            env!("CARGO_PKG_VERSION")
        )?;
    } else {
        let pid = std::process::id();
        writeln!(out, r#"{{"event":"ready","url":"{url}","port":{},"pid":{pid}}}"#, bound.port())?;
    }
    out.flush()
}

/// Returns a future that ends with Ctrl-C or SIGTERM; the handlers are in place when it is returned.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        // Who asks again does not want to wait for the requests in flight.
        tokio::spawn(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            std::process::exit(FAILED.into());
        });
    })
}

/// Returns a future that ends with Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
