//! The certificate authority (CA) that the server creates, in memory or in a directory.
//!
//! It is valid for a year, and only for the names of the server: a client that trusts it trusts nothing else by it.

use std::fs;
use std::io;
use std::net::IpAddr;
use std::path::Path;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, GeneralSubtree, IsCa,
    KeyPair, KeyUsagePurpose, NameConstraints, date_time_ymd,
};
use x509_parser::extensions::GeneralName;
use x509_parser::pem::parse_x509_pem;
use x509_parser::time::ASN1Time;

use super::error::TlsError;
use crate::store::system_now;

/// The validity of the certificate in days. Server certificates are valid as long; some clients reject those that are
/// valid for more than 398 days.
const VALID_DAYS: i64 = 365;

/// A certificate that expires in less than this many days is issued again.
const RENEWAL_DAYS: i64 = 30;

/// The file of the certificate.
const CERTIFICATE_FILE: &str = "ca.pem";

/// The file of the private key.
const KEY_FILE: &str = "ca-key.pem";

/// A self-signed certificate authority (CA).
pub(super) struct CertificateAuthority {
    /// The certificate as PEM.
    pub(super) pem: String,
    /// The private key.
    pub(super) key: KeyPair,
}

impl CertificateAuthority {
    /// Creates a CA that permits `names`, which are DNS names and IP addresses.
    pub(super) fn new(names: &[String]) -> Result<Self, TlsError> {
        let key = KeyPair::generate().map_err(|error| TlsError::new("key", error))?;
        Self::issue(key, names)
    }

    /// Issues the certificate of the CA with the private key `key`.
    fn issue(key: KeyPair, names: &[String]) -> Result<Self, TlsError> {
        let mut params = CertificateParams::default();
        params.distinguished_name = distinguished_name("access-groups-mock CA");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let permitted_subtrees = names.iter().map(|name| permitted_subtree(name)).collect();
        params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() });
        // One day ago, to allow for clock skew.
        let start = system_now() - TimeDelta::days(1);
        let to_date = |time: DateTime<Utc>| {
            let to_u8 = |number: u32| u8::try_from(number).unwrap_or(1);
            date_time_ymd(time.year(), to_u8(time.month()), to_u8(time.day()))
        };
        params.not_before = to_date(start);
        params.not_after = to_date(start + TimeDelta::days(VALID_DAYS));
        let pem =
            params.self_signed(&key).map_err(|error| TlsError::new("certificate authority", error))?.pem();
        Ok(Self { pem, key })
    }

    /// Returns the CA in `directory`. It is created if the directory has none, and its certificate is issued again with
    /// the same key if it is missing, expires soon, or does not permit `names`.
    pub(super) fn in_directory(directory: &Path, names: &[String]) -> Result<Self, TlsError> {
        let (certificate_path, key_path) = (directory.join(CERTIFICATE_FILE), directory.join(KEY_FILE));
        let failed = |path: &Path, error: io::Error| TlsError::new(&path.display().to_string(), error);
        let read = |path: &Path| match fs::read_to_string(path) {
            Ok(pem) => Ok(Some(pem)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(path, error)),
        };
        let invalid =
            |path: &Path, reason: &dyn std::fmt::Display| TlsError::new(&path.display().to_string(), reason);
        let (pem, key) = (read(&certificate_path)?, read(&key_path)?);
        let Some(key) = key else {
            if pem.is_some() {
                let reason = format!(
                    "the private key of {CERTIFICATE_FILE} is missing; restore it, or remove {CERTIFICATE_FILE} so that \
                     a new authority is created"
                );
                return Err(invalid(&key_path, &reason));
            }
            let ca = Self::new(names)?;
            fs::create_dir_all(directory).map_err(|error| failed(directory, error))?;
            write_secret(&key_path, &ca.key.serialize_pem()).map_err(|error| failed(&key_path, error))?;
            fs::write(&certificate_path, &ca.pem).map_err(|error| failed(&certificate_path, error))?;
            return Ok(ca);
        };
        restrict(&key_path);
        let key = KeyPair::from_pem(&key).map_err(|error| invalid(&key_path, &error))?;
        let mut permitted = names.to_vec();
        if let Some(pem) = pem {
            let certificate = Certificate::parse(&pem).map_err(|error| invalid(&certificate_path, &error))?;
            if !certificate.expires_soon() && certificate.permits(names) {
                return Ok(Self { pem, key });
            }
            permitted.extend(certificate.permitted.unwrap_or_default());
            permitted.sort_unstable();
            permitted.dedup();
        }
        let ca = Self::issue(key, &permitted)?;
        fs::write(&certificate_path, &ca.pem).map_err(|error| failed(&certificate_path, error))?;
        tracing::warn!(
            path = %certificate_path.display(),
            "issued the certificate of the authority again; clients have to read it again"
        );
        Ok(ca)
    }

    /// Makes a certificate valid for as long as the CA is.
    pub(super) fn set_validity(&self, params: &mut CertificateParams) -> Result<(), TlsError> {
        let certificate =
            Certificate::parse(&self.pem).map_err(|error| TlsError::new("certificate authority", error))?;
        params.not_before = certificate.not_before.to_datetime();
        params.not_after = certificate.not_after.to_datetime();
        Ok(())
    }
}

