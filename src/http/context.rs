//! What is known of a request before its handler runs, and the handler's way to the store.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use axum::extract::{FromRequestParts, Request};
use axum::http::header::ORIGIN;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use uuid::Uuid;

use super::base_url::{ReceivedUri, RequestOrigin};
use super::namespace::RequestNamespace;
use crate::app::App;
use crate::control::faults::FailItems;
use crate::spec::{ApiSpec, Apis, Operation, RequestError};

/// Room for the base of links; a longer one grows.
const USUAL_BASE_BYTES: usize = 64;

/// What is known of a request before its handler runs.
#[derive(Debug)]
pub struct RequestMeta {
    /// The server in the namespace that the request is for.
    pub app: App,
    /// The dialect that owns the path.
    pub api: &'static ApiSpec,
    /// The operation; `None` where no route has the path and method.
    pub operation: Option<&'static Operation>,
    /// Every API of the server.
    pub apis: &'static Apis,
    /// The method as received.
    pub method: Method,
    /// The identifier of the request, by which the journal finds it.
    pub id: Uuid,
    /// The identifier as the vendor shows it: the client's own where the dialect has a header for it, else `id`.
    pub request_id: HeaderValue,
    /// The `Origin` of the request.
    pub origin: Option<HeaderValue>,
    /// The parts of a bulk call that a fault makes fail.
    pub fail_items: Option<FailItems>,
    /// The prefix of the path that named the namespace, as it was sent; empty where none did.
    prefix: String,
    origin_info: RequestOrigin,
    base_url: OnceLock<String>,
}

/// What is known of an endpoint before any request.
#[derive(Debug, Clone, Copy)]
pub struct EndpointInfo {
    /// The API.
    pub api: &'static ApiSpec,
    /// The request header by which a client names its request.
    pub request_id_header: Option<&'static HeaderName>,
    /// The operation; `None` for a path or a method that no operation has.
    pub operation: Option<&'static Operation>,
    /// Every API of the server.
    pub apis: &'static Apis,
}

impl RequestMeta {
    /// Returns the metadata of a request to `endpoint` in `namespace`, whose target becomes the received one again.
    pub fn new(endpoint: EndpointInfo, namespace: RequestNamespace, request: &mut Request, id: Uuid) -> Self {
        if let Some(ReceivedUri(uri)) = request.extensions_mut().remove() {
            *request.uri_mut() = uri;
        }
        let EndpointInfo { api, request_id_header, operation, apis } = endpoint;
        let RequestNamespace { app, prefix, error: _ } = namespace;
        let headers = request.headers();
        Self {
            request_id: client_request_id(request_id_header, headers).unwrap_or_else(|| uuid_header(id)),
            id,
            app,
            api,
            operation,
            apis,
            method: request.method().clone(),
            origin: headers.get(ORIGIN).cloned(),
            fail_items: None,
            prefix,
            origin_info: RequestOrigin::from_request(request),
            base_url: OnceLock::new(),
        }
    }

    /// Returns the identifier of the request as the vendor shows it.
    pub fn request_id(&self) -> &str {
        self.request_id.to_str().unwrap_or_default()
    }

    /// Returns the path as received, without the prefix of a namespace.
    pub fn path(&self) -> &str {
        self.origin_info.uri().path()
    }

    /// Returns the path with its query as received, without the prefix of a namespace.
    pub fn path_and_query(&self) -> &str {
        self.origin_info.uri().path_and_query().map_or("/", |target| target.as_str())
    }

    /// Returns the base of absolute links, without a slash at its end: `--public-url`, or where the client found
    /// the server, each with the prefix of the namespace.
    pub fn base_url(&self) -> &str {
        self.base_url.get_or_init(|| {
            let mut url = String::with_capacity(USUAL_BASE_BYTES);
            match &self.app.config().public_url {
                Some(public) => url.push_str(public.trim_end_matches('/')),
                None => self.origin_info.write_base_url(&mut url, self.app.config().address),
            }
            url.push_str(&self.prefix);
            url
        })
    }
}

/// Returns the identifier that the client gave its request.
fn client_request_id(header: Option<&HeaderName>, headers: &HeaderMap) -> Option<HeaderValue> {
    let value = headers.get(header?)?;
    let is_text = value.to_str().is_ok_and(|text| !text.is_empty());
    is_text.then(|| value.clone())
}

fn uuid_header(id: Uuid) -> HeaderValue {
    let mut text = Uuid::encode_buffer();
    let text = id.hyphenated().encode_lower(&mut text);
    HeaderValue::from_str(text).expect("a UUID is ASCII")
}

/// The state of a handler: the meta data of its request and, through it, the store.
#[derive(Debug, Clone)]
pub struct RequestContext(pub Arc<RequestMeta>);

impl Deref for RequestContext {
    type Target = App;

    /// Gives the server: its configuration, clock and store.
    fn deref(&self) -> &App {
        &self.0.app
    }
}

impl RequestContext {
    /// Returns the identifier of the request.
    pub fn request_id(&self) -> &str {
        self.0.request_id()
    }

    /// Returns the base of absolute links, without a slash at its end.
    pub fn base_url(&self) -> &str {
        self.0.base_url()
    }

    /// Returns which parts of a bulk call a fault makes fail.
    pub fn fail_items(&self) -> Option<&FailItems> {
        self.0.fail_items.as_ref()
    }
}

impl FromRequestParts<Self> for RequestContext {
    type Rejection = RequestError;

    async fn from_request_parts(_: &mut Parts, context: &Self) -> Result<Self, RequestError> {
        Ok(context.clone())
    }
}
