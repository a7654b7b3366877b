//! How failures are answered: the envelope that the gateway and both services share.

use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use serde::{Serialize, Serializer};

use super::MEDIA_TYPE;
use super::error::{
    ACCESS_INVALID, FAILED, IAM_INVALID, MALFORMED_JSON, NO_ROUTE, TIMED_OUT, TOO_LARGE, WRONG_METHOD,
};
use crate::failure::{Failure, Refusal, Violation};
use crate::http::{Meta, refused};

/// The name of the whole body in a detail.
const WHOLE_BODY: &str = "body";

/// The second error beside [`NO_ROUTE`].
const NO_ROUTE_ALSO: Item<'static> =
    Item { code: "7000", message: "No route for that URI", source: None, error_chain: None };

/// The envelope of a failure; the members in the order of the Access service.
#[derive(Serialize)]
struct Envelope<'a> {
    result: (),
    success: bool,
    errors: Vec<Item<'a>>,
    messages: [(); 0],
}

#[derive(Serialize)]
struct Item<'a> {
    #[serde(serialize_with = "number")]
    code: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_chain: Option<[Cause<'a>; 1]>,
}

#[derive(Serialize)]
struct Source {
    pointer: String,
}

/// What the gateway nests inside an error of a header.
#[derive(Serialize)]
struct Cause<'a> {
    #[serde(serialize_with = "number")]
    code: &'a str,
    message: &'a str,
}

/// Codes are numbers on the wire.
fn number<S: Serializer>(code: &&str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(code.parse().unwrap_or_default())
}

pub(super) fn render(failure: &Failure, meta: &Meta) -> Response {
    let refusal = refusal_of(failure, meta);
    let message = message_of(&refusal);
    let violation = refusal.violations.first();
    let mut item = Item { code: refusal.code.code, message: &message, source: None, error_chain: None };
    match refusal.code.code {
        "6003" | "6007" => {
            item.error_chain = violation.map(|it| [Cause { code: &it.path, message: &it.reason }]);
        }
        "12130" | "400" if !matches!(failure, Failure::BadQuery(_)) => {
            item.source = violation.and_then(pointer);
        }
        _ => {}
    }
    let also = (*refusal.code == NO_ROUTE).then_some(NO_ROUTE_ALSO);
    let errors = std::iter::once(item).chain(also).collect();
    let envelope = Envelope { result: (), success: false, errors, messages: [] };
    let mut response = refused(&refusal, MEDIA_TYPE, &envelope);
    if matches!(failure, Failure::Panic) {
        // The SDKs retry every 5xx; a bug would only fail again, and a fault may pass.
        let header = HeaderName::from_static("x-should-retry");
        response.headers_mut().insert(header, HeaderValue::from_static("false"));
    }
    response
}

/// The two services put the detail behind the message.
fn message_of(refusal: &Refusal) -> String {
    let has_detail = matches!(refusal.code.code, "12130" | "400") && !refusal.violations.is_empty();
    if has_detail && refusal.text.is_none() {
        format!("{}: {}", refusal.message(), refusal.details())
    } else {
        refusal.message()
    }
}

/// A member path such as `include[0].email` as a JSON pointer.
fn pointer(violation: &Violation) -> Option<Source> {
    if violation.path == WHOLE_BODY {
        return Some(Source { pointer: String::new() });
    }
    if violation.path.is_empty() {
        return None;
    }
    let pointer = violation.path.replace(['.', '['], "/").replace(']', "");
    Some(Source { pointer: format!("/{pointer}") })
}

fn refusal_of(failure: &Failure, meta: &Meta) -> Refusal {
    let invalid = if meta.path().contains("/iam/") { &IAM_INVALID } else { &ACCESS_INVALID };
    match failure {
        Failure::Refused(refusal) if *refusal.code == NO_ROUTE => {
            Refusal { subject: meta.path().to_owned(), ..refusal.clone() }
        }
        Failure::Refused(refusal) => refusal.clone(),
        Failure::NoRoute | Failure::BadPath(_) => NO_ROUTE.about(meta.path()),
        Failure::MethodNotAllowed { .. } => WRONG_METHOD.plain(),
        Failure::BadShape(violation) if violation.path.is_empty() => {
            invalid.at(WHOLE_BODY, "must be an object")
        }
        Failure::BadQuery(violation) | Failure::BadShape(violation) => {
            invalid.because(vec![violation.clone()])
        }
        Failure::BadJson { line, column, reason } => {
            MALFORMED_JSON.at("6007", format!("{reason} at line {line} column {column}"))
        }
        Failure::BadBody(reason) => MALFORMED_JSON.at("6007", reason),
        Failure::MediaType(_) => MALFORMED_JSON.at("6007", failure.reason()),
        Failure::BodyTooLarge { limit } => TOO_LARGE.about(limit.to_string()),
        Failure::Timeout => TIMED_OUT.plain(),
        Failure::Panic => FAILED.plain(),
    }
}
