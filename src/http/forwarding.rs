//! Forwarding: a request whose path no operation has is sent to the fallback server of its API.
//!
//! Each request uses a connection of its own, because the server is on the same machine. Replaces hyper-util's client,
//! whose pool and connectors are not needed.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{
    CONNECTION, CONTENT_LENGTH, EXPECT, HOST, HeaderName, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE,
    TRAILER, TRANSFER_ENCODING, UPGRADE, VIA,
};
use axum::http::{HeaderMap, HeaderValue, Method, Uri};
use axum::response::Response;
use futures_util::future::{Either, select};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::origin::Page;
use super::{BoxedHandler, DialectSpec, Endpoint, HandlerResult, RequestContext, body};
use crate::config::FallbackConfig;
use crate::config::fallback_url::FallbackUrl;
use crate::control::redaction;
use crate::spec::{ApiError, RequestError};

/// The maximum length of a response of a fallback server, in bytes.
pub const MAX_RESPONSE_BYTES: usize = 16 * 1024 * 1024;

/// The response header with the URL of the fallback server.
const X_MOCK_FALLBACK: HeaderName = HeaderName::from_static("x-mock-fallback");

/// The entry in `Via` of a forwarded request, by which another server of this kind recognizes it.
const VIA_ENTRY: &str = "1.1 access-groups-mock";

/// The start of the names of the headers that control this server.
const CONTROL_PREFIX: &str = "x-mock-";

/// The start of the names of the CORS headers.
const CORS_PREFIX: &str = "access-control-";

/// The headers that apply to one connection only, besides those that `Connection` names (RFC 9110, section 7.6.1).
const HOP_BY_HOP: [HeaderName; 9] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// A response extension with the URL of the fallback server that sent the response.
#[derive(Debug, Clone)]
pub struct ForwardedResponse(pub Arc<str>);

/// A fallback server, and the API whose requests are forwarded to it.
#[derive(Debug)]
struct Forwarder {
    dialect: &'static DialectSpec,
    url: FallbackUrl,
    /// The start of paths that is not forwarded.
    removed_prefix: &'static str,
}

impl Endpoint {
    /// Returns the endpoint for paths without a route whose requests are forwarded to the server at `url`, without
    /// `removed_prefix`.
    pub fn forwarding(dialect: &'static DialectSpec, url: FallbackUrl, removed_prefix: &'static str) -> Self {
        let forwarder = Arc::new(Forwarder { dialect, url, removed_prefix });
        let handler = move |context: RequestContext, request: Request| {
            let forwarder = Arc::clone(&forwarder);
            async move { forwarder.forward(&context, request).await }
        };
        Self { operation: None, is_forwarding: true, handler: BoxedHandler::new(handler) }
    }
}

impl Forwarder {
    /// Returns the response of the fallback server.
    ///
    /// # Errors
    /// [`RequestError::RouteNotFound`] for the request of a foreign web page and for CONNECT, which has no path,
    /// [`RequestError::BodyTooLarge`], and [`DialectSpec::fallback_failed`] with the reason.
    async fn forward(&self, context: &RequestContext, request: Request) -> HandlerResult {
        let config = context.config();
        // The fallback server cannot reject the request of a foreign page, because it receives its own host in `Host`.
        let is_foreign = Page::is_foreign(request.uri(), request.headers(), config);
        if is_foreign || request.method() == Method::CONNECT {
            return Err(RequestError::RouteNotFound);
        }
        if is_forwarded(request.headers()) {
            return Err(
                self.failed("the request was already forwarded by the fallback of an access-groups-mock")
            );
        }
        let (parts, body) = request.into_parts();
        let body = body::read_undecoded(config.body_limit, &parts.headers, body).await?;
        let headers = self.request_headers(&parts.headers, &config.fallback);
        let target: Uri = self
            .target(context.0.path_and_query())
            .parse()
            .map_err(|_| self.failed("the path is not a valid URI"))?;
        let response = self.exchange((parts.method, target, headers), body, &config.fallback).await;
        match response {
            Ok(response) => Ok(self.mark(response).into()),
            Err(reason) => Err(self.failed(&reason)),
        }
    }

    /// Returns the path and query of the forwarded request.
    fn target(&self, path_and_query: &str) -> String {
        let split = path_and_query.split_at_checked(self.removed_prefix.len());
        let rest = split.filter(|(start, rest)| {
            start.eq_ignore_ascii_case(self.removed_prefix) && rest.starts_with(['/', '?'])
        });
        let rest = rest.map_or(path_and_query, |(_, rest)| rest);
        let separator = if rest.starts_with('/') { "" } else { "/" };
        [self.url.base_path(), separator, rest].concat()
    }

