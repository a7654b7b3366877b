//! A page of groups, and the cursor from which the next one goes on.
//!
//! A cursor names the last group of its page by the place in the creation order, which no write changes, so that
//! no group is met twice and none that was there throughout is missed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::model::{Filter, Group, State};
use crate::store::derived_hex;

/// How many digits of the hash a cursor holds.
const HASH_DIGITS: usize = 12;

/// Which page is asked for.
#[derive(Debug)]
pub(super) struct Selection {
    pub(super) filter: Option<Filter>,
    /// The number of groups on the page.
    pub(super) limit: usize,
    /// The sequence number after which the page begins; 0 for the first one.
    pub(super) after: u64,
}

/// A page.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub(super) groups: Vec<&'a Group>,
    /// The cursor of the next page; `None` on the last one.
    pub(super) next: Option<String>,
}

impl<'a> Page<'a> {
    /// Returns the page that `selection` asks for.
    pub(super) fn of(state: &'a State, selection: &Selection) -> Self {
        match &selection.filter {
            Some(filter) => Self::take(state.search_after(selection.after, filter), selection),
            None => Self::take(state.groups_after(selection.after), selection),
        }
    }

    fn take(mut found: impl Iterator<Item = (u64, &'a Group)>, selection: &Selection) -> Self {
        let mut last = selection.after;
        let mut groups = Vec::with_capacity(selection.limit);
        for (sequence, group) in found.by_ref().take(selection.limit) {
            last = sequence;
            groups.push(group);
        }
        let next = found.next().map(|_| encode(last, selection.filter.as_ref()));
        Self { groups, next }
    }
}

/// Returns the cursor that goes on after the group with the sequence number `last`.
fn encode(last: u64, filter: Option<&Filter>) -> String {
    let hash = derived_hex(&format!("{last}:{}", filter.map_or("", Filter::folded)));
    URL_SAFE_NO_PAD.encode(format!("{last}:{}", &hash[..HASH_DIGITS]))
}

/// Reads a cursor; `None` when no list with `filter` gave it out.
pub(super) fn decode(cursor: &str, filter: Option<&Filter>) -> Option<u64> {
    let decoded = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let last = decoded.split_once(':')?.0.parse().ok()?;
    (last < u64::MAX && encode(last, filter) == cursor).then_some(last)
}
