//! Compresses and decompresses gzip, with the Cargo feature `gzip`. Imports nothing of this crate.

#[cfg(feature = "gzip")]
use std::io::{Read, Write};

#[cfg(feature = "gzip")]
use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};

/// Returns up to `limit` decompressed bytes of the valid part of `bytes`, and the error after them.
#[cfg(feature = "gzip")]
pub(super) fn decompress(bytes: &[u8], limit: usize) -> (Vec<u8>, Option<std::io::Error>) {
    let mut decompressed = Vec::new();
    let result = MultiGzDecoder::new(bytes).take(limit as u64).read_to_end(&mut decompressed);
    (decompressed, result.err())
}

/// Without the feature, `Encoding` knows no gzip, so that nothing is decompressed.
#[cfg(not(feature = "gzip"))]
pub(super) fn decompress(_: &[u8], _: usize) -> (Vec<u8>, Option<std::io::Error>) {
    (Vec::new(), Some(std::io::ErrorKind::Unsupported.into()))
}

/// Returns the compressed bytes.
#[cfg(feature = "gzip")]
pub fn compress(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).ok()
}

/// Without the feature, nothing is compressed.
#[cfg(not(feature = "gzip"))]
pub fn compress(_: &[u8]) -> Option<Vec<u8>> {
    None
}
