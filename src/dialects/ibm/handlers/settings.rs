//! Handlers of account settings.

use axum::http::StatusCode;

use super::super::MEDIA_TYPE;
use super::super::params;
use super::super::wire::{AccountSettings, DeferredJson, SettingsRequest};
use crate::domain::ibm::records::caller::Caller;
use crate::http::{HandlerResult, Query, RequestContext, json};

/// `GET /v2/groups/settings`: 200 with the settings of the account.
pub(in super::super) async fn get_account_settings(
    _: Caller,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let account = params::account_id(&query)?;
    context.read(|state| {
        let settings = AccountSettings::new(&account, state.ibm.settings(&account));
        Ok(json(StatusCode::OK, MEDIA_TYPE, &settings))
    })
}

/// `PATCH /v2/groups/settings`: 200 with the updated settings.
pub(in super::super) async fn update_account_settings(
    caller: Caller,
    query: Query,
    context: RequestContext,
    body: DeferredJson<SettingsRequest>,
) -> HandlerResult {
    let account = params::account_id(&query)?;
    let enabled = body.into_inner()?.public_access_enabled;
    context.write(|state, tx| {
        if let Some(enabled) = enabled {
            state.ibm.set_public_access(&account, enabled, &caller, tx);
        }
        let settings = AccountSettings::new(&account, state.ibm.settings(&account));
        Ok(json(StatusCode::OK, MEDIA_TYPE, &settings))
    })
}
