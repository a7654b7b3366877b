//! The format of the seed file.

use std::fs::File;
use std::io;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::credentials::Credential;
use crate::domain::mock_state::MockState;
use crate::domain::seed::error::SeedError;
use crate::domain::{authress, cloudflare, ibm, legacy};
use crate::json::strict_json::{self, PathError};
use crate::json::{DistinctNames, JsonText, Outline, OutlinedList};

/// The version of the seed format that this server supports.
pub const FORMAT_VERSION: u64 = 1;

/// The length of a seed in bytes above which it is parsed in two threads, and its long lists are left in the text.
const LONG_BYTES: usize = 1024 * 1024;

/// The initial objects and credentials of a server.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    /// The version of the format, 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// The point from which identifiers and revisions resume; present in a saved state, absent in a hand-written seed.
    #[serde(default, rename = "$state", skip_serializing_if = "Option::is_none")]
    pub state: Option<ResumePoint>,
    /// A comment for human readers; ignored.
    #[serde(default, rename = "$comment", skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The credentials that strict mode accepts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<Vec<Credential>>,
    /// The objects of the cloudflare dialect.
    #[serde(default)]
    pub cloudflare: cloudflare::seed::Section,
    /// The objects of the ibm dialect.
    #[serde(default)]
    pub ibm: ibm::seed::Section,
    /// The objects of the authress dialect.
    #[serde(default)]
    pub authress: authress::seed::Section,
    /// The objects of the legacy dialect.
    #[serde(default)]
    pub legacy: legacy::seed::Section,
}

/// The point from which the identifiers and revisions of a saved state resume.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResumePoint {
    /// The state of the identifier generator, written as 16 hexadecimal digits.
    #[serde(with = "hexadecimal")]
    pub ids: u64,
    /// The last revision that was assigned.
    pub revision: u64,
}

impl Seed {
    /// Parses a seed from JSON.
    ///
    /// # Errors
    /// The path and reason of the first error, with line and column if the parser reports them.
    ///
    /// ```
    /// let seed = access_groups_mock::Seed::parse(r#"{"legacy":{"access_groups":[{"name":"Editors"}]}}"#);
    /// assert!(seed.is_ok());
    /// let error = access_groups_mock::Seed::parse(r#"{"legacy":{"access_groups":7}}"#).unwrap_err();
    /// assert_eq!(error.path, "legacy.access_groups");
    /// ```
    pub fn parse(json: &str) -> Result<Self, SeedError> {
        if json.len() < LONG_BYTES {
            return parse_whole(json);
        }
        Self::parse_owned(json.to_owned())?.checked()
    }

    /// Parses a seed like [`Seed::parse`], and keeps the text of a long one, whose groups and users are checked when they
    /// are loaded.
    ///
    /// # Errors
    /// As [`Seed::parse`].
    pub(crate) fn parse_owned(json: String) -> Result<Self, SeedError> {
        if json.len() < LONG_BYTES {
            return parse_whole(&json);
        }
        let parsed = parse_long(&JsonText::Memory(Arc::new(json)));
        parsed.unwrap_or_else(|error| Err(SeedError::new("", error.to_string())))
    }

