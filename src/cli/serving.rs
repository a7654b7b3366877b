//! A server that runs in the background while the process waits for a signal or for a command.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

#[cfg(feature = "tls")]
use access_groups_mock::Tls;
use access_groups_mock::store::{ClockSetting, IdGenerator};
use access_groups_mock::{AdminAccess, App, Config, Seed, StateFileWriter, serve};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::args::Args;
use super::error::{BIND_FAILED, CliError, FAILED, INVALID_FILE};
use super::files::{self, OpenedState};
use super::health;
use super::watch::Watcher;

/// A server that was started, or an instance that was already running and is reused.
pub(super) struct RunningServer {
    /// The HTTP URL, without a trailing slash.
    pub(super) url: String,
    /// The HTTPS URL, if TLS is enabled.
    pub(super) tls_url: Option<String>,
    /// The port.
    pub(super) port: u16,
    /// Whether it was already running.
    pub(super) is_reused: bool,
    /// Whether it serves the console.
    pub(super) has_console: bool,
    /// The admin token that was generated for it.
    pub(super) generated_token: Option<String>,
    /// The certificate authority as PEM, if the server has its own.
    #[cfg(feature = "tls")]
    pub(super) ca_pem: Option<String>,
    tasks: Option<Tasks>,
}

/// The tasks of a server that was started by this process.
struct Tasks {
    stop: oneshot::Sender<()>,
    server: JoinHandle<std::io::Result<()>>,
    state_file: Option<StateFileWriter>,
    watch: Option<JoinHandle<()>>,
}

impl RunningServer {
    /// Starts a server with `args`, or reuses a running one; it is ready when this returns.
    pub(super) async fn start(mut args: Args, default_port: u16) -> Result<Self, CliError> {
        let fallback = args.fallback()?;
        let watcher = Watcher::new(&args)?;
        let seed = args.seed.as_deref().map(|path| files::read_seed(path, args.seed_format));
        let seed = seed.transpose()?.unwrap_or_default();
        let faults = args.faults.as_deref().map(files::read_faults).transpose()?.unwrap_or_default();
        let address = SocketAddr::new(args.host, args.port.unwrap_or(default_port));
        let Some(listener) = bind(address, args.reuse).await? else { return Ok(Self::reused(address)) };
        let failed = |what: &'static str| {
            move |error: std::io::Error| CliError::new(FAILED, format!("{what}: {error}"))
        };
        let bound = listener.local_addr().map_err(failed("the listener"))?;
        let seed_file = args.seed.clone();
        let opened = args
            .state_file
            .as_deref()
            .map(|path| files::open_state(path, args.state_sync(), args.state_recover));
        let opened = opened.transpose()?;
        let port_file = args.port_file.clone();
        if args.has_empty_admin_token() {
            tracing::warn!("the admin token is empty, so that /__admin requires none");
        }
        let generated_token = args.generate_admin_token();
        #[cfg(feature = "tls")]
        let tls = super::tls::load_tls(&args)?;
        let config = Config { fallback, ..args.into_config(bound, faults) };
        #[cfg(feature = "tls")]
        let config = Config { tls, ..config };
        let has_tls = config.has_tls();
        #[cfg(feature = "tls")]
        let ca_pem = config.tls.as_ref().and_then(Tls::ca_pem).map(str::to_owned);
        warn_of_closed_admin(&config);
        let has_console = cfg!(feature = "console") && config.admin != AdminAccess::Disabled;
        let (app, state_file) = create_app(config, &seed, seed_file.as_deref(), opened)?;
        let watch = watcher.map(|watcher| watcher.start(app.clone()));
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(async move {
            let stopped = async {
                let _ = stopped.await;
            };
            serve(listener, &app, stopped).await
        });
        if let Some(path) = port_file {
            write_port(&path, bound.port()).map_err(failed("the port file"))?;
        }
        let url = local_url(bound);
        Ok(Self {
            tls_url: has_tls.then(|| url.replacen("http:", "https:", 1)),
            url,
            port: bound.port(),
            is_reused: false,
            has_console,
            generated_token,
            #[cfg(feature = "tls")]
            ca_pem,
            tasks: Some(Tasks { stop, server, state_file, watch }),
        })
    }

    /// Returns an instance that is already running at `address`.
    fn reused(address: SocketAddr) -> Self {
        Self {
            url: local_url(address),
            tls_url: None,
            port: address.port(),
            is_reused: true,
            has_console: false,
            generated_token: None,
            #[cfg(feature = "tls")]
            ca_pem: None,
            tasks: None,
        }
    }

    /// Stops the server after the requests in flight, and writes the state file for the last time.
    pub(super) async fn stop(self) -> Result<(), CliError> {
        let Some(Tasks { stop, server, state_file, watch }) = self.tasks else { return Ok(()) };
        if let Some(watch) = watch {
            watch.abort();
        }
        // An error means that the server has already stopped.
        let _ = stop.send(());
        let failed = |error: String| CliError::new(FAILED, error);
        let served = match server.await {
            Ok(served) => served.map_err(|error| failed(error.to_string())),
            Err(error) => Err(failed(error.to_string())),
        };
        // The state is saved even if the server has failed.
        let saved = match state_file {
            Some(state_file) => {
                state_file.shutdown().await.map_err(|error| failed(format!("state file: {error}")))
            }
            None => Ok(()),
        };
        served.and(saved)
    }
}

