//! Exchanges in the formats of other tools: HTTP Archive 1.2, curl commands and PowerShell commands.

use std::collections::BTreeMap;
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::admin_error::AdminError;
use super::exchange::{Exchange, RecordedRequest, RecordedResponse};
use crate::control::journal::Recorded;
use crate::control::redaction::REDACTED_TEXT;
use crate::http::base_url::encode_component;
use crate::http::encoding::is_gzip_value;

/// Headers that curl sets itself, that only ask for the id of the entry, or that would be wrong when the request is
/// repeated, because the journal records decompressed bodies.
const EXCLUDED_HEADERS: [&str; 8] = [
    "host",
    "content-length",
    "connection",
    "accept-encoding",
    "transfer-encoding",
    "content-encoding",
    "expect",
    "x-mock-request-id",
];

/// Returns the start of an HTTP Archive, which [`har_entry`]s separated by commas and `]}}` follow.
pub(super) fn har_start() -> String {
    let creator = json!({"name": "access-groups-mock", "version": env!("CARGO_PKG_VERSION")});
    format!(r#"{{"log":{{"version":"1.2","creator":{creator},"entries":["#)
}

/// Returns the exchange as an entry of an HTTP Archive; `shown` has its bodies, of which the journal records at most
/// `body_limit` bytes each.
///
/// A body of which the journal has only a part, or whose credentials are redacted, has a `comment` that says so.
pub(super) fn har_entry(exchange: &Exchange, shown: &Recorded, body_limit: usize) -> Value {
    let time = exchange.timing.total_time;
    let response = exchange.response.as_ref();
    let response = response
        .map_or_else(no_response, |response| har_response(response, shown.response_body(), body_limit));
    json!({
        "startedDateTime": exchange.request.logged_date_string,
        "time": time,
        "request": har_request(&exchange.request, shown.request_body(), body_limit),
        "response": response,
        "cache": {},
        "timings": {"send": 0, "wait": time, "receive": 0},
        "_id": exchange.id,
        "_operation": exchange.operation,
        "_rule": exchange.rule,
        "_reason": exchange.reason
    })
}

fn har_request(request: &RecordedRequest, body: &[u8], body_limit: usize) -> Value {
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
        "headers": har_request_headers(request),
        "queryString": query,
        "headersSize": -1,
        "bodySize": request.body_bytes
    });
    if request.body_bytes > 0 {
        let media_type = request.headers.get("content-type").cloned().unwrap_or_default();
        let mut post_data = json!({"mimeType": media_type, "text": request.body});
        if std::str::from_utf8(body).is_err() {
            // HTTP Archive 1.2 has an encoding only for the bodies of responses.
            post_data["text"] = request.body_as_base64.as_str().into();
            post_data["_encoding"] = "base64".into();
        }
        // The number of bytes that a decompressed body had is unknown.
        let is_full = request.headers.contains_key("content-encoding") && request.body.len() >= body_limit;
        let is_cut = is_full || request.body_bytes > body_limit;
        let comment = body_comment(&request.body, is_cut, body_limit);
        let decompressed = is_decompressed(request).then(|| "decompressed".to_owned());
        let comments: Vec<String> = comment.into_iter().chain(decompressed).collect();
        if !comments.is_empty() {
            post_data["comment"] = comments.join("; ").into();
        }
        har["postData"] = post_data;
    }
    har
}

/// Returns a note about a body that is cut, or whose credentials are redacted.
fn body_comment(text: &str, is_cut: bool, body_limit: usize) -> Option<String> {
    let cut = is_cut.then(|| format!("cut: at most the first {body_limit} bytes are recorded"));
    let redacted = text.contains("[redacted]").then(|| "credentials are redacted".to_owned());
    match (cut, redacted) {
        (Some(cut), Some(redacted)) => Some(format!("{cut}; {redacted}")),
        (cut, redacted) => cut.or(redacted),
    }
}

