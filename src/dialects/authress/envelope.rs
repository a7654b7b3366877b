//! The error envelope of the authress dialect: one flat object with `title`, `errorCode` and `errorId`.

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, CACHE_CONTROL, LAST_MODIFIED,
};
use axum::http::{HeaderValue, Method};
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};

use super::MEDIA_TYPE;
use super::neighbors::NeighborApi;
use crate::domain::authress::error;
use crate::http::{RequestMeta, error_response};
use crate::spec::{ApiError, EXAMPLE_REQUEST_ID, RequestError};

/// The request headers allowed by a CORS preflight response, as listed by the vendor.
const ALLOWED_HEADERS: &str = "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Powered-By,\
    If-Unmodified-Since,Origin,Referer,Accept,Accept-Language,Accept-Encoding,User-Agent,Content-Length,\
    Cache-Control,Pragma,Sec-Fetch-Dest,Sec-Fetch-Mode,Sec-Fetch-Site,sec-gpc";
/// The methods allowed by a CORS preflight response, as listed by the vendor.
const ALLOWED_METHODS: &str = "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT";

/// The vendor's `ResponseError` object.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResponseError<'a> {
    title: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    error_code: &'a str,
    error_id: &'a str,
}

/// Renders an error. OPTIONS is not an operation, so CORS preflight requests of all paths arrive here.
pub(super) fn render_error(error: &RequestError, meta: &RequestMeta) -> Response {
    let is_unmatched = matches!(error, RequestError::RouteNotFound | RequestError::MethodNotAllowed { .. });
    if is_unmatched && meta.method == Method::OPTIONS {
        return preflight();
    }
    let api_error = to_api_error(error, meta);
    let mut response = error_response(&api_error, MEDIA_TYPE, &body(&api_error, meta.request_id()));
    // An injected error may not contain a time.
    let stale = [error::PRECONDITION_FAILED, error::RECORD_PRECONDITION_FAILED];
    if stale.contains(api_error.code)
        && !api_error.subject.is_empty()
        && let Ok(last_modified) = HeaderValue::from_str(&api_error.subject)
    {
        response.headers_mut().insert(LAST_MODIFIED, last_modified);
    }
    response
}

/// Returns the body of an error as an example for the documentation.
pub(super) fn error_example(api_error: &ApiError, _path: &str) -> Value {
    json!(body(api_error, EXAMPLE_REQUEST_ID))
}

fn body<'a>(api_error: &ApiError, request_id: &'a str) -> ResponseError<'a> {
    ResponseError { title: title(api_error), error_code: api_error.code.code, error_id: request_id }
}

fn title(api_error: &ApiError) -> String {
    if api_error.violations.is_empty() || api_error.message_override.is_some() {
        return api_error.message();
    }
    api_error.code.message.replacen("{}", &api_error.details(), 1)
}

fn to_api_error(error: &RequestError, meta: &RequestMeta) -> ApiError {
    match error {
        RequestError::Api(api_error) => api_error.clone(),
        RequestError::RouteNotFound => error::PATH_NOT_FOUND.with_subject(meta.path()),
        RequestError::MethodNotAllowed { .. } => error::METHOD_NOT_ALLOWED.with_subject(meta.method.as_str()),
        // The only path parameter is an identifier; an invalid one counts as unknown.
        RequestError::InvalidPath(_) => {
            let unknown =
                NeighborApi::of_path(meta.path()).map_or(&error::GROUP_NOT_FOUND, |api| api.kind.unknown);
            unknown.with_subject(meta.path().rsplit_once('/').map_or("", |(_, segment)| segment))
        }
        RequestError::InvalidQuery(violation) => error::INVALID
            .with_violation(format!("request.query.{}", violation.path), violation.reason.as_str()),
        // The service keeps a body that is not JSON as a string, which its validator rejects.
        RequestError::JsonSyntax { .. } | RequestError::UnsupportedMediaType(_) => {
            error::INVALID.with_violation("request.body", "must be object")
        }
        RequestError::InvalidData(violation) => {
            error::INVALID.with_violation("request.body", violation.to_string())
        }
        RequestError::UnreadableBody(reason) => {
            error::INVALID.with_violation("request.body", format!("must be readable: {reason}"))
        }
        RequestError::BodyTooLarge { limit } => error::BODY_TOO_LARGE.with_subject(limit.to_string()),
        RequestError::Timeout => error::TIMEOUT.error(),
        RequestError::Panic => error::INTERNAL_ERROR.error(),
    }
}

/// Returns the response to OPTIONS, which is the same for every path and needs no credential, as browsers require.
fn preflight() -> Response {
    let mut response = Response::default();
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(ALLOWED_HEADERS));
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(ALLOWED_METHODS));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    response
}
