//! Authentication by an OAuth bearer token.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::config::AuthMode;
use crate::domain::legacy::error;
use crate::http::RequestContext;
use crate::http::authorization::{Authorization, authorization};
use crate::spec::RequestError;

/// An authenticated caller with permission for the request.
#[derive(Debug)]
pub(super) struct Caller;

impl FromRequestParts<RequestContext> for Caller {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, app: &RequestContext) -> Result<Self, RequestError> {
        let mode = app.auth_mode(parts);
        if mode == AuthMode::Off {
            return Ok(Self);
        }
        let Authorization::Bearer(token) = authorization(&parts.headers) else {
            return Err(error::UNAUTHORIZED.error().into());
        };
        if mode == AuthMode::Strict {
            let found = app.credentials().find("legacy", |credential| credential.secret == token);
            let credential = found.ok_or_else(|| error::UNAUTHORIZED.error())?;
            if !credential.allows(None, !parts.method.is_safe()) {
                return Err(error::FORBIDDEN.error().into());
            }
        }
        Ok(Self)
    }
}
