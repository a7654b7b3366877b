//! `FieldName`: the name of a field of a JSON object.
//!
//! Imports nothing of this crate.

use std::borrow::Cow;
use std::marker::PhantomData;

use serde::de::{self, IntoDeserializer, Visitor};
use serde::{Deserialize, Deserializer, forward_to_deserialize_any};

/// The name of a field, borrowed from the JSON unless it contains escape sequences.
#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(transparent)]
pub(super) struct FieldName<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

impl<'a> FieldName<'a> {
    /// Returns a deserializer of the name.
    pub(super) fn deserializer<E>(&self) -> FieldNameDeserializer<'a, '_, E> {
        FieldNameDeserializer(self, PhantomData)
    }
}

/// A deserializer of a name.
pub(super) struct FieldNameDeserializer<'a, 'n, E>(&'n FieldName<'a>, PhantomData<E>);

impl<'de, E: de::Error> Deserializer<'de> for FieldNameDeserializer<'de, '_, E> {
    type Error = E;

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match &self.0.0 {
            Cow::Borrowed(name) => visitor.visit_borrowed_str(name),
            Cow::Owned(name) => visitor.visit_str(name),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, E> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        visitor.visit_enum(self.0.0.as_ref().into_deserializer())
    }
}
