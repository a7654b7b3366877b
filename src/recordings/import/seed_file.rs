//! The seed file: validated, without credentials, and without the objects that it cannot contain.

use serde_json::{Map, Value};

use super::UnusedList;
use super::records::Object;
use crate::control::redaction;
use crate::domain::seed::{Seed, SeedError};
use crate::store::{ClockSetting, IdGenerator};

/// The field with the place of an object, until the seed is complete.
const PLACE: &str = "$place";

/// The maximum number of invalid objects, because each requires another validation of the whole seed.
const MAX_INVALID_OBJECTS: usize = 1000;

/// Returns an object as an item of a list of the seed.
pub(super) fn item(object: Object) -> Value {
    let mut fields = object.fields;
    fields.insert(PLACE.to_owned(), object.place.to_string().into());
    Value::Object(fields)
}

/// Returns the seed without credentials and without invalid objects, which are listed as unused, and the number of its
/// objects.
///
/// # Errors
/// An error that no object causes.
pub(super) fn without_invalid_objects(
    mut seed: Value,
    unused: &mut UnusedList,
) -> Result<(Value, usize), SeedError> {
    for _ in 0..MAX_INVALID_OBJECTS {
        let mut stripped = seed.clone();
        let objects = strip_places(&mut stripped);
        let text = stripped.to_string();
        let text = redaction::body(text.as_bytes());
        let text = String::from_utf8_lossy(&text);
        let error = match validate(&text) {
            Ok(()) => return Ok((serde_json::from_str(&text).unwrap_or(stripped), objects)),
            Err(error) => error,
        };
        let Some(place) = remove_object(&mut seed, &error.path) else { return Err(error) };
        unused.add(place, format!("{}: {}", error.path, error.reason));
    }
    Err(SeedError::new("", format!("more than {MAX_INVALID_OBJECTS} objects are invalid")))
}

fn validate(text: &str) -> Result<(), SeedError> {
    let seed = Seed::parse(text)?;
    seed.snapshot(ClockSetting::System, IdGenerator::from_seed(0)).map(drop)
}

/// Removes the places from all objects, and returns the number of objects.
fn strip_places(value: &mut Value) -> usize {
    match value {
        Value::Object(fields) => {
            let own = usize::from(fields.shift_remove(PLACE).is_some());
            own + fields.values_mut().map(strip_places).sum::<usize>()
        }
        Value::Array(items) => items.iter_mut().map(strip_places).sum(),
        _ => 0,
    }
}

/// Removes the innermost object with a place that contains `path`, such as `legacy.access_groups[2].name`, and returns
/// its place.
fn remove_object(seed: &mut Value, path: &str) -> Option<String> {
    let mut pointer = Vec::new();
    // The number of segments up to the innermost object with a place.
    let mut innermost = None;
    let mut value = &*seed;
    let mut rest = path;
    loop {
        let (segment, next, after) = match value {
            Value::Object(fields) => {
                let (key, after) = longest_key(fields, rest)?;
                (Segment::Key(key), &fields[key], after)
            }
            Value::Array(items) => {
                let (index, after) = rest.strip_prefix('[')?.split_once(']')?;
                let index = index.parse::<usize>().ok()?;
                (Segment::Index(index), items.get(index)?, after)
            }
            _ => break,
        };
        pointer.push(segment.into_owned());
        if let Some(place) = next.get(PLACE).and_then(Value::as_str) {
            innermost = Some((pointer.len(), place.to_owned()));
        }
        value = next;
        rest = after.strip_prefix('.').unwrap_or(after);
        if rest.is_empty() {
            break;
        }
    }
    let (length, place) = innermost?;
    let (last, parents) = pointer[..length].split_last()?;
    let parent = parents.iter().try_fold(seed, |value, segment| match segment {
        OwnedSegment::Key(key) => value.get_mut(key),
        OwnedSegment::Index(index) => value.get_mut(index),
    })?;
    match (parent, last) {
        (Value::Array(items), OwnedSegment::Index(index)) => drop(items.remove(*index)),
        (Value::Object(fields), OwnedSegment::Key(key)) => drop(fields.shift_remove(key)),
        (_, _) => return None,
    }
    Some(place)
}

/// A step from a value to a value in it.
enum Segment<'a> {
    Key(&'a str),
    Index(usize),
}

enum OwnedSegment {
    Key(String),
    Index(usize),
}

impl Segment<'_> {
    fn into_owned(self) -> OwnedSegment {
        match self {
            Self::Key(key) => OwnedSegment::Key(key.to_owned()),
            Self::Index(index) => OwnedSegment::Index(index),
        }
    }
}

/// Returns the longest key with which `path` starts, because keys can contain dots, and the rest of the path.
fn longest_key<'a, 'b>(fields: &'a Map<String, Value>, path: &'b str) -> Option<(&'a str, &'b str)> {
    let matching = fields.keys().filter_map(|key| {
        let rest = path.strip_prefix(key.as_str())?;
        (rest.is_empty() || rest.starts_with(['.', '['])).then_some((key.as_str(), rest))
    });
    matching.max_by_key(|(key, _)| key.len())
}
