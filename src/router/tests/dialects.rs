//! The error tables and the headers of all dialects.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::extract::Request;
use chrono::{DateTime, TimeDelta};
use http_body_util::BodyExt;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;

use crate::app::App;
use crate::config::Config;
use crate::dialects::{authress, cloudflare, ibm, legacy};
use crate::domain::seed::Seed;
use crate::http::context::EndpointInfo;
use crate::http::namespace::RequestNamespace;
use crate::http::received_headers::ReceivedHeaders;
use crate::http::{DialectSpec, ErrorCodeExtension, RateLimitStatus, RequestMeta};
use crate::router::dialects::{apis, dialects};
use crate::spec::{ApiError, ApiSpec, ErrorCode, RequestError};

/// Returns the errors of the ibm operation `id`.
fn ibm_errors(id: &str) -> &'static [&'static ErrorCode] {
    let operation = apis().operations().find(|(api, it)| api.name == "ibm" && it.id == id);
    operation.unwrap().1.errors
}

#[test]
fn error_of_the_operation_takes_precedence_over_errors_of_the_dialect() {
    let dialect = &ibm::DIALECT;

    let group_error = dialect.error_for_status(ibm_errors("delete_access_group"), 404, None, |_| true);
    let policy_error = dialect.error_for_status(ibm_errors("get_policy"), 404, None, |_| true);
    let dialect_error = dialect.error_for_status(&[], 404, None, |_| true);

    assert_eq!(group_error.code, "group_not_found");
    assert_eq!(policy_error.code, "policy_not_found");
    assert_eq!(dialect_error.code, "group_not_found");
}

#[test]
fn common_error_takes_precedence_over_the_other_errors() {
    let error = authress::DIALECT.error_for_status(&[], 400, None, |_| true);

    assert_eq!(error.code, "InvalidRequest");
}

#[test]
fn error_is_selected_by_its_status_and_its_code_or_rule() {
    let dialect = &ibm::DIALECT;
    let errors = ibm_errors("delete_access_group");

    assert_eq!(dialect.error_for_status(errors, 409, None, |_| true).code, "group_not_empty");
    assert_eq!(
        dialect.error_for_status(errors, 409, Some("profile_name_conflict"), |_| true).code,
        "profile_name_conflict"
    );
    assert_eq!(
        dialect.error_for_status(&[], 409, Some("ibm.bulk-items.update-conflict"), |_| true).message,
        "Cloudant document update conflict occurred"
    );
    assert_eq!(
        dialect.error_for_status(errors, 401, Some("invalid_access_token"), |_| true).code,
        "invalid_access_token"
    );
}

#[test]
fn status_or_code_without_a_vendor_error_selects_the_injected_fault_error() {
    let dialect = &cloudflare::DIALECT;

    assert_eq!(dialect.error_for_status(&[], 418, None, |_| true).id, "cloudflare.faults.injected");
    assert_eq!(dialect.error_for_status(&[], 404, Some("12130"), |_| true).id, "cloudflare.faults.injected");
    assert_eq!(dialect.error_for_status(&[], 429, None, |_| true).id, "cloudflare.limits.too-many-requests");
}

#[test]
fn every_vendor_lists_its_rate_limit_and_injected_fault_errors() {
    for dialect in dialects().filter(|dialect| !dialect.api.is_admin) {
        assert_eq!(dialect.rate_limited.status, 429, "{}", dialect.api.name);
        assert!(dialect.api.common_errors.contains(&dialect.rate_limited), "{}", dialect.api.name);
        assert!(dialect.api.errors.contains(&dialect.injected_fault), "{}", dialect.api.name);
    }
}

