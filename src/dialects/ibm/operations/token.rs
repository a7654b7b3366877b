//! The operation of the token endpoint.

use axum::http::{Method, StatusCode};

use crate::domain::ibm::error::token;
use crate::domain::ibm::source;
use crate::spec::{Confidence, Evidence, Observation, Operation};

/// The form that the official SDKs send.
const EXAMPLE: &str =
    "grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey=any-text&response_type=cloud_iam";

pub(in super::super) static CREATE_TOKEN: Operation = Operation::new(Method::POST, "/identity/token", "create_token")
        .summary("Create an IAM access token", Evidence::Client(Observation::new("2026", Confidence::High)))
        .source(source::TOKEN_CLIENTS)
        .description(
            "Accepts any API key, in strict mode only a seeded one. Supports the grant types `apikey`, `cr-token`, \
             `assume` and `iam-authz`, each with the prefix `urn:ibm:params:oauth:grant-type:`, and `refresh_token`. \
             A client with Basic credentials, whatever they are, gets a refresh token; any other gets `not_supported`.",
        )
        .form_body("TokenRequest", EXAMPLE)
        .response(StatusCode::OK, "Token")
        .errors(&[
            &token::KEY_NOT_FOUND,
            &token::PROPERTY_MISSING,
            &token::PROPERTY_INVALID,
            &token::TOKEN_INVALID,
            &token::REFRESH_TOKEN_EXPIRED,
            &token::BODY_TOO_LARGE,
            &token::INTERNAL_ERROR,
            &token::TIMEOUT,
        ])
        .unauthenticated();
