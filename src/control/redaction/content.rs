//! Credentials in JSON, in forms, in multipart form data and in other text.

use std::borrow::Cow;

use memchr::memmem;
use percent_encoding::percent_decode;

use super::names::{Place, REDACTED, is_scheme, is_secret};

/// The maximum depth of encodings within encodings, such as JSON in a string of JSON, in which credentials are found.
const MAX_DEPTH: usize = 4;

/// The replacement of a value.
const REDACTED_JSON: &[u8] = b"\"[redacted]\"";

/// The end of a value in a text with pairs of names and values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// The text is a form or a query: a value ends at `&`.
    Form,
    /// The text is a path: a value ends at `;` or `/`.
    Path,
    /// The text may contain URLs: a value ends at `&`, `#`, `>`, a quote or whitespace.
    Embedded,
}

impl Rule {
    fn ends_value(self, byte: u8) -> bool {
        match self {
            Self::Form => byte == b'&',
            Self::Path => matches!(byte, b';' | b'/'),
            Self::Embedded => matches!(byte, b'&' | b'#' | b'>' | b'"' | b'\'') || byte.is_ascii_whitespace(),
        }
    }
}

/// Returns whether a byte separates the name of a pair from what precedes it.
const fn precedes_name(byte: u8) -> bool {
    matches!(byte, b'&' | b'?' | b'#' | b';' | b'/' | b',' | b'<' | b'"' | b'\'' | b'{')
        || byte.is_ascii_whitespace()
}

/// Returns the redacted content of a body or of a string; `None` if it has no credentials.
pub(super) fn content(content: &[u8], depth: usize) -> Option<Vec<u8>> {
    let start = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content).trim_ascii_start();
    match start.first()? {
        b'{' | b'[' | b'"' => redact_json(content, depth),
        b'-' if start.starts_with(b"--") => redact_multipart(content, depth),
        _ => {
            // A form can contain JSON in a field.
            let form = redact_text(content, Rule::Form, depth);
            let json = redact_json(form.as_deref().unwrap_or(content), depth);
            json.or(form)
        }
    }
}

/// Returns the JSON with redacted credentials; `None` if it has none.
fn redact_json(json: &[u8], depth: usize) -> Option<Vec<u8>> {
    let mut output = Vec::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(offset) = json.get(at..).and_then(|rest| memchr::memchr(b'"', rest)) {
        let start = at + offset;
        let end = end_of_string(json, start);
        let inside = inside(&json[start..end]);
        let colon = skip_whitespace(json, end);
        at = end;
        if json.get(colon) == Some(&b':') {
            let value = skip_whitespace(json, colon + 1);
            if is_secret(&decoded(inside), Place::Json) {
                let value_end = end_of_value(json, value);
                if !matches!(&json[value..value_end], b"null" | b"true" | b"false" | b"" | b"\"[redacted]\"")
                {
                    output.extend_from_slice(&json[copied..value]);
                    output.extend_from_slice(REDACTED_JSON);
                    copied = value_end;
                }
                at = value_end;
            }
        } else if let Some(redacted) = redact_string(inside, depth) {
            output.extend_from_slice(&json[copied..start]);
            output.extend_from_slice(&redacted);
            copied = end;
        }
    }
    if output.is_empty() {
        return None;
    }
    output.extend_from_slice(&json[copied..]);
    Some(output)
}

/// Returns the JSON of a string with redacted credentials; `None` if it has none.
fn redact_string(inside: &[u8], depth: usize) -> Option<Vec<u8>> {
    let may_contain_some = inside.iter().any(|byte| matches!(byte, b'=' | b'\\' | b' ' | b'@'));
    if depth == MAX_DEPTH || !may_contain_some {
        return None;
    }
    let decoded = decoded(inside);
    let redacted = match decoded.trim_ascii_start().first()? {
        b'{' | b'[' | b'"' => content(&decoded, depth + 1)?,
        _ => redact_scheme(&decoded).or_else(|| redact_text(&decoded, Rule::Embedded, depth + 1))?,
    };
    serde_json::to_vec(&String::from_utf8_lossy(&redacted)).ok()
}

