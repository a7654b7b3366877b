//! The handler of the token endpoint.

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode};

use super::super::MEDIA_TYPE;
use super::super::auth::is_basic;
use super::super::token::{self, Client};
use crate::http::{HandlerResult, Query, RequestContext, body, json};
use crate::spec::RequestError;

/// `POST /identity/token`: 200 with an access token, and for a client with credentials a refresh token.
pub(in super::super) async fn create_token(
    context: RequestContext,
    headers: HeaderMap,
    Form(form): Form,
) -> HandlerResult {
    let client = if is_basic(&headers) { Client::Authenticated } else { Client::Anonymous };
    let token = token::issue(&form, client, &context)?;
    Ok(json(StatusCode::OK, MEDIA_TYPE, &token))
}

/// A form-encoded body; the content type is ignored.
#[derive(Debug)]
pub(in super::super) struct Form(Query);

impl FromRequest<RequestContext> for Form {
    type Rejection = RequestError;

    async fn from_request(request: Request, context: &RequestContext) -> Result<Self, RequestError> {
        let bytes = body::read_body(context, request).await?;
        let form = std::str::from_utf8(&bytes);
        let form = form.map_err(|_| RequestError::UnreadableBody("the form is not UTF-8".to_owned()))?;
        Ok(Self(Query::parse(form.trim())?))
    }
}
