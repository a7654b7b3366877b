//! The token endpoint.

use axum::http::{Method, StatusCode};

use super::super::error::token;
use super::super::routes;
use super::super::source;
use crate::failure::Evidence;
use crate::http::Operation;

/// The form of the official SDKs.
const EXAMPLE: &str =
    "grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey=any-text&response_type=cloud_iam";

pub(super) fn operation() -> Operation {
    Operation::new(Method::POST, "/identity/token", "create_token", routes::token::create_token)
        .says("Create an IAM access token", Evidence::Client)
        .known_from(source::TOKEN_CLIENTS)
        .describes(
            "Any API key is good, and in strict mode a seeded one. Reads the grants `apikey`, `cr-token`, `assume`, \
             `iam-authz` (each after `urn:ibm:params:oauth:grant-type:`) and `refresh_token`. The credential in \
             `Authorization` is ignored.",
        )
        .reads_form("TokenRequest", EXAMPLE)
        .answers(StatusCode::OK, "Token")
        .refuses(&[
            &token::KEY_NOT_FOUND,
            &token::PROPERTY_MISSING,
            &token::PROPERTY_INVALID,
            &token::TOKEN_INVALID,
            &token::TOO_LARGE,
            &token::FAILED,
            &token::TIMED_OUT,
        ])
        .public()
}