/// Returns a string such as `Bearer x` without its credential.
fn redact_scheme(text: &[u8]) -> Option<Vec<u8>> {
    let at = text.iter().position(|byte| *byte == b' ')?;
    let (scheme, credential) = text.split_at(at);
    let is_credential =
        credential.len() > 1 && !credential[1..].contains(&b' ') && credential != b" [redacted]";
    (is_credential && is_scheme(scheme)).then(|| [scheme, b" [redacted]"].concat())
}

/// Returns the content of a string without its quotes; the last one may be missing.
fn inside(string: &[u8]) -> &[u8] {
    let inside = string.strip_prefix(b"\"").unwrap_or(string);
    inside.strip_suffix(b"\"").unwrap_or(inside)
}

/// Returns the content of a string without escape sequences.
fn decoded(inside: &[u8]) -> Cow<'_, [u8]> {
    if !inside.contains(&b'\\') {
        return inside.into();
    }
    let quoted = [b"\"", inside, b"\""].concat();
    serde_json::from_slice::<String>(&quoted).map_or(inside.into(), |text| text.into_bytes().into())
}

/// Returns the index after the string that starts at `start`.
fn end_of_string(json: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(offset) = json.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += offset;
        if json[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    json.len()
}

/// Returns the index after the value that starts at `start`.
fn end_of_value(json: &[u8], start: usize) -> usize {
    let mut at = start;
    let mut depth = 0_usize;
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => {
                at = end_of_string(json, at);
                if depth == 0 {
                    return at;
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return at + depth,
            b'}' | b']' => depth -= 1,
            b',' | b' ' | b'\n' | b'\r' | b'\t' if depth == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    json.len()
}

fn skip_whitespace(json: &[u8], start: usize) -> usize {
    let rest = json.get(start..).unwrap_or_default();
    start + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// Returns the text with redacted values of pairs and user information of URLs; `None` if it has no credentials.
pub(super) fn redact_text(text: &[u8], rule: Rule, depth: usize) -> Option<Vec<u8>> {
    let pairs = redact_pairs(text, rule, depth);
    let users = redact_users(pairs.as_deref().unwrap_or(text));
    users.or(pairs)
}

fn redact_pairs(text: &[u8], rule: Rule, depth: usize) -> Option<Vec<u8>> {
    let mut output = Vec::new();
    let mut copied = 0;
    let mut at = 0;
    // The end of the last value in which nested credentials were searched, which keeps the time linear.
    let mut searched = 0;
    while let Some(offset) = text.get(at..).and_then(|rest| memchr::memchr(b'=', rest)) {
        let equals = at + offset;
        let before = text[at..equals].iter().rposition(|byte| precedes_name(*byte));
        let name = &text[before.map_or(at, |index| at + index + 1)..equals];
        let value = equals + 1;
        at = value;
        let is_secret_name = is_secret(&percent_decoded(name), Place::Form);
        if !is_secret_name && (rule != Rule::Form || value < searched) {
            continue;
        }
        let end = value
            + text[value..].iter().position(|byte| rule.ends_value(*byte)).unwrap_or(text.len() - value);
        let is_secret_value = is_secret_name || has_nested_secret(&text[value..end], depth);
        if is_secret_value && &text[value..end] != REDACTED {
            output.extend_from_slice(&text[copied..value]);
            output.extend_from_slice(REDACTED);
            copied = end;
        }
        if is_secret_value {
            at = end;
        }
        searched = end;
    }
    if output.is_empty() {
        return None;
    }
    output.extend_from_slice(&text[copied..]);
    Some(output)
}

/// Returns whether a percent-encoded value contains credentials, such as those of a URL or of JSON.
fn has_nested_secret(value: &[u8], depth: usize) -> bool {
    depth < MAX_DEPTH && value.contains(&b'%') && content(&percent_decoded(value), depth + 1).is_some()
}

/// Returns the decoded name or value of a form.
fn percent_decoded(encoded: &[u8]) -> Cow<'_, [u8]> {
    percent_decode(encoded).into()
}

/// Returns the text with redacted user information of URLs; `None` if there is none.
fn redact_users(text: &[u8]) -> Option<Vec<u8>> {
    let ends_authority =
        |byte: u8| matches!(byte, b'/' | b'?' | b'#' | b'<' | b'>' | b'"') || byte.is_ascii_whitespace();
    let mut output = Vec::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(offset) = text.get(at..).and_then(|rest| memmem::find(rest, b"://")) {
        let start = at + offset + 3;
        let length =
            text[start..].iter().position(|byte| ends_authority(*byte)).unwrap_or(text.len() - start);
        at = start + length;
        let user =
            text[start..at].iter().rposition(|byte| *byte == b'@').map(|user| &text[start..start + user]);
        if let Some(user) = user.filter(|user| *user != REDACTED) {
            output.extend_from_slice(&text[copied..start]);
            output.extend_from_slice(REDACTED);
            copied = start + user.len();
        }
    }
    if output.is_empty() {
        return None;
    }
    output.extend_from_slice(&text[copied..]);
    Some(output)
}

/// Returns multipart form data with redacted credentials; `None` if it has none.
fn redact_multipart(body: &[u8], depth: usize) -> Option<Vec<u8>> {
    let start = body.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let boundary = body[start..].split(|byte| *byte == b'\n').next()?.trim_ascii_end();
    if boundary.len() <= 2 || depth == MAX_DEPTH {
        return redact_text(body, Rule::Form, depth);
    }
    let mut output = Vec::with_capacity(body.len());
    let mut is_changed = false;
    let mut at = start + boundary.len();
    output.extend_from_slice(&body[..at]);
    let finder = memmem::Finder::new(boundary);
    while at < body.len() {
        let end = finder.find(&body[at..]).map_or(body.len(), |offset| at + offset);
        let redacted = redact_part(&body[at..end], depth);
        is_changed |= redacted.is_some();
        output.extend_from_slice(redacted.as_deref().unwrap_or(&body[at..end]));
        at = (end + boundary.len()).min(body.len());
        output.extend_from_slice(&body[end..at]);
    }
    is_changed.then_some(output)
}

/// Returns a part of multipart form data with redacted credentials; `None` if it has none.
fn redact_part(part: &[u8], depth: usize) -> Option<Vec<u8>> {
    let separators: [&[u8]; 2] = [b"\r\n\r\n", b"\n\n"];
    let content_start = separators
        .iter()
        .filter_map(|separator| memmem::find(part, separator).map(|at| at + separator.len()))
        .min()?;
    let content_end = content_start + part[content_start..].trim_ascii_end().len();
    let value = &part[content_start..content_end];
    let headers = String::from_utf8_lossy(&part[..content_start]).to_ascii_lowercase();
    let has_secret_name = headers.match_indices("name").any(|(at, word)| {
        let rest = headers[at + word.len()..].trim_start_matches('*').trim_start();
        let Some(rest) = rest.strip_prefix('=') else { return false };
        let name = rest
            .trim_start()
            .trim_start_matches('"')
            .split(['"', ';', '\r', '\n'])
            .next()
            .unwrap_or_default();
        is_secret(&percent_decoded(name.as_bytes()), Place::Form)
    });
    if has_secret_name && !value.is_empty() && value != REDACTED {
        return Some([&part[..content_start], REDACTED, &part[content_end..]].concat());
    }
    let redacted = content(value, depth + 1)?;
    Some([&part[..content_start], &redacted, &part[content_end..]].concat())
}
