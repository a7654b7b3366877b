//! `Recorded`: the URL, headers and bodies of one exchange.

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;

use crate::control::redaction;

/// The URL, headers and bodies of one exchange.
#[derive(Debug, Default)]
pub struct Recorded {
    /// The URL, the request headers, the request body, the response headers and the response body, concatenated.
    buffer: Vec<u8>,
    /// The end offsets of the first four parts of `buffer`.
    ends: [usize; 4],
    /// The response body if it shares its memory with the response that was sent.
    shared_body: Bytes,
}

/// The URL and the headers of a request, which are recorded before the handler takes them.
#[derive(Debug, Default)]
pub struct RecordedRequest {
    /// The URL and the headers, concatenated, with capacity for the rest of the exchange.
    buffer: Vec<u8>,
    url_end: usize,
}

/// The usual length of the name and the value of a header, for the capacity of a buffer.
const HEADER_CAPACITY: usize = 48;

/// The initial capacity of the buffer of an exchange, in bytes: what a short exchange needs, and the longest allocation that
/// is fast.
pub(super) const INITIAL_CAPACITY: usize = 1024;

impl RecordedRequest {
    /// Returns the request with `url` and `headers`, in the memory of `buffer`.
    pub(super) fn new(mut buffer: Vec<u8>, url: &str, headers: &HeaderMap) -> Self {
        let needed = url.len() + headers.len() * HEADER_CAPACITY;
        buffer.clear();
        buffer.reserve_exact(needed.max(INITIAL_CAPACITY));
        buffer.extend_from_slice(url.as_bytes());
        write_headers(&mut buffer, headers);
        Self { buffer, url_end: url.len() }
    }
}

impl Recorded {
    /// Returns the exchange that started with `request`.
    ///
    /// `content_length` is that of the response if the server adds it to the headers, and `response_body` is the body if
    /// it is copied, else `shared_body` has it.
    pub(super) fn new(
        RecordedRequest { mut buffer, url_end }: RecordedRequest,
        request_body: &[u8],
        (headers, content_length): (&HeaderMap, Option<usize>),
        (response_body, shared_body): (&[u8], Bytes),
    ) -> Self {
        let headers_capacity = (headers.len() + 1) * HEADER_CAPACITY;
        buffer.reserve_exact(request_body.len() + headers_capacity + response_body.len());
        let request_headers_end = buffer.len();
        buffer.extend_from_slice(request_body);
        let request_body_end = buffer.len();
        write_headers(&mut buffer, headers);
        if let Some(length) = content_length {
            write_header(&mut buffer, CONTENT_LENGTH.as_str(), length.to_string().as_bytes());
        }
        let ends = [url_end, request_headers_end, request_body_end, buffer.len()];
        buffer.extend_from_slice(response_body);
        Self { buffer, ends, shared_body }
    }

    /// Returns the path and query, without the namespace prefix.
    pub fn url(&self) -> &str {
        std::str::from_utf8(&self.buffer[..self.ends[0]]).unwrap_or_default()
    }

    /// Returns the request headers in order, without those whose value is not UTF-8.
    pub fn request_headers(&self) -> Vec<(&str, &str)> {
        parse_headers(self.part(1))
    }

    /// Returns the recorded part of the request body.
    pub fn request_body(&self) -> &[u8] {
        self.part(2)
    }

    /// Returns the response headers in order, without those whose value is not UTF-8.
    pub fn response_headers(&self) -> Vec<(&str, &str)> {
        parse_headers(self.part(3))
    }

    /// Returns the recorded part of the response body.
    pub fn response_body(&self) -> &[u8] {
        let copied = &self.buffer[self.ends[3]..];
        if copied.is_empty() { &self.shared_body } else { copied }
    }

    /// Returns the part that ends at `ends[index]`, which is not the first one.
    fn part(&self, index: usize) -> &[u8] {
        &self.buffer[self.ends[index - 1]..self.ends[index]]
    }

