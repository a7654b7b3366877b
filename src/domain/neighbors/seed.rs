//! The neighbors in a seed: lists of objects by the paths of the lists, each object in the JSON shape of the API.
//!
//! `"pinned": true` makes a deletion restore the seeded value. In a saved state, `$state` has what the API does not
//! expose, and the exact JSON of an object that a seed cannot contain.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::kind::NeighborKind;
use super::record::{Neighbor, complete};
use super::state::Neighbors;
use crate::domain::seed::SeedError;
use crate::json::{LazyJsonList, RawFields, shown_and_exact, strict_json};
use crate::store::{Collection, GroupSelector, SavedRecord, Tx};

/// The field that pins an object, and the field with its internal state.
const PINNED: &str = "pinned";
const STATE: &str = "$state";

/// The lists of neighbors of an account, by their paths below it, such as `access/apps/1/policies`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NeighborLists(BTreeMap<String, LazyJsonList<Box<RawValue>>>);

/// Internal state, not exposed by the API, of a neighbor or of the value that its deletion restores.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct NeighborState {
    /// The sequence number in creation order; if absent, the neighbor is added last.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
    /// The revision of the last change; if absent, a new one is assigned.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
    /// The exact JSON of the object as a string, if the seed file cannot contain it directly.
    #[serde(skip_serializing_if = "Option::is_none")]
    json: Option<String>,
    /// The value that a deletion restores, if it differs from the current value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned: Option<Box<RawValue>>,
}

impl NeighborLists {
    /// Returns whether there are no lists.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a neighbor to the list `path`.
    pub fn push(&mut self, path: &str, saved: &SavedNeighbor) {
        self.0.entry(path.to_owned()).or_default().push(&saved.0);
    }

    /// Loads the neighbors of the account or other owner whose lists start with `owner`, such as `accounts/1/`.
    ///
    /// # Errors
    /// The path and reason of the first error.
    pub fn load_into(
        &self,
        neighbors: &mut Neighbors,
        owner: &str,
        kinds: &[&'static NeighborKind],
        tx: &mut Tx<'_>,
    ) -> Result<(), SeedError> {
        for (path, items) in &self.0 {
            let Some(kind) = kinds.iter().find(|kind| kind.has_list(path)) else {
                let known: Vec<&str> = kinds.iter().map(|kind| kind.path).collect();
                return Err(SeedError::new(path, format!("must be one of {}", known.join(", "))));
            };
            let list = [owner, path].concat();
            items.for_each(|index, item| {
                load_item(neighbors, kind, &list, item, tx)
                    .map_err(|error| error.nested_in(format!("{path}[{index}]")))
            })?;
        }
        Ok(())
    }
}

/// A neighbor as an object of a seed.
#[derive(Debug)]
pub struct SavedNeighbor(Box<RawValue>);

impl Neighbors {
    /// Returns the neighbors in creation order, each with its list, as objects of a seed that restore them.
    pub fn saved(&self) -> impl Iterator<Item = (&str, SavedNeighbor)> {
        self.records.iter_with_sequence().map(|(sequence, record)| {
            let saved = save(record, Some(sequence), self.records.pinned((&record.list, &record.id)));
            (&*record.list, SavedNeighbor(saved))
        })
    }

    /// Returns the neighbors of `kind` that `selector` selects, each as an object of a seed; `account` returns the account
    /// of a neighbor.
    pub fn saved_records(
        &self,
        kind: &str,
        selector: &GroupSelector,
        account: impl Fn(&Neighbor) -> String,
    ) -> Vec<SavedRecord> {
        let of_kind = self.records.iter_with_sequence().filter(|(_, record)| record.kind.name == kind);
        let with_account = of_kind.map(|(sequence, record)| (sequence, record, account(record)));
        let selected = with_account.filter(|(_, record, account)| selector.matches(account, &record.id));
        let saved = selected.map(|(sequence, record, account)| {
            let pinned = self.records.pinned((&record.list, &record.id));
            SavedRecord { account, id: record.id.to_string(), json: save(record, Some(sequence), pinned) }
        });
        saved.collect()
    }

    /// Returns the last assigned sequence number.
    pub fn last_sequence(&self) -> u64 {
        self.records.last_sequence()
    }

