//! Which operations come nearest to a request that no route takes.
//!
//! Imports `catalog` and `http`.

use std::fmt;

use axum::http::Method;
use serde::{Deserialize, Serialize};

use crate::catalog::catalog;
use crate::http::Known;

/// How many operations are named.
const NAMED: usize = 3;

/// What a segment that is there only on one side counts; two that have nothing in common count as much.
const WHOLE: usize = 10;

/// An operation that comes near to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nearest {
    /// The operation with its dialect, such as `ibm_list_access_groups`.
    pub operation: String,
    /// Its method.
    pub method: String,
    /// Its path.
    pub path: String,
    /// What in the request differs, such as ``segment 2 is `group` instead of `groups` ``.
    pub differs: String,
}

impl fmt::Display for Nearest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "The nearest is {} {}: {}.", self.method, self.path, self.differs)
    }
}

/// Returns the operations that come nearest to `method` at `path`, the nearest first.
pub fn nearest(method: &Method, path: &str) -> Vec<Nearest> {
    let mut ranked: Vec<(usize, &Known)> = catalog()
        .operations()
        .iter()
        .filter(|known| known.dialect.name != "admin" || path.starts_with("/__admin"))
        .map(|known| (distance(method, path, known), known))
        .collect();
    ranked.sort_by_key(|(distance, known)| (*distance, known.index));
    let near = ranked.into_iter().take(NAMED);
    near.map(|(_, known)| Nearest {
        operation: format!("{}_{}", known.dialect.name, known.id),
        method: known.method.to_string(),
        path: known.path.to_owned(),
        differs: difference(method, path, known),
    })
    .collect()
}

/// How far a request is from an operation; 0 where it means it.
fn distance(method: &Method, path: &str, known: &Known) -> usize {
    let (asked, known_path) = (segments(path), segments(known.path));
    let common = asked.iter().zip(&known_path).map(|(asked, known)| segment_distance(asked, known));
    let missing = asked.len().abs_diff(known_path.len()) * WHOLE;
    let method = if *method == known.method { 0 } else { 3 };
    common.sum::<usize>() + missing + method
}

fn segments(path: &str) -> Vec<&str> {
    path.trim_matches('/').split('/').collect()
}

/// 0 for the same, 1 for what a capture takes, else how many letters must be changed, up to [`WHOLE`].
fn segment_distance(asked: &str, known: &str) -> usize {
    if asked == known {
        return 0;
    }
    if known.contains('{') {
        return if asked.is_empty() { WHOLE } else { 1 };
    }
    // Another case is a smaller mistake than another letter, but it is one.
    edits(&asked.to_lowercase(), &known.to_lowercase()).saturating_mul(2).clamp(1, WHOLE)
}

/// How many letters must be put in, taken out or changed (Levenshtein).
fn edits(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, letter) in left.chars().take(64).enumerate() {
        let mut before = index;
        row[0] = index + 1;
        for (place, other) in right.iter().enumerate() {
            let changed = before + usize::from(letter != *other);
            before = row[place + 1];
            row[place + 1] = changed.min(row[place] + 1).min(before + 1);
        }
    }
    row[right.len()]
}

fn difference(method: &Method, path: &str, known: &Known) -> String {
    let (asked, known_path) = (segments(path), segments(known.path));
    let mut parts = Vec::new();
    if *method != known.method {
        parts.push(format!("the method is {method} instead of {}", known.method));
    }
    for (index, (asked, known)) in asked.iter().zip(&known_path).enumerate() {
        if asked != known && (!known.contains('{') || asked.is_empty()) {
            parts.push(format!("segment {} is `{asked}` instead of `{known}`", index + 1));
        }
    }
    for extra in asked.iter().skip(known_path.len()) {
        parts.push(format!("`{extra}` is one segment too many"));
    }
    for missing in known_path.iter().skip(asked.len()) {
        parts.push(format!("the segment `{missing}` is missing"));
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_path_is_near_to_what_was_meant_and_says_where_it_differs() {
        let first = |method: Method, path: &str| {
            let near = nearest(&method, path).into_iter().next().expect("there is one");
            (near.operation, near.differs)
        };
        let pair = |operation: &str, differs: &str| (operation.to_owned(), differs.to_owned());

        assert_eq!(
            first(Method::GET, "/v2/group"),
            pair("ibm_list_access_groups", "segment 2 is `group` instead of `groups`")
        );
        assert_eq!(
            first(Method::PUT, "/v2/groups"),
            pair("ibm_create_access_group", "the method is PUT instead of POST")
        );
        assert_eq!(
            first(Method::GET, "/v1/groups/a/extra"),
            pair("authress_get_group", "`extra` is one segment too many")
        );
        assert_eq!(first(Method::GET, "/api2/access_groups").0, "legacy_list_access_groups");
    }
}
