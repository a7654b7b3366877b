//! The certificate authority of the server in the formats in which clients read the certificates that they trust.

use std::fs;

use ring::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

/// The files with the certificates of the system: Debian and Alpine, Fedora, openSUSE, macOS and the BSDs.
const SYSTEM_BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The password of the Java trust store, which Java requires.
const STORE_PASSWORD: &str = "changeit";

/// Returns the certificates of the file `current`, or of the system if there is none, and `ca_pem`.
pub(super) fn bundle(current: Option<&str>, ca_pem: &str) -> String {
    let mut files = current.into_iter().filter(|path| !path.is_empty()).chain(SYSTEM_BUNDLES);
    let others = files.find_map(|path| fs::read_to_string(path).ok());
    format!("{}{ca_pem}", others.map_or_else(String::new, with_newline))
}

/// Returns `text` with a newline at its end.
pub(super) fn with_newline(mut text: String) -> String {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// Returns the options of Java with the trust store at the path `store`; `current` are those that were set.
pub(super) fn java_options(current: Option<&str>, store: &str) -> String {
    let ours = format!(
        "-Djavax.net.ssl.trustStore=\"{store}\" -Djavax.net.ssl.trustStorePassword={STORE_PASSWORD} \
         -Djavax.net.ssl.trustStoreType=JKS"
    );
    // The last option of a name counts.
    match current.map(str::trim).filter(|options| !options.is_empty()) {
        Some(options) => format!("{options} {ours}"),
        None => ours,
    }
}

/// Returns a Java key store (format JKS, version 2) that trusts the certificates of `bundle`.
///
/// The format is that of `sun.security.provider.JavaKeyStore`: trusted certificates in DER, then a SHA-1 digest that
/// is keyed with the password.
pub(super) fn java_store(bundle: &str) -> Vec<u8> {
    const MAGIC: u32 = 0xfeed_feed;
    const VERSION: u32 = 2;
    const TRUSTED_CERTIFICATE: u32 = 2;
    const DIGEST_SALT: &[u8] = b"Mighty Aphrodite";

    let certificates: Vec<CertificateDer<'_>> =
        CertificateDer::pem_slice_iter(bundle.as_bytes()).filter_map(Result::ok).collect();
    let mut store = Vec::new();
    put_u32(&mut store, MAGIC);
    put_u32(&mut store, VERSION);
    put_u32(&mut store, u32::try_from(certificates.len()).unwrap_or(u32::MAX));
    for (number, certificate) in certificates.iter().enumerate() {
        put_u32(&mut store, TRUSTED_CERTIFICATE);
        put_text(&mut store, &format!("certificate-{number}"));
        // The time of creation, which nothing reads.
        store.extend([0; 8]);
        put_text(&mut store, "X.509");
        put_u32(&mut store, u32::try_from(certificate.len()).unwrap_or(u32::MAX));
        store.extend_from_slice(certificate);
    }
    let mut digest = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    for unit in STORE_PASSWORD.encode_utf16() {
        digest.update(&unit.to_be_bytes());
    }
    digest.update(DIGEST_SALT);
    digest.update(&store);
    store.extend_from_slice(digest.finish().as_ref());
    store
}

fn put_u32(store: &mut Vec<u8>, number: u32) {
    store.extend(number.to_be_bytes());
}

/// Appends ASCII text with its length, as `DataOutput.writeUTF` does.
fn put_text(store: &mut Vec<u8>, text: &str) {
    store.extend(u16::try_from(text.len()).unwrap_or(u16::MAX).to_be_bytes());
    store.extend_from_slice(text.as_bytes());
}
