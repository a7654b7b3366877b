//! Namespaces, resets, the state, snapshots, the clock and the faults.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{MEDIA_TYPE, Raw, RawState, admin};
use crate::admin::admin_error::AdminError;
use crate::admin::api::Part;
use crate::control::fault::Fault;
use crate::failure::Failure;
use crate::http::{Answer, Context, Path, Query, Reply, json};
use crate::seed::Seed;

fn done() -> Answer {
    Ok(json(StatusCode::OK, MEDIA_TYPE, &json!({"status": "ok"})))
}

fn no_content() -> Answer {
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// `POST /__admin/reset`: 200 when everything, or the parts named by `part`, are as they began.
pub(in super::super) async fn reset(query: Query, context: Context) -> Answer {
    let mut parts = Vec::new();
    for (name, value) in query.iter() {
        if name != "part" {
            return Err(AdminError::wrong(name, "is no parameter of this operation").into());
        }
        for word in value.split(',') {
            parts.push(part_named(word).ok_or_else(|| {
                AdminError::wrong("part", format!("`{word}` is none of state, requests, faults, clock"))
            })?);
        }
    }
    if parts.is_empty() {
        admin(&context).reset();
    } else {
        admin(&context).reset_parts(&parts);
    }
    done()
}

fn part_named(word: &str) -> Option<Part> {
    match word {
        "state" => Some(Part::State),
        "requests" => Some(Part::Requests),
        "faults" => Some(Part::Faults),
        "clock" => Some(Part::Clock),
        _ => None,
    }
}

/// `GET /__admin/state`: 200 with the whole state as a seed.
pub(in super::super) async fn get_state(context: Context) -> Answer {
    let admin = admin(&context);
    // A large state takes its time, in which other requests go on.
    let written = tokio::task::spawn_blocking(move || json(StatusCode::OK, MEDIA_TYPE, &admin.state())).await;
    written.map_err(|_| Failure::Panic)
}

/// `PUT /__admin/state`: 200 when the state is what the body says.
pub(in super::super) async fn put_state(context: Context, RawState(bytes): RawState) -> Answer {
    let admin = admin(&context);
    let put = tokio::task::spawn_blocking(move || {
        let text = std::str::from_utf8(&bytes).map_err(|_| AdminError::wrong("", "must be UTF-8"))?;
        admin.put_state(&Seed::parse(text)?)
    });
    put.await.map_err(|_| Failure::Panic)??;
    done()
}

/// `GET /__admin/snapshots`: 200 with all snapshots.
pub(in super::super) async fn list_snapshots(context: Context) -> Answer {
    Ok(json(StatusCode::OK, MEDIA_TYPE, &json!({"snapshots": admin(&context).snapshots()})))
}

/// `POST /__admin/snapshots/{name}`: 201 when the present state is kept under the name.
pub(in super::super) async fn save_snapshot(Path(name): Path<String>, context: Context) -> Answer {
    let report = admin(&context).save_snapshot(&name)?;
    Ok(json(StatusCode::CREATED, MEDIA_TYPE, &report))
}

/// `POST /__admin/snapshots/{name}/restore`: 200 when the state is the one kept under the name.
pub(in super::super) async fn restore_snapshot(Path(name): Path<String>, context: Context) -> Answer {
    admin(&context).restore_snapshot(&name)?;
    done()
}

/// `DELETE /__admin/snapshots/{name}`: 204 when it is forgotten.
pub(in super::super) async fn delete_snapshot(Path(name): Path<String>, context: Context) -> Answer {
    admin(&context).delete_snapshot(&name)?;
    no_content()
}

/// `GET /__admin/namespaces`: 200 with all namespaces.
pub(in super::super) async fn list_namespaces(context: Context) -> Answer {
    Ok(json(StatusCode::OK, MEDIA_TYPE, &json!({"namespaces": admin(&context).namespaces()})))
}

/// `DELETE /__admin/namespaces`: 204 when only the default one is left, as it began.
pub(in super::super) async fn delete_namespaces(context: Context) -> Answer {
    admin(&context).delete_namespaces();
    no_content()
}

/// `GET /__admin/namespaces/{name}`: 200 with the namespace.
pub(in super::super) async fn get_namespace(Path(name): Path<String>, context: Context) -> Answer {
    Ok(json(StatusCode::OK, MEDIA_TYPE, &admin(&context).namespace_report(&name)?))
}

/// `DELETE /__admin/namespaces/{name}`: 204 when it is forgotten; the default one is reset.
pub(in super::super) async fn delete_namespace(Path(name): Path<String>, context: Context) -> Answer {
    admin(&context).delete_namespace(&name)?;
    no_content()
}

/// `GET /__admin/clock`: 200 with how the clock runs.
pub(in super::super) async fn get_clock(context: Context) -> Answer {
    Ok(json(StatusCode::OK, MEDIA_TYPE, &admin(&context).clock()))
}

/// `PUT /__admin/clock`: 200 with how the clock runs from now on.
pub(in super::super) async fn put_clock(context: Context, Raw(bytes): Raw) -> Answer {
    let change: Value = crate::http::body::parse(&bytes)?;
    if !change.is_object() {
        // Read by position, an array would do for an object.
        return Err(AdminError::wrong("", "must be a JSON object such as {\"advance\":\"1h\"}").into());
    }
    let change = crate::admin::search::typed(change, "")?;
    Ok(json(StatusCode::OK, MEDIA_TYPE, &admin(&context).set_clock(change)?))
}

/// `GET /__admin/faults`: 200 with all faults.
pub(in super::super) async fn list_faults(context: Context) -> Answer {
    Ok(json(StatusCode::OK, MEDIA_TYPE, &json!({"faults": admin(&context).faults()})))
}

/// `POST /__admin/faults`: 201 with the faults that were set, with their ids.
pub(in super::super) async fn add_faults(context: Context, Raw(bytes): Raw) -> Answer {
    let faults = Fault::read(&bytes).map_err(AdminError::from)?;
    let added = admin(&context).add_faults(faults)?;
    Ok(json(StatusCode::CREATED, MEDIA_TYPE, &json!({"faults": added})))
}

/// `DELETE /__admin/faults`: 204 when there are no faults any more.
pub(in super::super) async fn delete_faults(context: Context) -> Answer {
    admin(&context).remove_faults();
    no_content()
}

/// `GET /__admin/faults/{id}`: 200 with the fault.
pub(in super::super) async fn get_fault(Path(id): Path<String>, context: Context) -> Answer {
    Ok(json(StatusCode::OK, MEDIA_TYPE, &admin(&context).fault(&id)?))
}

/// `DELETE /__admin/faults/{id}`: 204 when it is removed.
pub(in super::super) async fn delete_fault(Path(id): Path<String>, context: Context) -> Answer {
    admin(&context).remove_fault(&id)?;
    no_content()
}
