//! Redaction: the one place that decides what a credential is, before anything recorded is shown.
//!
//! [`names`] lists the names of headers, query parameters, form fields and JSON fields that contain credentials. All
//! functions take time linear in their input, and bodies may be truncated or malformed. Imports nothing of this crate.

mod content;
mod names;

use std::borrow::Cow;

pub use names::REDACTED_TEXT;

use content::{Rule, content, redact_text};
use names::{Place, REDACTED, is_scheme};

/// Returns the value of the header `name` with redacted credentials.
pub fn header<'a>(name: &str, value: &'a [u8]) -> Cow<'a, [u8]> {
    if names::is_authorization(name) {
        return authorization(value);
    }
    if names::is_secret(name.as_bytes(), Place::Header) {
        return REDACTED.into();
    }
    let text = redact_text(value, Rule::Embedded, 0);
    // The authority of a `Host` has no scheme by which its user information is found.
    match value.iter().rposition(|byte| *byte == b'@').filter(|_| name == "host") {
        Some(at) => [REDACTED, &value[at..]].concat().into(),
        None => text.map_or(value.into(), Cow::Owned),
    }
}

/// Returns whether the header `name` contains a credential.
pub fn is_credential_header(name: &str) -> bool {
    names::is_secret(name.as_bytes(), Place::Header)
}

/// Returns the value of an `Authorization` header with its scheme, because a wrong scheme is a common error.
fn authorization(value: &[u8]) -> Cow<'_, [u8]> {
    let (scheme, rest) = match value.iter().position(|byte| *byte == b' ') {
        Some(at) => value.split_at(at + 1),
        None => (value, &[][..]),
    };
    let is_scheme = is_scheme(scheme.trim_ascii_end());
    match (is_scheme, rest.is_empty()) {
        (true, true) => value.into(),
        (true, false) => [scheme, REDACTED].concat().into(),
        (false, _) => REDACTED.into(),
    }
}

/// Returns a path and query with redacted credentials.
pub fn url(url: &str) -> Cow<'_, str> {
    let (path, query) = url.split_at(url.find('?').unwrap_or(url.len()));
    let path_text = redact_text(path.as_bytes(), Rule::Path, 0);
    let query_text = redact_text(query.as_bytes(), Rule::Form, 0);
    if path_text.is_none() && query_text.is_none() {
        return url.into();
    }
    let path = path_text.unwrap_or_else(|| path.into());
    let redacted = [path, query_text.unwrap_or_else(|| query.into())].concat();
    String::from_utf8_lossy(&redacted).into_owned().into()
}

/// Returns a text that may quote a part of a request with redacted credentials.
pub fn text(text: &str) -> Cow<'_, str> {
    match redact_text(text.as_bytes(), Rule::Embedded, 0) {
        Some(redacted) => String::from_utf8_lossy(&redacted).into_owned().into(),
        None => text.into(),
    }
}

/// Returns a body with redacted credentials: JSON, a form, multipart form data, or any other text.
pub fn body(body: &[u8]) -> Cow<'_, [u8]> {
    content(body, 0).map_or(body.into(), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn redacted(input: &str) -> String {
        String::from_utf8(body(input.as_bytes()).into_owned()).expect("the body is UTF-8")
    }

    #[test]
    fn only_credentials_in_bodies_are_redacted() {
        for (input, expected) in [
            (
                "grant_type=urn%3Aapikey&apikey=geheim&response_type=cloud_iam",
                "grant_type=urn%3Aapikey&apikey=[redacted]&response_type=cloud_iam",
            ),
            (
                r#"{"access_token": "a\"b","token_type":"Bearer","refresh_token":"x"}"#,
                r#"{"access_token": "[redacted]","token_type":"Bearer","refresh_token":"[redacted]"}"#,
            ),
            (r#"{"name":"Developers"}"#, r#"{"name":"Developers"}"#),
            (r#"{"errors":[{"code":1000}],"apikey":null}"#, r#"{"errors":[{"code":1000}],"apikey":null}"#),
            (
                r#"{"include":[{"service_token":{"token_id":"t"}},{"any_valid_service_token":{}}]}"#,
                r#"{"include":[{"service_token":{"token_id":"t"}},{"any_valid_service_token":{}}]}"#,
            ),
            (r#"{"secret":{"a":["x","]}"]},"b":1}"#, r#"{"secret":"[redacted]","b":1}"#),
            (r#"{"apikey":"gehe"#, r#"{"apikey":"[redacted]""#),
            (r#"{"text":"{\"apikey\":\"geheim\"}"}"#, r#"{"text":"{\"apikey\":\"[redacted]\"}"}"#),
            (
                r#"{"next":"https://u:p@h/x?a=1&token=geheim"}"#,
                r#"{"next":"https://[redacted]@h/x?a=1&token=[redacted]"}"#,
            ),
            ("redirect=https%3A%2F%2Fh%3Ftoken%3Dgeheim&a=b", "redirect=[redacted]&a=b"),
        ] {
            assert_eq!(redacted(input), expected);
        }
    }

    #[test]
    fn only_known_schemes_are_kept_in_authorization() {
        for (value, expected) in [
            ("Bearer geheim", "Bearer [redacted]"),
            ("basic geheim", "basic [redacted]"),
            ("geheim", "[redacted]"),
            ("geheim x", "[redacted]"),
            ("Bearer", "Bearer"),
        ] {
            assert_eq!(header("authorization", value.as_bytes()), expected.as_bytes());
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_redacted_without_a_panic_and_again_without_a_change(
            input in prop::collection::vec(any::<u8>(), 0..200),
            text in r#"[{}\[\]",:\\=&?%; -]|token|apikey|--|\PC{0,3}"#,
        ) {
            let input = [text.as_bytes(), &input].concat();
            let once = body(&input).into_owned();
            let twice = body(&once).into_owned();
            prop_assert_eq!(String::from_utf8_lossy(&once), String::from_utf8_lossy(&twice));
        }
    }
}
