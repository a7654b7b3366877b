//! The journal: listing, searching, counting, verifying, explaining, and following it live.

use std::sync::Arc;

use axum::body::Body;
use axum::http::StatusCode;
use futures_util::{StreamExt, stream};
use serde::Serialize;
use serde_json::{Map, Value, json};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::{MEDIA_TYPE, Raw, admin};
use crate::admin::admin_error::AdminError;
use crate::admin::exchange::{Exchange, RecordedRequest};
use crate::admin::explain::path_of;
use crate::admin::export;
use crate::admin::search::{Search, Times};
use crate::control::journal::Entry;
use crate::http::{Answer, Context, Path, Query, Reply, json};
use crate::nearest::{Nearest, nearest};

/// The parameters of a search in the query.
const PARAMETERS: [&str; 10] = [
    "dialect",
    "operation",
    "namespace",
    "method",
    "urlPath",
    "urlPathPattern",
    "status",
    "since",
    "until",
    "limit",
];

/// An exchange whose request stands for itself besides, as WireMock's clients look for it.
#[derive(Debug, Serialize)]
struct Logged {
    #[serde(flatten)]
    request: RecordedRequest,
    #[serde(flatten)]
    exchange: Exchange,
}

/// A request without a route, with the operations that come nearest.
#[derive(Debug, Serialize)]
struct Unmatched {
    #[serde(flatten)]
    logged: Logged,
    nearest: Vec<Nearest>,
}

impl From<Exchange> for Logged {
    fn from(exchange: Exchange) -> Self {
        Self { request: exchange.request.clone(), exchange }
    }
}

/// `GET /__admin/requests`: 200 with the exchanges that the query wants, the latest first; as JSON, HAR or curl lines.
pub(in super::super) async fn list_requests(query: Query, context: Context) -> Answer {
    let search = search_of(&query, true)?;
    let mut exchanges = admin(&context).requests(&search);
    match query.get("format") {
        None | Some("json") => {
            exchanges.reverse();
            let total = exchanges.len();
            let body = json!({
                "requests": exchanges, "meta": {"total": total}, "requestJournalDisabled": is_disabled(&context)
            });
            Ok(json(StatusCode::OK, MEDIA_TYPE, &body))
        }
        Some("har") => Ok(json(StatusCode::OK, MEDIA_TYPE, &export::har(&exchanges))),
        Some("curl") => {
            Ok(Reply::owned_text(StatusCode::OK, "text/plain; charset=utf-8", export::curl(&exchanges)))
        }
        Some(other) => {
            Err(AdminError::wrong("format", format!("`{other}` is none of json, har, curl")).into())
        }
    }
}

/// `DELETE /__admin/requests`: 200 when the journal is empty.
pub(in super::super) async fn delete_requests(context: Context) -> Answer {
    admin(&context).clear_requests();
    Ok(json(StatusCode::OK, MEDIA_TYPE, &json!({})))
}

/// `POST /__admin/requests/find`: 200 with the exchanges that fit the pattern, the oldest first.
pub(in super::super) async fn find_requests(context: Context, Raw(bytes): Raw) -> Answer {
    let found = admin(&context).requests(&Search::of_json(&bytes)?);
    let found: Vec<Logged> = found.into_iter().map(Logged::from).collect();
    let body = json!({"requests": found, "requestJournalDisabled": is_disabled(&context)});
    Ok(json(StatusCode::OK, MEDIA_TYPE, &body))
}

/// `POST /__admin/requests/count`: 200 with the number of exchanges that fit the pattern.
pub(in super::super) async fn count_requests(context: Context, Raw(bytes): Raw) -> Answer {
    let count = admin(&context).count(&Search::of_json(&bytes)?);
    let body = json!({"count": count, "requestJournalDisabled": is_disabled(&context)});
    Ok(json(StatusCode::OK, MEDIA_TYPE, &body))
}

/// `POST /__admin/requests/remove`: 200 with the exchanges that fitted the pattern and are forgotten.
pub(in super::super) async fn remove_requests(context: Context, Raw(bytes): Raw) -> Answer {
    let removed = admin(&context).remove_requests(&Search::of_json(&bytes)?);
    Ok(json(StatusCode::OK, MEDIA_TYPE, &json!({"requests": removed})))
}

/// `POST /__admin/requests/verify`: 200 when as many requests came as expected, else 422 with what came instead.
pub(in super::super) async fn verify_requests(context: Context, Raw(bytes): Raw) -> Answer {
    let (search, times) = Times::of_json(&bytes)?;
    let count = admin(&context).verify(&search, times)?;
    Ok(json(StatusCode::OK, MEDIA_TYPE, &json!({"verified": true, "count": count})))
}

