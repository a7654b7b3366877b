//! Deserialization from JSON that reads structs from JSON objects only.
//!
//! A derived `Deserialize` also reads a struct from an array, with one element per field in the order of declaration,
//! and accepts an empty array if every field has a default. Imports nothing of this crate.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde::{Deserialize, Deserializer, forward_to_deserialize_any};
use serde_json::de::Read;

/// Deserializes a `T` from `json`.
///
/// # Errors
/// Input that is not JSON, or not valid for `T`.
pub fn from_slice<'a, T: Deserialize<'a>>(json: &'a [u8]) -> serde_json::Result<T> {
    complete(serde_json::Deserializer::from_slice(json))
}

/// Deserializes a `T` from `json`, like [`from_slice`], but does not check in each string that it is UTF-8.
///
/// # Errors
/// Input that is not JSON, or not valid for `T`.
pub fn from_str<'a, T: Deserialize<'a>>(json: &'a str) -> serde_json::Result<T> {
    complete(serde_json::Deserializer::from_str(json))
}

fn complete<'a, R: Read<'a>, T: Deserialize<'a>>(
    mut parser: serde_json::Deserializer<R>,
) -> serde_json::Result<T> {
    let value = T::deserialize(ObjectsOnly(&mut parser))?;
    parser.end()?;
    Ok(value)
}

/// Deserializes a `T` like [`from_slice`], and tracks the path for errors, which takes more time.
///
/// # Errors
/// The path and reason of the first value that is not valid for `T`.
pub fn with_path<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<T, serde_path_to_error::Error<D::Error>> {
    #[expect(clippy::disallowed_methods, reason = "`ObjectsOnly` makes it read structs from objects only")]
    serde_path_to_error::deserialize(ObjectsOnly(deserializer))
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

/// A deserializer that reads structs at every level from objects only.
///
/// Types that use `deserialize_any`, such as [`serde_json::Value`], are not affected.
struct ObjectsOnly<D>(D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for ObjectsOnly<D> {
    type Error = D::Error;

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct identifier
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_ignored_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_option(Nested(visitor))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_newtype_struct(name, Nested(visitor))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_seq(Nested(visitor))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple(length, Nested(visitor))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_tuple_struct(name, length, Nested(visitor))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(Nested(visitor))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_struct(name, fields, Object(visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_enum(name, variants, Nested(visitor))
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }
}

/// The visitor of a struct, which accepts only an object.
struct Object<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for Object<V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Nested(fields))
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

/// A visitor, seed or access of serde that wraps the deserializers of nested values in [`ObjectsOnly`].
struct Nested<T>(T);

impl<'de, V: Visitor<'de>> Visitor<'de> for Nested<V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(formatter)
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(ObjectsOnly(value))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, value: D) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(ObjectsOnly(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Nested(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Nested(fields))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(Nested(variant))
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Nested<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(ObjectsOnly(value))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Nested<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(Nested(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Nested<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        // A key is a string, without nested values.
        self.0.next_key_seed(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Nested(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: EnumAccess<'de>> EnumAccess<'de> for Nested<A> {
    type Error = A::Error;
    type Variant = Nested<A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Nested<A::Variant>), A::Error> {
        let (name, variant) = self.0.variant_seed(seed)?;
        Ok((name, Nested(variant)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Nested<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.0.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.0.newtype_variant_seed(Nested(seed))
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.0.tuple_variant(length, Nested(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.0.struct_variant(fields, Object(visitor))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;
    use serde_json::value::RawValue;

    use super::*;

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(default)]
    struct Inner {
        number: u64,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Newtype(Inner);

    #[derive(Debug, Deserialize, PartialEq)]
    enum Choice {
        Unit,
        Struct { number: u64 },
        Newtype(Inner),
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(tag = "kind")]
    enum Kind {
        One { number: u64 },
    }

    #[derive(Debug, Default, Deserialize)]
    #[serde(default)]
    struct Outer<'a> {
        option: Option<Inner>,
        list: Vec<Inner>,
        map: BTreeMap<String, Inner>,
        tuple: (u64, Inner),
        newtype: Option<Newtype>,
        choice: Option<Choice>,
        kind: Option<KindField>,
        any: Value,
        #[serde(borrow)]
        raw: Option<&'a RawValue>,
        borrowed: Option<&'a str>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct KindField(#[serde(deserialize_with = "tagged")] Kind);

    #[test]
    fn structs_are_read_from_objects_at_every_level() {
        let json = r#"{
            "option": {"number": 1}, "list": [{"number": 2}], "map": {"a": {"number": 3}},
            "tuple": [4, {"number": 5}], "newtype": {"number": 6}, "choice": {"Struct": {"number": 7}},
            "kind": {"kind": "One", "number": 8}, "any": [9, {}], "raw": [ 1 ], "borrowed": "b"
        }"#;

        let outer: Outer<'_> = from_slice(json.as_bytes()).unwrap();

        let inner = |number| Inner { number };
        assert_eq!(outer.option, Some(inner(1)));
        assert_eq!(outer.list, [inner(2)]);
        assert_eq!(outer.map["a"], inner(3));
        assert_eq!(outer.tuple, (4, inner(5)));
        assert_eq!(outer.newtype, Some(Newtype(inner(6))));
        assert_eq!(outer.choice, Some(Choice::Struct { number: 7 }));
        assert_eq!(outer.kind, Some(KindField(Kind::One { number: 8 })));
        assert_eq!(outer.any, serde_json::json!([9, {}]));
        assert_eq!((outer.raw.map(RawValue::get), outer.borrowed), (Some("[ 1 ]"), Some("b")));
    }

    #[test]
    fn arrays_are_rejected_for_structs_at_every_level() {
        for (json, path) in [
            ("[]", "."),
            (r#"{"option": []}"#, "option"),
            (r#"{"option": [1]}"#, "option"),
            (r#"{"list": [{}, [1]]}"#, "list[1]"),
            (r#"{"map": {"a": []}}"#, "map.a"),
            (r#"{"tuple": [1, [1]]}"#, "tuple[1]"),
            (r#"{"newtype": []}"#, "newtype"),
            (r#"{"choice": {"Struct": [7]}}"#, "choice.Struct"),
            (r#"{"choice": {"Newtype": [7]}}"#, "choice.Newtype"),
            (r#"{"kind": ["One", 8]}"#, "kind"),
        ] {
            assert!(from_slice::<Outer<'_>>(json.as_bytes()).is_err(), "{json}");
            let mut parser = serde_json::Deserializer::from_str(json);
            let error = with_path::<_, Outer<'_>>(&mut parser).unwrap_err();
            assert_eq!(error.path().to_string(), path, "{json}");
            let reason = error.inner().to_string();
            assert!(reason.starts_with("invalid type: sequence, expected an object"), "{reason}");
        }
    }

    #[test]
    fn trailing_characters_are_rejected() {
        let error = from_slice::<Inner>(b"{} {}").unwrap_err();

        assert_eq!(error.to_string(), "trailing characters at line 1 column 4");
    }

    #[test]
    fn null_and_unit_variants_are_read() {
        let outer: Outer<'_> = from_slice(br#"{"option": null, "choice": "Unit"}"#).unwrap();

        assert_eq!((outer.option, outer.choice), (None, Some(Choice::Unit)));
    }
}
