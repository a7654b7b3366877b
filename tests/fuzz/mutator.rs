//! Derives inputs from valid ones by changes of bytes, tokens and chunks.

use super::rng::Rng;

/// The maximum length of an input in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// Strings that parsers often handle in a special way.
const TOKENS: [&str; 52] = [
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "null",
    "true",
    "{}",
    "[]",
    "\"\"",
    "0",
    "-1",
    "1.5",
    "1e999",
    "-0",
    "18446744073709551616",
    "9223372036854775807",
    "2147483648",
    "65536",
    "\\u0000",
    "\\ud800",
    "\\udfff\\ud800",
    "\u{0}",
    "\u{feff}",
    "é",
    "\u{1f600}",
    "%",
    "%00",
    "%2F",
    "%ff",
    "%25",
    "/",
    "//",
    "..",
    "?",
    "&",
    "=",
    "#",
    ";",
    " ",
    "+",
    "\t",
    "\r\n",
    "/ns/",
    "*",
    "W/\"a\"",
    "2026-02-30T25:61:61Z",
    "99999999999h",
    "$.a[0].b",
];

/// An endless sequence of mutated inputs.
pub(crate) struct Mutator {
    rng: Rng,
    inputs: Vec<Vec<u8>>,
}

impl Mutator {
    pub(crate) const fn new(rng: Rng, inputs: Vec<Vec<u8>>) -> Self {
        Self { rng, inputs }
    }

    pub(crate) fn next_input(&mut self) -> Vec<u8> {
        let mut input = self.rng.choose(&self.inputs).clone();
        for _ in 0..=self.rng.below(6) {
            self.mutate(&mut input);
        }
        input.truncate(MAX_BYTES);
        input
    }

    fn mutate(&mut self, input: &mut Vec<u8>) {
        let at = self.rng.below(input.len() + 1);
        let end = (at + 1 + self.rng.below(16)).min(input.len());
        match self.rng.below(10) {
            0 if at < input.len() => input[at] ^= 1 << self.rng.below(8),
            1 if at < input.len() => input[at] = self.rng.next_u64().to_be_bytes()[0],
            2 => drop(input.drain(at..end)),
            3 => self.repeat(input, at, end),
            4 | 5 => self.insert_token(input, at, at),
            6 => self.insert_token(input, at, end),
            7 => self.splice(input, at),
            8 => self.move_value(input),
            9 if self.rng.percent(10) => input.truncate(at),
            _ => {}
        }
    }

    /// Repeats a chunk, sometimes very often.
    fn repeat(&mut self, input: &mut Vec<u8>, at: usize, end: usize) {
        let times = if self.rng.percent(5) { 1_000 } else { 1 + self.rng.below(3) };
        let chunk = input[at..end].repeat(times);
        input.splice(at..at, chunk);
    }

    /// Replaces a chunk with a token.
    fn insert_token(&mut self, input: &mut Vec<u8>, at: usize, end: usize) {
        let token = self.rng.choose(&TOKENS);
        input.splice(at..end, token.bytes());
    }

    /// Replaces the rest with that of another input.
    fn splice(&mut self, input: &mut Vec<u8>, at: usize) {
        let other = self.rng.choose(&self.inputs);
        let from = at.min(other.len());
        input.truncate(at);
        input.extend_from_slice(&other[from..]);
    }

    /// Replaces one string in quotation marks with another one of the same input, which mixes up names and values.
    fn move_value(&mut self, input: &mut Vec<u8>) {
        let marks: Vec<usize> = (0..input.len()).filter(|at| input[*at] == b'"').collect();
        if marks.len() < 4 {
            return;
        }
        let pairs = marks.len() / 2;
        let (from, to) = (self.rng.below(pairs) * 2, self.rng.below(pairs) * 2);
        let value = input[marks[from]..=marks[from + 1]].to_vec();
        input.splice(marks[to]..=marks[to + 1], value);
    }
}