/// What the certificate of a CA says.
struct Certificate {
    not_before: ASN1Time,
    not_after: ASN1Time,
    /// The names that it permits; `None` if it permits all.
    permitted: Option<Vec<String>>,
}

impl Certificate {
    fn parse(pem: &str) -> Result<Self, String> {
        let (_, pem) = parse_x509_pem(pem.as_bytes()).map_err(|error| error.to_string())?;
        let certificate = pem.parse_x509().map_err(|error| error.to_string())?;
        let constraints = certificate.name_constraints().map_err(|error| error.to_string())?;
        let subtrees = constraints.and_then(|constraints| constraints.value.permitted_subtrees.as_ref());
        let permitted = subtrees
            .map(|subtrees| subtrees.iter().filter_map(|subtree| subtree_name(&subtree.base)).collect());
        let validity = certificate.validity();
        Ok(Self { not_before: validity.not_before, not_after: validity.not_after, permitted })
    }

    fn expires_soon(&self) -> bool {
        self.not_after.timestamp() < (system_now() + TimeDelta::days(RENEWAL_DAYS)).timestamp()
    }

    /// Returns whether each of `names` is permitted.
    fn permits(&self, names: &[String]) -> bool {
        let Some(permitted) = &self.permitted else { return true };
        names.iter().all(|name| permitted.iter().any(|it| it == without_wildcard(name)))
    }
}

/// Returns the name that a permitted subtree contains.
fn subtree_name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        // An address and a mask of the same length.
        GeneralName::IPAddress(bytes) => match bytes.len() {
            8 => <[u8; 4]>::try_from(&bytes[..4]).ok().map(|octets| IpAddr::from(octets).to_string()),
            32 => <[u8; 16]>::try_from(&bytes[..16]).ok().map(|octets| IpAddr::from(octets).to_string()),
            _ => None,
        },
        _ => None,
    }
}

fn permitted_subtree(name: &str) -> GeneralSubtree {
    match name.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => GeneralSubtree::IpAddress(CidrSubnet::V4(ip.octets(), [u8::MAX; 4])),
        Ok(IpAddr::V6(ip)) => GeneralSubtree::IpAddress(CidrSubnet::V6(ip.octets(), [u8::MAX; 16])),
        Err(_) => GeneralSubtree::DnsName(without_wildcard(name).to_owned()),
    }
}

/// Returns the domain of a wildcard name; a constraint includes all names below its domain.
fn without_wildcard(name: &str) -> &str {
    name.strip_prefix("*.").unwrap_or(name)
}

/// Writes a file that only its owner can read.
fn write_secret(path: &Path, contents: &str) -> io::Result<()> {
    use std::io::Write;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(contents.as_bytes())
}

/// Takes the permissions of others from the private key, as far as this process may.
fn restrict(path: &Path) {
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        if let Err(error) = fs::set_permissions(path, mode) {
            tracing::debug!(%error, path = %path.display(), "cannot restrict the permissions of the private key");
        }
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// Returns the distinguished name with the common name `name`.
pub(super) fn distinguished_name(name: &str) -> DistinguishedName {
    let mut distinguished_name = DistinguishedName::new();
    distinguished_name.push(DnType::CommonName, name);
    distinguished_name
}
