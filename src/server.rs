//! `serve`: one way to run a server, shared by the binary, the fixture and the tests.
//!
//! HTTP/1.1 and HTTP/2 on one port, and with TLS also https on the same one: the first byte of a connection tells.

use std::fmt;
use std::future::Future;
use std::io::{self, ErrorKind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};

use crate::app::App;
use crate::front::breaking::Cut;
use crate::http::links::Secure;
use crate::router::Door;
use crate::wire::{Resetter, Wire};

/// How long the server goes on listening to a connection that has begun a request and does not finish its head.
const LINGER: Duration = Duration::from_secs(1);

/// How long the listener rests after an error that is not the client's, such as too many open files.
const REST: Duration = Duration::from_secs(1);

/// The first byte of a TLS connection: a handshake record.
#[cfg(feature = "tls")]
const HANDSHAKE: u8 = 0x16;

/// Serves `app` on `listener` until `shutdown` is done; then requests in flight finish, each within the time
/// limit of a request.
///
/// # Errors
/// None at present: an error of one connection ends that connection, and one of the listener is waited out.
///
/// ```
/// use access_groups_mock::{App, Config, Seed, serve};
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
/// # runtime.block_on(async {
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
/// let app = App::new(Config::default(), Seed::default()).unwrap();
/// serve(listener, &app, async { /* until this is done */ }).await.unwrap();
/// # });
/// ```
pub async fn serve(listener: TcpListener, app: &App, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    let in_flight = InFlight::default();
    let host = Host::new(app, in_flight.clone());
    let connections = GracefulShutdown::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let stream = tokio::select! {
            () = &mut shutdown => break,
            stream = accept(&listener) => stream,
        };
        // Small answers must not wait for the acknowledgement of the one before.
        let _ = stream.set_nodelay(true);
        tokio::spawn(host.clone().welcome(stream, connections.watcher()));
    }
    drop(listener);
    finish(connections, &in_flight).await;
    Ok(())
}

/// What serves a connection.
#[derive(Clone)]
struct Host {
    door: Door,
    http: auto::Builder<TokioExecutor>,
    in_flight: InFlight,
    /// How long a client may take to begin.
    #[cfg(feature = "tls")]
    limit: Duration,
    #[cfg(feature = "tls")]
    tls: Option<crate::tls::Tls>,
}

impl Host {
    fn new(app: &App, in_flight: InFlight) -> Self {
        let limit = app.config().request_timeout;
        let mut http = auto::Builder::new(TokioExecutor::new());
        http.http1().timer(TokioTimer::new()).header_read_timeout(limit);
        http.http2().timer(TokioTimer::new());
        Self {
            door: Door::new(app),
            http,
            in_flight,
            #[cfg(feature = "tls")]
            limit,
            #[cfg(feature = "tls")]
            tls: app.config().tls.clone(),
        }
    }

    /// Serves one connection: with TLS where it begins so and the server can.
    #[cfg(feature = "tls")]
    async fn welcome(self, stream: TcpStream, watcher: Watcher) {
        let Some(tls) = &self.tls else { return self.serve(Wire::new(stream), watcher).await };
        let mut first = [0];
        let begun = tokio::time::timeout(self.limit, stream.peek(&mut first)).await;
        if !matches!(begun, Ok(Ok(1))) {
            return;
        }
        let (wire, resetter) = Wire::new(stream);
        if first[0] != HANDSHAKE {
            return self.serve((wire, resetter), watcher).await;
        }
        match tokio::time::timeout(self.limit, tls.acceptor().accept(wire)).await {
            Ok(Ok(secured)) => self.serve_connection(secured, resetter, true, watcher).await,
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        }
    }

    /// Serves one connection.
    #[cfg(not(feature = "tls"))]
    async fn welcome(self, stream: TcpStream, watcher: Watcher) {
        self.serve(Wire::new(stream), watcher).await;
    }

    async fn serve(&self, (wire, resetter): (Wire, Resetter), watcher: Watcher) {
        self.serve_connection(wire, resetter, false, watcher).await;
    }

    async fn serve_connection(
        &self,
        io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        resetter: Resetter,
        is_secure: bool,
        watcher: Watcher,
    ) {
        let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
            let mut request: Request = request.map(Body::new);
            if is_secure {
                request.extensions_mut().insert(Secure);
            }
            let (answer, entered) = (self.door.answer(request), self.in_flight.enter());
            let resetter = resetter.clone();
            async move {
                let answer = answer.await;
                drop(entered);
                sent_or_cut(answer, &resetter)
            }
        });
        let connection = watcher.watch(self.http.serve_connection(TokioIo::new(io), service));
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended");
        }
    }
}

/// An answer that is not sent because a fault ends the connection instead.
#[derive(Debug)]
struct CutOff;

impl fmt::Display for CutOff {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a fault ended the connection")
    }
}

impl std::error::Error for CutOff {}

/// Lets an answer through, unless it stands for the end of the connection.
fn sent_or_cut(answer: Response, resetter: &Resetter) -> Result<Response, CutOff> {
    match answer.extensions().get::<Cut>() {
        None => Ok(answer),
        Some(Cut::Close) => Err(CutOff),
        Some(Cut::Reset) => {
            resetter.reset();
            Err(CutOff)
        }
    }
}

/// Waits for the next connection, whatever happens to others meanwhile.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(error) if is_the_clients(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted");
                tokio::time::sleep(REST).await;
            }
        }
    }
}

fn is_the_clients(error: &io::Error) -> bool {
    use ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Lets the requests in flight finish, and closes what is left once there is none.
async fn finish(connections: GracefulShutdown, in_flight: &InFlight) {
    let mut closed = pin!(connections.shutdown());
    while tokio::time::timeout(LINGER, &mut closed).await.is_err() {
        if in_flight.is_none() {
            tracing::debug!("connections without a request are cut off");
            return;
        }
    }
}

/// The number of requests whose answer is not there yet.
#[derive(Debug, Clone, Default)]
struct InFlight(Arc<AtomicUsize>);

/// A request in flight, until it is dropped.
struct Entered(InFlight);

impl InFlight {
    fn enter(&self) -> Entered {
        self.0.fetch_add(1, Ordering::Relaxed);
        Entered(self.clone())
    }

    fn is_none(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}
