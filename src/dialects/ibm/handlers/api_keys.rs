//! The handler of the details of an API key.

use axum::http::{HeaderMap, StatusCode};

use super::super::MEDIA_TYPE;
use super::super::token;
use super::super::wire::ApiKey;
use crate::domain::ibm::error;
use crate::domain::ibm::records::caller::Caller;
use crate::http::{HandlerResult, RequestContext, json};

/// `GET /v1/apikeys/details`: 200 with the account and the IAM id that the API key in `IAM-ApiKey` stands for.
pub(in super::super) async fn get_api_key_details(
    _: Caller,
    headers: HeaderMap,
    context: RequestContext,
) -> HandlerResult {
    let key = headers.get("iam-apikey").and_then(|value| value.to_str().ok()).filter(|key| !key.is_empty());
    let key =
        key.ok_or_else(|| error::INVALID_PAYLOAD.with_violation("IAM-ApiKey", "is missing or empty"))?;
    let (owner, fingerprint) = token::api_key_owner(key, &context)?;
    Ok(json(StatusCode::OK, MEDIA_TYPE, &ApiKey::new(&owner, &fingerprint)))
}