/// Returns a listener at `address`; `None` if a running server has it and can be reused.
async fn bind(address: SocketAddr, can_reuse: bool) -> Result<Option<TcpListener>, CliError> {
    match TcpListener::bind(address).await {
        Ok(listener) => Ok(Some(listener)),
        Err(_) if can_reuse && health::check(&local_url(address)).is_ok() => Ok(None),
        Err(error) => Err(CliError::new(BIND_FAILED, bind_error(address, &error))),
    }
}

/// Creates the application from the seed or the opened state file, and starts to write the state file.
fn create_app(
    config: Config,
    seed: &Seed,
    seed_file: Option<&Path>,
    opened: Option<OpenedState>,
) -> Result<(App, Option<StateFileWriter>), CliError> {
    let state = opened.as_ref().and_then(|opened| opened.state.as_ref());
    let app = App::with_state(config, seed, state).map_err(|error| {
        // The seed is loaded first: if it is valid, the error is in the state file.
        let is_seed_error = seed.snapshot(ClockSetting::System, IdGenerator::from_seed(0)).is_err();
        match &opened {
            Some(opened) if !is_seed_error => opened.invalid(error),
            _ => {
                let source = seed_file.map(files::display_name).unwrap_or_default();
                CliError::new(INVALID_FILE, format!("{source}: {error}"))
            }
        }
    })?;
    let state_file = opened.map(|opened| opened.start_writing(&app)).transpose()?;
    Ok((app, state_file))
}

/// Returns the message that the server cannot listen on `address`, with what listens there and the ways out.
fn bind_error(address: SocketAddr, error: &std::io::Error) -> String {
    if error.kind() != std::io::ErrorKind::AddrInUse {
        return format!("cannot listen on {address}: {error}");
    }
    let (listener, reuse) = match health::check(&local_url(address)) {
        Ok(()) => ("another access-groups-mock is listening there", "use that one with --reuse, "),
        Err(_) => ("another program is listening there", ""),
    };
    format!(
        "cannot listen on {address}: {listener}; {reuse}choose another port with --port, or a free one with --port 0"
    )
}

/// Logs that the admin API of a server with `config` is closed.
fn warn_of_closed_admin(config: &Config) {
    let is_local = config.address.is_none_or(|address| address.ip().is_loopback());
    if config.admin == AdminAccess::Open && !is_local {
        tracing::warn!(
            "the server listens on a network address and has no admin token, so that /__admin is closed except for \
             the health check: set AGM_ADMIN_TOKEN, or listen on 127.0.0.1; --no-admin disables /__admin and this warning"
        );
    }
}

/// Returns the URL of a server that is bound to `address`, with a loopback address instead of an unspecified one.
fn local_url(address: SocketAddr) -> String {
    let host = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(host, address.port()))
}

/// Writes the port file atomically, so that a process that waits for it never reads an incomplete file.
fn write_port(path: &Path, port: u16) -> std::io::Result<()> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".tmp");
    std::fs::write(&temporary, format!("{port}\n"))?;
    std::fs::rename(&temporary, path)
}
