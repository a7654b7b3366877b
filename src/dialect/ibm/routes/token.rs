//! The token endpoint.

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;

use super::super::MEDIA_TYPE;
use super::super::token;
use crate::failure::Failure;
use crate::http::{Answer, Context, Query, body, json};

/// `POST /identity/token`: 200 with an access token for what the form grants.
pub(in super::super) async fn create_token(context: Context, Form(form): Form) -> Answer {
    let token = token::issue(&form, &context)?;
    Ok(json(StatusCode::OK, MEDIA_TYPE, &token))
}

/// A form-encoded body, whatever its content type says.
#[derive(Debug)]
pub(in super::super) struct Form(Query);

impl FromRequest<Context> for Form {
    type Rejection = Failure;

    async fn from_request(request: Request, context: &Context) -> Result<Self, Failure> {
        let bytes = body::read(context, request).await?;
        let text = std::str::from_utf8(&bytes);
        let text = text.map_err(|_| Failure::BadBody("the form is not UTF-8".to_owned()))?;
        Ok(Self(Query::parse(text.trim())?))
    }
}
