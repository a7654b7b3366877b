//! `Suggestion`: the operations that are most similar to a request that matches no route.
//!
//! Segments are compared with `strsim`, the crate behind the suggestions of clap.

use std::fmt;

use axum::http::Method;
use serde::{Deserialize, Serialize};
use strsim::levenshtein;

use super::api::Apis;
use super::operation::Operation;

/// The maximum number of suggestions for one request.
const MAX_SUGGESTIONS: usize = 3;

/// The cost of a missing, extra or completely different segment.
const SEGMENT_COST: usize = 10;

/// The maximum length of a path for which there are suggestions, in bytes.
const MAX_PATH_BYTES: usize = 1024;

/// The number of characters of a segment that are compared.
const MAX_COMPARED_CHARS: usize = 64;

/// The maximum number of segments of a path that are compared; no operation has as many.
const MAX_SEGMENTS: usize = 32;

/// An operation that is similar to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The operation id with its dialect, such as `ibm_list_access_groups`.
    pub operation: String,
    /// The method of the operation.
    pub method: String,
    /// The path of the operation.
    pub path: String,
    /// The differences of the request, such as ``segment 2 is `group` instead of `groups` ``.
    pub difference: String,
}

impl fmt::Display for Suggestion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "The closest match is {} {}: {}.", self.method, self.path, self.difference)
    }
}

impl Apis {
    /// Returns the operations that are most similar to a request of `method` to `path`, the most similar first.
    ///
    /// Operations of the admin API are only suggested for its own paths. There are no suggestions for a path of more
    /// than 1 KiB, which would take long and repeat it several times.
    pub fn suggest(&self, method: &Method, path: &str) -> Vec<Suggestion> {
        if path.len() > MAX_PATH_BYTES {
            return Vec::new();
        }
        let is_admin = path.starts_with("/__admin");
        let operations = self.operations().filter(|(api, _)| is_admin || !api.is_admin);
        let mut ranked: Vec<_> =
            operations.map(|(api, operation)| (distance(method, path, operation), api, operation)).collect();
        // The sort is stable: operations of the same distance stay in the order of registration.
        ranked.sort_by_key(|(distance, ..)| *distance);
        let suggestions = ranked.into_iter().take(MAX_SUGGESTIONS);
        suggestions
            .map(|(_, api, operation)| Suggestion {
                operation: format!("{}_{}", api.name, operation.id),
                method: operation.method.to_string(),
                path: operation.path.to_owned(),
                difference: difference(method, path, operation),
            })
            .collect()
    }
}

/// Returns the distance between a request and an operation; 0 if they match.
fn distance(method: &Method, path: &str, operation: &Operation) -> usize {
    let (requested, known) = (segments(path), segments(operation.path));
    let common = requested.iter().zip(&known).map(|(requested, known)| segment_distance(requested, known));
    let length_difference = requested.len().abs_diff(known.len()) * SEGMENT_COST;
    let method_cost = if *method == operation.method { 0 } else { 3 };
    common.sum::<usize>() + length_difference + method_cost
}

/// Returns the segments of a path; of more than 32 segments, the first ones.
fn segments(path: &str) -> Vec<&str> {
    path.trim_matches('/').split('/').take(MAX_SEGMENTS).collect()
}

/// Returns the distance between two segments: 0 if they are equal, 1 for a path parameter, else twice the
/// case-insensitive edit distance, from 1 to [`SEGMENT_COST`].
fn segment_distance(requested: &str, known: &str) -> usize {
    if requested == known {
        return 0;
    }
    if known.contains('{') {
        return if requested.is_empty() { SEGMENT_COST } else { 1 };
    }
    // A difference only in case costs 1, which is less than a different character.
    let edits = levenshtein(&comparable(requested), &comparable(known));
    edits.saturating_mul(2).clamp(1, SEGMENT_COST)
}

/// Returns the start of a segment in lower case; the rest would cost time without affecting the ranking.
fn comparable(segment: &str) -> String {
    segment.chars().take(MAX_COMPARED_CHARS).flat_map(char::to_lowercase).collect()
}

/// Returns the start of a long segment.
fn shortened(segment: &str) -> std::borrow::Cow<'_, str> {
    match segment.char_indices().nth(MAX_COMPARED_CHARS) {
        Some((end, _)) => format!("{}...", &segment[..end]).into(),
        None => segment.into(),
    }
}

/// Describes the differences between a request and an operation.
fn difference(method: &Method, path: &str, operation: &Operation) -> String {
    let (requested, known) = (segments(path), segments(operation.path));
    let mut parts = Vec::new();
    if *method != operation.method {
        parts.push(format!("the method is {method} instead of {}", operation.method));
    }
    for (index, (requested, known)) in requested.iter().zip(&known).enumerate() {
        if requested != known && (!known.contains('{') || requested.is_empty()) {
            let requested = shortened(requested);
            parts.push(format!("segment {} is `{requested}` instead of `{known}`", index + 1));
        }
    }
    for extra in requested.iter().skip(known.len()) {
        parts.push(format!("the segment `{}` is unexpected", shortened(extra)));
    }
    for missing in known.iter().skip(requested.len()) {
        parts.push(format!("the segment `{missing}` is missing"));
    }
    parts.join(", ")
}
