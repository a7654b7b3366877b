//! Case-insensitive searches in single strings.

use serde_json::Value;

/// The maximum length in bytes of a searched string that is compared at each place where it may start: with longer ones, a
/// text of the same letter would take as many comparisons for each.
const MAX_COMPARED: usize = 64;

/// Returns whether `text` contains `lower`, which is in lower case, in any case.
pub fn contains_lowercase(text: &str, lower: &str) -> bool {
    // Most texts are ASCII, and need no copy.
    if text.is_ascii() {
        return contains_ignoring_ascii_case(text, lower);
    }
    text.to_lowercase().contains(lower)
}

/// Returns whether `text` contains `lower`, which has no upper-case ASCII letter; the case of ASCII letters in `text` is
/// ignored.
pub fn contains_ignoring_ascii_case(text: &str, lower: &str) -> bool {
    if lower.len() > MAX_COMPARED {
        return lower.len() <= text.len() && text.to_ascii_lowercase().contains(lower);
    }
    let (text, lower) = (text.as_bytes(), lower.as_bytes());
    let Some(first) = lower.first() else { return true };
    let is_match = |at: usize| text[at..].get(..lower.len()).is_some_and(|it| it.eq_ignore_ascii_case(lower));
    memchr::memchr2_iter(*first, first.to_ascii_uppercase(), text).any(is_match)
}

/// Returns whether `lower`, which is in lower case, is found in the same texts if these are converted to lower case as a
/// whole and character by character.
///
/// Only the lower case of a sigma depends on its position in a word.
pub fn is_context_free(lower: &str) -> bool {
    !lower.contains(['σ', 'ς'])
}

/// Returns whether a string value in `json` contains `lower`, which is in lower case, in any case.
pub fn json_contains_lowercase(json: &str, lower: &str) -> bool {
    fn contains(value: &Value, lower: &str) -> bool {
        match value {
            Value::String(text) => contains_lowercase(text, lower),
            Value::Array(items) => items.iter().any(|item| contains(item, lower)),
            Value::Object(fields) => fields.values().any(|value| contains(value, lower)),
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
        }
    }
    // Parsing is slower than searching the text, in which escaped characters can differ.
    (json.contains('\\') || contains_lowercase(json, lower))
        && serde_json::from_str(json).is_ok_and(|value| contains(&value, lower))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn strings_of_any_length_are_found_in_any_case() {
        for len in [1, MAX_COMPARED - 1, MAX_COMPARED, MAX_COMPARED + 1, 1_000] {
            let lower = "ab".repeat(len)[..len].to_owned();
            let end = format!("{}c", &lower[1..]);
            for (text, is_found) in [
                (format!("-aB{}", lower.to_uppercase()), true),
                (lower[1..].to_owned(), false),
                (format!("{}-{}", &lower[..len / 2], &lower[len / 2..]), len == 1),
                (String::new(), false),
            ] {
                assert_eq!(contains_ignoring_ascii_case(&text, &lower), is_found, "{text} {lower}");
            }
            assert!(!contains_ignoring_ascii_case(&lower.repeat(3), &end), "{end}");
        }
        assert!(contains_ignoring_ascii_case("", "") && contains_ignoring_ascii_case("a", ""));
    }

    #[test]
    fn search_for_a_long_repetition_of_a_letter_is_not_slow() {
        let (text, lower) = ("A".repeat(1_000_000), "a".repeat(500_000) + "b");
        let started = Instant::now();

        assert!(!contains_ignoring_ascii_case(&text, &lower));

        assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    }
}
