//! `JsonText`: the JSON of a response body, of which only one part at a time is parsed.
//!
//! As a [`Value`], a body takes several times its size.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::json::RawFields;

/// A JSON value in which no object has duplicate keys.
#[derive(Debug, Clone, Copy)]
pub(super) struct JsonText<'a>(&'a str);

impl<'a> JsonText<'a> {
    /// Returns `null`.
    pub(super) const fn null() -> Self {
        JsonText("null")
    }

    /// Checks the whole body, without a copy of it.
    ///
    /// # Errors
    /// What is not JSON, is nested too deeply, or has an object with duplicate keys; with line and column.
    pub(super) fn parse(body: &'a [u8]) -> Result<Self, String> {
        let mut parser = serde_json::Deserializer::from_slice(body);
        Check.deserialize(&mut parser).and_then(|()| parser.end()).map_err(|error| error.to_string())?;
        std::str::from_utf8(body).map(|text| Self(text.trim_ascii())).map_err(|error| error.to_string())
    }

    /// Returns whether this is an array.
    pub(super) fn is_array(self) -> bool {
        self.0.starts_with('[')
    }

    /// Returns the parsed value.
    pub(super) fn value(self) -> Value {
        serde_json::from_str(self.0).expect("the JSON was checked when it was read")
    }

    /// Returns the field `name` of an object; `null` if there is none.
    pub(super) fn field(self, name: &str) -> Self {
        let fields: RawFields<'a> = serde_json::from_str(self.0).unwrap_or_default();
        fields.get_or_null(name).map_or(Self::null(), |value| JsonText(value.get()))
    }

    /// Calls `sink` with the parsed items of an array, one after the other.
    ///
    /// # Errors
    /// The first error of `sink`.
    pub(super) fn for_each(self, sink: &mut dyn FnMut(Value) -> Result<(), String>) -> Result<(), String> {
        if !self.is_array() {
            return Ok(());
        }
        let mut result = Ok(());
        let mut parser = serde_json::Deserializer::from_str(self.0);
        let items = Items { sink, result: &mut result };
        parser.deserialize_seq(items).expect("the JSON was checked when it was read");
        result
    }
}

/// Checks any JSON value.
#[derive(Debug, Clone, Copy)]
struct Check;

impl<'de> DeserializeSeed<'de> for Check {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Check {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let mut keys = BTreeSet::new();
        while let Some(key) = fields.next_key::<String>()? {
            fields.next_value_seed(Self)?;
            if let Some(key) = keys.replace(key) {
                return Err(A::Error::custom(format!("duplicate field `{key}`")));
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Self)?.is_some() {}
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

/// Passes on the items of an array.
struct Items<'s> {
    sink: &'s mut dyn FnMut(Value) -> Result<(), String>,
    result: &'s mut Result<(), String>,
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element()? {
            // After an error, the other items are skipped: the array has to be read to its end.
            if self.result.is_ok() {
                *self.result = (self.sink)(item);
            }
        }
        Ok(())
    }
}
