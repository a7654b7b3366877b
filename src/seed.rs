//! The seed file: the objects and credentials that a server starts with.
//!
//! Imports `credentials`, `seed_error` and each dialect's `seed`, which defines that dialect's section.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::credentials::Credential;
use crate::dialect::authress::seed::Section as Authress;
use crate::dialect::cloudflare::seed::Section as Cloudflare;
use crate::dialect::ibm::seed::Section as Ibm;
use crate::dialect::legacy::seed::Section as Legacy;
use crate::seed_error::SeedError;
use crate::store::{Clock, Ids, Namespace, Snapshot};
use crate::world::World;

/// The newest format version that this server reads.
pub const VERSION: u64 = 1;

/// What a server starts with.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    /// The version of the format, 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// Where identifiers and revisions go on; what a saved state has and a seed written by hand has not.
    #[serde(default, rename = "$state", skip_serializing_if = "Option::is_none")]
    pub state: Option<Continuation>,
    /// A remark for readers; ignored.
    #[serde(default, rename = "$comment", skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The credentials that strict mode accepts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<Vec<Credential>>,
    /// The objects of the cloudflare dialect.
    #[serde(default)]
    pub cloudflare: Cloudflare,
    /// The objects of the ibm dialect.
    #[serde(default)]
    pub ibm: Ibm,
    /// The objects of the authress dialect.
    #[serde(default)]
    pub authress: Authress,
    /// The objects of the legacy dialect.
    #[serde(default)]
    pub legacy: Legacy,
}

/// Where the identifiers and revisions of a saved state go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Continuation {
    /// Where the sequence of identifiers stands, in 16 hexadecimal digits.
    #[serde(with = "hexadecimal")]
    pub ids: u64,
    /// The last revision that was given.
    pub revision: u64,
}

impl Seed {
    /// Returns the state that begins with what the seed holds, at the present time of `clock`; the identifiers go on
    /// from `ids` unless the seed says otherwise.
    ///
    /// # Errors
    /// The path and reason of the first mistake.
    pub fn snapshot(&self, clock: Clock, ids: Ids) -> Result<Snapshot<World>, SeedError> {
        let namespace = Namespace::new(World::default(), clock, ids);
        namespace.write(|world, tx| world.load(self, tx))?;
        let mut snapshot = namespace.snapshot();
        if let Some(Continuation { ids, revision }) = self.state {
            snapshot.ids = Ids::seeded(ids);
            snapshot.revision = snapshot.revision.max(revision);
        }
        Ok(snapshot)
    }

    /// Returns the seed that brings `snapshot` back, with everything that its answers follow from.
    pub fn of(snapshot: &Snapshot<World>) -> Self {
        let Snapshot { world, ids, revision } = snapshot;
        Self { state: Some(Continuation { ids: ids.state(), revision: *revision }), ..world.save() }
    }

    /// Reads a seed from JSON text.
    ///
    /// # Errors
    /// The path and reason of the first mistake, with line and column where the parser knows them.
    ///
    /// ```
    /// let seed = access_groups_mock::Seed::parse(r#"{"legacy":{"access_groups":[{"name":"Editors"}]}}"#);
    /// assert!(seed.is_ok());
    /// let mistake = access_groups_mock::Seed::parse(r#"{"legacy":{"access_groups":7}}"#).unwrap_err();
    /// assert_eq!(mistake.path, "legacy.access_groups");
    /// ```
    pub fn parse(text: &str) -> Result<Self, SeedError> {
        if text.trim_start().starts_with('[') {
            // Read by position, an array would do for an object.
            return Err(SeedError::new("", "must be a JSON object"));
        }
        refuse_repeated_members(text)?;
        let seed = match serde_json::from_str::<Self>(text) {
            Ok(seed) => seed,
            // To keep the path of each value costs more than to read it, so only a mistake is read with its path.
            Err(_) => read_with_paths(text)?,
        };
        if let Some(other) = seed.version.filter(|version| *version != VERSION) {
            return Err(SeedError::new("version", format!("must be {VERSION}, not {other}")));
        }
        let credentials = seed.credentials.as_deref().unwrap_or_default();
        for (index, credential) in credentials.iter().enumerate() {
            check(credential, &credentials[..index])
                .map_err(|error| error.below(format!("credentials[{index}]")))?;
        }
        Ok(seed)
    }
}

