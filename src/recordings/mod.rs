//! Recordings of traffic: HTTP Archives, and cassettes of go-vcr and vcrpy.
//!
//! [`read`] reads a recording exchange by exchange, [`Importer`] builds a seed from what the responses show,
//! [`Pseudonyms`] replace its names and identifiers, and [`Replay`] sends the requests again and compares the responses.
//! Imports `json`, `router` and below; only builds with the Cargo feature `recordings` contain it.
//!
//! Invariant: no credential of a recording reaches an output.

mod bodies;
mod cassette;
mod exchange;
mod har;
mod import;
mod json_text;
mod operations;
mod pseudonyms;
mod reader;
mod replay;
mod unescape;

pub use exchange::{Message, Place, RecordedExchange, RecordingError};
pub use import::{ImportedSeed, Importer, Unused};
pub use operations::{Hosts, RecordedOperation};
pub use pseudonyms::{Pseudonyms, pseudonymize};
pub use reader::read;
pub use replay::{
    Accepted, AcceptedDifferences, Difference, DifferenceKind, EvidenceReport, ExchangeReport, Replay,
    Report, RuleReport, TargetServer, Totals, is_read,
};
