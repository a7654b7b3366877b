//! Handlers of assignments.

use axum::http::StatusCode;
use axum::http::header::ETAG;

use super::super::MEDIA_TYPE;
use super::super::if_match::IfMatch;
use super::super::page::{ASSIGNMENT_PARAMETERS, Links};
use super::super::params;
use super::super::wire::{self, AssignmentRequest, AssignmentUpdateRequest, DeferredJson};
use super::assignments_url;
use crate::domain::ibm::records::assignment::{Assignment, Viewpoint};
use crate::domain::ibm::records::caller::Caller;
use crate::http::{ApiResponse, HandlerResult, Path, Query, RequestContext, json};

/// `POST /v1/group_assignments`: 202 with the new assignment and its entity tag.
pub(in super::super) async fn create_assignment(
    caller: Caller,
    context: RequestContext,
    body: DeferredJson<AssignmentRequest>,
) -> HandlerResult {
    let draft = body.into_inner()?.into_draft()?;
    context.write(|state, tx| {
        let assignment = state.ibm.create_assignment(draft, &caller, tx)?;
        Ok(accepted_response(assignment, &context))
    })
}

/// `GET /v1/group_assignments`: 200 with one page of an account's assignments.
pub(in super::super) async fn list_assignments(
    _: Caller,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let assignment_query = params::assignment_list(&query)?;
    let (url, viewpoint) = (assignments_url(&context), observer(&context));
    context.read(|state| {
        let page = state.ibm.list_assignments(&assignment_query, viewpoint);
        let items = page.items.into_iter();
        let list = wire::ListTemplateAssignments {
            limit: assignment_query.window.limit,
            offset: assignment_query.window.offset,
            total_count: page.total,
            links: Links::new(&url, &query, ASSIGNMENT_PARAMETERS, assignment_query.window, page.total),
            assignments: items.map(|it| wire::TemplateAssignment::new(it, viewpoint, &url)).collect(),
        };
        Ok(json(StatusCode::OK, MEDIA_TYPE, &list))
    })
}

/// `GET /v1/group_assignments/{assignment_id}`: 200 with the assignment and its entity tag.
pub(in super::super) async fn get_assignment(
    caller: Caller,
    Path(id): Path<String>,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let verbose = params::boolean(&query, "verbose")?;
    let (url, viewpoint) = (assignments_url(&context), observer(&context));
    context.read(|state| {
        let assignment = state.ibm.assignment(&id, &caller)?;
        let body = if verbose {
            wire::TemplateAssignment::detailed(assignment, (&state.ibm, viewpoint), &url)
        } else {
            wire::TemplateAssignment::new(assignment, viewpoint, &url)
        };
        Ok(json(StatusCode::OK, MEDIA_TYPE, &body).header(ETAG, &assignment.entity_tag(viewpoint)))
    })
}

/// `PATCH /v1/group_assignments/{assignment_id}`: 202 with the assignment and its new entity tag.
pub(in super::super) async fn update_assignment(
    caller: Caller,
    Path(id): Path<String>,
    if_match: IfMatch,
    context: RequestContext,
    body: DeferredJson<AssignmentUpdateRequest>,
) -> HandlerResult {
    let viewpoint = observer(&context);
    context.write(|state, tx| {
        let entity_tag = state.ibm.assignment(&id, &caller)?.entity_tag(viewpoint);
        let version = body.into_inner()?.into_version()?;
        if_match.check_or_wildcard(&entity_tag)?;
        let assignment = state.ibm.update_assignment(&id, &version, &caller, tx)?;
        Ok(accepted_response(assignment, &context))
    })
}

/// `DELETE /v1/group_assignments/{assignment_id}`: 202 without a body; the assignment is gone, or has the version that
/// was assigned before.
pub(in super::super) async fn delete_assignment(
    caller: Caller,
    Path(id): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    context.write(|state, tx| {
        state.ibm.delete_assignment(&id, &caller, tx)?;
        Ok(ApiResponse::empty(StatusCode::ACCEPTED))
    })
}

/// Returns the view of a request that did not start the last operation of an assignment.
fn observer(context: &RequestContext) -> Viewpoint {
    Viewpoint::Observer { now: context.now(), takes: context.config().ibm.assignment_time }
}

fn accepted_response(assignment: &Assignment, context: &RequestContext) -> ApiResponse {
    let body = wire::TemplateAssignment::new(assignment, Viewpoint::Initiator, &assignments_url(context));
    json(StatusCode::ACCEPTED, MEDIA_TYPE, &body).header(ETAG, &assignment.entity_tag(Viewpoint::Initiator))
}
