//! The ibm dialect: IBM Cloud IAM Access Groups, version 2, and the token endpoint that its clients call first.
//!
//! Sources: IBM's API reference (the seed document), the official SDKs and their test suites, the Terraform
//! provider, and reports about the real service; read in November 2026. Emulated: groups, members, rules, account
//! settings, templates, assignments, tokens, and as far as groups need them users, service ids, trusted profiles and
//! policies. Not emulated: logins that make dynamic members, the accounts of account groups.

mod auth;
mod envelope;
mod error;
mod if_match;
mod jwt;
pub mod model;
mod operations;
mod page;
mod params;
mod routes;
mod schema;
pub mod seed;
mod source;
mod token;
mod wire;

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;

use crate::http::{Dialect, Meta, Quota, dialect::Documentation};

/// The ibm dialect.
pub static DIALECT: Dialect = Dialect {
    name: "ibm",
    title: "IBM Cloud IAM Access Groups (`/v2/groups`), their templates (`/v1/group_templates`, \
            `/v1/group_assignments`), the token endpoint, and thin neighbors: users, service ids, trusted profiles, \
            policies",
    prefixes: &[
        "v2",
        "identity",
        "v1/group_templates",
        "v1/group_assignments",
        "v1/policies",
        "v1/serviceids",
        "v1/profiles",
    ],
    admit: |_, _, _| Ok(()),
    normalize,
    sends_cors: false,
    serves_head: true,
    operations: operations::operations,
    render: envelope::render,
    finish,
    request_id_header: Some(&TRANSACTION_ID),
    limits_each_operation: true,
    limited: &error::LIMITED,
    fault: &error::FAULT,
    control: &error::CONTROL,
    quota,
    media_type: MEDIA_TYPE,
    documentation: Documentation {
        schemas: schema::schemas,
        error_schema: "Error",
        path_parameters: &[
            &operations::parameters::GROUP_ID,
            &operations::parameters::IAM_ID,
            &operations::parameters::RULE_ID,
            &operations::parameters::TEMPLATE_ID,
            &operations::parameters::VERSION_NUM,
            &operations::parameters::ASSIGNMENT_ID,
            &operations::neighbor_parameters::ACCOUNT,
            &operations::neighbor_parameters::SERVICE_ID,
            &operations::neighbor_parameters::PROFILE_ID,
            &operations::neighbor_parameters::POLICY_ID,
        ],
        common_codes: &[&error::LIMITED, &error::INTERNAL, &error::UNAVAILABLE],
        codes: error::ALL,
        security: schema::security,
        headers: &[
            ("Transaction-Id", "The `Transaction-Id` of the request, or a new one."),
            ("X-RateLimit-Limit", "How many requests the time window allows; 1000 where no limit is set."),
            ("X-RateLimit-Remaining", "How many of them remain; 999 where no limit is set."),
            (
                "X-RateLimit-Reset",
                "When the time window ends, in seconds since 1970; in a minute where no limit is set.",
            ),
        ],
    },
};

/// The media type of every answer with a body.
const MEDIA_TYPE: &str = "application/json";

static TRANSACTION_ID: HeaderName = HeaderName::from_static("transaction-id");
const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// How long the window of the rate limit lasts that the headers tell of, in seconds.
const RATE_WINDOW: i64 = 60;

/// The SDKs call the list of service ids with a slash at its end and that of profiles without; both are good here.
fn normalize(path: &str) -> Cow<'_, str> {
    match path {
        "/v1/serviceids" => "/v1/serviceids/".into(),
        "/v1/profiles/" => "/v1/profiles".into(),
        _ => path.into(),
    }
}

fn finish(response: &mut Response, meta: &Meta) {
    let headers = response.headers_mut();
    headers.insert(&TRANSACTION_ID, meta.request_id.clone());
    headers.insert(LIMIT, HeaderValue::from_static("1000"));
    headers.insert(REMAINING, HeaderValue::from_static("999"));
    headers.insert(RESET, (meta.app.now().timestamp() + RATE_WINDOW).into());
}

/// Writes what is left over the constant headers of [`finish`]. The end of the window is rounded up, so that a client
/// that waits until then is let in.
fn quota(headers: &mut HeaderMap, quota: &Quota) {
    headers.insert(LIMIT, quota.limit.into());
    headers.insert(REMAINING, quota.remaining.into());
    let part = i64::from(quota.resets.timestamp_subsec_nanos() > 0);
    headers.insert(RESET, (quota.resets.timestamp() + part).into());
    quota.write_retry_after(headers);
}
