//! The names of headers, query parameters, form fields and JSON fields that contain credentials.

/// The replacement of a credential.
pub const REDACTED_TEXT: &str = "[redacted]";

/// The same as bytes.
pub(super) const REDACTED: &[u8] = REDACTED_TEXT.as_bytes();

/// The schemes of `Authorization` that are shown: those of IANA's registry, and some that vendors use.
///
/// Any other first word may be the credential itself.
const SCHEMES: [&str; 15] = [
    "Basic",
    "Bearer",
    "Digest",
    "DPoP",
    "GNAP",
    "HOBA",
    "Mutual",
    "Negotiate",
    "NTLM",
    "OAuth",
    "SCRAM-SHA-1",
    "SCRAM-SHA-256",
    "Token",
    "ApiKey",
    "AWS4-HMAC-SHA256",
];

/// The place of a name, which decides about names with several meanings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A header.
    Header,
    /// A query parameter, or a field of a form.
    Form,
    /// A field of a JSON object.
    Json,
}

/// The ends of names of credentials, in lower case and without separators: `X-Api-Key`, `api_key` and `clientApiKey`
/// all end with `apikey`. A number or an `s` can follow.
const SUFFIXES: [&str; 23] = [
    "apikey",
    "token",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "credential",
    "assertion",
    "authkey",
    "servicekey",
    "privatekey",
    "secretkey",
    "accesskey",
    "sessionkey",
    "subscriptionkey",
    "authorization",
    "cookie",
    "samlresponse",
    "codeverifier",
    "devicecode",
    "jwt",
    "bearer",
];

/// Further names of credentials in queries and forms; in JSON, `code` is the code of an error.
const FORM_NAMES: [&str; 7] = ["code", "key", "sig", "signature", "pwd", "pin", "otp"];

/// Further names of credentials in JSON.
const JSON_NAMES: [&str; 3] = ["pwd", "pin", "otp"];

/// Names in JSON that end like a credential but contain none: the rules of Cloudflare.
const JSON_EXCEPTIONS: [&str; 3] = ["anyvalidservicetoken", "servicetoken", "linkedapptoken"];

/// Names of positions in lists, in queries and in JSON.
const POSITIONS: [&str; 3] = ["pagetoken", "nextpagetoken", "nexttoken"];

/// The conditions of IBM's template groups; `assertion` is a credential.
const ASSERTIONS: &[u8] = b"assertions";

/// The number of bytes at the end of a name that are compared.
const MAX_COMPARED: usize = 32;

/// Returns whether `name`, in any spelling, is the name of a credential.
pub(super) fn is_secret(name: &[u8], place: Place) -> bool {
    if place == Place::Json && name == ASSERTIONS {
        return false;
    }
    let mut buffer = [0; MAX_COMPARED];
    let name = normalize(name, &mut buffer);
    let is_listed = |names: &[&str]| names.iter().any(|other| other.as_bytes() == name);
    let ends = SUFFIXES.iter().any(|suffix| name.ends_with(suffix.as_bytes()));
    match place {
        Place::Header => ends,
        Place::Form => (ends && !is_listed(&POSITIONS)) || is_listed(&FORM_NAMES),
        Place::Json => {
            let is_exception = is_listed(&JSON_EXCEPTIONS) || is_listed(&POSITIONS);
            (ends && !is_exception) || is_listed(&JSON_NAMES)
        }
    }
}

/// Returns whether `name` is that of a header with an authentication scheme.
pub(super) fn is_authorization(name: &str) -> bool {
    let mut buffer = [0; MAX_COMPARED];
    normalize(name.as_bytes(), &mut buffer).ends_with(b"authorization")
}

/// Returns whether `word` is a scheme of `Authorization`.
pub(super) fn is_scheme(word: &[u8]) -> bool {
    SCHEMES.iter().any(|scheme| scheme.as_bytes().eq_ignore_ascii_case(word))
}

/// Returns the letters and digits at the end of `name` in lower case, without digits and a plural `s` at its end.
fn normalize<'a>(name: &[u8], buffer: &'a mut [u8; MAX_COMPARED]) -> &'a [u8] {
    let mut start = MAX_COMPARED;
    for byte in name.iter().rev().filter(|byte| byte.is_ascii_alphanumeric()) {
        if start == 0 {
            break;
        }
        let is_at_end = start == MAX_COMPARED;
        if is_at_end && byte.is_ascii_digit() {
            continue;
        }
        start -= 1;
        buffer[start] = byte.to_ascii_lowercase();
    }
    let name = &buffer[start..];
    name.strip_suffix(b"s").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_every_spelling() {
        for name in [
            "apikey",
            "APIKEY",
            "api_key",
            "X-Api-Key",
            "clientSecret",
            "tokens",
            "token2",
            "bearer",
            "user[password]",
        ] {
            assert!(is_secret(name.as_bytes(), Place::Json), "{name}");
        }
        for name in ["token_type", "name", "code", "key", "service_token", "assertions", "", "s", "7"] {
            assert!(!is_secret(name.as_bytes(), Place::Json), "{name}");
        }
        assert!(is_secret(b"assertion", Place::Json) && !is_secret(b"pagetoken", Place::Form));
        assert!(is_secret(b"code", Place::Form) && is_secret(b"Service-Token", Place::Header));
    }
}
