//! The neighbors of Authress' groups: roles, access records and users.
//!
//! Of a record and a role the whole body is checked, as the validator of the service does.

use serde_json::Value;
use serde_json::value::RawValue;

use super::body_schema::ValueSchema::{Boolean, List, Map, Object, Pattern, ReadOnly, Text};
use super::body_schema::{FieldSchema, ObjectSchema, ValueSchema};
use super::error;
use super::model::AuthressState;
use super::precondition::{UnmodifiedSince, http_date};
use crate::domain::neighbors::{
    AddedField, AddedValue, Draft, FieldType, IdSource, KnownField, Neighbor, NeighborKind, json_string,
};
use crate::json::RawFields;
use crate::spec::{ApiError, ErrorCode, Violations};
use crate::store::{GroupUse, IdGenerator, Tx};

/// The kinds, in the order of the seed's documentation.
pub static KINDS: [&NeighborKind; 3] = [&ROLES.kind, &RECORDS.kind, &USERS.kind];

/// The length of a generated identifier after its prefix.
const GENERATED_ID_LENGTH: usize = 20;

/// A kind of neighbor with its schema and errors.
#[derive(Debug)]
pub struct AuthressNeighbor {
    pub kind: NeighborKind,
    /// The schema of the bodies.
    pub schema: ObjectSchema,
    /// The error for an unknown identifier.
    pub unknown: &'static ErrorCode,
    /// The error for an identifier that is in use, if requests can create neighbors of this kind.
    pub id_in_use: Option<&'static ErrorCode>,
}

pub static ROLES: AuthressNeighbor = AuthressNeighbor {
    kind: NeighborKind {
        name: "role",
        path: "roles",
        id: IdSource::Sent("roleId", role_id),
        fields: &[],
        check: Some(check_role),
        added: &[added("roleId", AddedValue::Id)],
        children: &[],
    },
    schema: ObjectSchema(&[
        optional("roleId", Pattern(64, r"^[a-zA-Z0-9-._:@]+$", |id| is_id(id, "-._:@"))),
        required("name", Text(1, 128)),
        optional("description", Text(0, 1024)),
        required("permissions", List(0, 100, &Object(&PERMISSION))),
    ]),
    unknown: &error::ROLE_NOT_FOUND,
    id_in_use: Some(&error::ROLE_ALREADY_EXISTS),
};

pub static RECORDS: AuthressNeighbor = AuthressNeighbor {
    kind: NeighborKind {
        name: "access_record",
        path: "records",
        id: IdSource::Sent("recordId", record_id),
        fields: &[],
        check: Some(check_record),
        added: &[
            added("recordId", AddedValue::Id),
            added("lastUpdated", AddedValue::Always(now)),
            added("status", AddedValue::Default("\"ACTIVE\"")),
        ],
        children: &[],
    },
    schema: ObjectSchema(&[
        optional("recordId", Pattern(100, r"^[a-zA-Z0-9-_:|~]+$", |id| is_id(id, "-_:|~"))),
        required("name", Text(1, 128)),
        optional("description", Text(0, 1024)),
        optional("capacity", ReadOnly),
        optional("lastUpdated", ReadOnly),
        optional("status", ReadOnly),
        optional("account", ReadOnly),
        optional("users", List(0, 1000, &Object(&USER))),
        optional("admins", List(0, 100, &Object(&USER))),
        optional("groups", List(0, 100, &Object(&LINKED_GROUP))),
        required("statements", List(1, 100, &Object(&STATEMENT))),
        optional("links", ReadOnly),
        optional("tags", Map(128)),
    ]),
    unknown: &error::RECORD_NOT_FOUND,
    id_in_use: Some(&error::RECORD_ALREADY_EXISTS),
};

/// The users, which only the seed adds.
pub static USERS: AuthressNeighbor = AuthressNeighbor {
    kind: NeighborKind {
        name: "user",
        path: "users",
        id: IdSource::Sent("userId", user_id),
        fields: &[KnownField { name: "userId", required: true, field_type: FieldType::Text }],
        check: None,
        added: &[],
        children: &[],
    },
    schema: ObjectSchema(&[]),
    unknown: &error::USER_NOT_FOUND,
    id_in_use: None,
};

