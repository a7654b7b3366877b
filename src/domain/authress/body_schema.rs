//! Schemas of request bodies, which are checked like the service's validator does: it reports all violations in its
//! wording.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::input::unknown_property;
use crate::spec::{FieldPath, Segment, Violation, Violations};

/// A schema of an object without other fields.
#[derive(Debug)]
pub struct ObjectSchema(pub &'static [FieldSchema]);

/// A field of an object.
#[derive(Debug)]
pub struct FieldSchema {
    pub name: &'static str,
    pub required: bool,
    pub schema: ValueSchema,
}

/// The schema of a value. An optional field with `null` is accepted like an absent one.
#[derive(Debug)]
pub enum ValueSchema {
    /// A string with the minimum and the maximum number of characters.
    Text(usize, usize),
    /// A string with 1 to the given number of characters, its pattern, and a function that matches the pattern.
    Pattern(usize, &'static str, fn(&str) -> bool),
    /// A boolean.
    Boolean,
    /// An array with the minimum and the maximum number of items.
    List(usize, usize, &'static Self),
    /// An object.
    Object(&'static ObjectSchema),
    /// A map of strings with a maximum number of characters.
    Map(usize),
    /// Any value, which is ignored because the field is read-only.
    ReadOnly,
}

impl ObjectSchema {
    /// Returns the violations of a body; their paths start with `path`.
    pub fn check(&self, body: &Value, path: &str) -> Violations {
        let mut checker = Checker { path: FieldPath::new(path), violations: Violations::new() };
        checker.object(body, self);
        checker.violations
    }

    /// Returns the names of the fields that are read-only.
    pub fn read_only(&self) -> Vec<&'static str> {
        let read_only = self.0.iter().filter(|field| matches!(field.schema, ValueSchema::ReadOnly));
        read_only.map(|field| field.name).collect()
    }
}

struct Checker {
    path: FieldPath,
    violations: Violations,
}

impl Checker {
    fn add(&mut self, reason: impl Into<String>) {
        self.violations.push_with(|| Violation::new(self.path.to_string(), reason));
    }

    fn nested(&mut self, step: Segment, check: impl FnOnce(&mut Self)) {
        self.path.push(step);
        check(self);
        self.path.pop();
    }

    fn object(&mut self, value: &Value, schema: &ObjectSchema) {
        let Value::Object(object) = value else {
            self.add("must be object");
            return;
        };
        for field in schema.0.iter().filter(|field| field.required && !object.contains_key(field.name)) {
            self.nested(Segment::Field(field.name), |checker| {
                let reason = format!("missing required property {}", checker.path);
                checker.violations.push(Violation::new("", reason));
            });
        }
        let known: BTreeSet<&str> = schema.0.iter().map(|field| field.name).collect();
        for name in object.keys().filter(|name| !known.contains(name.as_str())) {
            let path = self.path.to_string();
            self.violations.push(unknown_property(&path, name));
        }
        for field in schema.0 {
            match object.get(field.name) {
                None => {}
                Some(Value::Null) if !field.required => {}
                Some(value) => {
                    self.nested(Segment::Field(field.name), |checker| checker.value(value, &field.schema));
                }
            }
        }
    }

    fn value(&mut self, value: &Value, schema: &ValueSchema) {
        match schema {
            ValueSchema::Text(min, max) => self.text(value, *min, *max),
            ValueSchema::Pattern(max, pattern, matches) => {
                self.text(value, 1, *max);
                if value.as_str().is_some_and(|text| !matches(text)) {
                    self.add(format!("must match pattern \"{pattern}\""));
                }
            }
            ValueSchema::Boolean if !value.is_boolean() => self.add("must be boolean"),
            ValueSchema::List(min, max, item) => self.list(value, *min, *max, item),
            ValueSchema::Object(schema) => self.object(value, schema),
            ValueSchema::Map(max) => self.map(value, *max),
            ValueSchema::Boolean | ValueSchema::ReadOnly => {}
        }
    }

    fn text(&mut self, value: &Value, min: usize, max: usize) {
        let Value::String(text) = value else {
            self.add("must be string");
            return;
        };
        let length = text.chars().count();
        if length > max {
            self.add(format!("must NOT have more than {max} characters"));
        }
        if length < min {
            self.add(format!("must NOT have fewer than {min} characters"));
        }
    }

    fn list(&mut self, value: &Value, min: usize, max: usize, item: &ValueSchema) {
        let Value::Array(items) = value else {
            self.add("must be array");
            return;
        };
        if items.len() > max {
            self.add(format!("must NOT have more than {max} items"));
        }
        if items.len() < min {
            self.add(format!("must NOT have fewer than {min} items"));
        }
        for (index, value) in items.iter().enumerate() {
            self.nested(Segment::Index(index), |checker| checker.value(value, item));
        }
    }

    fn map(&mut self, value: &Value, max: usize) {
        let empty = Map::new();
        let object = value.as_object().unwrap_or(&empty);
        if !value.is_object() {
            self.add("must be object");
        }
        for (name, value) in object {
            self.nested(Segment::Key(name.clone()), |checker| checker.text(value, 0, max));
        }
    }
}
