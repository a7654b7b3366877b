//! Credentials are taken out of what the journal keeps.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem;
use regex_lite::Regex;

/// What stands in the place of a credential.
const REDACTED: &[u8] = b"[redacted]";

/// What every name of a secret member of a body has in it.
const MARKS: [&str; 5] = ["apikey", "_token", "password", "secret", "assertion"];

/// A JSON member or a form parameter whose value is a credential; the name is kept.
static SECRET: LazyLock<Regex> = LazyLock::new(|| {
    const NAME: &str = "apikey|access_token|refresh_token|id_token|cr_token|ims_token|delegated_refresh_token|\
                        password|client_secret|secret|assertion|saml_response";
    let text = format!(r#"("(?:{NAME})"\s*:\s*")(?:[^"\\]|\\.)*|((?:^|&)(?:{NAME})=)[^&]*"#);
    Regex::new(&text).expect("it is a regular expression, which the tests use")
});

/// Writes the value of a header without its credential.
pub(super) fn header(text: &mut Vec<u8>, name: &str, value: &[u8]) {
    match name {
        "authorization" => {
            // The scheme is worth knowing: a wrong one is a common mistake.
            let scheme = value.iter().position(|byte| *byte == b' ').map_or(0, |at| at + 1);
            text.extend_from_slice(&value[..scheme]);
            text.extend_from_slice(REDACTED);
        }
        "x-auth-key"
        | "x-auth-user-service-key"
        | "cookie"
        | "set-cookie"
        | "proxy-authorization"
        | "x-mock-admin-token" => text.extend_from_slice(REDACTED),
        _ => text.extend_from_slice(value),
    }
}

/// Returns a body without its credentials; in one that may have some, what is not UTF-8 is replaced.
pub(super) fn body(body: &[u8]) -> Cow<'_, [u8]> {
    if !MARKS.iter().any(|mark| memmem::find(body, mark.as_bytes()).is_some()) {
        return body.into();
    }
    let text = String::from_utf8_lossy(body);
    SECRET.replace_all(&text, "$1$2[redacted]").into_owned().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(text: &str) -> String {
        String::from_utf8(body(text.as_bytes()).into_owned()).expect("it is text")
    }

    #[test]
    fn credentials_in_bodies_are_replaced_and_nothing_else() {
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
    fn a_credential_header_keeps_its_scheme() {
        let redacted = |name, value: &str| {
            let mut text = Vec::new();
            header(&mut text, name, value.as_bytes());
            String::from_utf8(text).expect("it is text")
        };

        assert_eq!(redacted("authorization", "Bearer geheim"), "Bearer [redacted]");
        assert_eq!(redacted("authorization", "geheim"), "[redacted]");
        assert_eq!(redacted("x-auth-key", "geheim"), "[redacted]");
        assert_eq!(redacted("x-auth-email", "a@example.com"), "a@example.com");
    }
}
