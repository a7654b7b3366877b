//! `KeyedHash`: hashes of texts that clients choose, with a random key.
//!
//! A table that keeps hashes instead of the texts has entries of constant size. The key is random, so that no client
//! can choose texts with the same hash; no response depends on it.

use std::hash::{BuildHasher, RandomState};

/// A hash function with its own random key.
#[derive(Debug, Default)]
pub struct KeyedHash([RandomState; 2]);

impl KeyedHash {
    /// Returns the hash of `text`.
    pub fn hash(&self, text: &str) -> u128 {
        let [high, low] = self.0.each_ref().map(|state| u128::from(state.hash_one(text)));
        (high << 64) | low
    }
}
