//! Handlers for namespaces, resets, the state, snapshots, the clock and faults.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{MAX_STATE_TIME, MEDIA_TYPE, RawBody, StateBody, admin, offload_change, offload_within};
use crate::admin::admin_error::AdminError;
use crate::admin::api::{FidelitySetting, ResetScope};
use crate::admin::json_stream::stream_json;
use crate::app::offload::spawn_blocking;
use crate::control::faults::fault::Fault;
use crate::domain::seed::Seed;
use crate::http::{ApiResponse, HandlerResult, Path, Query, RequestContext, json};

/// Returns the response 200 `{"status":"ok"}`.
fn ok_status() -> HandlerResult {
    Ok(json(StatusCode::OK, MEDIA_TYPE, &json!({"status": "ok"})))
}

fn no_content() -> HandlerResult {
    Ok(ApiResponse::empty(StatusCode::NO_CONTENT))
}

/// Handles `POST /__admin/reset`: 200 after resetting everything, or the parts in `scope`.
pub(in super::super) async fn reset(query: Query, context: RequestContext) -> HandlerResult {
    let mut scopes = Vec::new();
    for (_, value) in query.iter() {
        for word in value.split(',') {
            scopes.push(parse_scope(word).ok_or_else(|| {
                AdminError::invalid(
                    "scope",
                    format!("`{word}` must be one of state, requests, faults, clock"),
                )
            })?);
        }
    }
    // A large state takes long to free.
    offload_change(&context, move |context| {
        if scopes.is_empty() {
            admin(context).reset();
        } else {
            admin(context).reset_scopes(&scopes);
        }
        Ok(())
    })
    .await?;
    ok_status()
}

fn parse_scope(word: &str) -> Option<ResetScope> {
    match word {
        "state" => Some(ResetScope::State),
        "requests" => Some(ResetScope::Requests),
        "faults" => Some(ResetScope::Faults),
        "clock" => Some(ResetScope::Clock),
        _ => None,
    }
}

/// Handles `GET /__admin/state`: 200 with the complete state as a seed; credentials only with `credentials=true`.
pub(in super::super) async fn get_state(query: Query, context: RequestContext) -> HandlerResult {
    let mut with_credentials = false;
    for (name, value) in query.iter() {
        with_credentials = match value {
            "true" => true,
            "false" => false,
            _ => return Err(AdminError::invalid(name, "must be true or false").into()),
        };
    }
    stream_json(&context, MAX_STATE_TIME, move |context| {
        let admin = admin(context);
        if with_credentials { admin.state_with_credentials() } else { admin.state() }
    })
    .await
}

/// Handles `PUT /__admin/state`: 200 after replacing the state with the body.
pub(in super::super) async fn put_state(
    context: RequestContext,
    StateBody(bytes, permit): StateBody,
) -> HandlerResult {
    let next = offload_within(&context, MAX_STATE_TIME, move |context, _| {
        let text = String::from_utf8(bytes.into()).map_err(|_| AdminError::invalid("", "must be UTF-8"))?;
        let seed = Seed::parse_owned(text)?;
        let next = admin(context).prepare_state(&seed);
        drop((seed, permit));
        next
    });
    // The future is dropped here if the client disconnects: then nothing is changed.
    let old = admin(&context).commit_state(next.await?);
    drop(spawn_blocking(move || drop(old)));
    ok_status()
}

/// Handles `GET /__admin/snapshots`: 200 with all snapshots.
pub(in super::super) async fn list_snapshots(context: RequestContext) -> HandlerResult {
    Ok(json(StatusCode::OK, MEDIA_TYPE, &json!({"snapshots": admin(&context).snapshots()})))
}

/// Handles `POST /__admin/snapshots/{name}`: 201 after saving the current state.
pub(in super::super) async fn save_snapshot(
    Path(name): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    let snapshot = admin(&context).save_snapshot(&name)?;
    Ok(json(StatusCode::CREATED, MEDIA_TYPE, &snapshot))
}

/// Handles `POST /__admin/snapshots/{name}/restore`: 200 after restoring the snapshot.
pub(in super::super) async fn restore_snapshot(
    Path(name): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    offload_change(&context, move |context| admin(context).restore_snapshot(&name)).await?;
    ok_status()
}

/// Handles `DELETE /__admin/snapshots/{name}`: 204 after deleting the snapshot.
pub(in super::super) async fn delete_snapshot(
    Path(name): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    offload_change(&context, move |context| admin(context).delete_snapshot(&name)).await?;
    no_content()
}