/// Returns the headers that the dialect writes for a rate limit.
fn rate_limit_headers(dialect: &DialectSpec, is_exceeded: bool) -> Vec<(String, String)> {
    let reset_at = DateTime::from_timestamp_millis(1_790_000_000_500).unwrap();
    let status = RateLimitStatus {
        limit: 100,
        remaining: if is_exceeded { 0 } else { 42 },
        window: TimeDelta::seconds(60),
        reset_at,
        now: reset_at - TimeDelta::milliseconds(29_100),
        is_exceeded,
    };
    let mut headers = HeaderMap::new();
    (dialect.write_rate_limit_headers)(&mut headers, &status);
    let to_pair =
        |(name, value): (&HeaderName, &HeaderValue)| (name.to_string(), value.to_str().unwrap().to_owned());
    headers.iter().map(to_pair).collect()
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[test]
fn each_vendor_sends_its_own_rate_limit_headers() {
    let cloudflare =
        [pair("ratelimit", "\"default\";r=42;t=30"), pair("ratelimit-policy", "\"default\";q=100;w=60")];
    let ibm = [
        pair("x-ratelimit-limit", "100"),
        pair("x-ratelimit-remaining", "42"),
        pair("x-ratelimit-reset", "1790000001"),
    ];

    assert_eq!(rate_limit_headers(&cloudflare::DIALECT, false), cloudflare);
    assert_eq!(rate_limit_headers(&ibm::DIALECT, false), ibm);
    assert_eq!(rate_limit_headers(&authress::DIALECT, false), []);
    assert_eq!(rate_limit_headers(&legacy::DIALECT, false), []);
}

#[test]
fn every_vendor_sends_retry_after_when_the_limit_is_exceeded() {
    for dialect in dialects().filter(|dialect| !dialect.api.is_admin) {
        let headers = rate_limit_headers(dialect, true);
        assert!(headers.contains(&pair("retry-after", "30")), "{}: {headers:?}", dialect.api.name);
    }
}

/// Returns whether `rule` is `<dialect>.<area>.<name>` with lower-case letters, digits and hyphens.
fn is_valid_rule_id(dialect: &DialectSpec, rule: &str) -> bool {
    let parts: Vec<&str> = rule.split('.').collect();
    let is_word = |part: &&str| {
        let is_valid = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
        !part.is_empty() && part.chars().all(is_valid)
    };
    parts.len() == 3 && parts[0] == dialect.api.name && parts.iter().all(is_word)
}

#[test]
fn every_error_is_documented() {
    let mut rules = BTreeSet::new();
    for dialect in dialects() {
        for error in dialect.api.errors {
            let rule = error.id;
            assert!(
                is_valid_rule_id(dialect, rule),
                "`{rule}` is not a valid rule id of {}: {}",
                dialect.api.name,
                error.message
            );
            assert!(rules.insert(rule), "the rule id `{rule}` is not unique");
            assert!((400..600).contains(&error.status), "{rule} has the status {}", error.status);
            assert!(!error.message.is_empty() && !error.description.is_empty(), "{rule} lacks a text");
            assert!(
                error.remediation.ends_with('.'),
                "the remediation of {rule} is not a sentence: `{}`",
                error.remediation
            );
            assert!(error.source.len() > 10, "{rule} has no source");
        }
    }
}

#[test]
fn every_error_of_an_operation_is_in_the_table_of_its_dialect() {
    for (api, dialect) in apis().iter().zip(dialects()) {
        let errors = dialect.api.errors;
        let is_listed = |error: &&'static ErrorCode| errors.iter().any(|it| it.id == error.id);
        for operation in &api.operations {
            assert!(operation.errors.iter().all(is_listed), "{}", operation.id);
        }
        let ApiSpec { common_errors, access_errors, .. } = dialect.api;
        assert!(common_errors.iter().chain(access_errors).all(is_listed), "{}", dialect.api.name);
        assert!(
            is_listed(&dialect.rate_limited) && is_listed(&dialect.injected_fault),
            "{}",
            dialect.api.name
        );
        assert!(
            is_listed(&dialect.fallback_failed) && dialect.fallback_failed.status == 502,
            "{}",
            dialect.api.name
        );
        assert!(
            is_listed(&dialect.invalid_control) && dialect.invalid_control.status == 400,
            "{}",
            dialect.api.name
        );
    }
}

/// Returns the response of the dialect to a request that fails with `error`, and its body.
async fn rendered(dialect: &'static DialectSpec, path: &str, error: ApiError) -> (Response, String) {
    let app = App::new(Config::default(), Seed::default()).unwrap();
    let mut request = Request::builder().uri(path).body(Body::empty()).unwrap();
    let endpoint = EndpointInfo { api: &dialect.api, operation: None, apis: apis() };
    let namespace = RequestNamespace { app, prefix: String::new(), error: None };
    let meta =
        RequestMeta::new(endpoint, namespace, ReceivedHeaders::default(), &mut request, uuid::Uuid::nil());
    let (parts, body) = (dialect.render_error)(&RequestError::Api(error), &meta).into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    (Response::from_parts(parts, Body::empty()), String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test]
async fn fault_can_override_the_status_and_message_of_every_error() {
    for dialect in dialects() {
        for error_code in dialect.api.errors {
            for path in ["/", "/identity/token"] {
                let message = Some("injected message".to_owned());
                let error = ApiError { status: 599, message_override: message, ..error_code.error() };

                let (response, body) = rendered(dialect, path, error).await;

                assert_eq!(response.status().as_u16(), 599, "{}", error_code.id);
                assert!(body.contains("injected message"), "{}: {body}", error_code.id);
                let extension = response.extensions().get::<ErrorCodeExtension>();
                assert_eq!(extension.map(|it| it.0.id), Some(error_code.id));
            }
        }
    }
}
