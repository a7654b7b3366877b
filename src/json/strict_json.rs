//! Deserialization from JSON that reads structs from JSON objects only, and finds the path of an error.
//!
//! A derived `Deserialize` also reads a struct from an array, with one element per field in the order of declaration,
//! and accepts an empty array if every field has a default. Replaces `serde_path_to_error`, whose types around the ones
//! of this module would make the compiler generate the code of every type twice. Imports only its siblings.

#[cfg(test)]
mod tests;

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, EnumAccess, Error as _, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde::{Deserialize, Deserializer, forward_to_deserialize_any};

use super::error_path::ErrorPath;
use super::field_name::FieldName;

/// An error with its path.
#[derive(Debug)]
pub struct PathError {
    /// The path of the invalid value, such as `groups[2].name`; empty for the document itself.
    pub path: String,
    /// The reason, with line and column.
    pub error: serde_json::Error,
}

/// Deserializes a `T` from `json`.
///
/// # Errors
/// Input that is not JSON, or not valid for `T`.
pub fn from_slice<'a, T: Deserialize<'a>>(json: &'a [u8]) -> serde_json::Result<T> {
    match std::str::from_utf8(json) {
        Ok(json) => from_str(json),
        Err(_) => Err(utf8_error(json)),
    }
}

/// Deserializes a `T` from `json`, like [`from_slice`].
///
/// # Errors
/// Input that is not JSON, or not valid for `T`.
pub fn from_str<'a, T: Deserialize<'a>>(json: &'a str) -> serde_json::Result<T> {
    deserialize(json, None)
}

/// Deserializes a `T` like [`from_slice`], and tracks the path for errors, which takes more time.
///
/// # Errors
/// The path and reason of the first value that is not valid for `T`.
pub fn with_path<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Result<T, PathError> {
    let path = ErrorPath::default();
    let value = match std::str::from_utf8(json) {
        Ok(json) => deserialize(json, Some(&path)),
        Err(_) => Err(utf8_error(json)),
    };
    value.map_err(|error| PathError { path: path.to_string(), error })
}

/// Returns the reason of an error without its line and column.
pub fn reason(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.rsplit_once(" at line ").map_or(message.as_str(), |(reason, _)| reason).to_owned()
}

/// Deserializes a `T`; if `path` is given, the levels of the document add their parts to it when an error passes them.
///
/// It takes a string, so that the parser does not check in each of its strings that it is UTF-8.
fn deserialize<'a, T: Deserialize<'a>>(json: &'a str, path: Trace<'_>) -> serde_json::Result<T> {
    let mut parser = serde_json::Deserializer::from_str(json);
    let value = T::deserialize(Nested { inner: &mut parser, path })?;
    parser.end()?;
    Ok(value)
}

/// Returns the error, with its line and column, for input that is not UTF-8.
fn utf8_error(json: &[u8]) -> serde_json::Error {
    let value = serde_json::from_slice::<serde_json::Value>(json);
    value.err().unwrap_or_else(|| serde_json::Error::custom("the input is not UTF-8"))
}

/// Deserializes an enum with `#[serde(tag)]` from an object; for `deserialize_with` on a field of such a type.
///
/// Serde reads such an enum with `deserialize_any`, and therefore also accepts an array.
///
/// # Errors
/// A value that is not an object, or not valid for `T`.
pub fn tagged<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(Tagged(PhantomData))
}

/// The path of an error, if it is tracked.
type Trace<'p> = Option<&'p ErrorPath>;

/// A deserializer that reads structs at every level from objects only; or a visitor, seed or enum that wraps the
/// deserializers of nested values in such a one.
///
/// Types that use `deserialize_any`, such as [`serde_json::Value`], are not affected.
struct Nested<'p, T> {
    inner: T,
    path: Trace<'p>,
}