/// Reads a seed, and tells of a mistake where it stands.
fn read_with_paths(text: &str) -> Result<Seed, SeedError> {
    let mut parser = serde_json::Deserializer::from_str(text);
    let seed = serde_path_to_error::deserialize(&mut parser).map_err(|error| {
        // The path of the whole file is a dot, and what has no name is a question mark.
        let path = error.path().to_string();
        SeedError::new(path.trim_end_matches(['.', '?']), error.inner().to_string())
    })?;
    parser.end().map_err(|error| SeedError::new("", error.to_string()))?;
    Ok(seed)
}

/// Fails where an object has a member twice: one of the two would be lost.
fn refuse_repeated_members(text: &str) -> Result<(), SeedError> {
    if serde_json::from_str::<Distinct>(text).is_ok() {
        return Ok(());
    }
    let mut parser = serde_json::Deserializer::from_str(text);
    let read: Result<Distinct, _> = serde_path_to_error::deserialize(&mut parser);
    match read {
        Err(error) if error.inner().is_data() => {
            let path = error.path().to_string();
            Err(SeedError::new(path.trim_end_matches(['.', '?']), error.inner().to_string()))
        }
        // What is no JSON is told of by the reader of the seed itself.
        Ok(Distinct) | Err(_) => Ok(()),
    }
}

/// Any JSON in which no object has a member twice.
struct Distinct;

impl<'de> Deserialize<'de> for Distinct {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DistinctVisitor)
    }
}

struct DistinctVisitor;

/// The name of a member, taken from the text where it stands there as it is.
#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(transparent)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Visitor<'de> for DistinctVisitor {
    type Value = Distinct;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Distinct, A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(name) = members.next_key::<Name<'de>>()? {
            if let Some(Name(name)) = seen.get(&name) {
                return Err(A::Error::custom(format!("the member `{name}` is there twice")));
            }
            seen.insert(name);
            members.next_value::<Distinct>()?;
        }
        Ok(Distinct)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Distinct, A::Error> {
        while items.next_element::<Distinct>()?.is_some() {}
        Ok(Distinct)
    }

    fn visit_unit<E>(self) -> Result<Distinct, E> {
        Ok(Distinct)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Distinct, E> {
        Ok(Distinct)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Distinct, E> {
        Ok(Distinct)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Distinct, E> {
        Ok(Distinct)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Distinct, E> {
        Ok(Distinct)
    }

    fn visit_str<E>(self, _: &str) -> Result<Distinct, E> {
        Ok(Distinct)
    }
}

/// Checks a credential by itself and against the `earlier` ones.
fn check(credential: &Credential, earlier: &[Credential]) -> Result<(), SeedError> {
    const DIALECTS: [&str; 4] = ["cloudflare", "ibm", "authress", "legacy"];
    let dialect = credential.dialect.as_str();
    if !DIALECTS.contains(&dialect) {
        return Err(SeedError::new("dialect", format!("must be one of {}", DIALECTS.join(", "))));
    }
    if credential.secret.is_empty() {
        return Err(SeedError::new("secret", "must not be empty"));
    }
    let is_for = |dialects: &[&str]| dialects.contains(&dialect);
    let foreign = [
        ("email", credential.email.is_some() && !is_for(&["cloudflare"])),
        ("account", credential.account.is_some() && !is_for(&["cloudflare", "ibm"])),
        ("iam_id", credential.iam_id.is_some() && !is_for(&["ibm"])),
    ];
    if let Some((member, _)) = foreign.into_iter().find(|(_, is_foreign)| *is_foreign) {
        return Err(SeedError::new(member, format!("means nothing to the {dialect} dialect")));
    }
    let same = |other: &Credential| {
        (&other.dialect, &other.secret, &other.email)
            == (&credential.dialect, &credential.secret, &credential.email)
    };
    if earlier.iter().any(same) {
        return Err(SeedError::new("secret", "is that of an earlier credential"));
    }
    Ok(())
}

/// A number as 16 hexadecimal digits, as JSON numbers of that size are not read the same everywhere.
mod hexadecimal {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "`with` hands a reference over")]
    pub(super) fn serialize<S: Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{number:016x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        u64::from_str_radix(&text, 16).map_err(|_| D::Error::custom("must be up to 16 hexadecimal digits"))
    }
}
