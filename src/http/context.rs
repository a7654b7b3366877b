//! `RequestContext`: the state of a handler, with the metadata of its request and access to the store.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderName, HeaderValue, Method};
use uuid::Uuid;

use super::base_url::{ReceivedUri, RequestOrigin};
use super::long_body::LongBody;
use super::namespace::RequestNamespace;
use super::origin::Page;
use super::received_headers::ReceivedHeaders;
use crate::app::App;
use crate::app::list_cache::{ListBody, ListKey, ListRequest};
use crate::config::{AuthMode, Fidelity};
use crate::control::faults::FailItems;
use crate::spec::{ApiSpec, Apis, Operation, RequestError};

/// The header of a response with the id of the request's journal entry, and of a request that asks for it.
pub const X_MOCK_REQUEST_ID: HeaderName = HeaderName::from_static("x-mock-request-id");

/// The initial capacity for the base URL in bytes.
const BASE_URL_CAPACITY: usize = 64;

/// The metadata of a request, which is available before its handler runs.
#[derive(Debug)]
pub struct RequestMeta {
    /// The app of the namespace that the request selects.
    pub app: App,
    /// The dialect that owns the path.
    pub api: &'static ApiSpec,
    /// The operation; `None` if no route matches the path and method.
    pub operation: Option<&'static Operation>,
    /// Every API of the server.
    pub apis: &'static Apis,
    /// The choice where the vendor's document and its live service disagree, which is the same for the whole request.
    pub fidelity: Fidelity,
    /// The method as received.
    pub method: Method,
    /// The id of the request's journal entry.
    pub id: Uuid,
    /// The headers of the request that are needed after its handler has taken it.
    pub headers: ReceivedHeaders,
    /// The items of a bulk request that a fault makes fail.
    pub fail_items: Option<FailItems>,
    /// Whether the handler has read a long body.
    pub long_body: LongBody,
    /// The namespace prefix of the path as received; empty if there is none.
    prefix: String,
    request_origin: RequestOrigin,
    request_id: OnceLock<String>,
    base_url: OnceLock<String>,
}

/// The metadata of an endpoint, which is the same for all its requests.
#[derive(Debug, Clone, Copy)]
pub struct EndpointInfo {
    /// The API.
    pub api: &'static ApiSpec,
    /// The operation; `None` if no operation has the path and method.
    pub operation: Option<&'static Operation>,
    /// Every API of the server.
    pub apis: &'static Apis,
}

impl RequestMeta {
    /// Returns the metadata of a request to `endpoint` in `namespace`, and restores the URI of the request as received.
    pub fn new(
        endpoint: EndpointInfo,
        namespace: RequestNamespace,
        headers: ReceivedHeaders,
        request: &mut Request,
        id: Uuid,
    ) -> Self {
        if let Some(ReceivedUri(uri)) = request.extensions_mut().remove() {
            *request.uri_mut() = uri;
        }
        let EndpointInfo { api, operation, apis } = endpoint;
        let RequestNamespace { app, prefix, error: _ } = namespace;
        Self {
            id,
            fidelity: app.fidelity(),
            app,
            api,
            operation,
            apis,
            method: request.method().clone(),
            headers,
            fail_items: None,
            long_body: LongBody::default(),
            prefix,
            request_origin: RequestOrigin::from_request(request),
            request_id: OnceLock::new(),
            base_url: OnceLock::new(),
        }
    }

    /// Returns whether only the credentials of the seed are accepted.
    pub fn is_strict(&self) -> bool {
        self.app.config().auth == AuthMode::Strict
    }

    /// Returns the request id in the vendor's format: the client's if the dialect has a header for it, else `id`.
    pub fn request_id(&self) -> &str {
        match &self.headers.client_request_id {
            Some(id) => id.to_str().unwrap_or_default(),
            None => self.request_id.get_or_init(|| self.id.to_string()),
        }
    }

    /// Returns the request id as the value of a header.
    pub fn request_id_header(&self) -> HeaderValue {
        self.headers.client_request_id.clone().unwrap_or_else(|| uuid_header(self.id))
    }

