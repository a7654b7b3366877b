//! Tests of structs from objects only, and of the paths of errors.

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
        ("[]", ""),
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
        let PathError { path: found, error } = with_path::<Outer<'_>>(json.as_bytes()).unwrap_err();
        assert_eq!(found, path, "{json}");
        let reason = error.to_string();
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
