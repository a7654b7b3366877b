//! `NeighborKind`: the declaration of a kind of neighbor, and the check of its fields.

use serde_json::value::RawValue;

use super::draft::Draft;
use crate::json::RawFields;
use crate::spec::{Violation, Violations};
use crate::store::IdGenerator;

/// A kind of neighbor.
#[derive(Debug)]
pub struct NeighborKind {
    /// The name of one of them, such as `access_policy`.
    pub name: &'static str,
    /// The path of its lists, below the account or whatever else owns them, such as `access/apps/{app_id}/policies`.
    ///
    /// With the values of its parameters, it is the name of a list in the seed.
    pub path: &'static str,
    /// The source of the identifiers.
    pub id: IdSource,
    /// The fields that are checked; all others are kept without a check.
    pub fields: &'static [KnownField],
    /// A check of what the types of the fields do not express, for requests and seeds.
    pub check: Option<fn(&RawFields<'_>, &mut Violations)>,
    /// The fields that the vendor adds, in the order in which they precede the fields that were sent.
    pub added: &'static [AddedField],
    /// The last segments of the lists below each neighbor, which are deleted with it.
    pub children: &'static [&'static str],
}

/// The source of the identifiers of a kind.
#[derive(Debug, Clone, Copy)]
pub enum IdSource {
    /// The server draws them; identifiers in requests are ignored.
    Drawn(fn(&mut IdGenerator) -> String),
    /// The client chooses them in this field, and the server draws those that are absent.
    Sent(&'static str, fn(&mut IdGenerator) -> String),
}

/// A field that is checked.
#[derive(Debug)]
pub struct KnownField {
    /// The name.
    pub name: &'static str,
    /// Whether a new neighbor must have it.
    pub required: bool,
    /// The type of its values; `null` counts as absent.
    pub field_type: FieldType,
}

/// The type of a field.
#[derive(Debug, Clone, Copy)]
pub enum FieldType {
    /// A string that is not empty.
    Text,
    /// Any string.
    String,
    /// A boolean.
    Boolean,
    /// A number.
    Number,
    /// An array of any values.
    Array,
    /// An array of objects.
    Objects,
    /// An array of objects, or of identifiers of objects: `"1"` is short for `{"id":"1"}`, and kept as such.
    ObjectsOrIds,
    /// An object with any fields.
    Object,
    /// One of these strings.
    OneOf(&'static [&'static str]),
}

/// A field that the vendor adds.
#[derive(Debug)]
pub struct AddedField {
    /// The name.
    pub name: &'static str,
    /// The value.
    pub value: AddedValue,
}

/// The value of a field that the vendor adds, as JSON.
#[derive(Debug, Clone, Copy)]
pub enum AddedValue {
    /// The identifier.
    Id,
    /// The owner of the neighbor, such as its account, in a list with the neighbors of all owners: as sent with the
    /// creation, and kept by updates. Declare the field as required.
    Owner,
    /// Computed for a new neighbor, and kept by its updates. The field of a request is ignored.
    Once(fn(&mut Draft<'_, '_>) -> String),
    /// Computed by each write. The field of a request is ignored, except by the function.
    Always(fn(&mut Draft<'_, '_>) -> String),
    /// This JSON, if a request has no such field, or `null`.
    Default(&'static str),
}

impl NeighborKind {
    /// Returns whether the kind has the list `path`, such as `access/apps/1/policies`.
    pub fn has_list(&self, path: &str) -> bool {
        let (mut expected, mut actual) = (self.path.split('/'), path.split('/'));
        loop {
            match (expected.next(), actual.next()) {
                (None, None) => return true,
                (Some(name), Some(value)) if name.starts_with('{') => {
                    if value.is_empty() {
                        return false;
                    }
                }
                (Some(name), Some(value)) if name == value => {}
                (_, _) => return false,
            }
        }
    }

    /// Returns the violations of a new or replaced neighbor.
    pub fn check(&self, fields: &RawFields<'_>) -> Violations {
        self.find_violations(fields, true)
    }

    /// Returns the violations of an update that contains only some of the fields.
    pub fn check_partial(&self, fields: &RawFields<'_>) -> Violations {
        self.find_violations(fields, false)
    }

