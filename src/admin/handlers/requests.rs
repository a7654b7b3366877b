//! Handlers for the journal: list, search, count, verify, explain and stream requests.

use std::convert::Infallible;

use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{StreamExt, stream};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{MEDIA_TYPE, RawBody, admin, offload};
use crate::admin::admin_error::AdminError;
use crate::admin::entry_list::EntryList;
use crate::admin::exchange::{Exchange, RecordedRequest};
use crate::admin::explain::request_path;
use crate::admin::export;
use crate::admin::feed::{Feed, FeedItem};
use crate::admin::search::{FoundEntry, Search, SearchBudget, Times};
use crate::admin::summary::ExchangeSummary;
use crate::app::App;
use crate::app::offload::{Cancellation, spawn_blocking};
use crate::http::long_body::MAX_INLINE_BODY;
use crate::http::{ApiResponse, HandlerResult, Path, Query, RequestContext, json};
use crate::spec::Suggestion;

/// An exchange that also has the fields of its request at the top level, where WireMock clients expect them.
#[derive(Debug, Serialize)]
struct LoggedRequest {
    #[serde(flatten)]
    request: RecordedRequest,
    #[serde(flatten)]
    exchange: Exchange,
}

/// A request that matched no route, with the most similar operations.
#[derive(Debug, Serialize)]
struct UnmatchedRequest {
    #[serde(flatten)]
    logged: LoggedRequest,
    suggestions: Vec<Suggestion>,
}

impl From<Exchange> for LoggedRequest {
    fn from(exchange: Exchange) -> Self {
        Self { request: exchange.request.clone(), exchange }
    }
}

/// Handles `GET /__admin/requests`: 200 with the exchanges that match the query, as JSON with the latest first, or as
/// HAR or shell commands with the oldest first.
pub(in super::super) async fn list_requests(query: Query, context: RequestContext) -> HandlerResult {
    let format = Format::parse(&query)?;
    let credential = parse_credential(&query, format)?;
    respond(&context, format.media_type(), move |context, cancellation| {
        let search = parse_search(&query, context)?;
        let mut found = admin(context).find_entries(&search, &mut SearchBudget::new(cancellation))?;
        if matches!(format, Format::Json | Format::Summary) {
            found.reverse();
        }
        Ok(format.list(found, credential, context))
    })
    .await
}

/// A format of the list of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Summary,
    Har,
    Curl,
    PowerShell,
}

impl Format {
    fn parse(query: &Query) -> Result<Self, AdminError> {
        match query.get("format") {
            None | Some("json") => Ok(Self::Json),
            Some("summary") => Ok(Self::Summary),
            Some("har") => Ok(Self::Har),
            Some("curl") => Ok(Self::Curl),
            Some("powershell") => Ok(Self::PowerShell),
            Some(other) => Err(AdminError::invalid(
                "format",
                format!("`{other}` must be one of json, summary, har, curl, powershell"),
            )),
        }
    }

    const fn media_type(self) -> &'static str {
        match self {
            Self::Json | Self::Summary | Self::Har => MEDIA_TYPE,
            Self::Curl | Self::PowerShell => "text/plain; charset=utf-8",
        }
    }

    fn list(self, found: Vec<FoundEntry>, credential: Option<String>, context: &RequestContext) -> EntryList {
        let exchange = move |(namespace, entry): &FoundEntry| {
            let mut exchange = Exchange::from_entry(entry, namespace);
            if let Some(credential) = &credential {
                export::insert_credential(&mut exchange.request, credential);
            }
            exchange
        };
        let body_limit = context.config().journal.body_bytes;
        match self {
            Self::Json | Self::Summary => {
                let (total, is_disabled) = (found.len(), is_disabled(context));
                let end = format!(r#"],"meta":{{"total":{total}}},"requestJournalDisabled":{is_disabled}}}"#);
                EntryList::new(found, LIST_START, end, move |found| match self {
                    Self::Summary => to_json(&ExchangeSummary::from_entry(&found.1, &found.0)),
                    Self::Json | Self::Har | Self::Curl | Self::PowerShell => to_json(&exchange(found)),
                })
            }
            Self::Har => EntryList::new(found, LIST_START, "]}}", move |found| {
                to_json(&export::har_entry(&exchange(found), &found.1.shown(), body_limit))
            })
            .with_start(export::har_start()),
            Self::Curl => {
                EntryList::new(found, ["", ""], "", move |found| export::curl(&exchange(found)).into_bytes())
            }
            Self::PowerShell => EntryList::new(found, ["", ""], "", move |found| {
                export::powershell(&exchange(found)).into_bytes()
            }),
        }
    }
}

/// Returns the credential that replaces redacted ones in the commands of `format`.
fn parse_credential(query: &Query, format: Format) -> Result<Option<String>, AdminError> {
    let Some(credential) = query.get("credential") else { return Ok(None) };
    if !matches!(format, Format::Curl | Format::PowerShell) {
        return Err(AdminError::invalid("credential", "needs the format curl or powershell"));
    }
    export::validate_credential(credential)?;
    Ok(Some(credential.to_owned()))
}

