//! TLS: a self-signed certificate authority (CA) with a server certificate, or a certificate that the user provides.
//!
//! Imports `store`.

mod authority;
mod error;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, Issuer, KeyPair, KeyUsagePurpose};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use authority::{CertificateAuthority, distinguished_name};
pub use error::TlsError;

/// The subject alternative names of every server certificate.
const SUBJECT_ALT_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// The TLS configuration of a server.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    ca_pem: Option<Arc<str>>,
}

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
        let names = subject_alt_names(names);
        Self::signed_by(&CertificateAuthority::new(&names)?, names)
    }

    /// Does the same as [`Tls::new`] with the CA in `directory`, which is created if it does not exist.
    ///
    /// The certificate of a CA that has expired, or that does not permit one of the names, is issued again with the same
    /// key and written to the directory.
    ///
    /// # Errors
    /// A name that is not valid in a certificate, files that cannot be read or written, or a CA without its key.
    pub fn with_ca_directory(directory: &Path, names: &[impl AsRef<str>]) -> Result<Self, TlsError> {
        let names = subject_alt_names(names);
        Self::signed_by(&CertificateAuthority::in_directory(directory, &names)?, names)
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

    fn signed_by(ca: &CertificateAuthority, names: Vec<String>) -> Result<Self, TlsError> {
        let mut params = CertificateParams::new(names).map_err(|error| TlsError::new("names", error))?;
        params.distinguished_name = distinguished_name("access-groups-mock");
        // Strict verifiers, such as Python from 3.13 on, reject a certificate without these extensions.
        params.use_authority_key_identifier_extension = true;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        ca.set_validity(&mut params)?;
        let key = KeyPair::generate().map_err(|error| TlsError::new("key", error))?;
        let issuer = Issuer::from_ca_cert_pem(&ca.pem, &ca.key)
            .map_err(|error| TlsError::new("certificate authority", error))?;
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
        config.alpn_protocols = vec![
            #[cfg(feature = "http2")]
            b"h2".to_vec(),
            b"http/1.1".to_vec(),
        ];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), ca_pem })
    }
}

/// Returns the subject alternative names of a server certificate for `names`.
fn subject_alt_names(names: &[impl AsRef<str>]) -> Vec<String> {
    let host = gethostname::gethostname().to_string_lossy().into_owned();
    let fixed = SUBJECT_ALT_NAMES.iter().map(|name| (*name).to_owned());
    let names = fixed.chain([host]).chain(names.iter().map(|name| name.as_ref().to_owned()));
    names.filter(|name| !name.is_empty()).collect()
}
