//! Handlers of the invitation of users, and of their settings.

use axum::http::StatusCode;

use super::super::MEDIA_TYPE;
use super::super::wire::{
    DeferredJson, InvitationRequest, InvitedUser, InvitedUserList, UserSettings, UserSettingsRequest,
};
use super::users::check_account;
use crate::domain::ibm::records::caller::Caller;
use crate::http::{ApiResponse, HandlerResult, Path, RequestContext, json};

/// `POST /v2/accounts/{account_id}/users`: 202 with the invited users.
pub(in super::super) async fn invite_users(
    caller: Caller,
    Path(account): Path<String>,
    context: RequestContext,
    body: DeferredJson<InvitationRequest>,
) -> HandlerResult {
    check_account(&caller, &account)?;
    let (emails, groups) = body.into_inner()?.into_parts()?;
    let ids = context.write(|state, tx| state.ibm.invite_users(&account, (&emails, &groups), &caller, tx))?;
    let users = emails.into_iter().zip(ids);
    let resources = users.map(|(email, id)| InvitedUser { email, id, state: "PROCESSING" }).collect();
    Ok(json(StatusCode::ACCEPTED, MEDIA_TYPE, &InvitedUserList { resources }))
}

/// `GET /v2/accounts/{account_id}/users/{iam_id}/settings`: 200 with the settings of the user.
pub(in super::super) async fn get_user_settings(
    caller: Caller,
    Path((account, iam_id)): Path<(String, String)>,
    context: RequestContext,
) -> HandlerResult {
    check_account(&caller, &account)?;
    context.read(|state| {
        let settings = UserSettings::new(state.ibm.user(&account, &iam_id)?.settings());
        Ok(json(StatusCode::OK, MEDIA_TYPE, &settings))
    })
}

/// `PATCH /v2/accounts/{account_id}/users/{iam_id}/settings`: 204 after changing the settings that are sent.
pub(in super::super) async fn update_user_settings(
    caller: Caller,
    Path((account, iam_id)): Path<(String, String)>,
    context: RequestContext,
    body: DeferredJson<UserSettingsRequest>,
) -> HandlerResult {
    check_account(&caller, &account)?;
    context.write(|state, _| {
        state.ibm.user(&account, &iam_id)?;
        let request = body.into_inner()?;
        state.ibm.update_user_settings((&account, &iam_id), |settings| request.apply_to(settings))?;
        Ok(ApiResponse::empty(StatusCode::NO_CONTENT))
    })
}