/// The start of a JSON list of requests, and the separator of its items.
const LIST_START: [&str; 2] = [r#"{"requests":["#, ","];

fn to_json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("an exchange has string keys and no fallible serializers")
}

/// Builds a list with `find` on the blocking thread pool, and responds with it.
async fn respond(
    context: &RequestContext,
    media_type: &'static str,
    find: impl FnOnce(&RequestContext, &Cancellation) -> Result<EntryList, AdminError> + Send + 'static,
) -> HandlerResult {
    let (list, first) = offload(context, move |context, cancellation| {
        let mut list = find(context, cancellation)?;
        let first = list.next_part(cancellation);
        Ok((list, first))
    })
    .await?;
    Ok(ApiResponse::body(media_type, list.into_body(first, App::clone(context))))
}

/// Handles `DELETE /__admin/requests`: 200 after deleting all exchanges.
pub(in super::super) async fn delete_requests(context: RequestContext) -> HandlerResult {
    admin(&context).clear_requests();
    Ok(json(StatusCode::OK, MEDIA_TYPE, &json!({})))
}

/// Handles `POST /__admin/requests/find`: 200 with the exchanges that match the pattern, the oldest first.
pub(in super::super) async fn find_requests(
    context: RequestContext,
    RawBody(bytes): RawBody,
) -> HandlerResult {
    respond(&context, MEDIA_TYPE, move |context, cancellation| {
        let search = parse_search_body(&bytes, context)?;
        let found = admin(context).find_entries(&search, &mut SearchBudget::new(cancellation))?;
        let end = format!(r#"],"requestJournalDisabled":{}}}"#, is_disabled(context));
        Ok(EntryList::new(found, LIST_START, end, |(namespace, entry)| {
            to_json(&LoggedRequest::from(Exchange::from_entry(entry, namespace)))
        }))
    })
    .await
}

/// Handles `POST /__admin/requests/count`: 200 with the number of exchanges that match the pattern.
pub(in super::super) async fn count_requests(
    context: RequestContext,
    RawBody(bytes): RawBody,
) -> HandlerResult {
    let count = offload(&context, move |context, cancellation| {
        let search = parse_search_body(&bytes, context)?;
        Ok(admin(context).find_entries(&search, &mut SearchBudget::new(cancellation))?.len())
    });
    let body = json!({"count": count.await?, "requestJournalDisabled": is_disabled(&context)});
    Ok(json(StatusCode::OK, MEDIA_TYPE, &body))
}

/// Handles `POST /__admin/requests/remove`: 200 with the deleted exchanges, which matched the pattern.
pub(in super::super) async fn remove_requests(
    context: RequestContext,
    RawBody(bytes): RawBody,
) -> HandlerResult {
    respond(&context, MEDIA_TYPE, move |context, cancellation| {
        let search = parse_search_body(&bytes, context)?;
        let found = admin(context).find_entries(&search, &mut SearchBudget::new(cancellation))?;
        let removed = admin(context).remove_entries(&found);
        Ok(EntryList::new(removed, LIST_START, "]}", |(namespace, entry)| {
            to_json(&Exchange::from_entry(entry, namespace))
        }))
    })
    .await
}

/// Handles `POST /__admin/requests/verify`: 200 if the number of requests is as expected, otherwise 422 with a list of
/// the received requests.
pub(in super::super) async fn verify_requests(
    context: RequestContext,
    RawBody(bytes): RawBody,
) -> HandlerResult {
    let count = offload(&context, move |context, cancellation| {
        let (search, times) = Times::from_json(&bytes)?;
        admin(context).validate_pattern(&search.pattern).map_err(AdminError::from)?;
        admin(context).verify_within(&search, times, &mut SearchBudget::new(cancellation))
    });
    Ok(json(StatusCode::OK, MEDIA_TYPE, &json!({"verified": true, "count": count.await?})))
}

/// Handles `GET /__admin/requests/unmatched`: 200 with the exchanges that matched no route, each with suggestions.
pub(in super::super) async fn list_unmatched_requests(
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    respond(&context, MEDIA_TYPE, move |context, cancellation| {
        let search = parse_search(&query, context)?;
        let mut found = admin(context).find_entries(&search, &mut SearchBudget::new(cancellation))?;
        found.retain(|(_, entry)| !entry.meta.was_matched());
        found.reverse();
        let apis = context.0.apis;
        let end = format!(r#"],"requestJournalDisabled":{}}}"#, is_disabled(context));
        Ok(EntryList::new(found, LIST_START, end, move |(namespace, entry)| {
            to_json(&UnmatchedRequest {
                logged: Exchange::from_entry(entry, namespace).into(),
                suggestions: apis.suggest(&entry.meta.method, request_path(&entry.shown())),
            })
        }))
    })
    .await
}

/// Handles `GET /__admin/requests/{id}`: 200 with the exchange, as JSON or in the format of the list that is named.
pub(in super::super) async fn get_request(
    Path(id): Path<String>,
    query: Query,
    context: RequestContext,
) -> HandlerResult {
    let format = Format::parse(&query)?;
    let credential = parse_credential(&query, format)?;
    if format == Format::Json {
        return offload(&context, move |context, _| {
            admin(context).request(&id).map(|exchange| json(StatusCode::OK, MEDIA_TYPE, &exchange))
        })
        .await;
    }
    respond(&context, format.media_type(), move |context, _| {
        Ok(format.list(vec![admin(context).entry(&id)?], credential, context))
    })
    .await
}

/// Handles `GET /__admin/requests/{id}/explain`: 200 with an explanation of the response.
pub(in super::super) async fn explain_request(
    Path(id): Path<String>,
    context: RequestContext,
) -> HandlerResult {
    offload(&context, move |context, _| {
        admin(context).explain(&id).map(|explanation| json(StatusCode::OK, MEDIA_TYPE, &explanation))
    })
    .await
}

/// Handles `GET /__admin/requests/stream`: 200 with each exchange that matches the query as a server-sent event.
///
/// The stream starts after the exchange of `Last-Event-ID`, or with the next one. It ends after `limit` events, or never
/// if there is no `limit`.
pub(in super::super) async fn stream_requests(
    query: Query,
    headers: HeaderMap,
    context: RequestContext,
) -> HandlerResult {
    let is_summary = match query.get("format") {
        None | Some("json") => false,
        Some("summary") => true,
        Some(other) => {
            let reason = format!("`{other}` must be one of json, summary");
            return Err(AdminError::invalid("format", reason).into());
        }
    };
    let mut search = parse_search(&query, &context)?;
    search.pattern.namespace.get_or_insert_with(|| context.namespace().name.clone());
    let limit = search.limit.take().unwrap_or(usize::MAX);
    let last_id = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok()).filter(|id| !id.is_empty());
    let feed = Feed::new(&context, search, last_id);
    // The client can detect immediately that it is connected.
    let connected = stream::once(async { Ok::<_, Infallible>(Event::default().comment("connected")) });
    let events = stream::unfold(Some(feed), move |feed| async move {
        let mut feed = feed?;
        match feed.next().await {
            Ok(item) => Some((Ok(render(feed.app(), item, is_summary).await), Some(feed))),
            Err(error) => {
                let data = json!({"detail": error.to_string()}).to_string();
                Some((Ok(Event::default().event("error").data(data)), None))
            }
        }
    });
    let stream = Sse::new(connected.chain(events.take(limit))).keep_alive(KeepAlive::default());
    // Proxies such as nginx would keep the events in a buffer.
    Ok(ApiResponse::from(stream.into_response()).header(HeaderName::from_static("x-accel-buffering"), "no"))
}

/// The header with the id of the last event that a client has received.
const LAST_EVENT_ID: &str = "last-event-id";

/// Returns the event of an item; that of a large exchange, which every reader renders, is rendered on the blocking thread
/// pool.
async fn render(app: &App, item: FeedItem, is_summary: bool) -> Event {
    match &item {
        FeedItem::Found((_, entry)) if entry.bytes() > MAX_INLINE_BODY => {}
        FeedItem::Found(_) | FeedItem::Missed(_) => return to_event(item, is_summary),
    }
    let permit = app.body_permit().await;
    let rendered = spawn_blocking(move || {
        let event = to_event(item, is_summary);
        drop(permit);
        event
    });
    rendered
        .await
        .unwrap_or_else(|_| Event::default().event("error").data(json!({"detail": PANIC}).to_string()))
}

/// The detail of an event that cannot be rendered.
const PANIC: &str = "an internal error occurred";

fn to_event(item: FeedItem, is_summary: bool) -> Event {
    let (namespace, entry) = match item {
        FeedItem::Found(found) => found,
        FeedItem::Missed(missed) => {
            return Event::default().event("missed").data(json!({"count": missed}).to_string());
        }
    };
    let data = match is_summary {
        true => to_json(&ExchangeSummary::from_entry(&entry, &namespace)),
        false => to_json(&Exchange::from_entry(&entry, &namespace)),
    };
    let id = entry.meta.id.to_string();
    Event::default().event("request").id(id).data(String::from_utf8_lossy(&data))
}

/// Parses a search from a JSON body, and validates that its dialect and operation exist.
fn parse_search_body(bytes: &[u8], context: &RequestContext) -> Result<Search, AdminError> {
    let search = Search::from_json(bytes)?;
    admin(context).validate_pattern(&search.pattern)?;
    Ok(search)
}

fn is_disabled(context: &RequestContext) -> bool {
    context.config().journal.entries == 0
}

/// Parses the query parameters of a search, which have the names of the fields of its JSON form.
fn parse_search(query: &Query, context: &RequestContext) -> Result<Search, AdminError> {
    let mut fields = Map::new();
    for (name, value) in query.iter() {
        if name == "format" || name == "credential" {
            continue;
        }
        let value = match name {
            "limit" => value.parse::<u64>().map_or_else(|_| Value::from(value), Value::from),
            _ => Value::from(value),
        };
        fields.insert(name.to_owned(), value);
    }
    parse_search_body(Value::Object(fields).to_string().as_bytes(), context)
}
