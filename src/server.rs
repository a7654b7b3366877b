//! `serve`: one way to run a server, shared by the binary, the fixture and the tests.
//!
//! HTTP/1.1 and HTTP/2 on one port, and with TLS also https on the same one: the first bytes of a connection tell.
//! A client that says nothing, or not enough, or does not read its answer, is waited for as long as a request may take.

use std::fmt;
use std::future::Future;
use std::io::{self, ErrorKind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::response::Response;
use futures_util::future::{Either, ready};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite, Interest};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::app::App;
use crate::front::Answering;
use crate::front::breaking::Cut;
use crate::http::links::Secure;
use crate::router::Door;
use crate::wire::{Busy, Line, Wire};

/// How long the server goes on listening to a connection that has begun a request and does not finish its head.
const LINGER: Duration = Duration::from_secs(1);

/// How long the listener rests after an error that is not the client's, such as too many open files.
const REST: Duration = Duration::from_secs(1);

/// How long the server rests before it looks again whether enough came to tell the protocol.
const GLANCE: Duration = Duration::from_millis(10);

/// The first byte of a TLS connection: a handshake record.
#[cfg(feature = "tls")]
const HANDSHAKE: u8 = 0x16;

/// What every HTTP/2 connection begins with.
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// What is spoken on a connection, as its first bytes tell.
#[derive(Debug, Clone, Copy)]
enum Protocol {
    Http1,
    Http2,
    #[cfg(feature = "tls")]
    Tls,
}

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
    let (open, closing) = watch::channel(());
    let mut shutdown = pin!(shutdown);
    loop {
        let stream = tokio::select! {
            () = &mut shutdown => break,
            stream = accept(&listener) => stream,
        };
        // Small answers must not wait for the acknowledgement of the one before.
        let _ = stream.set_nodelay(true);
        tokio::spawn(host.clone().welcome(stream, connections.watcher(), closing.clone()));
    }
    drop((listener, open));
    finish(connections, &in_flight).await;
    Ok(())
}

/// What serves a connection.
#[derive(Clone)]
struct Host {
    door: Door,
    http1: auto::Builder<TokioExecutor>,
    http2: auto::Builder<TokioExecutor>,
    in_flight: InFlight,
    /// How long a client may take to begin.
    limit: Duration,
    #[cfg(feature = "tls")]
    tls: Option<crate::tls::Tls>,
}

impl Host {
    fn new(app: &App, in_flight: InFlight) -> Self {
        let limit = app.config().request_timeout;
        let mut http1 = auto::Builder::new(TokioExecutor::new()).http1_only();
        // The connection's own limit, by `Line::idle`, also holds for heads, and costs a request next to nothing.
        http1.http1().header_read_timeout(None);
        let mut http2 = auto::Builder::new(TokioExecutor::new()).http2_only();
        http2.http2().timer(TokioTimer::new()).keep_alive_interval(limit).keep_alive_timeout(limit);
        Self {
            door: Door::new(app),
            http1,
            http2,
            in_flight,
            limit,
            #[cfg(feature = "tls")]
            tls: app.config().tls.clone(),
        }
    }

    /// Serves one connection, unless the server closes before anything came.
    async fn welcome(self, stream: TcpStream, watcher: Watcher, mut closing: watch::Receiver<()>) {
        let protocol = tokio::select! {
            protocol = tokio::time::timeout(self.limit, self.protocol_of(&stream)) => protocol,
            _ = closing.changed() => return,
        };
        let (wire, line) = Wire::new(stream);
        match protocol {
            #[cfg(feature = "tls")]
            Ok(Ok(Protocol::Tls)) => self.secure(wire, line, watcher).await,
            Ok(Ok(protocol)) => self.serve_connection(wire, line, (protocol, false), watcher).await,
            Ok(Err(error)) => tracing::debug!(%error, "a connection ended before it began"),
            Err(_) => tracing::debug!("a connection did not begin in time"),
        }
    }

