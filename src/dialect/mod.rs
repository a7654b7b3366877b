//! The vendors, each in its own folder.
//!
//! A dialect imports `app`, `config`, `failure`, `http` and `store`, and never another dialect. Its `model` and
//! `seed` import no HTTP: they hold the records, the vendor's rules and the section of the seed file.

pub mod authress;
pub mod cloudflare;
pub mod ibm;
pub mod legacy;

use std::cmp::Reverse;
use std::sync::LazyLock;

use crate::admin;
use crate::http::Dialect;
use crate::http::dialect::is_below;

/// All dialects; the server's own API is the last and owns what no vendor owns.
pub static ALL: [&Dialect; 5] =
    [&cloudflare::DIALECT, &ibm::DIALECT, &authress::DIALECT, &legacy::DIALECT, &admin::DIALECT];

/// Returns the dialect that owns `path`: the one with the longest owned prefix, else the server's own API.
pub fn owner_of(path: &str) -> &'static Dialect {
    /// Every prefix with its owner, the longest first.
    static OWNERS: LazyLock<Vec<(&str, &Dialect)>> = LazyLock::new(|| {
        let of = |dialect: &'static Dialect| dialect.prefixes.iter().map(move |prefix| (*prefix, dialect));
        let mut owners: Vec<_> = ALL.iter().flat_map(|dialect| of(dialect)).collect();
        owners.sort_by_key(|(prefix, _)| Reverse(prefix.len()));
        owners
    });
    let owner = OWNERS.iter().find(|(prefix, _)| is_below(prefix, path));
    owner.map_or(&admin::DIALECT, |(_, dialect)| dialect)
}