/// Handles `GET /__admin/namespaces`: 200 with all namespaces.
pub(in super::super) async fn list_namespaces(context: RequestContext) -> HandlerResult {
    Ok(json(StatusCode::OK, MEDIA_TYPE, &json!({"namespaces": admin(&context).namespaces()})))
}

/// Handles `DELETE /__admin/namespaces`: 204 after deleting all namespaces and resetting the default one.
pub(in super::super) async fn delete_namespaces(context: RequestContext) -> HandlerResult {
    offload_change(&context, |context| {
        admin(context).delete_namespaces();
        Ok(())
    })
    .await?;
    no_content()
}

/// Handles `GET /__admin/namespaces/{name}`: 200 with the namespace.
pub(in super::super) async fn get_namespace(
    Path(name): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    Ok(json(StatusCode::OK, MEDIA_TYPE, &admin(&context).namespace_info(&name)?))
}

/// Handles `DELETE /__admin/namespaces/{name}`: 204 after deleting the namespace, or resetting the default one.
pub(in super::super) async fn delete_namespace(
    Path(name): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    offload_change(&context, move |context| admin(context).delete_namespace(&name)).await?;
    no_content()
}

/// Handles `GET /__admin/clock`: 200 with the state of the clock.
pub(in super::super) async fn get_clock(context: RequestContext) -> HandlerResult {
    Ok(json(StatusCode::OK, MEDIA_TYPE, &admin(&context).clock()))
}

/// Handles `PUT /__admin/clock`: 200 with the new state of the clock.
pub(in super::super) async fn put_clock(context: RequestContext, RawBody(bytes): RawBody) -> HandlerResult {
    let change: Value = crate::http::body::parse(&bytes)?;
    if !change.is_object() {
        return Err(AdminError::invalid("", "must be a JSON object such as {\"advance\":\"1h\"}").into());
    }
    let change = crate::admin::search::deserialize_at(&change, "")?;
    Ok(json(StatusCode::OK, MEDIA_TYPE, &admin(&context).set_clock(change)?))
}

/// Handles `GET /__admin/fidelity`: 200 with the fidelity.
pub(in super::super) async fn get_fidelity(context: RequestContext) -> HandlerResult {
    let fidelity = admin(&context).fidelity();
    Ok(json(StatusCode::OK, MEDIA_TYPE, &FidelitySetting { fidelity }))
}

/// Handles `PUT /__admin/fidelity`: 200 with the new fidelity.
pub(in super::super) async fn put_fidelity(
    context: RequestContext,
    RawBody(bytes): RawBody,
) -> HandlerResult {
    let setting: Value = crate::http::body::parse(&bytes)?;
    if !setting.is_object() {
        return Err(AdminError::invalid("", "must be a JSON object such as {\"fidelity\":\"live\"}").into());
    }
    let setting: FidelitySetting = crate::admin::search::deserialize_at(&setting, "")?;
    admin(&context).set_fidelity(setting.fidelity);
    Ok(json(StatusCode::OK, MEDIA_TYPE, &setting))
}

/// Handles `GET /__admin/faults`: 200 with all faults.
pub(in super::super) async fn list_faults(context: RequestContext) -> HandlerResult {
    Ok(json(StatusCode::OK, MEDIA_TYPE, &json!({"faults": admin(&context).faults()})))
}

/// Handles `POST /__admin/faults`: 201 with the added faults and their ids.
pub(in super::super) async fn add_faults(context: RequestContext, RawBody(bytes): RawBody) -> HandlerResult {
    // Regular expressions take long to compile.
    let added =
        offload_change(&context, move |context| admin(context).add_faults(Fault::parse(&bytes)?)).await?;
    Ok(json(StatusCode::CREATED, MEDIA_TYPE, &json!({"faults": added})))
}

/// Handles `DELETE /__admin/faults`: 204 after removing all faults.
pub(in super::super) async fn delete_faults(context: RequestContext) -> HandlerResult {
    admin(&context).remove_faults();
    no_content()
}

/// Handles `GET /__admin/faults/{id}`: 200 with the fault.
pub(in super::super) async fn get_fault(Path(id): Path<String>, context: RequestContext) -> HandlerResult {
    Ok(json(StatusCode::OK, MEDIA_TYPE, &admin(&context).fault(&id)?))
}

/// Handles `DELETE /__admin/faults/{id}`: 204 after removing the fault.
pub(in super::super) async fn delete_fault(Path(id): Path<String>, context: RequestContext) -> HandlerResult {
    admin(&context).remove_fault(&id)?;
    no_content()
}
