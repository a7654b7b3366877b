//! The baseline of `benches/load/run`: a bare axum router whose routes return prepared responses.
//!
//! `bare-axum PORT ROUTES [--tls]` serves 127.0.0.1 until it is killed, with HTTP/1.1 and HTTP/2. ROUTES is a JSON file
//! with a list of `{"method", "path", "status", "headers": [[NAME, VALUE], …], "body"}`; the paths are axum routes.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Method, Response, StatusCode};
use axum::routing::{MethodFilter, MethodRouter, on};
use axum::serve::{Listener, ListenerExt};
use serde::Deserialize;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::server::TlsStream;

/// One operation and its response.
#[derive(Deserialize)]
struct Route {
    method: String,
    path: String,
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// A prepared response; a clone copies only pointers.
#[derive(Clone)]
struct PreparedResponse {
    status: StatusCode,
    headers: &'static [(HeaderName, HeaderValue)],
    body: Bytes,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(port), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err(io::Error::other("usage: bare-axum PORT ROUTES [--tls]"));
    };
    let is_tls = arguments.next().is_some_and(|argument| argument == "--tls");
    let port: u16 = port.parse().map_err(io::Error::other)?;
    let routes: Vec<Route> = serde_json::from_slice(&std::fs::read(file)?)?;
    let mut router = Router::new();
    for route in routes {
        router = router.route(&route.path, method_router(&route)?);
    }
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    writeln!(io::stdout(), "{{\"event\":\"ready\",\"port\":{}}}", listener.local_addr()?.port())?;
    let listener = listener.tap_io(|stream| {
        // Small responses must not wait for the acknowledgement of the previous one.
        let _ = stream.set_nodelay(true);
    });
    if is_tls {
        return axum::serve(TlsListener { listener, acceptor: acceptor()? }, router).await;
    }
    axum::serve(listener, router).await
}

/// Accepts TLS connections, one handshake at a time.
struct TlsListener<L> {
    listener: L,
    acceptor: TlsAcceptor,
}

impl<L: Listener<Io = TcpStream, Addr = SocketAddr>> Listener for TlsListener<L> {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = self.listener.accept().await;
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Returns the configuration of TLS that the server has, with a certificate of its own.
fn acceptor() -> io::Result<TlsAcceptor> {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).map_err(io::Error::other)?;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(certified.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.into()], key);
    let mut config = config.map_err(io::Error::other)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn method_router(route: &Route) -> io::Result<MethodRouter> {
    let method: Method = route.method.parse().map_err(io::Error::other)?;
    let filter = MethodFilter::try_from(method.clone()).map_err(io::Error::other)?;
    let prepared = PreparedResponse::new(route)?;
    if method == Method::GET || method == Method::HEAD {
        return Ok(on(filter, async move || prepared.response()));
    }
    // The body is read, because any handler that creates something has to read it.
    Ok(on(filter, async move |body: Bytes| {
        drop(body);
        prepared.response()
    }))
}

impl PreparedResponse {
    fn new(route: &Route) -> io::Result<Self> {
        let header = |(name, value): &(String, String)| {
            let name: HeaderName = name.parse().map_err(io::Error::other)?;
            Ok((name, HeaderValue::from_str(value).map_err(io::Error::other)?))
        };
        let headers: Vec<_> = route.headers.iter().map(header).collect::<io::Result<_>>()?;
        Ok(Self {
            status: StatusCode::from_u16(route.status).map_err(io::Error::other)?,
            headers: headers.leak(),
            body: Bytes::from(route.body.clone()),
        })
    }

    fn response(&self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.status_mut() = self.status;
        for (name, value) in self.headers {
            response.headers_mut().append(name, value.clone());
        }
        response
    }
}