    /// Reads a seed from a JSON file; its error is that of [`Seed::parse`].
    ///
    /// The groups of a long file are read again when the seed is loaded, so that the process never has the whole file in
    /// memory; loading fails if the file is changed in between.
    ///
    /// # Errors
    /// The file cannot be read, or is not UTF-8.
    ///
    /// ```no_run
    /// let seed = access_groups_mock::Seed::read_file("seed.json".as_ref())??;
    /// # drop(seed);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read_file(path: &Path) -> io::Result<Result<Self, SeedError>> {
        let seed = match Self::open_file(path)? {
            Ok(seed) => seed,
            Err(error) => return Ok(Err(error)),
        };
        match seed.check_lists() {
            Ok(_) => Ok(Ok(seed)),
            Err(text) => Ok(parse_whole(&text.read_all()?)),
        }
    }

    /// Opens a seed in a JSON file like [`Seed::read_file`], but reads the groups and users of a long file only when the seed
    /// is loaded, which takes about half the time: what loads it, such as [`App::new`](crate::App::new), returns their
    /// errors.
    ///
    /// # Errors
    /// The file cannot be read, or is not UTF-8.
    ///
    /// ```no_run
    /// use access_groups_mock::{App, Config, Seed};
    ///
    /// let app = App::new(Config::default(), Seed::open_file("seed.json".as_ref())??)?;
    /// # drop(app);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open_file(path: &Path) -> io::Result<Result<Self, SeedError>> {
        let file = File::open(path)?;
        // The length of a pipe, which cannot be read again, is 0.
        if file.metadata()?.len() < LONG_BYTES as u64 {
            return Ok(parse_whole(&io::read_to_string(file)?));
        }
        parse_long(&JsonText::from_file(file)?)
    }

    /// Returns the seed if the items of its long lists are valid.
    fn checked(self) -> Result<Self, SeedError> {
        match self.check_lists() {
            Ok(_) => Ok(self),
            Err(text) => reparse(&text),
        }
    }

    /// Checks the items of long lists that were not checked before; returns whether there are any.
    ///
    /// # Errors
    /// The text, if an item is not valid.
    pub(super) fn check_lists(&self) -> Result<bool, JsonText> {
        Ok(self.cloudflare.check_lists()?
            | self.ibm.check_lists()?
            | self.authress.check_lists()?
            | self.legacy.check_lists()?)
    }

    /// Returns the seed if its version and its credentials are valid.
    fn validated(self) -> Result<Self, SeedError> {
        let seed = self;
        if let Some(other) = seed.version.filter(|version| *version != FORMAT_VERSION) {
            return Err(SeedError::new("version", format!("must be {FORMAT_VERSION}, not {other}")));
        }
        let credentials = seed.credentials.as_deref().unwrap_or_default();
        for (index, credential) in credentials.iter().enumerate() {
            validate_credential(credential, &credentials[..index])
                .map_err(|error| error.nested_in(format!("credentials[{index}]")))?;
        }
        Ok(seed)
    }

    /// Sets the items of a long list, which is empty; `None` if it does not exist, or cannot be read.
    fn set_long_list(&mut self, text: &JsonText, list: &OutlinedList) -> Option<()> {
        let path: Vec<&str> = list.path.iter().map(String::as_str).collect();
        let (dialect, path) = path.split_first()?;
        match *dialect {
            "cloudflare" => self.cloudflare.set_long_list(path, text, &list.blocks),
            "ibm" => self.ibm.set_long_list(path, text, &list.blocks),
            "authress" => self.authress.set_long_list(path, text, &list.blocks),
            "legacy" => self.legacy.set_long_list(path, text, &list.blocks),
            _ => None,
        }
    }
}

/// Parses a long seed, of which only the outline is kept in memory.
fn parse_long(text: &JsonText) -> io::Result<Result<Seed, SeedError>> {
    match parse_outline(text)?.and_then(|seed| seed.validated().ok()) {
        Some(seed) => Ok(Ok(seed)),
        // The place of an error is one in the whole text.
        None => Ok(parse_whole(&text.read_all()?)),
    }
}

/// Parses the whole of a long text that has an error: the place of an error is one in the whole text.
pub(super) fn reparse(text: &JsonText) -> Result<Seed, SeedError> {
    let text = text.read_all().map_err(|error| SeedError::new("", error.to_string()))?;
    parse_whole(&text)
}

/// Returns the seed whose long lists remain in `text`, unchecked; `None` if anything else in it is invalid.
fn parse_outline(text: &JsonText) -> io::Result<Option<Seed>> {
    let outline = Outline::read(text, is_long_list)?;
    let json = std::str::from_utf8(&outline.json).ok();
    let Some(mut seed) = json.and_then(|json| parse_distinct(json).ok()) else { return Ok(None) };
    let are_set = outline.lists.iter().all(|list| seed.set_long_list(text, list).is_some());
    Ok(are_set.then_some(seed))
}