static PERMISSION: ObjectSchema = ObjectSchema(&[
    required("action", Pattern(64, r"^([*]|[a-zA-Z0-9-_]+)(:([*]|[a-zA-Z0-9-_]+))*$", is_action)),
    required("allow", Boolean),
    required("grant", Boolean),
    required("delegate", Boolean),
]);

static USER: ObjectSchema = ObjectSchema(&[required("userId", Text(1, 128))]);

static LINKED_GROUP: ObjectSchema =
    ObjectSchema(&[required("groupId", Pattern(64, r"^[a-zA-Z0-9-_]+$", |id| is_id(id, "-_")))]);

static STATEMENT: ObjectSchema = ObjectSchema(&[
    required("roles", List(1, 100, &Text(1, 64))),
    required("resources", List(1, 100, &Object(&RESOURCE))),
    optional("users", List(0, 100, &Object(&USER))),
    optional("groups", List(0, 10, &Object(&LINKED_GROUP))),
]);

static RESOURCE: ObjectSchema = ObjectSchema(&[required("resourceUri", Text(1, 512))]);

impl AuthressState {
    /// Returns the neighbors of a kind with a sequence number greater than `after`, each with its number, in creation
    /// order.
    pub fn neighbors_after(
        &self,
        row: &AuthressNeighbor,
        after: u64,
    ) -> impl Iterator<Item = (u64, &Neighbor)> {
        self.neighbors.list(row.kind.path).after(after)
    }

    /// Returns the number of neighbors of a kind.
    pub fn neighbor_count(&self, row: &AuthressNeighbor) -> usize {
        self.neighbors.list(row.kind.path).len()
    }

    /// Returns the neighbor with `id`.
    ///
    /// # Errors
    /// The error of the kind for an unknown identifier.
    pub fn neighbor(&self, row: &AuthressNeighbor, id: &str) -> Result<&Neighbor, ApiError> {
        self.neighbors.get(row.kind.path, id).ok_or_else(|| row.unknown.with_subject(id))
    }

    /// Adds a neighbor with the given fields, which were checked.
    ///
    /// # Errors
    /// The error of the kind for an identifier that is in use.
    pub fn create_neighbor(
        &mut self,
        row: &'static AuthressNeighbor,
        fields: &RawFields<'_>,
        tx: &mut Tx<'_>,
    ) -> Result<&Neighbor, ApiError> {
        let fields = fields.without(&row.schema.read_only());
        let id_in_use = || row.id_in_use.unwrap_or(row.unknown).with_subject(sent_id(row, &fields));
        self.neighbors.create(&row.kind, row.kind.path, &fields, tx).ok_or_else(id_in_use)
    }

