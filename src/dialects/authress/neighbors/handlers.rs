//! The handlers that all kinds of neighbors share.

use axum::http::header::USER_AGENT;
use axum::http::{HeaderMap, StatusCode};
use serde_json::value::RawValue;

use super::super::MEDIA_TYPE;
use super::super::auth::Caller;
use super::super::request::{ListQuery, NeighborBody, NoQuery};
use super::super::wire::NeighborCollection;
use super::NeighborApi;
use crate::domain::authress::neighbors::{RECORDS, ROLES};
use crate::domain::authress::page::Page;
use crate::domain::neighbors::{Neighbor, json_string};
use crate::http::{ApiResponse, HandlerResult, Path, RawFields, RequestContext, json};
use crate::spec::RequestError;

/// The start of the `User-Agent` of the Terraform provider, which takes every status but 200 for an error.
const TERRAFORM: &str = "Authress SDK; Terraform;";

/// Returns the kind that the operation of a request belongs to.
fn api_of(context: &RequestContext) -> &'static NeighborApi {
    NeighborApi::of(context).expect("these handlers are routed only for the operations of the table")
}

/// `GET` of a list: 200 with one page in creation order.
pub(super) async fn list_neighbors(_: Caller, query: ListQuery, context: RequestContext) -> HandlerResult {
    let api = api_of(&context);
    let owned_context = context.clone();
    let response = context
        .read_offloaded(
            query,
            |world, query: &ListQuery| match query.params.filter {
                Some(_) => world.authress.neighbor_count(api.kind),
                None => 0,
            },
            move |world, query: ListQuery| {
                let found = world.authress.neighbors_after(api.kind, query.params.after);
                let page = match &query.params.filter {
                    Some(filter) => {
                        Page::collect(found.filter(|(_, it)| filter.matches_json(&it.json)), &query.params)
                    }
                    None => Page::collect(found, &query.params),
                };
                let base_url = owned_context.base_url();
                let items = page.items.iter().map(|it| to_json(api, it, base_url)).collect();
                let name = api.kind.kind.path;
                let collection =
                    NeighborCollection::new((name, items), page.next.as_deref(), &query, base_url);
                json(StatusCode::OK, MEDIA_TYPE, &collection)
            },
        )
        .await;
    response.map_err(|_| RequestError::Panic)
}

/// `POST` to a list: the new object.
pub(super) async fn create_neighbor(
    _: Caller,
    headers: HeaderMap,
    context: RequestContext,
    NeighborBody(bytes, _): NeighborBody,
) -> HandlerResult {
    let api = api_of(&context);
    let fields: RawFields<'_> = serde_json::from_slice(&bytes).expect("the body was checked");
    let user_agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_role = std::ptr::eq(api.kind, &raw const ROLES);
    let status =
        if is_role && user_agent.starts_with(TERRAFORM) { StatusCode::OK } else { StatusCode::CREATED };
    context.write(|world, tx| {
        let created = world.authress.create_neighbor(api.kind, &fields, tx)?;
        Ok(json(status, MEDIA_TYPE, &to_json(api, created, context.base_url())))
    })
}

/// `GET` of an object: 200 with the object.
pub(super) async fn get_neighbor(
    _: Caller,
    Path(id): Path<String>,
    _: NoQuery,
    context: RequestContext,
) -> HandlerResult {
    let api = api_of(&context);
    context.read(|world| {
        let found = world.authress.neighbor(api.kind, &id)?;
        Ok(json(StatusCode::OK, MEDIA_TYPE, &to_json(api, found, context.base_url())))
    })
}

/// `PUT` of an object: 200, or 202 for an access record, with the replaced object.
pub(super) async fn replace_neighbor(
    _: Caller,
    Path(id): Path<String>,
    context: RequestContext,
    NeighborBody(bytes, unmodified_since): NeighborBody,
) -> HandlerResult {
    let api = api_of(&context);
    let fields: RawFields<'_> = serde_json::from_slice(&bytes).expect("the body was checked");
    context.write(|world, tx| {
        let replaced = world.authress.replace_neighbor((api.kind, &id), &fields, unmodified_since, tx)?;
        Ok(json(api.replaced, MEDIA_TYPE, &to_json(api, replaced, context.base_url())))
    })
}

/// `DELETE` of an object: 204, or 202 for a user.
pub(super) async fn delete_neighbor(
    _: Caller,
    Path(id): Path<String>,
    _: NoQuery,
    context: RequestContext,
) -> HandlerResult {
    let api = api_of(&context);
    context.write(|world, _| world.authress.delete_neighbor(api.kind, &id))?;
    Ok(ApiResponse::empty(api.deleted))
}

/// Returns the object in a response: an access record has a link to itself.
fn to_json(api: &NeighborApi, neighbor: &Neighbor, base_url: &str) -> Box<RawValue> {
    if !std::ptr::eq(api.kind, &raw const RECORDS) {
        return neighbor.json.clone();
    }
    let fields = neighbor.json.get().strip_suffix('}').expect("it is an object");
    let href = json_string(&format!("{base_url}/v1/records/{}", neighbor.id));
    let json = format!(r#"{fields},"links":{{"self":{{"href":{href}}}}}}}"#);
    RawValue::from_string(json).expect("it is an object with another field")
}
