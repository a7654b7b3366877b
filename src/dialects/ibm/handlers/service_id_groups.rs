//! Handlers of service id groups.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::ETAG;

use super::super::MEDIA_TYPE;
use super::super::if_match::IfMatch;
use super::super::params;
use super::super::wire::ServiceIdGroupList;
use crate::domain::ibm::neighbors::SERVICE_ID_GROUPS;
use crate::domain::ibm::records::caller::Caller;
use crate::domain::neighbors::{Neighbor, json_string};
use crate::http::{ApiResponse, HandlerResult, Path, Query, RawFields, RequestContext, body, json};
use crate::spec::RequestError;

/// The fields that requests set.
const CONTENT: &[&str] = &["name", "description"];

/// `GET /v1/serviceid_groups`: 200 with all service id groups of the account.
pub(in super::super) async fn list_service_id_groups(
    caller: Caller,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let account = params::account_id(&query)?;
    caller.check_account_access(&account)?;
    let response = context.read_offloaded(
        account,
        |state, account| state.ibm.neighbors_of(&SERVICE_ID_GROUPS, account).len(),
        move |state, account: String| {
            let name = query.get_non_empty("name");
            let groups = state.ibm.neighbors_of(&SERVICE_ID_GROUPS, &account).iter();
            let found = groups.filter(|group| name.is_none_or(|name| group.has_text("name", name)));
            let list = ServiceIdGroupList { serviceid_groups: found.map(|group| &*group.json).collect() };
            json(StatusCode::OK, MEDIA_TYPE, &list)
        },
    );
    response.await.map_err(|_| RequestError::Panic)
}

/// `POST /v1/serviceid_groups`: 201 with the new service id group and its entity tag.
pub(in super::super) async fn create_service_id_group(
    caller: Caller,
    context: RequestContext,
    request: Request,
) -> HandlerResult {
    let bytes = body::read_body(&context, request).await?;
    let fields = body::parse::<RawFields<'_>>(&bytes)?.only(&["account_id", "name", "description"]);
    SERVICE_ID_GROUPS.check(&fields, true)?;
    caller.check_account_access(&fields.string("account_id").unwrap_or_default())?;
    let author = format!(r#"{{"created_by":{}}}"#, json_string(&caller.iam_id));
    let fields = body::parse::<RawFields<'_>>(author.as_bytes())?.merge(&fields);
    context.write(|state, tx| {
        Ok(response(StatusCode::CREATED, state.ibm.create_neighbor(&SERVICE_ID_GROUPS, &fields, tx)?))
    })
}

/// `GET /v1/serviceid_groups/{id}`: 200 with the service id group and its entity tag.
pub(in super::super) async fn get_service_id_group(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    context.read(|state| Ok(response(StatusCode::OK, state.ibm.neighbor(&SERVICE_ID_GROUPS, &id, &caller)?)))
}

/// `PUT /v1/serviceid_groups/{id}`: 200 with the updated service id group and its new entity tag.
pub(in super::super) async fn update_service_id_group(
    caller: Caller,
    Path(id): Path<String>,
    if_match: IfMatch,
    context: RequestContext,
    request: Request,
) -> HandlerResult {
    let bytes = body::read_body(&context, request).await?;
    context.write(|state, tx| {
        let tag = entity_tag(state.ibm.neighbor(&SERVICE_ID_GROUPS, &id, &caller)?);
        let fields = body::parse::<RawFields<'_>>(&bytes)?.only(CONTENT);
        SERVICE_ID_GROUPS.check(&fields, false)?;
        if_match.check_or_wildcard(&tag)?;
        let updated = state.ibm.update_neighbor((&SERVICE_ID_GROUPS, &id), &fields, tx)?;
        Ok(response(StatusCode::OK, updated))
    })
}

/// `DELETE /v1/serviceid_groups/{id}`: 204.
pub(in super::super) async fn delete_service_id_group(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    context.write(|state, _| state.ibm.delete_neighbor(&SERVICE_ID_GROUPS, &id, &caller))?;
    Ok(ApiResponse::empty(StatusCode::NO_CONTENT))
}

fn entity_tag(group: &Neighbor) -> String {
    group.fields().string("entity_tag").unwrap_or_default()
}

fn response(status: StatusCode, group: &Neighbor) -> ApiResponse {
    json(status, MEDIA_TYPE, &group.json).header(ETAG, &entity_tag(group))
}