    /// Replaces the fields of the neighbor with `id`.
    ///
    /// # Errors
    /// The error of the kind for an unknown identifier, or if it changed after `unmodified_since`.
    pub fn replace_neighbor(
        &mut self,
        (row, id): (&'static AuthressNeighbor, &str),
        fields: &RawFields<'_>,
        unmodified_since: Option<UnmodifiedSince>,
        tx: &mut Tx<'_>,
    ) -> Result<&Neighbor, ApiError> {
        let updated = self.neighbor(row, id)?.fields().string("lastUpdated");
        let updated = updated.and_then(|time| chrono::DateTime::parse_from_rfc3339(&time).ok());
        if let (Some(since), Some(updated)) = (unmodified_since, updated)
            && since.is_before(updated.to_utc())
        {
            return Err(error::RECORD_PRECONDITION_FAILED.with_subject(http_date(updated.to_utc())));
        }
        let fields = fields.without(&row.schema.read_only());
        let replaced = self.neighbors.replace((row.kind.path, id), &fields, tx);
        replaced.ok_or_else(|| row.unknown.with_subject(id))
    }

    /// Deletes the neighbor with `id`.
    ///
    /// # Errors
    /// The error of the kind for an unknown identifier.
    pub fn delete_neighbor(&mut self, row: &AuthressNeighbor, id: &str) -> Result<(), ApiError> {
        let deleted = self.neighbors.delete(row.kind.path, id);
        deleted.map(drop).ok_or_else(|| row.unknown.with_subject(id))
    }

    /// Returns the records that name the group with `id`, in the record or in a statement.
    pub(super) fn group_uses(&self, id: &str) -> Vec<GroupUse> {
        let records = self.neighbors.list(RECORDS.kind.path).iter();
        let uses = records.flat_map(|record| {
            let name = record.fields().string("name").unwrap_or_default();
            paths_of_group(&record.json, id).into_iter().map(move |path| GroupUse {
                kind: record.kind.name,
                account: String::new(),
                id: record.id.to_string(),
                name: name.clone(),
                path,
            })
        });
        uses.collect()
    }
}

fn check_role(fields: &RawFields<'_>, violations: &mut Violations) {
    check(&ROLES.schema, fields, violations);
}

fn check_record(fields: &RawFields<'_>, violations: &mut Violations) {
    check(&RECORDS.schema, fields, violations);
}

/// Checks the fields of a seed against the schema of bodies.
fn check(schema: &ObjectSchema, fields: &RawFields<'_>, violations: &mut Violations) {
    let parse = |json: &RawValue| serde_json::from_str(json.get()).unwrap_or_default();
    let object = fields.iter().map(|(name, json)| (name.to_owned(), parse(json))).collect();
    violations.append(schema.check(&Value::Object(object), ""));
}

/// Returns the paths in a record that name the group with `id`.
fn paths_of_group(record: &RawValue, id: &str) -> Vec<String> {
    // Parsing is slower than searching for the identifier, which few records contain.
    if !record.get().contains(id) {
        return Vec::new();
    }
    let record: Value = serde_json::from_str(record.get()).unwrap_or_default();
    let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut lists = vec![(String::new(), items(&record["groups"]))];
    for (index, statement) in items(&record["statements"]).iter().enumerate() {
        lists.push((format!("statements[{index}]."), items(&statement["groups"])));
    }
    let mut paths = Vec::new();
    for (prefix, groups) in lists {
        let named = groups.iter().enumerate().filter(|(_, group)| group["groupId"] == id);
        paths.extend(named.map(|(index, _)| format!("{prefix}groups[{index}]")));
    }
    paths
}

fn sent_id(row: &AuthressNeighbor, fields: &RawFields<'_>) -> String {
    match row.kind.id {
        IdSource::Sent(name, _) => fields.string(name).unwrap_or_default(),
        IdSource::Drawn(_) => String::new(),
    }
}

/// Returns the time of the write in milliseconds.
fn now(draft: &mut Draft<'_, '_>) -> String {
    json_string(&draft.tx.now.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
}

fn role_id(ids: &mut IdGenerator) -> String {
    format!("ro_{}", ids.alphanumeric(GENERATED_ID_LENGTH))
}

fn record_id(ids: &mut IdGenerator) -> String {
    format!("rec_{}", ids.alphanumeric(GENERATED_ID_LENGTH))
}

fn user_id(ids: &mut IdGenerator) -> String {
    ids.alphanumeric(GENERATED_ID_LENGTH)
}

fn is_id(text: &str, others: &str) -> bool {
    !text.is_empty() && text.chars().all(|it| it.is_ascii_alphanumeric() || others.contains(it))
}

fn is_action(text: &str) -> bool {
    text.split(':').all(|part| part == "*" || is_id(part, "-_"))
}

const fn required(name: &'static str, schema: ValueSchema) -> FieldSchema {
    FieldSchema { name, required: true, schema }
}

const fn optional(name: &'static str, schema: ValueSchema) -> FieldSchema {
    FieldSchema { name, required: false, schema }
}

const fn added(name: &'static str, value: AddedValue) -> AddedField {
    AddedField { name, value }
}
