//! `Draft`: what the values that a vendor adds to a neighbor are computed from.

use serde_json::value::RawValue;

use crate::json::RawFields;
use crate::store::Tx;

/// What the values that a vendor adds to a neighbor are computed from.
#[derive(Debug)]
pub struct Draft<'a, 'tx> {
    /// The list of the neighbor, such as `accounts/1/access/apps`.
    pub list: &'a str,
    /// The identifier of the neighbor.
    pub id: &'a str,
    /// The fields as sent; in an update of some fields, with the others as they were.
    pub fields: &'a RawFields<'a>,
    /// The time, identifiers and revisions of the write.
    pub tx: &'a mut Tx<'tx>,
}

/// Returns a JSON string.
pub fn json_string(text: &str) -> String {
    serde_json::to_string(text).expect("a string serializes to JSON")
}

/// The JSON of an object, to which fields are appended.
#[derive(Debug)]
pub(super) struct ObjectWriter(String);

impl ObjectWriter {
    pub(super) fn new() -> Self {
        Self("{".to_owned())
    }

    /// Appends a field with a value of valid JSON.
    pub(super) fn push(&mut self, name: &str, json: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push_str(&json_string(name));
        self.0.push(':');
        self.0.push_str(json);
    }

    pub(super) fn finish(mut self) -> Box<RawValue> {
        self.0.push('}');
        RawValue::from_string(self.0).expect("an object of valid names and values is valid JSON")
    }
}
