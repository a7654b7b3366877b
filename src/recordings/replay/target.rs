//! The server that gets the requests of a replay: a mock in this process, or a server that the user names.

use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use tower::ServiceExt;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use super::compare::Response;
use super::request::ReplayRequest;

/// The maximum size of a response.
const MAX_RESPONSE_BYTES: usize = 256 * 1024 * 1024;

/// The maximum duration of a request to another server.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A server that the user names.
#[derive(Debug, Clone)]
pub struct TargetServer {
    /// The base URL: the part before the path in the API of the vendor.
    pub base_url: String,
    /// The headers with the credentials of all requests, which contain no recorded ones.
    pub credentials: Vec<(HeaderName, HeaderValue)>,
    /// The certificates of the authorities that are trusted; those of Mozilla if absent.
    authorities: Option<Vec<Certificate<'static>>>,
}

impl TargetServer {
    /// Returns the server at `base_url`, without credentials.
    pub fn new(base_url: impl Into<String>) -> Self {
        Self { base_url: base_url.into(), credentials: Vec::new(), authorities: None }
    }

    /// Trusts only the authorities whose certificates `pem` contains.
    ///
    /// # Errors
    /// The reason: `pem` is invalid, or contains no certificate.
    pub fn trust_only(&mut self, pem: &[u8]) -> Result<(), String> {
        let mut certificates = Vec::new();
        for item in parse_pem(pem) {
            if let PemItem::Certificate(certificate) = item.map_err(|error| error.to_string())? {
                certificates.push(certificate);
            }
        }
        if certificates.is_empty() {
            return Err("contains no certificate".to_owned());
        }
        self.authorities = Some(certificates);
        Ok(())
    }

    fn tls(&self) -> TlsConfig {
        let authorities = self.authorities.as_deref();
        let roots = authorities.map_or(RootCerts::WebPki, RootCerts::new_with_certs);
        TlsConfig::builder().root_certs(roots).build()
    }
}

/// The server that gets the requests.
#[derive(Debug, Clone)]
pub(super) enum Target {
    /// A mock in this process.
    Mock(Router),
    /// Another server, with its base URL without a slash at its end.
    Server { agent: ureq::Agent, base_url: String },
}

impl Target {
    /// Returns a server that the user names.
    pub(super) fn server(server: &TargetServer) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            // A redirection is a response that is compared.
            .max_redirects(0)
            .tls_config(server.tls())
            .timeout_global(Some(TIMEOUT));
        let base_url = server.base_url.trim_end_matches('/').to_owned();
        Self::Server { agent: config.build().into(), base_url }
    }

    /// Sends a request and returns the response.
    ///
    /// # Errors
    /// The reason why there is no response.
    pub(super) async fn send(&self, request: ReplayRequest) -> Result<Response, String> {
        match self {
            Self::Mock(router) => send_to_mock(router, request).await,
            Self::Server { agent, base_url } => send_to_server(agent, base_url, request),
        }
    }
}

async fn send_to_mock(router: &Router, request: ReplayRequest) -> Result<Response, String> {
    let mut http = Request::builder().method(request.method.as_str()).uri(&request.path_and_query);
    for (name, value) in request.headers {
        http = http.header(name, value);
    }
    if !request.body.is_empty() {
        http = http.header("content-length", request.body.len());
    }
    let http = http.body(Body::from(request.body)).map_err(|error| format!("invalid request: {error}"))?;
    let response = match router.clone().oneshot(http).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, MAX_RESPONSE_BYTES).await.map_err(|error| error.to_string())?;
    Ok(Response { status: parts.status.as_u16(), headers: parts.headers, body: body.into() })
}

fn send_to_server(agent: &ureq::Agent, base_url: &str, request: ReplayRequest) -> Result<Response, String> {
    let uri = format!("{base_url}{}", request.path_and_query);
    let mut http = ureq::http::Request::builder().method(request.method.as_str()).uri(uri);
    for (name, value) in request.headers {
        http = http.header(name, value);
    }
    let invalid = |error: ureq::http::Error| format!("invalid request: {error}");
    let response = if request.body.is_empty() {
        agent.run(http.body(()).map_err(invalid)?)
    } else {
        agent.run(http.body(request.body.to_vec()).map_err(invalid)?)
    };
    let mut response = response.map_err(|error| error.to_string())?;
    let limit = MAX_RESPONSE_BYTES as u64;
    let body =
        response.body_mut().with_config().limit(limit).read_to_vec().map_err(|error| error.to_string())?;
    Ok(Response { status: response.status().as_u16(), headers: response.headers().clone(), body })
}
