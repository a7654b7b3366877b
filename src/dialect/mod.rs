//! The vendors, each in its own folder.
//!
//! A dialect imports `app`, `config`, `failure`, `http` and `store`, and never another dialect. Its `model` and
//! `seed` import no HTTP: they hold the records, the vendor's rules and the section of the seed file.

pub mod authress;
pub mod cloudflare;
pub mod ibm;
pub mod legacy;

use crate::admin;
use crate::http::Dialect;

/// All dialects; the server's own API is the last and owns what no vendor owns.
pub static ALL: [&Dialect; 5] =
    [&cloudflare::DIALECT, &ibm::DIALECT, &authress::DIALECT, &legacy::DIALECT, &admin::DIALECT];

/// Returns the dialect that owns `path`: the one with the longest owned prefix, else the server's own API.
pub fn owner_of(path: &str) -> &'static Dialect {
    let owners = ALL.iter().filter_map(|dialect| dialect.owns(path).map(|length| (length, *dialect)));
    owners.max_by_key(|(length, _)| *length).map_or(&admin::DIALECT, |(_, dialect)| dialect)
}
