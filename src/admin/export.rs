//! Exchanges in the forms of other tools: HTTP Archive 1.2, and curl lines.

use std::fmt::Write;

use serde_json::{Value, json};

use super::exchange::{Exchange, RecordedRequest, RecordedResponse};

/// Headers that curl makes by itself, or that would be wrong when the request is sent again: the journal keeps bodies
/// unpacked.
const CURLS_OWN: [&str; 7] = [
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
    let mut written = json!({
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
        written["postData"] = json!({"mimeType": media_type, "text": request.body});
    }
    written
}

fn har_response(response: &RecordedResponse) -> Value {
    let media_type = response.headers.get("content-type").cloned().unwrap_or_default();
    json!({
        "status": response.status,
        "statusText": reason_of(response.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": har_headers(&response.headers),
        "content": {"size": response.body_bytes, "mimeType": media_type, "text": response.body},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": response.body_bytes
    })
}

/// What stands for an answer that was never sent: browsers write the status 0.
fn no_response() -> Value {
    json!({
        "status": 0, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [], "headers": [],
        "content": {"size": 0, "mimeType": ""}, "redirectURL": "", "headersSize": -1, "bodySize": -1
    })
}

fn har_headers(headers: &std::collections::BTreeMap<String, String>) -> Vec<Value> {
    headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

fn reason_of(status: u16) -> &'static str {
    let status = axum::http::StatusCode::from_u16(status).ok();
    status.and_then(|status| status.canonical_reason()).unwrap_or_default()
}

/// Returns one curl line for each exchange, which sends its request again.
pub(super) fn curl(exchanges: &[Exchange]) -> String {
    exchanges.iter().map(|exchange| curl_line(&exchange.request)).collect()
}

fn curl_line(request: &RecordedRequest) -> String {
    let has_body = !request.body.is_empty() && request.method != "HEAD";
    // What is no text cannot stand in a line of a shell.
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
        if !CURLS_OWN.contains(&name.as_str()) {
            let header = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
            let _ = write!(line, " -H {}", quoted(&header));
        }
    }
    if has_body {
        if !request.headers.contains_key("content-type") {
            // Else curl says that it is a form.
            line.push_str(" -H 'content-type:'");
        }
        match is_text {
            true => {
                let _ = write!(line, " --data-raw {}", quoted(&request.body));
            }
            false => line.push_str(" --data-binary @-"),
        }
    }
    if request.absolute_url.contains(['[', ']', '{', '}']) {
        line.push_str(" --globoff");
    }
    let _ = write!(line, " {}", quoted(&request.absolute_url));
    if request.body.len() < request.body_bytes && !request.headers.contains_key("content-encoding") {
        let _ =
            write!(line, " # the journal kept only a part of the {} bytes of the body", request.body_bytes);
    }
    line + "\n"
}

/// A text as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_quote_in_a_body_does_not_end_the_word() {
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
