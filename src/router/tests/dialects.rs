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
use crate::http::{DialectSpec, ErrorCodeExtension, RateLimitStatus, RequestMeta};
use crate::router::dialects::{apis, dialects};
use crate::spec::{ApiError, ErrorCode, RequestError};

fn ibm_codes_of(id: &str) -> &'static [&'static ErrorCode] {
    let operation = apis().operations().find(|(api, it)| api.name == "ibm" && it.id == id);
    operation.unwrap().1.errors
}

#[test]
fn an_error_of_the_operation_goes_before_one_of_the_dialect() {
    let dialect = &ibm::DIALECT;

    let of_group = dialect.error_for_status(ibm_codes_of("delete_access_group"), 404, None);
    let of_policy = dialect.error_for_status(ibm_codes_of("get_policy"), 404, None);
    let of_nothing = dialect.error_for_status(&[], 404, None);

    assert_eq!(of_group.code, "group_not_found");
    assert_eq!(of_policy.code, "policy_not_found");
    assert_eq!(of_nothing.code, "group_not_found");
}

#[test]
fn an_error_that_every_operation_has_goes_before_the_others() {
    let code = authress::DIALECT.error_for_status(&[], 400, None);

    assert_eq!(code.code, "InvalidRequest");
}

#[test]
fn an_error_is_found_by_its_code_or_its_rule_and_its_status() {
    let dialect = &ibm::DIALECT;
    let codes = ibm_codes_of("delete_access_group");

    assert_eq!(dialect.error_for_status(codes, 409, None).code, "group_not_empty");
    assert_eq!(
        dialect.error_for_status(codes, 409, Some("profile_name_conflict")).code,
        "profile_name_conflict"
    );
    assert_eq!(
        dialect.error_for_status(&[], 409, Some("ibm.bulk-items.update-conflict")).message,
        "Cloudant document update conflict occurred"
    );
    assert_eq!(
        dialect.error_for_status(codes, 401, Some("invalid_access_token")).code,
        "invalid_access_token"
    );
}

#[test]
fn what_the_vendor_does_not_have_is_the_error_of_a_fault() {
    let dialect = &cloudflare::DIALECT;

    assert_eq!(dialect.error_for_status(&[], 418, None).id, "cloudflare.faults.injected");
    assert_eq!(dialect.error_for_status(&[], 404, Some("12130")).id, "cloudflare.faults.injected");
    assert_eq!(dialect.error_for_status(&[], 429, None).id, "cloudflare.limits.too-many-requests");
}

#[test]
fn only_the_vendors_have_errors_of_limits() {
    for dialect in dialects().iter().filter(|dialect| !dialect.api.is_admin) {
        assert_eq!(dialect.rate_limited.status, 429, "{}", dialect.api.name);
        assert!(dialect.api.common_errors.contains(&dialect.rate_limited), "{}", dialect.api.name);
        assert!(dialect.api.errors.contains(&dialect.injected_fault), "{}", dialect.api.name);
    }
}