    /// Returns the path as received, without the namespace prefix.
    pub fn path(&self) -> &str {
        self.request_origin.uri().path()
    }

    /// Returns the path and query as received, without the namespace prefix.
    pub fn path_and_query(&self) -> &str {
        self.request_origin.uri().path_and_query().map_or("/", |path_and_query| path_and_query.as_str())
    }

    /// Returns the query as received; empty if there is none.
    pub fn query(&self) -> &str {
        self.request_origin.uri().query().unwrap_or_default()
    }

    /// Returns whether the request was received over TLS.
    pub const fn is_secure(&self) -> bool {
        self.request_origin.is_secure()
    }

    /// Returns the host in the request itself, which HTTP/2 has in the place of the header `Host`.
    pub fn authority(&self) -> Option<&Authority> {
        self.request_origin.uri().authority()
    }

    /// Returns the base URL of absolute links, without a trailing slash: `--public-url`, or the origin of the request,
    /// followed by the namespace prefix.
    pub fn base_url(&self) -> &str {
        self.base_url.get_or_init(|| {
            let mut url = String::with_capacity(BASE_URL_CAPACITY);
            match &self.app.config().public_url {
                Some(public_url) => url.push_str(public_url.trim_end_matches('/')),
                None => {
                    let (headers, address) = (&self.headers.forwarding, self.app.config().address);
                    self.request_origin.write_base_url(headers, &mut url, address);
                }
            }
            url.push_str(&self.prefix);
            url
        })
    }

    /// Returns the base URL without the namespace prefix.
    pub fn root_url(&self) -> &str {
        let base_url = self.base_url();
        base_url.strip_suffix(self.prefix.as_str()).unwrap_or(base_url)
    }
}

/// Returns an id as the value of a header.
pub(super) fn uuid_header(id: Uuid) -> HeaderValue {
    let mut buffer = Uuid::encode_buffer();
    let id = id.hyphenated().encode_lower(&mut buffer);
    let id = Bytes::copy_from_slice(id.as_bytes());
    unrepeated(HeaderValue::from_maybe_shared(id).expect("a UUID is ASCII"))
}

/// Marks a header value that no other response has, so that HTTP/2 does not add it to the table of the connection, in
/// which it would take the place of the values that each response has.
pub fn unrepeated(mut value: HeaderValue) -> HeaderValue {
    value.set_sensitive(true);
    value
}

/// The state of a handler: the metadata of its request and, through it, the store.
#[derive(Debug, Clone)]
pub struct RequestContext(pub Arc<RequestMeta>);

impl Deref for RequestContext {
    type Target = App;

    /// Returns the app, with its configuration, clock and store.
    fn deref(&self) -> &App {
        &self.0.app
    }
}

impl RequestContext {
    /// Returns the request id in the vendor's format.
    pub fn request_id(&self) -> &str {
        self.0.request_id()
    }

    /// Returns the base URL of absolute links, without a trailing slash.
    pub fn base_url(&self) -> &str {
        self.0.base_url()
    }

    /// Returns how the credentials of a request are checked.
    ///
    /// If they are not checked, the request of a foreign web page still needs a well-formed credential, which the page
    /// cannot send without a preflight.
    pub fn auth_mode(&self, parts: &Parts) -> AuthMode {
        match self.config().auth {
            AuthMode::Off if Page::is_foreign(&parts.uri, &parts.headers, self.config()) => AuthMode::Lenient,
            mode => mode,
        }
    }

    /// Returns the choice where the vendor's document and its live service disagree, for the whole request.
    pub fn fidelity(&self) -> Fidelity {
        self.0.fidelity
    }

    /// Returns the requested list if it is cached, else the key for [`App::read_list`].
    ///
    /// A handler calls this after it has checked the caller and before it parses the query, which is valid if there is a
    /// list.
    ///
    /// # Errors
    /// The key: the list is not cached.
    pub fn cached_list(&self) -> Result<ListBody, ListKey> {
        self.0.app.cached_list(|| ListRequest {
            path_and_query: self.0.path_and_query(),
            base_url: self.base_url(),
            fidelity: self.fidelity(),
        })
    }

    /// Returns the items of a bulk request that a fault makes fail.
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
