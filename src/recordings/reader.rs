//! Reads a recording of any format, exchange by exchange.
//!
//! JSON is read as a stream: only one entry is in memory at a time. YAML is read as a whole.

use std::cell::Cell;
use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::rc::Rc;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::cassette::{Cassette, Interaction, with_local_tags};
use super::exchange::{Place, RecordedExchange, RecordingError};
use super::har;

/// The maximum size of a YAML file, which is read as a whole.
const MAX_YAML_BYTES: u64 = 256 * 1024 * 1024;

/// The byte order mark, with which some programs start a file.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// What is called with each exchange, or with the error of an entry that cannot be read.
type Sink<'a> = &'a mut dyn FnMut(Result<RecordedExchange, RecordingError>);

/// Reads the recording `name` from `input`, and calls `sink` with each exchange in order.
///
/// An entry that cannot be read is passed as an error, and the next ones are read; `sink` decides what to do.
///
/// # Errors
/// A recording that cannot be read to its end, or whose format is unknown.
pub fn read(
    name: &str,
    input: impl Read,
    sink: &mut dyn FnMut(Result<RecordedExchange, RecordingError>),
) -> Result<(), RecordingError> {
    let mut input = BufReader::with_capacity(256 * 1024, input);
    let unreadable = |error: std::io::Error| RecordingError::new(name, format!("cannot be read: {error}"));
    let start = input.fill_buf().map_err(unreadable)?;
    if start.starts_with(BYTE_ORDER_MARK) {
        input.consume(BYTE_ORDER_MARK.len());
    }
    let start = input.fill_buf().map_err(unreadable)?;
    match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => Err(RecordingError::new(name, "is empty")),
        Some(b'{') => read_json(name, input, sink),
        Some(_) => read_yaml(name, input, sink),
    }
}

/// Counts the lines that were read.
struct LineCounter<R> {
    input: R,
    line: Rc<Cell<usize>>,
}

impl<R: Read> Read for LineCounter<R> {
    /// `serde_json` reads byte by byte, so that the count is exact.
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.input.read(buffer)?;
        let feeds = buffer[..count].iter().filter(|byte| **byte == b'\n').count();
        self.line.set(self.line.get() + feeds);
        Ok(count)
    }
}

fn read_json(name: &str, input: impl Read, sink: Sink<'_>) -> Result<(), RecordingError> {
    let line = Rc::new(Cell::new(1));
    let mut parser = serde_json::Deserializer::from_reader(LineCounter { input, line: Rc::clone(&line) });
    let mut recording = Recording { name, line, entries: 0, sink, level: Level::File };
    let result = recording.by_ref().deserialize(&mut parser).and_then(|()| parser.end());
    let entries = recording.entries;
    result.map_err(|error| {
        let after = if entries == 0 { String::new() } else { format!(" after entry {entries}") };
        RecordingError::new(name, format!("invalid JSON{after}: {error}"))
    })
}

/// The part of a recording that is deserialized.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    /// The whole file: an object with `log`, or with the `interactions` of a cassette.
    File,
    /// The `log` of an HTTP Archive.
    Log,
    /// The `entries` of a log.
    Entries,
    /// The `interactions` of a cassette.
    Interactions,
}

/// A recording in JSON, whose entries are passed on while it is deserialized.
struct Recording<'a> {
    name: &'a str,
    line: Rc<Cell<usize>>,
    entries: usize,
    sink: Sink<'a>,
    level: Level,
}

/// A [`Recording`] at its current level.
struct Part<'r, 'a>(&'r mut Recording<'a>);

impl<'a> Recording<'a> {
    fn by_ref(&mut self) -> Part<'_, 'a> {
        Part(self)
    }

    fn at(&mut self, level: Level) -> Part<'_, 'a> {
        self.level = level;
        Part(self)
    }

    fn pass_on(&mut self, json: Box<RawValue>, line: usize, level: Level) {
        self.entries += 1;
        let place = Place { recording: self.name.into(), entry: self.entries, line: Some(line) };
        let exchange = match level {
            Level::Interactions => serde_json::from_str::<Interaction>(json.get())
                .map_err(|error| format!("invalid interaction: {error}"))
                .and_then(|interaction| interaction.into_exchange(place.clone())),
            Level::File | Level::Log | Level::Entries => har::parse_entry(json, place.clone()),
        };
        (self.sink)(exchange.map_err(|reason| RecordingError::new(place, reason)));
    }
}

impl<'de> DeserializeSeed<'de> for Part<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.0.level {
            Level::File | Level::Log => deserializer.deserialize_map(self),
            Level::Entries | Level::Interactions => deserializer.deserialize_seq(self),
        }
    }
}

impl<'de> Visitor<'de> for Part<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.0.level {
            Level::File => "an HTTP Archive or a cassette, which is an object",
            Level::Log => "the `log` of an HTTP Archive, which is an object",
            Level::Entries => "the `entries` of an HTTP Archive, which is an array",
            Level::Interactions => "the `interactions` of a cassette, which is an array",
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let recording = self.0;
        let level = recording.level;
        let mut has_entries = false;
        while let Some(name) = fields.next_key::<String>()? {
            let next = match (level, name.as_str()) {
                (Level::File, "log") => Level::Log,
                (Level::File, "interactions") => Level::Interactions,
                (Level::Log, "entries") => Level::Entries,
                (_, _) => {
                    fields.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            if has_entries {
                return Err(A::Error::custom(format!("duplicate field `{name}`")));
            }
            has_entries = true;
            fields.next_value_seed(recording.at(next))?;
        }
        match (level, has_entries) {
            (_, true) => Ok(()),
            (Level::Log, false) => Err(A::Error::custom("`log` has no `entries`")),
            (_, false) => Err(A::Error::custom(
                "neither an HTTP Archive, which has a `log`, nor a cassette, which has `interactions`",
            )),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let recording = self.0;
        let level = recording.level;
        loop {
            let start = Rc::new(Cell::new(0));
            let seed = LocatedJson { line: &recording.line, start: &start };
            let Some(json) = entries.next_element_seed(seed)? else { return Ok(()) };
            recording.pass_on(json, start.get(), level);
        }
    }
}

/// Deserializes a value as raw JSON, and notes the line on which it starts.
struct LocatedJson<'a> {
    line: &'a Cell<usize>,
    start: &'a Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for LocatedJson<'_> {
    type Value = Box<RawValue>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Box<RawValue>, D::Error> {
        // Whitespace before the value was read to find out whether there is one.
        self.start.set(self.line.get());
        serde::Deserialize::deserialize(deserializer)
    }
}

fn read_yaml(name: &str, input: impl Read, sink: Sink<'_>) -> Result<(), RecordingError> {
    let mut text = String::new();
    let length = input
        .take(MAX_YAML_BYTES + 1)
        .read_to_string(&mut text)
        .map_err(|error| RecordingError::new(name, format!("cannot be read: {error}")))?;
    if length as u64 > MAX_YAML_BYTES {
        return Err(RecordingError::new(name, format!("a YAML file must not exceed {MAX_YAML_BYTES} bytes")));
    }
    let text = with_local_tags(&text);
    let cassette: Cassette = serde_yaml_ng::from_str(&text).map_err(|error| {
        RecordingError::new(name, format!("neither JSON nor a cassette in YAML: {error}"))
    })?;
    drop(text);
    for (index, interaction) in cassette.interactions.into_iter().enumerate() {
        let place = Place { recording: name.into(), entry: index + 1, line: None };
        let exchange = interaction.into_exchange(place.clone());
        sink(exchange.map_err(|reason| RecordingError::new(place, reason)));
    }
    Ok(())
}
