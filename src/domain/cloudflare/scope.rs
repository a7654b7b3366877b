//! Validates the scope of a resource group, which is stored as written.

use serde_json::Value;
use serde_json::value::RawValue;

use super::model::Scope;
use crate::json::minify;
use crate::spec::Violation;

/// Parses a scope: an object, or a non-empty array of objects, each with a key and at least one object.
///
/// # Errors
/// The first violation.
pub fn parse_scope(json: &RawValue) -> Result<Scope, Violation> {
    let value: Value = serde_json::from_str(json.get())
        .map_err(|error| Violation::new("scope", format!("cannot be parsed: {error}")))?;
    let objects = match &value {
        Value::Array(scopes) if scopes.is_empty() => {
            return Err(Violation::new("scope", "must not be empty"));
        }
        Value::Array(scopes) => {
            let counts =
                scopes.iter().enumerate().map(|(index, it)| count_objects(it, &format!("scope[{index}]")));
            counts.sum::<Result<usize, Violation>>()?
        }
        other => count_objects(other, "scope")?,
    };
    Ok(Scope { json: minify(json).into(), objects: u32::try_from(objects).unwrap_or(u32::MAX) })
}

/// Validates one scope and returns the number of its objects.
fn count_objects(scope: &Value, path: &str) -> Result<usize, Violation> {
    let Value::Object(scope) = scope else { return Err(Violation::new(path, "must be an object")) };
    check_key(scope.get("key"), format!("{path}.key"))?;
    let Some(Value::Array(objects)) = scope.get("objects") else {
        return Err(Violation::new(format!("{path}.objects"), "must be an array"));
    };
    if objects.is_empty() {
        return Err(Violation::new(format!("{path}.objects"), "must not be empty"));
    }
    for (index, object) in objects.iter().enumerate() {
        check_key(object.get("key"), format!("{path}.objects[{index}].key"))?;
    }
    Ok(objects.len())
}

fn check_key(key: Option<&Value>, path: String) -> Result<(), Violation> {
    match key {
        Some(Value::String(key)) if !key.is_empty() => Ok(()),
        Some(Value::String(_)) => Err(Violation::new(path, "must not be empty")),
        Some(_) => Err(Violation::new(path, "must be a string")),
        None => Err(Violation::new(path, "is required")),
    }
}
