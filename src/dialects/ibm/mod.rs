//! The ibm dialect: IBM Cloud IAM Access Groups v2 and the token endpoint that its clients call first.
//!
//! Sources: IBM's API reference (the vendor document), the official SDKs and their test suites, the Terraform
//! provider, and reports about the real service; read in November 2026. Emulated: groups, members, rules, account
//! settings, templates, assignments and tokens, and the parts of users, service ids, trusted profiles, policies, policy
//! templates, resource groups, accounts and enterprises that clients of access groups need. Not emulated: logins that create dynamic members.

mod auth;
mod envelope;
mod fidelity;
mod handlers;
mod if_match;
mod jwt;
mod operations;
mod page;
mod params;
mod routes;
mod schema;
mod service;
mod token;
mod wire;

pub use routes::routes;

use std::borrow::Cow;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, EXPIRES, PRAGMA};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;

use crate::domain::ibm::error;
use crate::domain::ibm::records::caller::Caller;
use crate::http::dialect::authorize_with;
use crate::http::{DialectSpec, RateLimitStatus, RequestMeta};
use crate::spec::ApiSpec;
use service::Service;

/// The ibm dialect.
pub static DIALECT: DialectSpec = DialectSpec {
    api: ApiSpec {
        name: "ibm",
        display_name: "IBM",
        title: "IBM Cloud IAM Access Groups (`/v2/groups`), their templates (`/v1/group_templates`, \
            `/v1/group_assignments`), the token endpoint, and minimal versions of related services: users, service \
            ids, trusted profiles, policies, policy templates, resource groups, accounts and enterprises",
        prefixes: &[
            "v2",
            "v3",
            "acms",
            "coe",
            "identity",
            "v1/group_templates",
            "v1/group_assignments",
            "v1/policies",
            "v1/serviceids",
            "v1/profiles",
            "v1/apikeys",
            "v1/serviceid_groups",
            "v1/policy_templates",
            "v1/enterprises",
            "v1/accounts",
            "v1/account-groups",
        ],
        base_path: "",
        resources: &[
            ("/group_templates", "access group templates"),
            ("/group_assignments", "access group template assignments"),
            ("/policy_templates", "policy templates"),
            ("/serviceid_groups", "service id groups"),
            ("/serviceids", "service ids"),
            ("/profiles", "trusted profiles"),
            ("/policies", "policies"),
            ("/roles", "roles"),
            ("/apikeys", "API keys"),
            ("/identity", "tokens"),
            ("/users", "users"),
            ("/resource_groups", "resource groups"),
            ("/v2/groups/{access_group_id}/members", "access group members"),
            ("/v2/groups/_allgroups/members", "access group members"),
            ("/rules", "access group rules"),
            ("/v2/groups", "access groups"),
            ("/enterprises", "enterprises"),
            ("/account-groups", "enterprises"),
            ("/v1/accounts", "enterprises"),
            ("/accounts", "accounts"),
        ],
        is_admin: false,
        media_type: MEDIA_TYPE,
        other_error_media_types: &[],
        error_example: envelope::error_example,
        schemas: schema::schemas,
        field_descriptions: schema::FIELDS,
        error_schema: envelope::error_schema,
        path_parameters: &[
            &operations::parameters::GROUP_ID,
            &operations::parameters::IAM_ID,
            &operations::parameters::RULE_ID,
            &operations::parameters::TEMPLATE_ID,
            &operations::parameters::VERSION_NUM,
            &operations::parameters::ASSIGNMENT_ID,
            &operations::related_service_parameters::ACCOUNT,
            &operations::related_service_parameters::SERVICE_ID,
            &operations::related_service_parameters::PROFILE_ID,
            &operations::related_service_parameters::POLICY_ID,
            &operations::neighbor_parameters::RESOURCE_GROUP_ID,
            &operations::neighbor_parameters::SERVICE_ID_GROUP_ID,
            &operations::neighbor_parameters::POLICY_TEMPLATE_ID,
            &operations::neighbor_parameters::VERSION,
            &operations::neighbor_parameters::ENTERPRISE_ID,
            &operations::neighbor_parameters::ACCOUNT_GROUP_ID,
        ],
        common_errors: &[&error::TOO_MANY_REQUESTS, &error::INTERNAL_ERROR, &error::SERVICE_UNAVAILABLE],
        access_errors: &[],
        errors: error::ALL,
        fidelity: fidelity::DIFFERENCES,
        security: schema::security,
        credentials: &[&["bearer"], &["basic"]],
        headers: &[
            ("Transaction-Id", "The `Transaction-Id` of the request, or a generated one."),
            (
                "X-RateLimit-Limit",
                "The maximum number of requests per time window; 1000 if no rate limit is set.",
            ),
            (
                "X-RateLimit-Remaining",
                "The number of requests left in the time window; 999 if no rate limit is set.",
            ),
            (
                "X-RateLimit-Reset",
                "The end of the time window, in seconds since the Unix epoch; one minute from now if no rate limit \
                 is set.",
            ),
        ],
    },
    #[cfg(feature = "recordings")]
    hosts: &["*.cloud.ibm.com"],
    route_paths,
    path_suffix: "",
    canonical_path: |_| None,
    sends_cors: false,
    serves_head: true,
    authorize: authorize_with::<Caller>,
    render_error: envelope::render_error,
    apply_headers,
    request_id_header: Some(&TRANSACTION_ID),
    limits_per_operation: true,
    rate_limited: &error::TOO_MANY_REQUESTS,
    injected_fault: &error::INJECTED_FAULT,
    invalid_control: &error::INVALID_CONTROL,
    fallback_failed: &error::FALLBACK_FAILED,
    applies_to: |_, _, _| true,
    write_rate_limit_headers,
};

