//! TLS: a self-signed certificate authority (CA) with a server certificate, or a certificate that the user provides.
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

use crate::store::system_now;

/// The validity of the server certificate in days; some clients reject certificates that are valid for more than 825
/// days.
const LEAF_DAYS: i64 = 800;

/// The validity of the CA certificate in days.
const CA_DAYS: i64 = 3_650;

/// The subject alternative names of every server certificate.
const SUBJECT_ALT_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// The file of the CA certificate.
const CA_FILE: &str = "ca.pem";

/// The file of the private key of the CA.
const CA_KEY_FILE: &str = "ca-key.pem";

/// The TLS configuration of a server.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    ca_pem: Option<Arc<str>>,
}

/// An error in the TLS configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsError(String);

impl TlsError {
    fn new(subject: &str, error: impl fmt::Display) -> Self {
        Self(format!("{subject}: {error}"))
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
        // The private key must not be shown.
        formatter.debug_struct("Tls").field("ca_pem", &self.ca_pem).finish_non_exhaustive()
    }
}

impl Tls {
    /// Creates a CA in memory and a server certificate for `localhost`, `127.0.0.1`, `::1`, the host name and `names`.
    ///
    /// # Errors
    /// A name that is not valid in a certificate.
    ///
    /// ```
    /// let tls = access_groups_mock::Tls::new(&["mock.test"])?;
    /// assert!(tls.ca_pem().unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    /// # Ok::<(), access_groups_mock::TlsError>(())
    /// ```
    pub fn new(names: &[impl AsRef<str>]) -> Result<Self, TlsError> {
        Self::signed_by(&CertificateAuthority::new()?, names)
    }

    /// Does the same as [`Tls::new`] with the CA in `directory`, which is created if it does not exist.
    ///
    /// # Errors
    /// A name that is not valid in a certificate, or files that cannot be read or written.
    pub fn with_ca_directory(directory: &Path, names: &[impl AsRef<str>]) -> Result<Self, TlsError> {
        let ca = match CertificateAuthority::read(directory)? {
            Some(ca) => ca,
            None => {
                let ca = CertificateAuthority::new()?;
                ca.write(directory)
                    .map_err(|error| TlsError::new(&directory.display().to_string(), error))?;
                ca
            }
        };
        Self::signed_by(&ca, names)
    }

    /// Returns the configuration with a certificate chain (the server certificate first) and its private key, both as
    /// PEM.
    ///
    /// # Errors
    /// Invalid PEM, or a key that does not match the certificate.
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, TlsError> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificates).collect();
        let chain = chain.map_err(|error| TlsError::new("certificate", error))?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| TlsError::new("key", error))?;
        Self::from_chain(chain, key, None)
    }

    /// Returns the certificate of the CA as PEM, if the server created it.
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Returns the acceptor that performs TLS handshakes.
    pub(crate) const fn acceptor(&self) -> &TlsAcceptor {
        &self.acceptor
    }

    fn signed_by(ca: &CertificateAuthority, names: &[impl AsRef<str>]) -> Result<Self, TlsError> {
        let host = gethostname::gethostname().to_string_lossy().into_owned();
        let mut subject_alt_names: Vec<String> =
            SUBJECT_ALT_NAMES.iter().map(|name| (*name).to_owned()).collect();
        subject_alt_names.push(host);
        subject_alt_names.extend(names.iter().map(|name| name.as_ref().to_owned()));
        subject_alt_names.retain(|name| !name.is_empty());
        let mut params =
            CertificateParams::new(subject_alt_names).map_err(|error| TlsError::new("names", error))?;
        params.distinguished_name = distinguished_name("access-groups-mock");
        // Strict verifiers, such as Python from 3.13 on, reject a certificate without these extensions.
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        set_validity(&mut params, LEAF_DAYS);
        let key = KeyPair::generate().map_err(|error| TlsError::new("key", error))?;
        let issuer =
            Issuer::from_ca_cert_pem(&ca.pem, &ca.key).map_err(|error| TlsError::new(CA_FILE, error))?;
        let leaf = params.signed_by(&key, &issuer).map_err(|error| TlsError::new("certificate", error))?;
        let chain: Result<Vec<_>, _> =
            CertificateDer::pem_slice_iter(format!("{}{}", leaf.pem(), ca.pem).as_bytes()).collect();
        let chain = chain.map_err(|error| TlsError::new("certificate", error))?;
        let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes())
            .map_err(|error| TlsError::new("key", error))?;
        Self::from_chain(chain, key, Some(ca.pem.as_str().into()))
    }

    fn from_chain(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
        ca_pem: Option<Arc<str>>,
    ) -> Result<Self, TlsError> {
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsError::new("protocol versions", error))?
            .with_no_client_auth()
            .with_single_cert(chain, key);
        let mut config = config.map_err(|error| TlsError::new("certificate", error))?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), ca_pem })
    }
}

/// A self-signed certificate authority (CA).
struct CertificateAuthority {
    pem: String,
    key: KeyPair,
}

impl CertificateAuthority {
    fn new() -> Result<Self, TlsError> {
        let key = KeyPair::generate().map_err(|error| TlsError::new("key", error))?;
        let mut params = CertificateParams::default();
        params.distinguished_name = distinguished_name("access-groups-mock CA");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        set_validity(&mut params, CA_DAYS);
        let pem =
            params.self_signed(&key).map_err(|error| TlsError::new("certificate authority", error))?.pem();
        Ok(Self { pem, key })
    }

    /// Reads the CA that [`CertificateAuthority::write`] wrote; returns `None` if the files do not exist.
    fn read(directory: &Path) -> Result<Option<Self>, TlsError> {
        let file = |name: &str| match fs::read_to_string(directory.join(name)) {
            Ok(pem) => Ok(Some(pem)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(TlsError::new(&directory.join(name).display().to_string(), error)),
        };
        let (Some(pem), Some(key)) = (file(CA_FILE)?, file(CA_KEY_FILE)?) else { return Ok(None) };
        let key = KeyPair::from_pem(&key).map_err(|error| TlsError::new(CA_KEY_FILE, error))?;
        Ok(Some(Self { pem, key }))
    }

    fn write(&self, directory: &Path) -> io::Result<()> {
        fs::create_dir_all(directory)?;
        write_secret(&directory.join(CA_KEY_FILE), &self.key.serialize_pem())?;
        fs::write(directory.join(CA_FILE), &self.pem)
    }
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

/// Returns the distinguished name with the common name `name`.
fn distinguished_name(name: &str) -> DistinguishedName {
    let mut distinguished_name = DistinguishedName::new();
    distinguished_name.push(DnType::CommonName, name);
    distinguished_name
}

/// Sets the validity to `days`, starting one day ago to allow for clock skew.
fn set_validity(params: &mut CertificateParams, days: i64) {
    let start = system_now() - TimeDelta::days(1);
    let to_date = |time: DateTime<Utc>| {
        let to_u8 = |number: u32| u8::try_from(number).unwrap_or(1);
        date_time_ymd(time.year(), to_u8(time.month()), to_u8(time.day()))
    };
    params.not_before = to_date(start);
    params.not_after = to_date(start + TimeDelta::days(days));
}
