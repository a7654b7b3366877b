//! JSON text without the whitespace between its tokens.
//!
//! Imports nothing of this crate.

use serde_json::value::RawValue;

/// Returns JSON without whitespace between its tokens.
pub fn minify(json: &RawValue) -> Box<RawValue> {
    let bytes = json.get().as_bytes();
    let mut minified = String::new();
    let (mut start, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        if *byte == b'"' {
            at = end_of_string(bytes, at);
        } else if byte.is_ascii_whitespace() {
            minified.reserve(bytes.len() - start);
            minified.push_str(&json.get()[start..at]);
            start = at + 1;
        }
        at += 1;
    }
    if start == 0 {
        return json.to_owned();
    }
    minified.push_str(&json.get()[start..]);
    RawValue::from_string(minified).expect("removing whitespace between tokens keeps JSON valid")
}

/// Returns the index of the closing quote of the string in valid JSON whose opening quote is at `start`.
pub fn end_of_string(json: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    loop {
        let found = memchr::memchr2(b'"', b'\\', &json[at..]).expect("strings in valid JSON are terminated");
        at += found;
        if json[at] == b'"' {
            return at;
        }
        // An escaped character does not end the string.
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minifying_keeps_strings_and_numbers_as_written() {
        let text = r#" [ { "b" : "a \" b\\" , "a" : 1.50E+2 } ,
            [ ] ] "#;

        let minified = minify(&RawValue::from_string(text.to_owned()).unwrap());

        assert_eq!(minified.get(), r#"[{"b":"a \" b\\","a":1.50E+2},[]]"#);
    }
}