/// Returns whether the list at `path` is one of groups or of users, which can be long.
fn is_long_list(path: &[&str]) -> bool {
    let Some((dialect, path)) = path.split_first() else { return false };
    match *dialect {
        "cloudflare" => cloudflare::seed::Section::is_long_list(path),
        "ibm" => ibm::seed::Section::is_long_list(path),
        "authress" => authress::seed::Section::is_long_list(path),
        "legacy" => legacy::seed::Section::is_long_list(path),
        _ => false,
    }
}

/// Parses a whole text.
fn parse_whole(json: &str) -> Result<Seed, SeedError> {
    if json.trim_start().starts_with('[') {
        return Err(SeedError::new("", "must be a JSON object"));
    }
    parse_distinct(json)?.validated()
}

/// Parses a seed without duplicate keys; of a long one, another thread compares the keys meanwhile.
fn parse_distinct(json: &str) -> Result<Seed, SeedError> {
    if json.len() < LONG_BYTES {
        reject_duplicate_keys(json)?;
        return parse_object(json);
    }
    std::thread::scope(|scope| {
        let distinct = scope.spawn(|| reject_duplicate_keys(json));
        let seed = parse_object(json);
        distinct.join().unwrap_or_else(|panic| resume_unwind(panic))?;
        seed
    })
}

fn parse_object(json: &str) -> Result<Seed, SeedError> {
    // Tracking the path of each value is slower than parsing, so paths are tracked only after an error.
    strict_json::from_str(json).or_else(|_| parse_with_paths(json))
}

/// Parses a seed and returns errors with their paths.
fn parse_with_paths(json: &str) -> Result<Seed, SeedError> {
    strict_json::with_path(json.as_bytes())
        .map_err(|PathError { path, error }| SeedError::new(path, error.to_string()))
}

/// Rejects JSON in which an object has duplicate keys, because one of the two values would be lost.
fn reject_duplicate_keys(json: &str) -> Result<(), SeedError> {
    match DistinctNames::check(json.as_bytes()) {
        Err(PathError { path, error }) if error.is_data() => Err(SeedError::new(path, error.to_string())),
        // Syntax errors are reported when the seed itself is parsed.
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Validates a credential by itself and against the `earlier` ones.
fn validate_credential(credential: &Credential, earlier: &[Credential]) -> Result<(), SeedError> {
    let dialect = credential.dialect.as_str();
    if !MockState::DIALECTS.contains(&dialect) {
        return Err(SeedError::new("dialect", format!("must be one of {}", MockState::DIALECTS.join(", "))));
    }
    if credential.secret.is_empty() {
        return Err(SeedError::new("secret", "must not be empty"));
    }
    let is_one_of = |dialects: &[&str]| dialects.contains(&dialect);
    let unsupported = [
        ("email", credential.email.is_some() && !is_one_of(&["cloudflare"])),
        ("account", credential.account.is_some() && !is_one_of(&["cloudflare", "ibm"])),
        ("iam_id", credential.iam_id.is_some() && !is_one_of(&["ibm"])),
    ];
    if let Some((field, _)) = unsupported.into_iter().find(|(_, is_unsupported)| *is_unsupported) {
        return Err(SeedError::new(field, format!("is not supported by the {dialect} dialect")));
    }
    let is_duplicate = |other: &Credential| {
        (&other.dialect, &other.secret, &other.email)
            == (&credential.dialect, &credential.secret, &credential.email)
    };
    if earlier.iter().any(is_duplicate) {
        return Err(SeedError::new("secret", "duplicates an earlier credential"));
    }
    Ok(())
}

/// Serializes a number as 16 hexadecimal digits, because not all JSON parsers read numbers of that size exactly.
mod hexadecimal {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "`with` passes a reference")]
    pub(super) fn serialize<S: Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{number:016x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let digits = String::deserialize(deserializer)?;
        u64::from_str_radix(&digits, 16).map_err(|_| D::Error::custom("must be up to 16 hexadecimal digits"))
    }
}
