//! Exchanges in the formats of other tools: HTTP Archive 1.2 and curl commands.

use std::fmt::Write;

use serde_json::{Value, json};

use super::exchange::{Exchange, RecordedRequest, RecordedResponse};

/// Headers that curl sets itself, or that would be wrong when the request is repeated, because the journal records
/// decompressed bodies.
const EXCLUDED_HEADERS: [&str; 7] = [
    "host",
    "content-length",
    "connection",
    "accept-encoding",
    "transfer-encoding",
    "content-encoding",
    "expect",
];

/// Returns the exchanges as an HTTP Archive.
pub(super) fn har(exchanges: &[Exchange]) -> Value {
    json!({
        "log": {
            "version": "1.2",
            "creator": {"name": "access-groups-mock", "version": env!("CARGO_PKG_VERSION")},
            "entries": exchanges.iter().map(har_entry).collect::<Vec<_>>()
        }
    })
}

fn har_entry(exchange: &Exchange) -> Value {
    let time = exchange.timing.total_time;
    json!({
        "startedDateTime": exchange.request.logged_date_string,
        "time": time,
        "request": har_request(&exchange.request),
        "response": exchange.response.as_ref().map_or_else(no_response, har_response),
        "cache": {},
        "timings": {"send": 0, "wait": time, "receive": 0},
        "_id": exchange.id,
        "_operation": exchange.operation,
        "_rule": exchange.rule
    })
}

fn har_request(request: &RecordedRequest) -> Value {
    let query = request.url.split_once('?').map_or("", |(_, query)| query);
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let decoded = |text: &str| {
        percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
    };
    let query: Vec<Value> = pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| json!({"name": decoded(name), "value": decoded(value)}))
        .collect();
    let mut har = json!({
        "method": request.method,
        "url": request.absolute_url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": har_headers(&request.headers),
        "queryString": query,
        "headersSize": -1,
        "bodySize": request.body_bytes
    });
    if request.body_bytes > 0 {
        let media_type = request.headers.get("content-type").cloned().unwrap_or_default();
        har["postData"] = json!({"mimeType": media_type, "text": request.body});
    }
    har
}

fn har_response(response: &RecordedResponse) -> Value {
    let media_type = response.headers.get("content-type").cloned().unwrap_or_default();
    json!({
        "status": response.status,
        "statusText": reason_phrase(response.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": har_headers(&response.headers),
        "content": {"size": response.body_bytes, "mimeType": media_type, "text": response.body},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": response.body_bytes
    })
}

/// Returns the representation of a missing response: like browsers, with the status 0.
fn no_response() -> Value {
    json!({
        "status": 0, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [], "headers": [],
        "content": {"size": 0, "mimeType": ""}, "redirectURL": "", "headersSize": -1, "bodySize": -1
    })
}

fn har_headers(headers: &std::collections::BTreeMap<String, String>) -> Vec<Value> {
    headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

fn reason_phrase(status: u16) -> &'static str {
    let status = axum::http::StatusCode::from_u16(status).ok();
    status.and_then(|status| status.canonical_reason()).unwrap_or_default()
}

/// Returns one curl command per exchange, each on its own line, that repeats the request.
pub(super) fn curl(exchanges: &[Exchange]) -> String {
    exchanges.iter().map(|exchange| curl_command(&exchange.request)).collect()
}

fn curl_command(request: &RecordedRequest) -> String {
    let has_body = !request.body.is_empty() && request.method != "HEAD";
    // A shell word cannot contain arbitrary bytes.
    let is_text = !request.body.contains(['\0', char::REPLACEMENT_CHARACTER]);
    let mut line = String::new();
    if has_body && !is_text {
        let _ = write!(line, "echo {} | base64 -d | ", request.body_as_base64);
    }
    line.push_str("curl");
    match request.method.as_str() {
        "GET" if !has_body => {}
        "HEAD" => line.push_str(" --head"),
        method => {
            let _ = write!(line, " -X {method}");
        }
    }
    for (name, value) in &request.headers {
        if !EXCLUDED_HEADERS.contains(&name.as_str()) {
            let header = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
            let _ = write!(line, " -H {}", shell_quote(&header));
        }
    }
    if has_body {
        if !request.headers.contains_key("content-type") {
            // Otherwise curl adds the content type of a form.
            line.push_str(" -H 'content-type:'");
        }
        match is_text {
            true => {
                let _ = write!(line, " --data-raw {}", shell_quote(&request.body));
            }
            false => line.push_str(" --data-binary @-"),
        }
    }
    if request.absolute_url.contains(['[', ']', '{', '}']) {
        line.push_str(" --globoff");
    }
    let _ = write!(line, " {}", shell_quote(&request.absolute_url));
    if request.body.len() < request.body_bytes && !request.headers.contains_key("content-encoding") {
        let _ =
            write!(line, " # the journal recorded only a part of the body of {} bytes", request.body_bytes);
    }
    line + "\n"
}

/// Returns `text` quoted as one word of a POSIX shell.
fn shell_quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::shell_quote;

    #[test]
    fn quote_in_body_does_not_end_the_shell_word() {
        assert_eq!(shell_quote("it's"), r"'it'\''s'");
    }
}