fn headers_of(dialect: &DialectSpec, is_exceeded: bool) -> Vec<(String, String)> {
    let resets = DateTime::from_timestamp_millis(1_790_000_000_500).unwrap();
    let quota = RateLimitStatus {
        limit: 100,
        remaining: if is_exceeded { 0 } else { 42 },
        window: TimeDelta::seconds(60),
        reset_at: resets,
        now: resets - TimeDelta::milliseconds(29_100),
        is_exceeded,
    };
    let mut headers = HeaderMap::new();
    (dialect.write_rate_limit_headers)(&mut headers, &quota);
    let text =
        |(name, value): (&HeaderName, &HeaderValue)| (name.to_string(), value.to_str().unwrap().to_owned());
    headers.iter().map(text).collect()
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[test]
fn each_vendor_tells_of_its_limit_in_its_own_headers() {
    let cloudflare =
        [pair("ratelimit", "\"default\";r=42;t=30"), pair("ratelimit-policy", "\"default\";q=100;w=60")];
    let ibm = [
        pair("x-ratelimit-limit", "100"),
        pair("x-ratelimit-remaining", "42"),
        pair("x-ratelimit-reset", "1790000001"),
    ];

    assert_eq!(headers_of(&cloudflare::DIALECT, false), cloudflare);
    assert_eq!(headers_of(&ibm::DIALECT, false), ibm);
    assert_eq!(headers_of(&authress::DIALECT, false), []);
    assert_eq!(headers_of(&legacy::DIALECT, false), []);
}

#[test]
fn every_vendor_says_when_to_come_back() {
    for dialect in dialects().iter().filter(|dialect| !dialect.api.is_admin) {
        let headers = headers_of(dialect, true);
        assert!(headers.contains(&pair("retry-after", "30")), "{}: {headers:?}", dialect.api.name);
    }
}

/// Whether `rule` is `<dialect>.<area>.<what>` in small letters, digits and hyphens.
fn is_rule_of(dialect: &DialectSpec, rule: &str) -> bool {
    let parts: Vec<&str> = rule.split('.').collect();
    let is_word = |part: &&str| {
        let is_good = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        !part.is_empty() && part.chars().all(is_good)
    };
    parts.len() == 3 && parts[0] == dialect.api.name && parts.iter().all(is_word)
}

#[test]
fn every_error_explains_itself() {
    let mut rules = BTreeSet::new();
    for dialect in dialects().iter() {
        for code in dialect.api.errors {
            let rule = code.id;
            assert!(
                is_rule_of(dialect, rule),
                "`{rule}` is no rule of {}: {}",
                dialect.api.name,
                code.message
            );
            assert!(rules.insert(rule), "the rule `{rule}` is there twice");
            assert!((400..600).contains(&code.status), "{rule} has the status {}", code.status);
            assert!(!code.message.is_empty() && !code.description.is_empty(), "{rule} says nothing");
            assert!(
                code.remediation.ends_with('.'),
                "{rule} has no sentence as its remedy: `{}`",
                code.remediation
            );
            assert!(code.source.len() > 10, "{rule} has no source");
        }
    }
}

#[test]
fn every_error_of_an_operation_is_in_the_table_of_its_dialect() {
    for (api, dialect) in apis().iter().zip(dialects()) {
        let codes = dialect.api.errors;
        let known = |code: &&'static ErrorCode| codes.iter().any(|it| it.id == code.id);
        for operation in &api.operations {
            assert!(operation.errors.iter().all(known), "{}", operation.id);
        }
        assert!(dialect.api.common_errors.iter().all(known), "{}", dialect.api.name);
        assert!(known(&dialect.rate_limited) && known(&dialect.injected_fault), "{}", dialect.api.name);
        assert!(
            known(&dialect.invalid_control) && dialect.invalid_control.status == 400,
            "{}",
            dialect.api.name
        );
    }
}

async fn rendered(dialect: &'static DialectSpec, path: &str, refusal: ApiError) -> (Response, String) {
    let app = App::new(Config::default(), Seed::default()).unwrap();
    let mut request = Request::builder().uri(path).body(Body::empty()).unwrap();
    let endpoint = EndpointInfo { api: &dialect.api, request_id_header: None, operation: None, apis: apis() };
    let namespace = RequestNamespace { app, prefix: String::new(), error: None };
    let meta = RequestMeta::new(endpoint, namespace, &mut request, uuid::Uuid::nil());
    let (parts, body) = (dialect.render_error)(&RequestError::Api(refusal), &meta).into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    (Response::from_parts(parts, Body::empty()), String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test]
async fn every_error_can_have_the_status_and_the_text_of_a_fault() {
    for dialect in dialects().iter() {
        for code in dialect.api.errors {
            for path in ["/", "/identity/token"] {
                let text = Some("as the fault says".to_owned());
                let refusal = ApiError { status: 599, message_override: text, ..code.error() };

                let (response, body) = rendered(dialect, path, refusal).await;

                assert_eq!(response.status().as_u16(), 599, "{}", code.id);
                assert!(body.contains("as the fault says"), "{}: {body}", code.id);
                let ruled = response.extensions().get::<ErrorCodeExtension>().map(|ruled| ruled.0.id);
                assert_eq!(ruled, Some(code.id));
            }
        }
    }
}
