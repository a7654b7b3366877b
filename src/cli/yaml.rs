//! YAML files, converted to the JSON that the library reads.

use std::cell::Cell;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The size of a value that is counted, besides the length of its string, in bytes.
const VALUE_BYTES: usize = 32;

/// The size that is permitted for each byte of a file: each value and its string have at least one.
const BYTES_PER_BYTE: usize = VALUE_BYTES + 1;

/// The size of what aliases may add, in bytes.
const MAX_ALIAS_BYTES: usize = 16 * 1024 * 1024;

/// Converts a YAML document to JSON.
///
/// # Errors
/// The reason with its path, line and column: a syntax error, a duplicate key, a key that is not a string, a tag, a
/// number that JSON cannot represent, aliases that expand to too much, or a second document.
pub(super) fn to_json(yaml: &str) -> Result<String, String> {
    let budget = Cell::new(yaml.len().saturating_mul(BYTES_PER_BYTE).saturating_add(MAX_ALIAS_BYTES));
    let document = serde_yaml_ng::Deserializer::from_str(yaml);
    let value = ToJson(&budget).deserialize(document).map_err(|error| error.to_string())?;
    Ok(value.to_string())
}

/// Reads a JSON value and charges its size to the budget.
#[derive(Clone, Copy)]
struct ToJson<'a>(&'a Cell<usize>);

impl ToJson<'_> {
    fn charge<E: Error>(self, string_bytes: usize) -> Result<(), E> {
        let rest = self.0.get().checked_sub(VALUE_BYTES + string_bytes);
        let rest = rest
            .ok_or_else(|| E::custom(format!("the aliases expand to more than {MAX_ALIAS_BYTES} bytes")))?;
        self.0.set(rest);
        Ok(())
    }

    fn scalar<E: Error>(self, value: impl Into<Value>) -> Result<Value, E> {
        self.charge(0)?;
        Ok(value.into())
    }
}

impl<'de> DeserializeSeed<'de> for ToJson<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ToJson<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value without a tag that JSON can represent")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.scalar(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.scalar(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.scalar(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.scalar(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value);
        self.scalar(number.ok_or_else(|| E::custom(format!("`{value}` is not a number in JSON")))?)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.charge(value.len())?;
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.charge(0)?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        self.charge(0)?;
        let mut object = Map::new();
        // A key that looks like a number is read as it is written.
        while let Some(key) = fields.next_key::<String>()? {
            self.charge(key.len())?;
            if key == "<<" {
                return Err(A::Error::custom("merge keys (`<<`) are not supported"));
            }
            if object.contains_key(&key) {
                return Err(A::Error::custom(format!("duplicate field `{key}`")));
            }
            object.insert(key, fields.next_value_seed(self)?);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_becomes_json() {
        let yaml = "# A comment.\n---\na: &one {b: [1, -2, 1.5, true, null, ~]}\nc: *one\n0123: 'no'\nd: no\n\
                    e: 2024-11-01T04:45:57Z\nf: |\n  two\n  lines\n\"g\": 0a1b\n";

        let json = to_json(yaml).unwrap();

        assert_eq!(
            json,
            r#"{"a":{"b":[1,-2,1.5,true,null,null]},"c":{"b":[1,-2,1.5,true,null,null]},"0123":"no","d":"no","#
                .to_owned()
                + r#""e":"2024-11-01T04:45:57Z","f":"two\nlines\n","g":"0a1b"}"#
        );
    }

    #[test]
    fn what_json_does_not_have_is_an_error_with_its_place() {
        for (yaml, reason) in [
            ("a:\n  b: 1\n  b: 2\n", "a: duplicate field `b` at line 2 column 3"),
            ("a: [.nan]\n", "a[0]: `NaN` is not a number in JSON at line 1 column 5"),
            ("a: !secret x\n", "a: invalid type: enum"),
            ("[a]: 1\n", "invalid type: sequence, expected a string"),
            ("a: &a {b: 1}\nc: {<<: *a}\n", "c: merge keys (`<<`) are not supported at line 2 column 4"),
            ("a: 1\n---\na: 2\n", "more than one document"),
            ("a: [1\n", "at line 2 column 1"),
            ("a: *b\n", "unknown anchor at line 1 column 4"),
            ("a: 1\n\tb: 2\n", "line 2 column 1"),
        ] {
            let error = to_json(yaml).unwrap_err();
            assert!(error.contains(reason), "{yaml}: {error}");
        }
    }

    #[test]
    fn aliases_cannot_expand_without_bound() {
        let mut levels = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..10 {
            let items = vec![format!("*a{}", level - 1); 10].join(", ");
            levels.push_str(&format!("a{level}: &a{level} [{items}]\n"));
        }
        let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(1024 * 1024), vec!["*a"; 60].join(", "));

        assert!(to_json(&levels).unwrap_err().contains("repetition limit exceeded"));
        assert!(to_json(&long).unwrap_err().contains("the aliases expand to more than 16777216 bytes"));
        assert!(to_json("a: &a [*a]\n").is_err(), "an alias within its own anchor");
        let deep = "[".repeat(10_000);
        assert!(to_json(&deep).is_err());
    }
}