/// `GET /__admin/requests/unmatched`: 200 with the exchanges that no route took, each with the nearest operations.
pub(in super::super) async fn list_unmatched_requests(query: Query, context: Context) -> Answer {
    let search = search_of(&query, false)?;
    let mut found = admin(&context).found(&search);
    found.retain(|(_, entry)| entry.facts.operation.is_none());
    let unmatched: Vec<Unmatched> = found
        .iter()
        .rev()
        .map(|(namespace, entry)| Unmatched {
            logged: Exchange::of(entry, namespace).into(),
            nearest: nearest(&entry.facts.method, path_of(entry)),
        })
        .collect();
    let body = json!({"requests": unmatched, "requestJournalDisabled": is_disabled(&context)});
    Ok(json(StatusCode::OK, MEDIA_TYPE, &body))
}

/// `GET /__admin/requests/{id}`: 200 with the exchange.
pub(in super::super) async fn get_request(Path(id): Path<String>, context: Context) -> Answer {
    Ok(json(StatusCode::OK, MEDIA_TYPE, &admin(&context).request(&id)?))
}

/// `GET /__admin/requests/{id}/explain`: 200 with why the request was answered as it was.
pub(in super::super) async fn explain_request(Path(id): Path<String>, context: Context) -> Answer {
    Ok(json(StatusCode::OK, MEDIA_TYPE, &admin(&context).explain(&id)?))
}

/// `GET /__admin/requests/stream`: 200 with each exchange to come as a server-sent event.
///
/// It ends after the number of requests that `limit` names, if it names one.
pub(in super::super) async fn stream_requests(query: Query, context: Context) -> Answer {
    let limit = events_of(&query)?;
    let admin = admin(&context);
    let namespace: Arc<str> = admin.name().into();
    let receiver = admin.follow();
    // The first bytes let a client know at once that it is connected.
    let hello = stream::once(async { Ok::<_, std::convert::Infallible>(": connected\n\n".to_owned()) });
    let events = stream::unfold((receiver, namespace), |(mut receiver, namespace)| async move {
        let text = event(next(&mut receiver).await?, &namespace);
        Some((Ok(text), (receiver, namespace)))
    });
    Ok(Reply::body("text/event-stream", Body::from_stream(hello.chain(events.take(limit)))))
}

fn events_of(query: &Query) -> Result<usize, AdminError> {
    let mut limit = usize::MAX;
    for (name, value) in query.iter() {
        let number = value.parse().ok().filter(|_| name == "limit");
        limit = number.ok_or_else(|| AdminError::wrong(name, "must be `limit`, a number of requests"))?;
    }
    Ok(limit)
}

/// What a reader of the live stream gets next: an exchange, or how many it missed.
async fn next(receiver: &mut Receiver<Arc<Entry>>) -> Option<Result<Arc<Entry>, u64>> {
    match receiver.recv().await {
        Ok(entry) => Some(Ok(entry)),
        Err(RecvError::Lagged(missed)) => Some(Err(missed)),
        Err(RecvError::Closed) => None,
    }
}

fn event(next: Result<Arc<Entry>, u64>, namespace: &str) -> String {
    match next {
        Ok(entry) => {
            let exchange = Exchange::of(&entry, namespace);
            let data = serde_json::to_string(&exchange).unwrap_or_default();
            format!("event: request\nid: {}\ndata: {data}\n\n", exchange.id)
        }
        Err(missed) => format!("event: missed\ndata: {{\"count\":{missed}}}\n\n"),
    }
}

fn is_disabled(context: &Context) -> bool {
    context.config().journal.entries == 0
}

/// Reads a search from the query, in the words of the JSON form.
fn search_of(query: &Query, takes_format: bool) -> Result<Search, AdminError> {
    let mut members = Map::new();
    for (name, value) in query.iter() {
        if name == "format" && takes_format {
            continue;
        }
        if !PARAMETERS.contains(&name) {
            return Err(AdminError::wrong(name, format!("is none of {}", PARAMETERS.join(", "))));
        }
        let value = match name {
            "limit" => value.parse::<u64>().map_or_else(|_| Value::from(value), Value::from),
            _ => Value::from(value),
        };
        members.insert(name.to_owned(), value);
    }
    Search::of_json(Value::Object(members).to_string().as_bytes())
}
