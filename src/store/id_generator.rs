//! The generator of identifiers and random numbers.

use std::collections::BTreeSet;
use std::sync::Arc;

use uuid::Uuid;

/// The UUID v5 namespace of identifiers and generators that are derived from a name.
const UUID_NAMESPACE: Uuid = Uuid::from_u128(0x6d6f_636b_6163_6365_7373_6772_6f75_7073);

/// The characters of [`IdGenerator::alphanumeric`].
const ALPHANUMERIC: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A seeded generator of identifiers and random numbers (`SplitMix64`).
#[derive(Debug, Clone)]
pub struct IdGenerator {
    state: u64,
    /// Identifiers that are not drawn although no record has them yet.
    reserved: Option<Arc<BTreeSet<String>>>,
}

impl IdGenerator {
    /// Returns a generator with a random seed.
    #[expect(clippy::disallowed_methods, reason = "the only source of non-deterministic randomness")]
    pub fn from_entropy() -> Self {
        Self::from_seed(Uuid::new_v4().as_u64_pair().0)
    }

    /// Returns a generator that produces the same sequence for the same seed.
    pub const fn from_seed(seed: u64) -> Self {
        Self { state: seed, reserved: None }
    }

    /// Returns a generator derived from this one and `name`: the same for the same name, different for other names.
    #[must_use]
    pub fn derive(&self, name: &str) -> Self {
        let (high, low) = Uuid::new_v5(&UUID_NAMESPACE, name.as_bytes()).as_u64_pair();
        Self::from_seed(self.state ^ high ^ low.rotate_left(32))
    }

    /// Returns the same generator, which draws none of the identifiers in `reserved`.
    #[must_use]
    pub fn with_reserved(self, reserved: BTreeSet<String>) -> Self {
        Self { reserved: Some(Arc::new(reserved)), ..self }
    }

    /// Returns the state of the generator, from which [`IdGenerator::from_seed`] resumes the sequence.
    pub const fn state(&self) -> u64 {
        self.state
    }

    /// Returns a version 4 UUID.
    pub fn uuid(&mut self) -> Uuid {
        let high = u128::from(self.next());
        let low = u128::from(self.next());
        uuid::Builder::from_random_bytes(((high << 64) | low).to_be_bytes()).into_uuid()
    }

    /// Returns 32 lower-case hexadecimal digits.
    pub fn hex(&mut self) -> String {
        format!("{:016x}{:016x}", self.next(), self.next())
    }

    /// Returns `length` characters of `0-9A-Za-z`.
    pub fn alphanumeric(&mut self, length: usize) -> String {
        let characters: Vec<u8> = (0..length).map(|_| ALPHANUMERIC[(self.next() % 62) as usize]).collect();
        String::from_utf8(characters).expect("the characters are ASCII")
    }

    /// Returns the first identifier from `draw` that is neither taken nor reserved.
    ///
    /// Identifiers are taken if records with them were added from elsewhere, or if the generator was set back.
    pub fn draw_unused(
        &mut self,
        draw: impl Fn(&mut Self) -> String,
        is_taken: impl Fn(&String) -> bool,
    ) -> String {
        loop {
            let id = draw(self);
            let is_reserved = self.reserved.as_ref().is_some_and(|reserved| reserved.contains(&id));
            if !is_reserved && !is_taken(&id) {
                return id;
            }
        }
    }

    /// Returns a number from 0 (inclusive) to 1 (exclusive).
    pub fn next_f64(&mut self) -> f64 {
        // An `f64` represents 53 bits exactly.
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// Returns 32 lower-case hexadecimal digits that depend only on `name`.
pub fn stable_hex_id(name: &str) -> String {
    let uuid = Uuid::new_v5(&UUID_NAMESPACE, name.as_bytes()).simple();
    uuid.encode_lower(&mut Uuid::encode_buffer()).to_owned()
}