impl<'p, T> Nested<'p, T> {
    /// Returns `inner` with the same path.
    const fn nest<U>(&self, inner: U) -> Nested<'p, U> {
        Nested { inner, path: self.path }
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Nested<'_, D> {
    type Error = D::Error;

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct identifier
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_any(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_ignored_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let visitor = self.nest(visitor);
        self.inner.deserialize_option(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = self.nest(visitor);
        self.inner.deserialize_newtype_struct(name, visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let visitor = self.nest(visitor);
        self.inner.deserialize_seq(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, D::Error> {
        let visitor = self.nest(visitor);
        self.inner.deserialize_tuple(length, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = self.nest(visitor);
        self.inner.deserialize_tuple_struct(name, length, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let visitor = self.nest(visitor);
        self.inner.deserialize_map(visitor)
    }

    /// Asks for a map: the parser also reads a struct from an array, with two fifths of the code, which is not needed.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = Object(self.nest(visitor));
        self.inner.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = self.nest(visitor);
        self.inner.deserialize_enum(name, variants, visitor)
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// The visitor of a struct, which accepts only an object.
struct Object<'p, V>(Nested<'p, V>);

impl<'de, V: Visitor<'de>> Visitor<'de> for Object<'_, V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(fields)
    }
}

/// The visitor of an enum with a tag, which accepts only an object.
struct Tagged<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Tagged<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(fields))
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Nested<'_, V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(formatter)
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
        let value = self.nest(value);
        self.inner.visit_some(value)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
        let value = self.nest(value);
        self.inner.visit_newtype_struct(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        self.inner.visit_seq(Items::new(items, self.path))
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(Fields::new(fields, self.path))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
        let variant = self.nest(variant);
        self.inner.visit_enum(variant)
    }
}

/// The fields of an object.
struct Fields<'p, A> {
    access: A,
    path: Trace<'p>,
    /// The name of the last field, if the path is tracked.
    name: String,
}

/// The items of an array.
struct Items<'p, A> {
    access: A,
    path: Trace<'p>,
    index: usize,
}

/// The content of an enum variant.
struct Variant<'p, A> {
    access: A,
    path: Trace<'p>,
    /// The name of the variant, if the path is tracked.
    name: String,
}

/// The last part of a path.
enum Part<'n> {
    Field(&'n str),
    Index(usize),
}

/// The seed of a nested value.
struct Seed<'p, 'n, S> {
    seed: S,
    path: Trace<'p>,
    part: Part<'n>,
}

impl Part<'_> {
    /// Adds the part to the path of an error, if it is tracked.
    fn add_to(&self, path: Trace<'_>) {
        match (path, self) {
            (None, _) => {}
            (Some(path), Part::Field(name)) => path.add_field(name),
            (Some(path), Part::Index(index)) => path.add_index(*index),
        }
    }
}

impl<'p, A> Fields<'p, A> {
    const fn new(access: A, path: Trace<'p>) -> Self {
        Self { access, path, name: String::new() }
    }

    /// Keeps the name of a field whose value is read next, or adds it to the path of the error if it is invalid.
    fn set_name(&mut self, name: FieldName<'_>, is_valid: bool) {
        let Some(path) = self.path else { return };
        self.name = name.0.into_owned();
        if !is_valid {
            path.add_field(&self.name);
        }
    }
}

impl<'p, A> Items<'p, A> {
    const fn new(access: A, path: Trace<'p>) -> Self {
        Self { access, path, index: 0 }
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Seed<'_, '_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        let result = self.seed.deserialize(Nested { inner: deserializer, path: self.path });
        if result.is_err() {
            self.part.add_to(self.path);
        }
        result
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Fields<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let Some(name) = self.access.next_key::<FieldName<'de>>()? else { return Ok(None) };
        let key = seed.deserialize(name.deserializer());
        self.set_name(name, key.is_ok());
        key.map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let part = Part::Field(&self.name);
        self.access.next_value_seed(Seed { seed, path: self.path, part })
    }

    fn size_hint(&self) -> Option<usize> {
        self.access.size_hint()
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Items<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let part = Part::Index(self.index);
        self.index += 1;
        self.access.next_element_seed(Seed { seed, path: self.path, part })
    }

    fn size_hint(&self) -> Option<usize> {
        self.access.size_hint()
    }
}

impl<'de, 'p, A: EnumAccess<'de>> EnumAccess<'de> for Nested<'p, A> {
    type Error = A::Error;
    type Variant = Variant<'p, A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Variant<'p, A::Variant>), A::Error> {
        let (name, access) = self.inner.variant::<FieldName<'de>>()?;
        let value = seed.deserialize(name.deserializer())?;
        let name = if self.path.is_some() { name.0.into_owned() } else { String::new() };
        Ok((value, Variant { access, path: self.path, name }))
    }
}

impl<A> Variant<'_, A> {
    /// Adds the variant to the path of an error.
    fn trace<T, E>(result: Result<T, E>, path: Trace<'_>, name: &str) -> Result<T, E> {
        if let (Err(_), Some(path)) = (&result, path) {
            path.add_field(name);
        }
        result
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Variant<'_, A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        Self::trace(self.access.unit_variant(), self.path, &self.name)
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        let part = Part::Field(&self.name);
        self.access.newtype_variant_seed(Seed { seed, path: self.path, part })
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, A::Error> {
        let visitor = Nested { inner: visitor, path: self.path };
        Self::trace(self.access.tuple_variant(length, visitor), self.path, &self.name)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        let visitor = Object(Nested { inner: visitor, path: self.path });
        Self::trace(self.access.struct_variant(fields, visitor), self.path, &self.name)
    }
}