    /// Looks at the first bytes of a connection, as many as it takes to tell what is spoken; of a client that sends no more
    /// they are HTTP/1.1, whatever they are.
    async fn protocol_of(&self, stream: &TcpStream) -> io::Result<Protocol> {
        let mut begun = [0; PREFACE.len()];
        loop {
            let length = stream.peek(&mut begun).await?;
            let begun = &begun[..length];
            #[cfg(feature = "tls")]
            if self.tls.is_some() && begun.first() == Some(&HANDSHAKE) {
                return Ok(Protocol::Tls);
            }
            if begun.is_empty() {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            if !PREFACE.starts_with(begun) {
                return Ok(Protocol::Http1);
            }
            if begun == PREFACE {
                return Ok(Protocol::Http2);
            }
            if stream.ready(Interest::READABLE).await?.is_read_closed() {
                return Ok(Protocol::Http1);
            }
            // What was seen stays to be read, so that nothing would wake this task when more comes.
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Serves one connection with TLS; without an agreement on the protocol it is HTTP/1.1, as RFC 9113 has it.
    #[cfg(feature = "tls")]
    async fn secure(&self, wire: Wire, line: Line, watcher: Watcher) {
        let Some(tls) = &self.tls else { return };
        match tokio::time::timeout(self.limit, tls.acceptor().accept(wire)).await {
            Ok(Ok(secured)) => {
                let is_http2 = secured.get_ref().1.alpn_protocol() == Some(b"h2");
                let protocol = if is_http2 { Protocol::Http2 } else { Protocol::Http1 };
                self.serve_connection(secured, line, (protocol, true), watcher).await;
            }
            Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        }
    }

    async fn serve_connection(
        &self,
        io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        line: Line,
        (protocol, is_secure): (Protocol, bool),
        watcher: Watcher,
    ) {
        let is_http2 = matches!(protocol, Protocol::Http2);
        let service = hyper::service::service_fn(|request: hyper::Request<Incoming>| {
            let mut request: Request = request.map(body_of);
            if is_secure {
                request.extensions_mut().insert(Secure);
            }
            let answer: Answering = if is_http2 {
                // The requests of one connection do not wait for each other.
                let door = self.door.clone();
                Either::Right(Box::pin(async move { door.answer(request).await }))
            } else {
                self.door.answer(request)
            };
            match answer {
                Either::Left(answer) => Either::Left(ready(sent_or_cut(answer.into_inner(), &line))),
                Either::Right(answer) => {
                    let (line, busy, entered) = (line.clone(), line.busy(), self.in_flight.enter());
                    Either::Right(async move {
                        let answer = answer.await;
                        drop(entered);
                        sent_or_cut(answer.map(|body| held(body, busy)), &line)
                    })
                }
            }
        });
        let http = if is_http2 { &self.http2 } else { &self.http1 };
        let connection = watcher.watch(http.serve_connection(TokioIo::new(io), service));
        tokio::select! {
            biased;
            ended = connection => if let Err(error) = ended {
                tracing::debug!(%error, "a connection ended");
            },
            () = line.idle(self.limit) => tracing::debug!("an idle connection is closed"),
        }
    }
}

/// The body of a request, as axum has it.
fn body_of(incoming: Incoming) -> Body {
    // Most requests have none, and need not carry what reads it.
    if incoming.is_end_stream() { Body::empty() } else { Body::new(incoming) }
}

/// A body whose connection is not idle until it has ended, where it is made while it is sent.
fn held(body: Body, busy: Busy) -> Body {
    if body.size_hint().exact().is_some() {
        return body;
    }
    Body::new(body.map_frame(move |frame| {
        let _until_the_end = &busy;
        frame
    }))
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
fn sent_or_cut(answer: Response, line: &Line) -> Result<Response, CutOff> {
    match answer.extensions().get::<Cut>() {
        None => Ok(answer),
        Some(Cut::Close) => Err(CutOff),
        Some(Cut::Reset) => {
            line.reset();
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