    /// Returns the end-to-end headers of a request, with the host of the fallback server and an entry in `Via`; without
    /// those that control this server, and without credentials unless they are forwarded.
    fn request_headers(&self, received: &HeaderMap, config: &FallbackConfig) -> HeaderMap {
        let mut headers = end_to_end(received);
        let names: Vec<HeaderName> = headers.keys().cloned().collect();
        for name in names {
            let is_credential = redaction::is_credential_header(name.as_str()) || name == "x-auth-email";
            if name.as_str().starts_with(CONTROL_PREFIX) || (is_credential && !config.forward_credentials) {
                headers.remove(name);
            }
        }
        // The body was received completely, so that its length is known.
        headers.remove(CONTENT_LENGTH);
        headers.remove(EXPECT);
        if let Ok(host) = HeaderValue::from_str(self.url.authority()) {
            headers.insert(HOST, host);
        }
        headers.append(VIA, HeaderValue::from_static(VIA_ENTRY));
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        headers
    }

    /// Sends a request and receives the whole response.
    ///
    /// # Errors
    /// The reason: the server cannot be reached, the connection fails, or the response is too long.
    async fn exchange(
        &self,
        (method, target, headers): (Method, Uri, HeaderMap),
        body: Bytes,
        config: &FallbackConfig,
    ) -> Result<Response, String> {
        let mut request = Request::new(Full::new(body));
        (*request.method_mut(), *request.uri_mut(), *request.headers_mut()) = (method, target, headers);
        let stream = self.connect(config.allow_remote).await?;
        let failed = |error: hyper::Error| format!("the connection to {} failed: {error}", self.url);
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(failed)?;
        let exchange = async {
            let (parts, body) = sender.send_request(request).await.map_err(failed)?.into_parts();
            if parts.status.is_informational() {
                return Err(format!("{} sent the status {}", self.url, parts.status));
            }
            let body = Limited::new(body, MAX_RESPONSE_BYTES).collect().await;
            let body =
                body.map_err(|error| format!("the response of {} cannot be read: {error}", self.url))?;
            Ok(Response::from_parts(parts, Body::from(body.to_bytes())))
        };
        match select(pin!(exchange), pin!(connection)).await {
            Either::Left((response, _)) => response,
            // The connection has ended; what it received is still available.
            Either::Right((_, exchange)) => exchange.await,
        }
    }

    /// Connects to the first reachable address of the host; only to loopback addresses unless `allow_remote`.
    async fn connect(&self, allow_remote: bool) -> Result<TcpStream, String> {
        let resolved = tokio::net::lookup_host((self.url.host(), self.url.port())).await;
        let addresses: Vec<SocketAddr> = resolved
            .map_err(|error| format!("{} cannot be resolved: {error}", self.url))?
            .filter(|address| allow_remote || address.ip().to_canonical().is_loopback())
            .collect();
        if addresses.is_empty() {
            return Err(format!("{} has no loopback address, and --fallback-remote is not set", self.url));
        }
        let stream = TcpStream::connect(&addresses[..]).await;
        stream.map_err(|error| format!("{} cannot be reached: {error}", self.url))
    }

    /// Returns a response of the fallback server with its end-to-end headers and `X-Mock-Fallback`.
    ///
    /// Its CORS headers are removed, because `--cors` decides which pages may read responses of this server.
    fn mark(&self, mut response: Response) -> Response {
        let mut headers = end_to_end(response.headers());
        let names: Vec<HeaderName> = headers.keys().cloned().collect();
        for name in names.into_iter().filter(|name| name.as_str().starts_with(CORS_PREFIX)) {
            headers.remove(name);
        }
        if let Ok(url) = HeaderValue::from_str(&self.url.shared()) {
            headers.insert(X_MOCK_FALLBACK, url);
        }
        *response.headers_mut() = headers;
        response.extensions_mut().insert(ForwardedResponse(self.url.shared()));
        response
    }

    fn failed(&self, reason: &str) -> RequestError {
        let error = self.dialect.fallback_failed.error();
        ApiError { message_override: Some(format!("{}: {reason}", error.code.message)), ..error }.into()
    }
}

/// Returns whether a request was forwarded by a server of this kind.
fn is_forwarded(headers: &HeaderMap) -> bool {
    let values = headers.get_all(VIA).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|entry| entry.trim() == VIA_ENTRY)
}

/// Returns the headers that do not apply to one connection only.
fn end_to_end(headers: &HeaderMap) -> HeaderMap {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    let mut headers = headers.clone();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove(name);
    }
    headers
}
