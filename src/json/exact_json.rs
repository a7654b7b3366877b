//! JSON that is stored exactly as it was received, in a seed file, whose JSON has more rules.
//!
//! Imports nothing of this crate.

use serde_json::Value;
use serde_json::value::RawValue;

/// Returns the JSON itself, or its text if a seed file could not contain it.
///
/// All numbers and strings in a seed file must be parsable and its objects must not have duplicate keys, whereas JSON
/// that is stored exactly as a request contains it may violate both.
pub fn shown_and_exact(json: &RawValue) -> (Option<Box<RawValue>>, Option<String>) {
    let text = json.get();
    let is_plain = text == "[]"
        || serde_json::from_str(text).is_ok_and(|value| count_fields(&value) == count_colons(text));
    if is_plain { (Some(json.to_owned()), None) } else { (None, Some(text.to_owned())) }
}

/// Returns the number of fields of all objects in `value`.
fn count_fields(value: &Value) -> usize {
    match value {
        Value::Object(object) => object.len() + object.values().map(count_fields).sum::<usize>(),
        Value::Array(items) => items.iter().map(count_fields).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// Returns the number of fields in JSON text, including duplicates: the number of colons outside of strings.
fn count_colons(json: &str) -> usize {
    let (mut count, mut in_string, mut escaped) = (0, false, false);
    for byte in json.bytes() {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
        } else {
            in_string = byte == b'"';
            count += usize::from(byte == b':');
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_that_a_seed_file_cannot_contain_is_exact_text() {
        for (json, is_shown) in [
            (r#"{"a":{"b":[1,"x:y",true,null]},"c":"\":\\"}"#, true),
            ("[]", true),
            (r#"{"a":1,"a":1}"#, false),
            (r#"[{"a":{"b":1,"b":2}}]"#, false),
            (r#"{"a":1,"\u0061":2}"#, false),
            ("[1e999]", false),
            (r#"["\ud800"]"#, false),
            (r#"{"$serde_json::private::RawValue":"[1]"}"#, false),
        ] {
            let raw = RawValue::from_string(json.to_owned()).unwrap();

            let (shown, exact) = shown_and_exact(&raw);

            assert_eq!((shown.is_some(), exact.is_none()), (is_shown, is_shown), "{json}");
            let text = shown.map(|shown| shown.get().to_owned()).or(exact);
            assert_eq!(text.as_deref(), Some(json));
        }
    }
}
