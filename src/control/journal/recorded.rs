//! `Recorded`: the URL, headers and bodies of one exchange.

use axum::body::Bytes;

use crate::control::redaction;

/// The URL, headers and bodies of one exchange.
#[derive(Debug, Default)]
pub struct Recorded {
    /// The URL, request headers, request body, response headers and response body, concatenated.
    buffer: Box<[u8]>,
    /// The end offsets of the first four parts of `buffer`.
    ends: [usize; 4],
    /// The response body if it shares its memory with the response that was sent.
    shared_body: Bytes,
}

impl Recorded {
    /// Returns the exchange whose parts are in `buffer`, with the end offsets `ends` of all but the last one.
    pub(super) const fn new(buffer: Box<[u8]>, ends: [usize; 4], shared_body: Bytes) -> Self {
        Self { buffer, ends, shared_body }
    }

    /// Returns the path and query, without the namespace prefix.
    pub fn url(&self) -> &str {
        std::str::from_utf8(&self.buffer[..self.ends[0]]).unwrap_or_default()
    }

    /// Returns the request headers in order, without those whose value is not UTF-8.
    pub fn request_headers(&self) -> Vec<(&str, &str)> {
        parse_headers(&self.buffer[self.ends[0]..self.ends[1]])
    }

    /// Returns the recorded part of the request body.
    pub fn request_body(&self) -> &[u8] {
        &self.buffer[self.ends[1]..self.ends[2]]
    }

    /// Returns the response headers in order, without those whose value is not UTF-8.
    pub fn response_headers(&self) -> Vec<(&str, &str)> {
        parse_headers(&self.buffer[self.ends[2]..self.ends[3]])
    }

    /// Returns the recorded part of the response body.
    pub fn response_body(&self) -> &[u8] {
        let copied = &self.buffer[self.ends[3]..];
        if copied.is_empty() { &self.shared_body } else { copied }
    }

    /// Returns the size in bytes.
    pub(super) const fn bytes(&self) -> usize {
        self.buffer.len() + self.shared_body.len()
    }

    /// Returns the exchange with redacted credentials.
    pub(super) fn redacted(self) -> Self {
        let mut buffer = Vec::with_capacity(self.buffer.len());
        buffer.extend_from_slice(redaction::url(self.url()).as_bytes());
        let mut ends = [buffer.len(); 4];
        redact_headers(&mut buffer, &self.buffer[self.ends[0]..self.ends[1]]);
        ends[1] = buffer.len();
        buffer.extend_from_slice(&redaction::body(self.request_body()));
        ends[2] = buffer.len();
        redact_headers(&mut buffer, &self.buffer[self.ends[2]..self.ends[3]]);
        ends[3] = buffer.len();
        let body = redaction::body(self.response_body());
        // A body without credentials stays where it is.
        let is_shared = !self.shared_body.is_empty() && matches!(body, std::borrow::Cow::Borrowed(_));
        let shared_body = if is_shared { self.shared_body.clone() } else { Bytes::new() };
        if !is_shared {
            buffer.extend_from_slice(&body);
        }
        Self { buffer: buffer.into(), ends, shared_body }
    }
}

/// Appends headers to `buffer`, one on each line.
pub(super) fn write_headers<'a>(buffer: &mut Vec<u8>, headers: impl Iterator<Item = (&'a str, &'a [u8])>) {
    for (name, value) in headers {
        buffer.extend_from_slice(name.as_bytes());
        buffer.push(b':');
        buffer.extend_from_slice(value);
        buffer.push(b'\n');
    }
}

/// Appends the headers that [`write_headers`] wrote, with redacted credentials.
fn redact_headers(buffer: &mut Vec<u8>, headers: &[u8]) {
    for line in headers.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let (name, value) = line.split_at(line.iter().position(|byte| *byte == b':').unwrap_or(line.len()));
        let name = std::str::from_utf8(name).unwrap_or_default();
        let value = redaction::header(name, value.strip_prefix(b":").unwrap_or(value));
        write_headers(buffer, std::iter::once((name, &*value)));
    }
}

/// Parses the headers that [`write_headers`] wrote.
fn parse_headers(buffer: &[u8]) -> Vec<(&str, &str)> {
    let lines = buffer.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
    lines.filter_map(|line| line.split_once(':')).collect()
}