    /// Returns the size in bytes, with what is allocated and not used.
    pub(super) const fn bytes(&self) -> usize {
        self.buffer.capacity() + self.shared_body.len()
    }

    /// Takes the buffer of an exchange that is no longer needed.
    pub(super) fn take_buffer(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.buffer)
    }

    /// Returns the exchange with redacted credentials, in the same allocation: one of the thread that redacts would be
    /// additional memory, because the allocator keeps what another thread frees for the thread that allocated it.
    pub(super) fn redacted(mut self) -> Self {
        let mut redacted = Vec::with_capacity(self.buffer.len());
        let mut ends = [0; 4];
        redacted.extend_from_slice(redaction::url(self.url()).as_bytes());
        ends[0] = redacted.len();
        redact_headers(&mut redacted, self.part(1));
        ends[1] = redacted.len();
        redacted.extend_from_slice(&redaction::body(self.request_body()));
        ends[2] = redacted.len();
        redact_headers(&mut redacted, self.part(3));
        ends[3] = redacted.len();
        let body = redaction::body(self.response_body());
        // A body without credentials stays where it is.
        let is_shared = !self.shared_body.is_empty() && matches!(body, std::borrow::Cow::Borrowed(_));
        if !is_shared {
            redacted.extend_from_slice(&body);
        }
        let shared_body = if is_shared { std::mem::take(&mut self.shared_body) } else { Bytes::new() };
        self.buffer.clear();
        self.buffer.reserve_exact(redacted.len());
        self.buffer.extend_from_slice(&redacted);
        Self { buffer: self.buffer, ends, shared_body }
    }
}

/// Appends headers to `buffer`, one on each line.
fn write_headers(buffer: &mut Vec<u8>, headers: &HeaderMap) {
    for (name, value) in headers {
        write_header(buffer, name.as_str(), value.as_bytes());
    }
}

fn write_header(buffer: &mut Vec<u8>, name: &str, value: &[u8]) {
    buffer.reserve(name.len() + value.len() + 2);
    buffer.extend_from_slice(name.as_bytes());
    buffer.push(b':');
    buffer.extend_from_slice(value);
    buffer.push(b'\n');
}

/// Appends the headers that [`write_headers`] wrote, with redacted credentials.
fn redact_headers(buffer: &mut Vec<u8>, headers: &[u8]) {
    for line in headers.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let (name, value) = line.split_at(line.iter().position(|byte| *byte == b':').unwrap_or(line.len()));
        let name = std::str::from_utf8(name).unwrap_or_default();
        let value = redaction::header(name, value.strip_prefix(b":").unwrap_or(value));
        write_header(buffer, name, &value);
    }
}

/// Parses the headers that [`write_headers`] wrote.
fn parse_headers(buffer: &[u8]) -> Vec<(&str, &str)> {
    let lines = buffer.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
    lines.filter_map(|line| line.split_once(':')).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use axum::http::header::AUTHORIZATION;

    use super::*;

    #[test]
    fn redacted_exchange_keeps_its_allocation_and_its_parts() {
        let headers =
            HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_static("Bearer geheim-geheim"))]);
        let request = RecordedRequest::new(Vec::new(), "/v1/groups?token=geheim", &headers);
        let body = br#"{"name":"a","password":"geheim"}"#;
        let shared = Bytes::from_static(b"{}");
        let recorded = Recorded::new(request, body, (&HeaderMap::new(), Some(2)), (&[], shared));
        let (allocation, bytes) = (recorded.buffer.as_ptr(), recorded.bytes());

        let redacted = recorded.redacted();

        assert_eq!((redacted.buffer.as_ptr(), redacted.bytes()), (allocation, bytes));
        assert_eq!(redacted.url(), "/v1/groups?token=[redacted]");
        assert_eq!(redacted.request_headers(), [("authorization", "Bearer [redacted]")]);
        assert_eq!(redacted.request_body(), br#"{"name":"a","password":"[redacted]"}"#);
        assert_eq!(redacted.response_headers(), [("content-length", "2")]);
        assert_eq!(redacted.response_body(), b"{}");
    }
}
