//! The seed file: the objects and credentials that a server starts with.
//!
//! Imports `credentials`, `seed_error` and each dialect's `seed`, which defines that dialect's section.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::credentials::Credential;
use crate::dialect::authress::seed::Section as Authress;
use crate::dialect::cloudflare::seed::Section as Cloudflare;
use crate::dialect::ibm::seed::Section as Ibm;
use crate::dialect::legacy::seed::Section as Legacy;
use crate::seed_error::SeedError;

/// The newest format version that this server reads.
const VERSION: u64 = 1;

/// What a server starts with.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    /// The version of the format, 1.
    #[serde(default)]
    pub version: Option<u64>,
    /// A remark for readers; ignored.
    #[serde(default, rename = "$comment")]
    pub comment: Option<String>,
    /// The credentials that strict mode accepts.
    #[serde(default)]
    pub credentials: Vec<Credential>,
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

impl Seed {
    /// Reads a seed from JSON text.
    ///
    /// # Errors
    /// The path and reason of the first mistake, with line and column where the parser knows them.
    pub fn parse(text: &str) -> Result<Self, SeedError> {
        if text.trim_start().starts_with('[') {
            // Read by position, an array would do for an object.
            return Err(SeedError::new("", "must be a JSON object"));
        }
        refuse_repeated_members(text)?;
        let mut parser = serde_json::Deserializer::from_str(text);
        let seed: Self = serde_path_to_error::deserialize(&mut parser).map_err(|error| {
            // The path of the whole file is a dot, and what has no name is a question mark.
            let path = error.path().to_string();
            SeedError::new(path.trim_end_matches(['.', '?']), error.inner().to_string())
        })?;
        parser.end().map_err(|error| SeedError::new("", error.to_string()))?;
        if let Some(other) = seed.version.filter(|version| *version != VERSION) {
            return Err(SeedError::new("version", format!("must be {VERSION}, not {other}")));
        }
        for (index, credential) in seed.credentials.iter().enumerate() {
            check(credential, &seed.credentials[..index])
                .map_err(|error| error.below(format!("credentials[{index}]")))?;
        }
        Ok(seed)
    }
}

/// Fails where an object has a member twice: one of the two would be lost.
fn refuse_repeated_members(text: &str) -> Result<(), SeedError> {
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

impl<'de> Visitor<'de> for DistinctVisitor {
    type Value = Distinct;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Distinct, A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(name) = members.next_key::<String>()? {
            if let Some(name) = seen.replace(name.clone()) {
                return Err(A::Error::custom(format!("the member `{name}` is there twice")));
            }
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
