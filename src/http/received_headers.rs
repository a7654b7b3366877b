//! `ReceivedHeaders`: the headers of a request that every request is asked for, outside of its handler.

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::base_url::ForwardingHeaders;
use super::encoding::Encoding;

/// The maximum length of a header that is sent back, and of those that the server adds, in bytes.
pub const MAX_HEADER_BYTES: usize = 1024;

/// The headers of a request that every request is asked for, outside of its handler. Of several values, the first one
/// counts, but those of `Content-Encoding` are one list.
#[derive(Debug, Default)]
pub struct ReceivedHeaders {
    /// `X-Mock-Namespace`, which selects the namespace.
    pub namespace: Option<HeaderValue>,
    /// The `Origin`, if it is at most 1 KiB long.
    pub origin: Option<HeaderValue>,
    /// The request id that the client sent, if the dialect has a header for it.
    pub client_request_id: Option<HeaderValue>,
    /// Whether the client asks for the id of the journal entry, with `X-Mock-Request-Id`.
    pub asks_for_id: bool,
    /// Whether there is an `X-Mock-Fault`, which injects a fault.
    pub has_fault: bool,
    /// Whether the body is encoded with gzip.
    pub is_gzip: bool,
    /// Those from which the base URL of links is built.
    pub forwarding: ForwardingHeaders,
}

impl ReceivedHeaders {
    /// Finds the headers in one pass over all of them, which are few: a look-up of each would take longer.
    ///
    /// `request_id_header` is the header with the client's request id.
    pub fn find(headers: &HeaderMap, request_id_header: Option<&HeaderName>) -> Self {
        let mut found = Self::default();
        let mut encoding = Encoding::default();
        for (name, value) in headers {
            match name.as_str() {
                "x-mock-namespace" => set_first(&mut found.namespace, value),
                "x-mock-request-id" => found.asks_for_id = true,
                "x-mock-fault" => found.has_fault = true,
                "origin" => set_first(&mut found.origin, value),
                "content-encoding" => encoding = encoding.then(Encoding::parse(value.as_bytes())),
                _ if request_id_header == Some(name) => set_first(&mut found.client_request_id, value),
                name => found.forwarding.add(name, value),
            }
        }
        found.is_gzip = encoding == Encoding::Gzip;
        found.origin = found.origin.filter(|origin| origin.len() <= MAX_HEADER_BYTES);
        found.client_request_id = found.client_request_id.filter(is_valid_id);
        found
    }
}

fn is_valid_id(id: &HeaderValue) -> bool {
    id.len() <= MAX_HEADER_BYTES && id.to_str().is_ok_and(|id| !id.is_empty())
}

/// Copies the first value of a header.
fn set_first(header: &mut Option<HeaderValue>, value: &HeaderValue) {
    header.get_or_insert_with(|| value.clone());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(headers: &[(&'static str, &str)]) -> ReceivedHeaders {
        let headers = headers.iter().map(|(name, value)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).expect("it is a valid value"))
        });
        let mut map = HeaderMap::new();
        headers.for_each(|(name, value)| {
            map.append(name, value);
        });
        ReceivedHeaders::find(&map, Some(&HeaderName::from_static("transaction-id")))
    }

    fn text(value: Option<&HeaderValue>) -> Option<&str> {
        value.map(|value| value.to_str().expect("it is ASCII"))
    }

    #[test]
    fn of_several_values_the_first_one_counts_even_if_it_is_ignored() {
        let long = "x".repeat(MAX_HEADER_BYTES + 1);
        let first = found(&[
            ("x-mock-namespace", "a"),
            ("x-mock-namespace", "b"),
            ("origin", "http://a.test"),
            ("origin", "http://b.test"),
            ("transaction-id", "1"),
            ("transaction-id", "2"),
            ("content-encoding", "GZIP"),
            ("content-encoding", "identity"),
        ]);
        let ignored =
            found(&[("origin", &long), ("origin", "b"), ("transaction-id", ""), ("transaction-id", "2")]);

        assert_eq!(
            (text(first.namespace.as_ref()), text(first.origin.as_ref())),
            (Some("a"), Some("http://a.test"))
        );
        assert_eq!((text(first.client_request_id.as_ref()), first.is_gzip), (Some("1"), true));
        assert_eq!((ignored.origin, ignored.client_request_id, ignored.is_gzip), (None, None, false));
        assert!(!first.asks_for_id && !first.has_fault);
    }

    #[test]
    fn control_headers_are_found_whatever_their_value() {
        let found = found(&[("x-mock-request-id", ""), ("x-mock-fault", "")]);

        assert!(found.asks_for_id && found.has_fault);
    }
}