/// The media type of every response with a body.
const MEDIA_TYPE: &str = "application/json";

static TRANSACTION_ID: HeaderName = HeaderName::from_static("transaction-id");
const X_RATELIMIT_LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const X_RATELIMIT_REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const X_RATELIMIT_RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// The length of the time window reported by the constant headers, in seconds.
const DEFAULT_RATE_WINDOW_SECONDS: i64 = 60;

/// The media type of policy management.
const POLICY_MEDIA_TYPE: &str = "application/json; charset=utf-8";

/// The `Expires` header of policy management, in its own format.
const EXPIRES_VALUE: HeaderValue = HeaderValue::from_static("Thursday, 1 January 1970 00:00:00 GMT");

/// Returns the path; those of the lists of service ids and profiles also with and without the trailing slash, because
/// the SDKs call one with and the other without it.
fn route_paths(path: &'static str) -> Vec<Cow<'static, str>> {
    match path {
        "/v1/serviceids/" => vec![path.into(), "/v1/serviceids".into()],
        "/v1/profiles" => vec![path.into(), "/v1/profiles/".into()],
        _ => vec![path.into()],
    }
}

/// Sets the headers of every response, with constant rate limit values.
fn apply_headers(response: &mut Response, meta: &RequestMeta) {
    let headers = response.headers_mut();
    if service::of_path(meta.path()) == Service::Policies {
        apply_policy_headers(headers, meta);
    } else {
        headers.insert(&TRANSACTION_ID, meta.request_id_header());
    }
    headers.insert(X_RATELIMIT_LIMIT, HeaderValue::from_static("1000"));
    headers.insert(X_RATELIMIT_REMAINING, HeaderValue::from_static("999"));
    headers.insert(X_RATELIMIT_RESET, (meta.app.timestamp() + DEFAULT_RATE_WINDOW_SECONDS).into());
}

/// Sets the headers that policy management sends in its own way.
fn apply_policy_headers(headers: &mut HeaderMap, meta: &RequestMeta) {
    if let Ok(id) = HeaderValue::from_str(&service::transaction_id(meta)) {
        headers.insert(&TRANSACTION_ID, id);
    }
    if headers.get(CONTENT_TYPE).is_some_and(|media_type| media_type == MEDIA_TYPE) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(POLICY_MEDIA_TYPE));
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache,no-store"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    headers.insert(EXPIRES, EXPIRES_VALUE);
}

/// Overwrites the constant headers of [`apply_headers`] with the actual rate limit status.
///
/// The end of the window is rounded up to whole seconds, so that a client that waits until then is not rejected again.
fn write_rate_limit_headers(headers: &mut HeaderMap, status: &RateLimitStatus) {
    headers.insert(X_RATELIMIT_LIMIT, status.limit.into());
    headers.insert(X_RATELIMIT_REMAINING, status.remaining.into());
    let round_up = i64::from(status.reset_at.timestamp_subsec_nanos() > 0);
    headers.insert(X_RATELIMIT_RESET, (status.reset_at.timestamp() + round_up).into());
    status.write_retry_after(headers);
}
