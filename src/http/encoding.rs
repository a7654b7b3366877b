//! `Encoding`: the content encoding of a request body. Imports nothing of this crate.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_ENCODING;

/// The content encoding of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Encoding {
    #[default]
    Identity,
    Gzip,
    Unknown,
}

impl Encoding {
    pub(super) fn from_headers(headers: &HeaderMap) -> Self {
        let values = headers.get_all(CONTENT_ENCODING).iter();
        values.map(|value| Self::parse(value.as_bytes())).fold(Self::Identity, Self::then)
    }

    /// Parses the value of one header, a list of codings in the order in which they were applied.
    pub(super) fn parse(value: &[u8]) -> Self {
        let codings = value.split(|byte| *byte == b',');
        let codings = codings.map(|coding| match coding.trim_ascii().to_ascii_lowercase().as_slice() {
            b"gzip" | b"x-gzip" if cfg!(feature = "gzip") => Self::Gzip,
            b"identity" | b"" => Self::Identity,
            _ => Self::Unknown,
        });
        codings.fold(Self::Identity, Self::then)
    }

    /// Returns the encoding of a body that was encoded with `next` after `self`: only one of them can be gzip.
    pub(super) const fn then(self, next: Self) -> Self {
        match (self, next) {
            (Self::Identity, other) | (other, Self::Identity) => other,
            (Self::Gzip | Self::Unknown, Self::Gzip | Self::Unknown) => Self::Unknown,
        }
    }
}

/// Returns whether a body with this value of `Content-Encoding` is encoded with gzip, and can be decompressed.
pub fn is_gzip_value(content_encoding: &str) -> bool {
    Encoding::parse(content_encoding.as_bytes()) == Encoding::Gzip
}
