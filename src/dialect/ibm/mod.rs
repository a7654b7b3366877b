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
mod token;
mod wire;

use axum::http::HeaderValue;
use axum::response::Response;

use crate::http::{Dialect, Meta, dialect::Documentation};

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
    request_id_header: Some("transaction-id"),
    limits_each_operation: true,
    limited: &error::INTERNAL,
    fault: &error::INTERNAL,
    quota: |_, _| {},
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
        common_codes: &[&error::INTERNAL, &error::UNAVAILABLE],
        codes: error::ALL,
        security: schema::security,
        headers: &[
            ("Transaction-Id", "The `Transaction-Id` of the request, or a new one."),
            ("X-RateLimit-Limit", "How many requests the time window allows; always 1000."),
            ("X-RateLimit-Remaining", "How many of them remain; always 999."),
            ("X-RateLimit-Reset", "When the time window ends, in seconds since 1970; always in a minute."),
        ],
    },
};

/// The media type of every answer with a body.
const MEDIA_TYPE: &str = "application/json";

/// How long the window of the rate limit lasts that the headers tell of, in seconds.
const RATE_WINDOW: i64 = 60;

/// The SDKs call the list of service ids with a slash at its end and that of profiles without; both are good here.
fn normalize(path: &str) -> Option<String> {
    match path {
        "/v1/serviceids" => Some("/v1/serviceids/".to_owned()),
        "/v1/profiles/" => Some("/v1/profiles".to_owned()),
        _ => None,
    }
}

fn finish(response: &mut Response, meta: &Meta) {
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&meta.request_id) {
        headers.insert("transaction-id", id);
    }
    headers.insert("x-ratelimit-limit", HeaderValue::from_static("1000"));
    headers.insert("x-ratelimit-remaining", HeaderValue::from_static("999"));
    headers.insert("x-ratelimit-reset", (meta.app.now().timestamp() + RATE_WINDOW).into());
}