fn har_response(response: &RecordedResponse, body: &[u8], body_limit: usize) -> Value {
    let media_type = response.headers.get("content-type").cloned().unwrap_or_default();
    let mut content = json!({"size": response.body_bytes, "mimeType": media_type, "text": response.body});
    if std::str::from_utf8(body).is_err() {
        content["text"] = STANDARD.encode(body).into();
        content["encoding"] = "base64".into();
    }
    if let Some(comment) = body_comment(&response.body, response.body_bytes > body_limit, body_limit) {
        content["comment"] = comment.into();
    }
    json!({
        "status": response.status,
        "statusText": reason_phrase(response.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": har_headers(&response.headers),
        "content": content,
        "redirectURL": response.headers.get("location").map_or("", String::as_str),
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

/// Returns whether the journal has the body of a request without its encoding.
fn is_decompressed(request: &RecordedRequest) -> bool {
    request.body_bytes > 0 && request.headers.get("content-encoding").is_some_and(|it| is_gzip_value(it))
}

/// Returns the headers of a request without those that are wrong for a decompressed body, so that it can be sent again.
fn har_request_headers(request: &RecordedRequest) -> Vec<Value> {
    const OF_ENCODED_BODY: [&str; 2] = ["content-encoding", "content-length"];
    let mut headers = request.headers.clone();
    if is_decompressed(request) {
        headers.retain(|name, _| !OF_ENCODED_BODY.contains(&name.as_str()));
    }
    har_headers(&headers)
}

fn har_headers(headers: &BTreeMap<String, String>) -> Vec<Value> {
    headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
}

fn reason_phrase(status: u16) -> &'static str {
    let status = axum::http::StatusCode::from_u16(status).ok();
    status.and_then(|status| status.canonical_reason()).unwrap_or_default()
}

/// Replaces the redacted credentials of a request with `credential`, which [`validate_credential`] accepts.
pub(super) fn insert_credential(request: &mut RecordedRequest, credential: &str) {
    let encoded = encode_component(credential).to_string();
    request.absolute_url = request.absolute_url.replace(REDACTED_TEXT, &encoded);
    let is_form = request
        .headers
        .get("content-type")
        .is_some_and(|it| it.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded"));
    for value in request.headers.values_mut() {
        *value = value.replace(REDACTED_TEXT, credential);
    }
    if request.body.contains(REDACTED_TEXT) {
        let body = request.body.replace(REDACTED_TEXT, if is_form { &encoded } else { credential });
        // A part of a body stays one.
        request.body_bytes = (request.body_bytes + body.len()).saturating_sub(request.body.len());
        request.body = body;
        request.body_as_base64 = STANDARD.encode(&request.body);
    }
}

/// Returns whether `credential` can replace a redacted one: 1 to 1,024 ASCII letters, digits and characters of
/// `-._~+/=:`, which need no escape in a header and in JSON.
pub(super) fn validate_credential(credential: &str) -> Result<(), AdminError> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=:".contains(&byte);
    if (1..=1024).contains(&credential.len()) && credential.bytes().all(is_allowed) {
        return Ok(());
    }
    let reason = "must be 1 to 1024 ASCII letters, digits and characters of `-._~+/=:`";
    Err(AdminError::invalid("credential", reason))
}

/// Returns a curl command that repeats the request of the exchange, for a POSIX shell, on a line of its own.
///
/// Every part that a client chose is quoted, so that the line can be pasted into a shell.
pub(super) fn curl(exchange: &Exchange) -> String {
    let request = &exchange.request;
    let has_body = !request.body.is_empty() && request.method != "HEAD";
    let is_text = is_plain_text(&request.body);
    let mut line = String::new();
    if let Some(note) = truncation_note(request) {
        // A shell may not accept comments in interactive mode; `:` does nothing with its argument.
        let _ = write!(line, ": {}; ", shell_quote(&note));
    }
    if has_body && !is_text {
        let _ = write!(line, "echo {} | base64 -d | ", request.body_as_base64);
    }
    line.push_str("curl");
    match request.method.as_str() {
        "GET" if !has_body => {}
        "HEAD" => line.push_str(" --head"),
        method => {
            let _ = write!(line, " -X {}", shell_word(method));
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
    line + "\n"
}

/// Returns a command of PowerShell 7 that repeats the request of the exchange, on a line of its own.
///
/// It calls no program, because the rules by which PowerShell passes arguments to programs differ between versions.
pub(super) fn powershell(exchange: &Exchange) -> String {
    const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "OPTIONS", "MERGE", "PATCH"];
    let request = &exchange.request;
    let mut line = String::new();
    if let Some(note) = truncation_note(request) {
        let _ = write!(line, "$null = {}; ", powershell_quote(&note));
    }
    let method = if METHODS.contains(&request.method.as_str()) { "-Method" } else { "-CustomMethod" };
    let _ = write!(
        line,
        "Invoke-WebRequest -SkipHeaderValidation -SkipHttpErrorCheck {method} {} -Uri {}",
        powershell_quote(&request.method),
        powershell_quote(&request.absolute_url)
    );
    let is_sent = |name: &str| !EXCLUDED_HEADERS.contains(&name) && name != "content-type";
    let headers: Vec<String> = request
        .headers
        .iter()
        .filter(|(name, _)| is_sent(name))
        .map(|(name, value)| format!("{} = {}", powershell_quote(name), powershell_quote(value)))
        .collect();
    if !headers.is_empty() {
        let _ = write!(line, " -Headers @{{ {} }}", headers.join("; "));
    }
    if let Some(content_type) = request.headers.get("content-type") {
        let _ = write!(line, " -ContentType {}", powershell_quote(content_type));
    }
    if !request.body.is_empty() && request.method != "HEAD" {
        // A string would be sent in an encoding that depends on the version and on the content type.
        if request.body.is_ascii() && is_plain_text(&request.body) {
            let _ = write!(line, " -Body {}", powershell_quote(&request.body));
        } else {
            let _ = write!(line, " -Body ([Convert]::FromBase64String('{}'))", request.body_as_base64);
        }
    }
    line + "\n"
}

/// Returns whether a body can be a quoted word: it has neither invalid UTF-8 nor control characters, which a terminal
/// may act on when they are pasted, except line feeds.
fn is_plain_text(body: &str) -> bool {
    !body.chars().any(|char| is_unsafe(char) || char == char::REPLACEMENT_CHARACTER)
}

fn is_unsafe(char: char) -> bool {
    char.is_control() && char != '\n'
}

/// Returns a note if the journal has only a part of the request body.
fn truncation_note(request: &RecordedRequest) -> Option<String> {
    let is_truncated = request.body.len() < request.body_bytes;
    (is_truncated && !request.headers.contains_key("content-encoding"))
        .then(|| format!("the journal recorded only a part of the body of {} bytes", request.body_bytes))
}

/// Returns `text` as one word of a POSIX shell, without quotes if it needs none.
fn shell_word(text: &str) -> String {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_plain { text.to_owned() } else { shell_quote(text) }
}

/// Returns `text` quoted as one word of a POSIX shell. Control characters are written as octal escapes of `printf`,
/// because a terminal may act on them when the word is pasted.
fn shell_quote(text: &str) -> String {
    if !text.chars().any(is_unsafe) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let mut format = String::new();
    for (index, char) in text.char_indices() {
        // `printf` would take a hyphen at the start for an option.
        if is_unsafe(char) || matches!(char, '\'' | '\\') || (index == 0 && char == '-') {
            for byte in char.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(format, "\\{byte:03o}");
            }
        } else if char == '%' {
            format.push_str("%%");
        } else {
            format.push(char);
        }
    }
    format!("\"$(printf '{format}')\"")
}

/// Returns `text` as a string of PowerShell: in single quotes, or as an expression if it has control characters.
fn powershell_quote(text: &str) -> String {
    if text.chars().any(is_unsafe) {
        let bytes = STANDARD.encode(text);
        return format!("([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('{bytes}')))");
    }
    let mut quoted = String::from("'");
    for char in text.chars() {
        // PowerShell accepts typographic quotes in the place of the ASCII one.
        if matches!(char, '\'' | '\u{2018}'..='\u{201b}') {
            quoted.push(char);
        }
        quoted.push(char);
    }
    quoted + "'"
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use base64::Engine;
    use proptest::prelude::*;

    use super::{powershell_quote, shell_quote, shell_word};

    /// Returns the strings between single quotes of a PowerShell command, as PowerShell reads them.
    fn powershell_strings(command: &str) -> Vec<String> {
        let is_quote = |char: &char| matches!(char, '\'' | '\u{2018}'..='\u{201b}');
        let mut strings = Vec::new();
        let mut chars = command.chars().peekable();
        while let Some(char) = chars.next() {
            if !is_quote(&char) {
                continue;
            }
            let mut string = String::new();
            while let Some(char) = chars.next() {
                if is_quote(&char) && chars.next_if(is_quote).is_none() {
                    break;
                }
                string.push(char);
            }
            strings.push(string);
        }
        strings
    }

    #[test]
    fn quote_in_body_does_not_end_the_shell_word() {
        assert_eq!(shell_quote("it's"), r"'it'\''s'");
        assert_eq!(shell_word("GET"), "GET");
        assert_eq!(shell_word("GET;id"), "'GET;id'");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

        #[test]
        fn a_shell_reads_every_quoted_word_as_it_was(
            words in prop::collection::vec("[\\PC\u{1}-\u{1f}\u{7f}-\u{9f}'\"\\\\$`!%]{0,12}", 1..12),
        ) {
            // A command substitution removes line feeds at the end, which no header and no URL has.
            let words: Vec<String> = words.iter().map(|word| word.trim_end_matches('\n').to_owned()).collect();
            let quoted: Vec<String> = words.iter().map(|word| shell_quote(word)).collect();
            let command = format!("for word in {}; do printf '%s\\0' \"$word\"; done", quoted.join(" "));

            let output = Command::new("sh").args(["-c", &command]).output().unwrap();

            let mut expected = words.join("\0").into_bytes();
            expected.push(0);
            prop_assert_eq!(output.stdout, expected, "{}", command);
            prop_assert!(!command.chars().any(|char| char.is_control() && char != '\n'));
        }

        #[test]
        fn powershell_reads_every_quoted_string_as_it_was(
            text in "[\\PC\u{1}-\u{1f}'\u{2018}-\u{201b}\"$`]{0,16}",
        ) {
            let strings = powershell_strings(&powershell_quote(&text));

            let is_encoded = text.chars().any(super::is_unsafe);
            let engine = base64::engine::general_purpose::STANDARD;
            let expected = if is_encoded { engine.encode(&text) } else { text };
            prop_assert_eq!(strings, [expected]);
        }
    }
}
