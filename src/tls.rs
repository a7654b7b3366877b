//! TLS: a certificate authority of the server's own and a certificate for the names it is reached by, or certificates
//! that are given.
//!
//! Imports `store`.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::store::machine_time;

/// How long a certificate is good: some clients refuse one that is good for more than 825 days.
const LEAF_DAYS: i64 = 800;

/// How long the authority is good.
const AUTHORITY_DAYS: i64 = 3_650;

/// The names that every certificate has.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// The files of a folder that keeps the authority.
const CA_FILE: &str = "ca.pem";
const CA_KEY_FILE: &str = "ca-key.pem";

/// What a server needs to be reached by https.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    ca_pem: Option<Arc<str>>,
}

/// Why there is no TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsError(String);

impl TlsError {
    fn of(what: &str, error: impl fmt::Display) -> Self {
        Self(format!("{what}: {error}"))
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for TlsError {}

impl fmt::Debug for Tls {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Keys are nothing to show.
        formatter.debug_struct("Tls").field("ca_pem", &self.ca_pem).finish_non_exhaustive()
    }
}

impl Tls {
    /// Makes an authority in memory and a certificate for `localhost`, `127.0.0.1`, `::1`, the host's name and `names`.
    ///
    /// # Errors
    /// A name that no certificate can have.
    ///
    /// ```
    /// let tls = access_groups_mock::Tls::new(&["mock.test"])?;
    /// assert!(tls.ca_pem().unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    /// # Ok::<(), access_groups_mock::TlsError>(())
    /// ```
    pub fn new(names: &[impl AsRef<str>]) -> Result<Self, TlsError> {
        Self::signed_by(&Authority::new()?, names)
    }

    /// Does as [`Tls::new`], with the authority that the folder `directory` keeps; one is made where there is none.
    ///
    /// # Errors
    /// A name that no certificate can have, and files that cannot be read or written.
    pub fn kept_in(directory: &Path, names: &[impl AsRef<str>]) -> Result<Self, TlsError> {
        let authority = match Authority::read(directory)? {
            Some(authority) => authority,
            None => {
                let authority = Authority::new()?;
                authority
                    .write(directory)
                    .map_err(|error| TlsError::of(&directory.display().to_string(), error))?;
                authority
            }
        };
        Self::signed_by(&authority, names)
    }

    /// Takes a certificate, with those of its authorities behind it, and its key, both as PEM.
    ///
    /// # Errors
    /// PEM that cannot be read, and a key that does not belong to the certificate.
    pub fn given(certificates: &[u8], key: &[u8]) -> Result<Self, TlsError> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificates).collect();
        let chain = chain.map_err(|error| TlsError::of("certificate", error))?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| TlsError::of("key", error))?;
        Self::of(chain, key, None)
    }

    /// Returns the certificate of the authority as PEM, where the server made it.
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Returns what makes a connection a TLS connection.
    pub(crate) const fn acceptor(&self) -> &TlsAcceptor {
        &self.acceptor
    }

    fn signed_by(authority: &Authority, names: &[impl AsRef<str>]) -> Result<Self, TlsError> {
        let host = gethostname::gethostname().to_string_lossy().into_owned();
        let mut all: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
        all.push(host);
        all.extend(names.iter().map(|name| name.as_ref().to_owned()));
        all.retain(|name| !name.is_empty());
        let mut params = CertificateParams::new(all).map_err(|error| TlsError::of("names", error))?;
        params.distinguished_name = named("access-groups-mock");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        good_for(&mut params, LEAF_DAYS);
        let key = KeyPair::generate().map_err(|error| TlsError::of("key", error))?;
        let issuer = Issuer::from_ca_cert_pem(&authority.pem, &authority.key)
            .map_err(|error| TlsError::of(CA_FILE, error))?;
        let leaf = params.signed_by(&key, &issuer).map_err(|error| TlsError::of("certificate", error))?;
        let chain: Result<Vec<_>, _> =
            CertificateDer::pem_slice_iter(format!("{}{}", leaf.pem(), authority.pem).as_bytes()).collect();
        let chain = chain.map_err(|error| TlsError::of("certificate", error))?;
        let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes())
            .map_err(|error| TlsError::of("key", error))?;
        Self::of(chain, key, Some(authority.pem.as_str().into()))
    }

    fn of(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
        ca_pem: Option<Arc<str>>,
    ) -> Result<Self, TlsError> {
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsError::of("protocol versions", error))?
            .with_no_client_auth()
            .with_single_cert(chain, key);
        let mut config = config.map_err(|error| TlsError::of("certificate", error))?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), ca_pem })
    }
}

/// A certificate authority of the server's own.
struct Authority {
    pem: String,
    key: KeyPair,
}

impl Authority {
    fn new() -> Result<Self, TlsError> {
        let key = KeyPair::generate().map_err(|error| TlsError::of("key", error))?;
        let mut params = CertificateParams::default();
        params.distinguished_name = named("access-groups-mock CA");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        good_for(&mut params, AUTHORITY_DAYS);
        let pem = params.self_signed(&key).map_err(|error| TlsError::of("authority", error))?.pem();
        Ok(Self { pem, key })
    }

    /// Reads what [`Authority::write`] wrote; `None` where nothing was written.
    fn read(directory: &Path) -> Result<Option<Self>, TlsError> {
        let file = |name: &str| match fs::read_to_string(directory.join(name)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(TlsError::of(&directory.join(name).display().to_string(), error)),
        };
        let (Some(pem), Some(key)) = (file(CA_FILE)?, file(CA_KEY_FILE)?) else { return Ok(None) };
        let key = KeyPair::from_pem(&key).map_err(|error| TlsError::of(CA_KEY_FILE, error))?;
        Ok(Some(Self { pem, key }))
    }

    fn write(&self, directory: &Path) -> io::Result<()> {
        fs::create_dir_all(directory)?;
        write_secret(&directory.join(CA_KEY_FILE), &self.key.serialize_pem())?;
        fs::write(directory.join(CA_FILE), &self.pem)
    }
}

/// Writes a file that only its owner reads.
fn write_secret(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

fn named(name: &str) -> DistinguishedName {
    let mut named = DistinguishedName::new();
    named.push(DnType::CommonName, name);
    named
}

/// Makes a certificate good from yesterday on, as clocks differ, for `days`.
fn good_for(params: &mut CertificateParams, days: i64) {
    let from = machine_time() - TimeDelta::days(1);
    let day_of = |time: DateTime<Utc>| {
        let small = |number: u32| u8::try_from(number).unwrap_or(1);
        date_time_ymd(time.year(), small(time.month()), small(time.day()))
    };
    params.not_before = day_of(from);
    params.not_after = day_of(from + TimeDelta::days(days));
}
