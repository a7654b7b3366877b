//! A server that runs while the process does something else: waits for a signal, or for a command.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use access_groups_mock::store::{Clock, Ids};
use access_groups_mock::{App, StateFile, serve};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::args::Args;
use super::{BAD_SEED, CANNOT_BIND, Exit, FAILED, files, health};

/// A server that runs, or one that ran already and is used.
pub(super) struct Serving {
    /// Its URL, without a slash at the end.
    pub(super) url: String,
    /// Its URL with TLS, where it has it.
    pub(super) tls_url: Option<String>,
    /// Its port.
    pub(super) port: u16,
    /// Whether it ran already.
    pub(super) is_reused: bool,
    running: Option<Running>,
}

struct Running {
    stop: oneshot::Sender<()>,
    server: JoinHandle<std::io::Result<()>>,
    state_file: Option<StateFile>,
}

impl Serving {
    /// Starts what `args` ask for; it is ready when this returns.
    pub(super) async fn start(args: Args, default_port: u16) -> Result<Self, Exit> {
        let seed = args.seed.as_deref().map(files::read_seed).transpose()?.unwrap_or_default();
        let faults = args.faults.as_deref().map(files::read_faults).transpose()?.unwrap_or_default();
        let state = args.state_file.as_deref().map(files::read_state).transpose()?.flatten();
        let address = SocketAddr::new(args.host, args.port.unwrap_or(default_port));
        let listener = match TcpListener::bind(address).await {
            Ok(listener) => listener,
            Err(_) if args.reuse && health::ask(&url_of(address)).is_ok() => {
                return Ok(Self::reused(address));
            }
            Err(error) => return Err(Exit::new(CANNOT_BIND, format!("cannot listen on {address}: {error}"))),
        };
        let failed =
            |what: &'static str| move |error: std::io::Error| Exit::new(FAILED, format!("{what}: {error}"));
        let bound = listener.local_addr().map_err(failed("the listener"))?;
        let (seed_file, state_path) = (args.seed.clone(), args.state_file.clone());
        let port_file = args.port_file.clone();
        #[cfg(feature = "tls")]
        let tls = super::tls::tls_of(&args)?;
        #[cfg_attr(not(feature = "tls"), expect(unused_mut, reason = "only TLS is set afterwards"))]
        let mut config = args.into_config(bound, faults);
        #[cfg(feature = "tls")]
        {
            config.tls = tls;
        }
        let has_tls = config.has_tls();
        let app = App::with_state(config, &seed, state.as_ref()).map_err(|error| {
            // The seed is looked at first: where it is sound, the mistake is in the state file.
            let is_seeds = seed.snapshot(Clock::System, Ids::seeded(0)).is_err();
            let source = if is_seeds { &seed_file } else { &state_path };
            let source = source.as_deref().map(files::name_of).unwrap_or_default();
            Exit::new(BAD_SEED, format!("{source}: {error}"))
        })?;
        let state_file = state_path.map(|path| StateFile::keep(&app, path));
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
        let url = url_of(bound);
        Ok(Self {
            tls_url: has_tls.then(|| url.replacen("http:", "https:", 1)),
            url,
            port: bound.port(),
            is_reused: false,
            running: Some(Running { stop, server, state_file }),
        })
    }

    fn reused(address: SocketAddr) -> Self {
        Self { url: url_of(address), tls_url: None, port: address.port(), is_reused: true, running: None }
    }

    /// Lets the requests in flight finish, and writes the state file a last time.
    pub(super) async fn stop(self) -> Result<(), Exit> {
        let Some(Running { stop, server, state_file }) = self.running else { return Ok(()) };
        // A server that has ended already needs no message.
        let _ = stop.send(());
        let failed = |error: String| Exit::new(FAILED, error);
        server
            .await
            .map_err(|error| failed(error.to_string()))?
            .map_err(|error| failed(error.to_string()))?;
        match state_file {
            Some(state_file) => {
                state_file.finish().await.map_err(|error| failed(format!("state file: {error}")))
            }
            None => Ok(()),
        }
    }
}

/// The URL by which this machine reaches a server that is bound to `address`.
fn url_of(address: SocketAddr) -> String {
    let host = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(host, address.port()))
}

/// Writes the port in one step, so that whoever waits for the file finds it whole.
fn write_port(path: &Path, port: u16) -> std::io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".tmp");
    std::fs::write(&beside, format!("{port}\n"))?;
    std::fs::rename(&beside, path)
}
