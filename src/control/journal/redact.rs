//! Redacts credentials in the headers and bodies that the journal records.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem;
use regex_lite::Regex;

/// The replacement of a credential.
const REDACTED: &[u8] = b"[redacted]";

/// The substrings of which every name of a secret field contains at least one; a quick check before [`SECRET`].
const NAME_PARTS: [&str; 5] = ["apikey", "_token", "password", "secret", "assertion"];

/// A JSON field or a form parameter whose value is a credential; the captured name is kept.
static SECRET: LazyLock<Regex> = LazyLock::new(|| {
    const NAME: &str = "apikey|access_token|refresh_token|id_token|cr_token|ims_token|delegated_refresh_token|\
                        password|client_secret|secret|assertion|saml_response";
    let pattern = format!(r#"("(?:{NAME})"\s*:\s*")(?:[^"\\]|\\.)*|((?:^|&)(?:{NAME})=)[^&]*"#);
    Regex::new(&pattern).expect("the regular expression is valid, as the tests check")
});

/// Appends the value of a header to `buffer` and redacts its credential.
pub(super) fn header(buffer: &mut Vec<u8>, name: &str, value: &[u8]) {
    match name {
        "authorization" => {
            // The scheme is kept, because a wrong scheme is a common error.
            let scheme_end = value.iter().position(|byte| *byte == b' ').map_or(0, |at| at + 1);
            buffer.extend_from_slice(&value[..scheme_end]);
            buffer.extend_from_slice(REDACTED);
        }
        "x-auth-key"
        | "x-auth-user-service-key"
        | "cookie"
        | "set-cookie"
        | "proxy-authorization"
        | "x-mock-admin-token" => buffer.extend_from_slice(REDACTED),
        _ => buffer.extend_from_slice(value),
    }
}

/// Returns a body with redacted credentials; if it may contain any, invalid UTF-8 is replaced with U+FFFD.
pub(super) fn body(body: &[u8]) -> Cow<'_, [u8]> {
    if !NAME_PARTS.iter().any(|part| memmem::find(body, part.as_bytes()).is_some()) {
        return body.into();
    }
    let text = String::from_utf8_lossy(body);
    SECRET.replace_all(&text, "$1$2[redacted]").into_owned().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(input: &str) -> String {
        String::from_utf8(body(input.as_bytes()).into_owned()).expect("the body is UTF-8")
    }

    #[test]
    fn only_credentials_in_bodies_are_redacted() {
        assert_eq!(
            redacted("grant_type=urn%3Aapikey&apikey=geheim&response_type=cloud_iam"),
            "grant_type=urn%3Aapikey&apikey=[redacted]&response_type=cloud_iam"
        );
        assert_eq!(
            redacted(r#"{"access_token": "a\"b","token_type":"Bearer","refresh_token":"x"}"#),
            r#"{"access_token": "[redacted]","token_type":"Bearer","refresh_token":"[redacted]"}"#
        );
        assert_eq!(redacted(r#"{"name":"Developers"}"#), r#"{"name":"Developers"}"#);
    }

    #[test]
    fn redacted_authorization_header_keeps_its_scheme() {
        let redacted = |name, value: &str| {
            let mut buffer = Vec::new();
            header(&mut buffer, name, value.as_bytes());
            String::from_utf8(buffer).expect("the header is UTF-8")
        };

        assert_eq!(redacted("authorization", "Bearer geheim"), "Bearer [redacted]");
        assert_eq!(redacted("authorization", "geheim"), "[redacted]");
        assert_eq!(redacted("x-auth-key", "geheim"), "[redacted]");
        assert_eq!(redacted("x-auth-email", "a@example.com"), "a@example.com");
    }
}