    fn find_violations(&self, fields: &RawFields<'_>, is_complete: bool) -> Violations {
        let mut violations = Violations::new();
        for field in self.fields {
            match fields.get(field.name) {
                Some(value) => {
                    if let Some(reason) = field.field_type.mismatch(value) {
                        violations.push(Violation::new(field.name, reason));
                    } else {
                        violations.append(field.field_type.mismatched_items(field.name, value));
                    }
                }
                None if field.required && (is_complete || fields.get_or_null(field.name).is_some()) => {
                    violations.push(Violation::new(field.name, "is required"));
                }
                None => {}
            }
        }
        if let Some(check) = self.check {
            check(fields, &mut violations);
        }
        violations
    }

    /// Returns whether the items of the field `name` can be identifiers instead of objects.
    pub(super) fn has_ids(&self, name: &str) -> bool {
        self.fields
            .iter()
            .any(|field| field.name == name && matches!(field.field_type, FieldType::ObjectsOrIds))
    }

    /// Returns whether requests cannot set the field `name`.
    pub(super) fn sets(&self, name: &str) -> bool {
        self.added.iter().any(|field| field.name == name && !matches!(field.value, AddedValue::Default(_)))
    }

    /// Returns whether the field `name` has a default.
    pub(super) fn has_default(&self, name: &str) -> bool {
        self.added.iter().any(|field| field.name == name && matches!(field.value, AddedValue::Default(_)))
    }

    /// Returns the owner of a neighbor with the given fields; empty if the list has only one owner.
    pub(super) fn owner(&self, fields: &RawFields<'_>) -> Box<str> {
        let field = self.added.iter().find(|field| matches!(field.value, AddedValue::Owner));
        field.and_then(|field| fields.string(field.name)).unwrap_or_default().into()
    }

    /// Returns the name of the field with the identifier.
    pub(super) fn id_field(&self) -> &'static str {
        let added = self.added.iter().find(|field| matches!(field.value, AddedValue::Id));
        match (added, self.id) {
            (Some(field), _) => field.name,
            (None, IdSource::Sent(name, _)) => name,
            (None, IdSource::Drawn(_)) => "id",
        }
    }
}

impl FieldType {
    /// Returns why `value` does not have the type.
    fn mismatch(self, value: &RawValue) -> Option<String> {
        let json = value.get();
        let parse = || serde_json::from_str::<String>(json).ok();
        let first = json.as_bytes().first().copied().unwrap_or_default();
        let expected = match self {
            Self::Text => match parse() {
                Some(text) if text.is_empty() => return Some("must not be empty".to_owned()),
                Some(_) => return None,
                None => "a string",
            },
            Self::String if parse().is_none() => "a string",
            Self::Boolean if json != "true" && json != "false" => "a boolean",
            Self::Number if !(first == b'-' || first.is_ascii_digit()) => "a number",
            Self::Array | Self::Objects | Self::ObjectsOrIds if first != b'[' => "an array",
            Self::Object if first != b'{' => "an object",
            Self::OneOf(values) if !parse().is_some_and(|text| values.contains(&text.as_str())) => {
                return Some(format!("must be one of {}", values.join(", ")));
            }
            Self::String
            | Self::Boolean
            | Self::Number
            | Self::Array
            | Self::Objects
            | Self::ObjectsOrIds
            | Self::Object
            | Self::OneOf(_) => {
                return None;
            }
        };
        Some(format!("must be {expected}"))
    }

    /// Returns a violation for each item of the array `json` that does not have the type of the items.
    fn mismatched_items(self, name: &str, json: &RawValue) -> Violations {
        let (starts, reason): (&[char], _) = match self {
            Self::Objects => (&['{'], "must be an object"),
            Self::ObjectsOrIds => (&['{', '"'], "must be an object or an identifier"),
            Self::Text
            | Self::String
            | Self::Boolean
            | Self::Number
            | Self::Array
            | Self::Object
            | Self::OneOf(_) => return Violations::new(),
        };
        let items: Vec<&RawValue> = serde_json::from_str(json.get()).unwrap_or_default();
        let mut violations = Violations::new();
        for (index, _) in items.iter().enumerate().filter(|(_, item)| !item.get().starts_with(starts)) {
            violations.push_with(|| Violation::new(format!("{name}[{index}]"), reason));
        }
        violations
    }

    /// Returns the name of the JSON type.
    pub const fn json_type(self) -> &'static str {
        match self {
            Self::Text | Self::String | Self::OneOf(_) => "string",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::Array | Self::Objects | Self::ObjectsOrIds => "array",
            Self::Object => "object",
        }
    }
}