    /// Reserves all sequence numbers up to `sequence`.
    ///
    /// # Errors
    /// The maximum sequence number, if `sequence` exceeds it.
    pub fn reserve_sequences(&mut self, sequence: u64) -> Result<(), u64> {
        if sequence > Collection::<Neighbor>::MAX_SEQUENCE {
            return Err(Collection::<Neighbor>::MAX_SEQUENCE);
        }
        self.records.reserve_through(sequence);
        Ok(())
    }
}

/// Returns a value of a neighbor, with its sequence number and pinned value if it is the current one.
fn save(record: &Neighbor, sequence: Option<u64>, pinned: Option<&Neighbor>) -> Box<RawValue> {
    let is_reserved = [PINNED, STATE].iter().any(|name| record.fields().get_or_null(name).is_some());
    let (shown, _) = shown_and_exact(&record.json);
    let shown = shown.filter(|_| !is_reserved);
    let is_pinned = pinned
        .is_some_and(|pinned| pinned.json.get() == record.json.get() && pinned.revision == record.revision);
    let state = NeighborState {
        sequence,
        revision: Some(record.revision),
        json: shown.is_none().then(|| record.json.get().to_owned()),
        pinned: pinned.filter(|_| !is_pinned).map(|pinned| save(pinned, None, None)),
    };
    let state = serde_json::to_string(&state).expect("the state of a neighbor serializes to JSON");
    let mut json = shown.map_or_else(|| "{}".to_owned(), |shown| shown.get().to_owned());
    json.pop();
    let separator = if json.len() > 1 { "," } else { "" };
    let pinned = if is_pinned { r#""pinned":true,"# } else { "" };
    json.push_str(&format!(r#"{separator}{pinned}"$state":{state}}}"#));
    RawValue::from_string(json).expect("an object with two further fields is valid JSON")
}

fn load_item(
    neighbors: &mut Neighbors,
    kind: &'static NeighborKind,
    list: &str,
    item: &RawValue,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    let (fields, is_pinned, state) = split(item)?;
    let exact = parse_exact(state.json.as_deref())?;
    let record =
        parse(neighbors, kind, (list, None), (exact.as_ref().unwrap_or(&fields), state.revision), tx)?;
    let pinned = match &state.pinned {
        Some(_) if is_pinned => {
            return Err(SeedError::new("$state.pinned", "cannot be combined with `pinned`"));
        }
        Some(value) => Some(
            load_pinned(neighbors, &record, value, tx).map_err(|error| error.nested_in("$state.pinned"))?,
        ),
        None => is_pinned.then(|| record.clone()),
    };
    let records = &mut neighbors.records;
    if records.contains((&record.list, &record.id)) {
        return Err(SeedError::new(kind.id_field(), "already exists"));
    }
    let inserted = match state.sequence {
        Some(sequence) => records.insert_at(sequence, record),
        None => records.insert(record),
    };
    if inserted.is_err() {
        let reason = "must be a number from 1 to 9007199254740991 that no earlier neighbor has";
        return Err(SeedError::new("$state.sequence", reason));
    }
    if let Some(pinned) = pinned {
        records.set_pinned(pinned);
    }
    Ok(())
}

fn load_pinned(
    neighbors: &Neighbors,
    current: &Neighbor,
    value: &RawValue,
    tx: &mut Tx<'_>,
) -> Result<Neighbor, SeedError> {
    let (fields, is_pinned, state) = split(value)?;
    for (field, is_present) in [
        ("pinned", is_pinned),
        ("$state.sequence", state.sequence.is_some()),
        ("$state.pinned", state.pinned.is_some()),
    ] {
        if is_present {
            return Err(SeedError::new(field, "is not allowed in a pinned value"));
        }
    }
    let exact = parse_exact(state.json.as_deref())?;
    let fields = (exact.as_ref().unwrap_or(&fields), state.revision);
    let pinned = parse(neighbors, current.kind, (&current.list, Some(&current.id)), fields, tx)?;
    if pinned.owner != current.owner {
        return Err(SeedError::new("", "must have the same owner as the current value"));
    }
    if pinned.id != current.id {
        let reason = format!("must be {}, the identifier of the neighbor", current.id);
        return Err(SeedError::new(current.kind.id_field(), reason));
    }
    Ok(pinned)
}

/// Splits an object of a seed into the fields of the API, whether it is pinned, and its internal state.
fn split(item: &RawValue) -> Result<(RawFields<'_>, bool, NeighborState), SeedError> {
    let fields: RawFields<'_> =
        serde_json::from_str(item.get()).map_err(|_| SeedError::new("", "must be an object"))?;
    let is_pinned = match fields.get_or_null(PINNED).map(RawValue::get) {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(SeedError::new(PINNED, "must be a boolean")),
    };
    let state = match fields.get_or_null(STATE) {
        Some(state) => {
            strict_json::from_str(state.get()).map_err(|error| SeedError::new(STATE, error.to_string()))?
        }
        None => NeighborState::default(),
    };
    Ok((fields.without(&[PINNED, STATE]), is_pinned, state))
}

fn parse_exact(json: Option<&str>) -> Result<Option<RawFields<'_>>, SeedError> {
    let parsed = json.map(serde_json::from_str).transpose();
    parsed.map_err(|error| SeedError::new("$state.json", format!("is not the JSON of an object: {error}")))
}

/// Returns the neighbor with the fields of a seed; without an identifier it gets `default_id`, or else a new one.
fn parse(
    neighbors: &Neighbors,
    kind: &'static NeighborKind,
    (list, default_id): (&str, Option<&str>),
    (fields, revision): (&RawFields<'_>, Option<u64>),
    tx: &mut Tx<'_>,
) -> Result<Neighbor, SeedError> {
    if let Some(violation) = kind.check(fields).into_iter().next() {
        return Err(SeedError::new(violation.path, violation.reason));
    }
    let id_field = kind.id_field();
    let id = match (fields.get_or_null(id_field), default_id) {
        (Some(_), _) => {
            fields.string(id_field).filter(|id| !id.is_empty() && !id.contains('/')).ok_or_else(|| {
                SeedError::new(id_field, "must be a string that is not empty and contains no `/`")
            })?
        }
        (None, Some(id)) => id.to_owned(),
        (None, None) => neighbors.new_id(kind, list, tx),
    };
    let json = complete(kind, (list, &id), fields, tx);
    let revision = tx.revision_or_next(revision);
    Ok(Neighbor { kind, list: list.into(), id: id.into(), owner: kind.owner(fields), json, revision })
}
