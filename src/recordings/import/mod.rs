//! `Importer`: builds a seed from what the responses of a recording show.

mod authress;
mod cloudflare;
mod ibm;
mod kind;
mod legacy;
mod records;
mod seed_file;

use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Map, Value};

use super::exchange::{Place, RecordedExchange, RecordingError};
use super::json_text::JsonText;
use super::operations::{Hosts, RecordedOperation};
use crate::domain::seed::SeedError;
use kind::Kind;
use records::{Change, Fields, ListKey, Moment, Records};

/// Collects the objects that the exchanges of a recording show.
#[derive(Debug)]
pub struct Importer {
    hosts: Hosts,
    records: Records,
    unused: UnusedList,
}

/// A seed with what a recording shows.
#[derive(Debug)]
pub struct ImportedSeed {
    /// The JSON of the seed file.
    pub json: Value,
    /// The number of objects in the seed.
    pub objects: usize,
    /// What could not be used.
    pub unused: Vec<Unused>,
}

/// A part of a recording that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unused {
    /// The place in the recording.
    pub place: String,
    /// The reason.
    pub reason: String,
}

impl fmt::Display for Unused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.reason)
    }
}

/// What could not be used, without repetitions of what concerns all objects of a kind.
#[derive(Debug, Default)]
struct UnusedList {
    items: Vec<Unused>,
    /// The kinds and fields that are listed.
    fields: BTreeSet<(&'static str, String)>,
}

impl UnusedList {
    fn add(&mut self, place: impl fmt::Display, reason: impl Into<String>) {
        self.items.push(Unused { place: place.to_string(), reason: reason.into() });
    }

    /// Adds a field that a seed cannot contain, once for each kind.
    fn add_field(&mut self, place: &Place, kind: &'static str, field: &str) {
        if self.fields.insert((kind, field.to_owned())) {
            self.add(place, format!("the field `{field}` of {kind} has no place in a seed"));
        }
    }
}

impl Importer {
    /// Returns an importer of the state after the last exchange. Requests to `hosts` are used in addition to those to
    /// the vendors and to loopback addresses.
    pub fn new(hosts: Vec<String>) -> Self {
        Self::at(Moment::End, hosts)
    }

    /// Returns an importer of the state before the first write, as far as the recording shows it.
    pub fn before_writes(hosts: Vec<String>) -> Self {
        Self::at(Moment::Start, hosts)
    }

    fn at(moment: Moment, hosts: Vec<String>) -> Self {
        Self { hosts: Hosts::new(hosts), records: Records::new(moment), unused: UnusedList::default() }
    }

    /// Adds what the next exchange shows; an error is listed as unused.
    pub fn add(&mut self, exchange: Result<&RecordedExchange, RecordingError>) {
        let exchange = match exchange {
            Ok(exchange) => exchange,
            Err(error) => return self.unused.add(error.place, error.reason),
        };
        if let Err(reason) = self.try_add(exchange) {
            self.unused.add(&exchange.place, reason);
        }
    }

    fn try_add(&mut self, exchange: &RecordedExchange) -> Result<(), String> {
        let operation = self.hosts.find(&exchange.method, &exchange.url)?;
        let mut import = Import {
            operation: &operation,
            exchange,
            request: &exchange.request.body,
            records: &mut self.records,
            unused: &mut self.unused,
        };
        match exchange.status {
            0 => return Err("the recording has no response".to_owned()),
            200..=299 => {}
            404 => {
                import.not_found();
                return Ok(());
            }
            // What failed has changed nothing and shows nothing.
            _ => return Ok(()),
        }
        let response = &exchange.response;
        let json = match &response.missing {
            Some(reason) if exchange.method != "HEAD" && exchange.status != 204 => return Err(reason.clone()),
            Some(_) | None if response.body.is_empty() => JsonText::null(),
            Some(_) | None => {
                JsonText::parse(&response.body).map_err(|reason| format!("response body: {reason}"))?
            }
        };
        match operation.dialect() {
            "cloudflare" => cloudflare::import(&mut import, json),
            "ibm" => ibm::import(&mut import, json),
            "authress" => authress::import(&mut import, json),
            "legacy" => legacy::import(&mut import, json),
            _ => Ok(()),
        }
    }

