//! Handlers of resource groups.

use axum::extract::Request;
use axum::http::StatusCode;

use super::super::MEDIA_TYPE;
use super::super::params;
use super::super::wire::{ResourceGroupCreated, ResourceGroupList};
use crate::domain::ibm::neighbors::RESOURCE_GROUPS;
use crate::domain::ibm::records::caller::Caller;
use crate::http::{ApiResponse, HandlerResult, Path, Query, RawFields, RequestContext, body, json};
use crate::spec::RequestError;

/// `GET /v2/resource_groups`: 200 with all resource groups of the account.
pub(in super::super) async fn list_resource_groups(
    caller: Caller,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let account = query.get_non_empty("account_id").unwrap_or(&caller.account).to_owned();
    caller.check_account_access(&account)?;
    let filter = params::resource_group_filter(&query)?;
    let response = context.read_offloaded(
        account,
        |state, account| state.ibm.neighbors_of(&RESOURCE_GROUPS, account).len(),
        move |state, account: String| {
            let mut resources = state.ibm.resource_groups(&account);
            resources.retain(|group| {
                let fields: RawFields<'_> = serde_json::from_str(group.get()).expect("it is an object");
                let is_default = fields.get("default").is_some_and(|it| it.get() == "true");
                filter.name.as_ref().is_none_or(|name| fields.string("name").as_ref() == Some(name))
                    && filter.default.is_none_or(|wanted| wanted == is_default)
            });
            json(StatusCode::OK, MEDIA_TYPE, &ResourceGroupList { resources })
        },
    );
    response.await.map_err(|_| RequestError::Panic)
}

/// `POST /v2/resource_groups`: 201 with the id and CRN of the new resource group.
pub(in super::super) async fn create_resource_group(
    caller: Caller,
    context: RequestContext,
    request: Request,
) -> HandlerResult {
    let bytes = body::read_body(&context, request).await?;
    let fields = body::parse::<RawFields<'_>>(&bytes)?.only(&["account_id", "name"]);
    RESOURCE_GROUPS.check(&fields, true)?;
    caller.check_account_access(&fields.string("account_id").unwrap_or_default())?;
    context.write(|state, tx| {
        let created = state.ibm.create_resource_group(&fields, tx)?.fields();
        let [id, crn] = ["id", "crn"].map(|name| created.string(name).unwrap_or_default());
        Ok(json(StatusCode::CREATED, MEDIA_TYPE, &ResourceGroupCreated { id, crn }))
    })
}

/// `GET /v2/resource_groups/{id}`: 200 with the resource group.
pub(in super::super) async fn get_resource_group(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    context.read(|state| Ok(json(StatusCode::OK, MEDIA_TYPE, &state.ibm.resource_group(&id, &caller)?)))
}

/// `PATCH /v2/resource_groups/{id}`: 200 with the updated resource group.
pub(in super::super) async fn update_resource_group(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
    request: Request,
) -> HandlerResult {
    let bytes = body::read_body(&context, request).await?;
    context.write(|state, tx| {
        state.ibm.resource_group(&id, &caller)?;
        let fields = body::parse::<RawFields<'_>>(&bytes)?.only(&["name", "state"]);
        RESOURCE_GROUPS.check(&fields, false)?;
        let updated = state.ibm.update_resource_group(&id, &fields, &caller, tx)?;
        Ok(json(StatusCode::OK, MEDIA_TYPE, &updated.json))
    })
}

/// `DELETE /v2/resource_groups/{id}`: 204.
pub(in super::super) async fn delete_resource_group(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    context.write(|state, _| state.ibm.delete_resource_group(&id, &caller))?;
    Ok(ApiResponse::empty(StatusCode::NO_CONTENT))
}
