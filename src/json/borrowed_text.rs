//! Strings that are borrowed from their JSON unless they contain escape sequences, for `deserialize_with` on a field.
//!
//! Imports its sibling `field_name`.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};

use super::field_name::FieldName;

/// Deserializes an optional string: `serde(borrow)` alone borrows only a string that is not optional.
///
/// # Errors
/// A value that is neither a string nor `null`.
pub fn optional<'de: 'a, 'a, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Cow<'a, str>>, D::Error> {
    Ok(Option::<FieldName<'de>>::deserialize(deserializer)?.map(|name| name.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Object<'a> {
        #[serde(default, borrow, deserialize_with = "optional")]
        text: Option<Cow<'a, str>>,
    }

    #[test]
    fn string_without_escape_sequences_is_borrowed() {
        let parse = |json| serde_json::from_str::<Object<'_>>(json).unwrap().text;

        assert!(matches!(parse(r#"{"text":"é"}"#), Some(Cow::Borrowed("é"))));
        assert!(matches!(parse(r#"{"text":"\n"}"#), Some(Cow::Owned(text)) if text == "\n"));
        assert!(parse(r#"{"text":null}"#).is_none() && parse("{}").is_none());
    }
}