    /// Returns the seed.
    ///
    /// Objects that the seed file cannot contain are listed as unused.
    ///
    /// # Errors
    /// A seed that is invalid for a reason that no single object causes.
    pub fn finish(self) -> Result<ImportedSeed, SeedError> {
        let Self { mut records, mut unused, .. } = self;
        let mut seed = Map::new();
        seed.insert("version".to_owned(), 1.into());
        for (name, section) in [
            ("cloudflare", cloudflare::section(&mut records, &mut unused)),
            ("ibm", ibm::section(&mut records, &mut unused)),
            ("authress", authress::section(&mut records)),
            ("legacy", legacy::section(&mut records)),
        ] {
            if section.as_object().is_some_and(|section| !section.is_empty()) {
                seed.insert(name.to_owned(), section);
            }
        }
        let (json, objects) = seed_file::without_invalid_objects(Value::Object(seed), &mut unused)?;
        Ok(ImportedSeed { json, objects, unused: unused.items })
    }
}

/// A successful exchange that is imported.
#[derive(Debug)]
struct Import<'a> {
    operation: &'a RecordedOperation,
    exchange: &'a RecordedExchange,
    request: &'a [u8],
    records: &'a mut Records,
    unused: &'a mut UnusedList,
}

impl Import<'_> {
    /// Returns the path parameter `name`.
    fn param(&self, name: &str) -> String {
        self.operation.param(name).to_owned()
    }

    /// Returns the request body as JSON; `null` if it is none.
    fn request_json(&self) -> Value {
        JsonText::parse(self.request).map(JsonText::value).unwrap_or_default()
    }

    /// Notes an object of `list`, whose identifier is `id`, or else its field of that name.
    fn show(
        &mut self,
        list: &ListKey,
        kind: &'static Kind,
        change: Change,
        value: Value,
    ) -> Result<String, String> {
        let id = kind.id_of(&value).ok_or_else(|| format!("{} without `{}`", kind.name, kind.id_field))?;
        self.show_as(list, kind, (&id, change), value)?;
        Ok(id)
    }

    fn show_as(
        &mut self,
        list: &ListKey,
        kind: &'static Kind,
        (id, change): (&str, Change),
        value: Value,
    ) -> Result<(), String> {
        let Value::Object(fields) = value else { return Err(format!("{} that is not an object", kind.name)) };
        let is_complete = kind.is_complete(&fields);
        let place = &self.exchange.place;
        let fields = kind.project(fields, |field| self.unused.add_field(place, kind.name, field));
        self.records.show(list, (id, change), (fields, is_complete), place);
        Ok(())
    }

    /// Notes all objects of a page, which is in the order of creation if `is_ordered`. An item that `prepare` returns no
    /// object for is left out.
    fn show_all(
        &mut self,
        (list, is_ordered): (&ListKey, bool),
        kind: &'static Kind,
        items: JsonText<'_>,
        prepare: &mut dyn FnMut(Value) -> Option<Value>,
    ) -> Result<(), String> {
        if !items.is_array() {
            return Err(format!("the list of {} is not an array", kind.name));
        }
        let mut ids = Vec::new();
        items.for_each(&mut |item| {
            let Some(item) = prepare(item) else { return Ok(()) };
            let id = self.show(list, kind, Change::Read, item)?;
            if is_ordered {
                ids.push(id);
            }
            Ok(())
        })?;
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        self.records.arrange(list, &ids);
        Ok(())
    }

    /// Notes that the object of the path does not exist.
    fn not_found(&mut self) {
        let found = match self.operation.dialect() {
            "cloudflare" => cloudflare::object(self.operation),
            "ibm" => ibm::object(self.operation),
            "authress" => authress::object(self.operation),
            "legacy" => legacy::object(self.operation),
            _ => None,
        };
        if let Some((list, id)) = found {
            self.records.not_found(&list, &id, &self.exchange.place);
        }
    }
}

/// Returns the field `name` of `fields`, if it is a string.
fn text<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields.get(name).and_then(Value::as_str)
}
