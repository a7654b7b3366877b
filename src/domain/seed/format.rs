//! The format of the seed file.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::panic::resume_unwind;

use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::credentials::Credential;
use crate::domain::mock_state::MockState;
use crate::domain::seed::error::SeedError;
use crate::domain::{authress, cloudflare, ibm, legacy};
use crate::json::strict_json;

/// The version of the seed format that this server supports.
pub const FORMAT_VERSION: u64 = 1;

/// The length of a seed in bytes above which it is parsed in two threads.
const PARALLEL_BYTES: usize = 1024 * 1024;

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
        if json.trim_start().starts_with('[') {
            return Err(SeedError::new("", "must be a JSON object"));
        }
        let seed = parse_distinct(json)?;
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
}

/// Parses a seed without duplicate keys; of a long one, another thread compares the keys meanwhile.
fn parse_distinct(json: &str) -> Result<Seed, SeedError> {
    if json.len() < PARALLEL_BYTES {
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
    strict_json::from_slice(json.as_bytes()).or_else(|_| parse_with_paths(json))
}

/// Parses a seed and returns errors with their paths.
fn parse_with_paths(json: &str) -> Result<Seed, SeedError> {
    let mut parser = serde_json::Deserializer::from_str(json);
    let seed = strict_json::with_path(&mut parser).map_err(|error| {
        // `serde_path_to_error` writes `.` for the whole file and `?` for an unknown segment.
        let path = error.path().to_string();
        SeedError::new(path.trim_end_matches(['.', '?']), error.inner().to_string())
    })?;
    parser.end().map_err(|error| SeedError::new("", error.to_string()))?;
    Ok(seed)
}

/// Rejects JSON in which an object has duplicate keys, because one of the two values would be lost.
fn reject_duplicate_keys(json: &str) -> Result<(), SeedError> {
    if serde_json::from_str::<RejectDuplicateKeys>(json).is_ok() {
        return Ok(());
    }
    let mut parser = serde_json::Deserializer::from_str(json);
    #[expect(clippy::disallowed_methods, reason = "`RejectDuplicateKeys` accepts any JSON value")]
    let result: Result<RejectDuplicateKeys, _> = serde_path_to_error::deserialize(&mut parser);
    match result {
        Err(error) if error.inner().is_data() => {
            let path = error.path().to_string();
            Err(SeedError::new(path.trim_end_matches(['.', '?']), error.inner().to_string()))
        }
        // Syntax errors are reported when the seed itself is parsed.
        Ok(RejectDuplicateKeys) | Err(_) => Ok(()),
    }
}

/// Any JSON value; deserializing it fails if an object has duplicate keys.
struct RejectDuplicateKeys;

impl<'de> Deserialize<'de> for RejectDuplicateKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RejectDuplicateKeysVisitor)
    }
}

struct RejectDuplicateKeysVisitor;

/// The key of a field, borrowed from the JSON unless it contains escape sequences.
#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// The keys of an object: the first ones in a list, which is faster than a set for nearly all objects.
#[derive(Default)]
struct Keys<'a> {
    first: Vec<Key<'a>>,
    others: BTreeSet<Key<'a>>,
}

/// The maximum number of keys in the list.
const MAX_LISTED_KEYS: usize = 16;

impl<'a> Keys<'a> {
    fn contains(&self, key: &Key<'a>) -> bool {
        self.first.contains(key) || self.others.contains(key)
    }

    fn insert(&mut self, key: Key<'a>) {
        if self.first.len() < MAX_LISTED_KEYS {
            self.first.push(key);
        } else {
            self.others.insert(key);
        }
    }
}

impl<'de> Visitor<'de> for RejectDuplicateKeysVisitor {
    type Value = RejectDuplicateKeys;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<RejectDuplicateKeys, A::Error> {
        let mut keys = Keys::default();
        while let Some(key) = fields.next_key::<Key<'de>>()? {
            if keys.contains(&key) {
                return Err(A::Error::custom(format!("duplicate field `{}`", key.0)));
            }
            keys.insert(key);
            fields.next_value::<RejectDuplicateKeys>()?;
        }
        Ok(RejectDuplicateKeys)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<RejectDuplicateKeys, A::Error> {
        while items.next_element::<RejectDuplicateKeys>()?.is_some() {}
        Ok(RejectDuplicateKeys)
    }

    fn visit_unit<E>(self) -> Result<RejectDuplicateKeys, E> {
        Ok(RejectDuplicateKeys)
    }

    fn visit_bool<E>(self, _: bool) -> Result<RejectDuplicateKeys, E> {
        Ok(RejectDuplicateKeys)
    }

    fn visit_i64<E>(self, _: i64) -> Result<RejectDuplicateKeys, E> {
        Ok(RejectDuplicateKeys)
    }

    fn visit_u64<E>(self, _: u64) -> Result<RejectDuplicateKeys, E> {
        Ok(RejectDuplicateKeys)
    }

    fn visit_f64<E>(self, _: f64) -> Result<RejectDuplicateKeys, E> {
        Ok(RejectDuplicateKeys)
    }

    fn visit_str<E>(self, _: &str) -> Result<RejectDuplicateKeys, E> {
        Ok(RejectDuplicateKeys)
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
