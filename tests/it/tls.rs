//! HTTPS on the same port as HTTP, with a certificate of the server's own CA or a configured one.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use access_groups_mock::{MockServer, Search, Tls};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::body::Incoming;
use hyper::{Request, Response, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::FromDer;

/// A response: protocol version, status and body.
#[derive(Debug)]
struct ReceivedResponse {
    version: Version,
    status: u16,
    body: String,
}

fn with_tls(tls: &Tls) -> MockServer {
    let tls = tls.clone();
    MockServer::builder().configure(|config| config.tls = Some(tls)).start()
}

/// Requests `path` over TLS for the server name `name`; trusts only `ca_pem` and offers only `protocol`.
async fn get(
    address: SocketAddr,
    name: &str,
    ca_pem: &str,
    protocol: &str,
    path: &str,
) -> Result<ReceivedResponse, String> {
    let stream = connect(address, name, ca_pem, protocol).await?;
    let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    assert_eq!(is_http2, protocol == "h2");
    Ok(send(stream, is_http2, &format!("https://localhost:{}{path}", address.port())).await)
}

async fn connect(
    address: SocketAddr,
    name: &str,
    ca_pem: &str,
    protocol: &str,
) -> Result<TlsStream<TcpStream>, String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(ca_pem.as_bytes()) {
        roots.add(certificate.unwrap()).unwrap();
    }
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let connected = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    connected.map_err(|error| error.to_string())
}

async fn send(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    is_http2: bool,
    url: &str,
) -> ReceivedResponse {
    let host = url.split('/').nth(2).unwrap().to_owned();
    let request = Request::get(url).header("authorization", "Bearer t");
    let io = TokioIo::new(stream);
    if is_http2 {
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await.unwrap();
        tokio::spawn(connection);
        return receive(sender.send_request(request.body(String::new()).unwrap()).await.unwrap()).await;
    }
    let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
    tokio::spawn(connection);
    let request = request.header("host", host).body(String::new()).unwrap();
    receive(sender.send_request(request).await.unwrap()).await
}

async fn receive(response: Response<Incoming>) -> ReceivedResponse {
    use http_body_util::BodyExt;
    let (version, status) = (response.version(), response.status().as_u16());
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    ReceivedResponse { version, status, body: String::from_utf8(bytes.to_vec()).unwrap() }
}

const GROUPS: &str = "/v2/groups?account_id=a1";

#[tokio::test]
async fn https_and_http_share_a_port_and_links_have_the_scheme_of_the_request() {
    let tls = Tls::new(&["mock.test"]).unwrap();
    let mock = with_tls(&tls);
    let ca = tls.ca_pem().unwrap();

    for name in ["localhost", "127.0.0.1", "mock.test"] {
        let response = get(mock.address(), name, ca, "http/1.1", GROUPS).await.unwrap();

        assert_eq!((response.version, response.status), (Version::HTTP_11, 200), "{name}");
        assert!(response.body.contains(r#""href":"https://localhost:"#), "{}", response.body);
    }
    let plain = TcpStream::connect(mock.address()).await.unwrap();
    let response = send(plain, false, &format!("{}{GROUPS}", mock.url())).await;
    assert_eq!(response.status, 200);
    assert!(response.body.contains(&format!(r#""href":"{}"#, mock.url())), "{}", response.body);
}

#[tokio::test]
async fn http_2_works_with_and_without_tls() {
    let tls = Tls::new(&[""; 0]).unwrap();
    let mock = with_tls(&tls);

    let secured = get(mock.address(), "localhost", tls.ca_pem().unwrap(), "h2", GROUPS).await.unwrap();
    let plain = TcpStream::connect(mock.address()).await.unwrap();
    let plain = send(plain, true, &format!("{}{GROUPS}", mock.url())).await;

    assert_eq!((secured.version, secured.status), (Version::HTTP_2, 200));
    assert!(secured.body.contains(r#""href":"https://localhost:"#), "{}", secured.body);
    assert_eq!((plain.version, plain.status), (Version::HTTP_2, 200));
    assert!(plain.body.contains(&format!(r#""href":"{}"#, mock.url())), "{}", plain.body);
}

#[tokio::test]
async fn journal_has_the_scheme_and_the_host_of_a_request() {
    let tls = Tls::new(&[""; 0]).unwrap();
    let mock = with_tls(&tls);
    let ca = tls.ca_pem().unwrap();
    for protocol in ["http/1.1", "h2"] {
        get(mock.address(), "localhost", ca, protocol, GROUPS).await.unwrap();
    }
    let plain = TcpStream::connect(mock.address()).await.unwrap();
    send(plain, true, &format!("{}{GROUPS}", mock.url())).await;

    let requests = mock.admin().requests(&Search::default());

    let urls: Vec<&str> = requests.iter().map(|it| it.request.absolute_url.as_str()).collect();
    let https = format!("https://localhost:{}{GROUPS}", mock.address().port());
    assert_eq!(urls, [https.as_str(), &https, &format!("{}{GROUPS}", mock.url())]);
}

#[tokio::test]
async fn the_certificate_is_valid_only_for_its_ca_and_names() {
    let (tls, other) = (Tls::new(&[""; 0]).unwrap(), Tls::new(&[""; 0]).unwrap());
    let mock = with_tls(&tls);

    let foreign = get(mock.address(), "localhost", other.ca_pem().unwrap(), "h2", GROUPS).await;
    let misnamed = get(mock.address(), "mock.test", tls.ca_pem().unwrap(), "h2", GROUPS).await;

    assert!(foreign.unwrap_err().contains("certificate"));
    assert!(misnamed.unwrap_err().contains("certificate"));
}

#[tokio::test]
async fn the_ca_is_served_while_a_silent_connection_is_open() {
    let tls = Tls::new(&[""; 0]).unwrap();
    let mock = with_tls(&tls);
    let silent = TcpStream::connect(mock.address()).await.unwrap();

    let plain = TcpStream::connect(mock.address()).await.unwrap();
    let response = send(plain, false, &format!("{}/__admin/ca.pem", mock.url())).await;

    assert_eq!((response.status, response.body.as_str()), (200, tls.ca_pem().unwrap()));
    drop(silent);
}

#[tokio::test]
async fn a_silent_client_is_disconnected_after_negotiating_http_2() {
    let tls = Tls::new(&[""; 0]).unwrap();
    let limited = tls.clone();
    let mock = MockServer::builder()
        .configure(|config| {
            config.tls = Some(limited);
            config.request_timeout = Duration::from_secs(2);
        })
        .start();
    let mut silent = connect(mock.address(), "localhost", tls.ca_pem().unwrap(), "h2").await.unwrap();

    let ended = tokio::time::timeout(Duration::from_secs(20), silent.read_to_end(&mut Vec::new())).await;

    assert!(ended.is_ok(), "the connection is still open");
}

/// A folder that is removed when this is dropped.
struct Folder(PathBuf);

impl Folder {
    /// Returns the path of a folder that does not exist yet.
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("agm-tls-{name}-{}", std::process::id())))
    }

    fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.0.join(file)).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn a_stored_ca_is_used_again_by_the_next_run() {
    let folder = Folder::new("stored");
    let first = Tls::with_ca_directory(&folder.0, &["*.mock.test"]).unwrap();

    let second = Tls::with_ca_directory(&folder.0, &["*.mock.test"]).unwrap();

    let mock = with_tls(&second);
    let response = get(mock.address(), "a.mock.test", first.ca_pem().unwrap(), "h2", GROUPS).await.unwrap();
    assert_eq!(response.status, 200);
    assert_eq!(first.ca_pem(), second.ca_pem());
}

#[tokio::test]
async fn a_stored_ca_that_does_not_permit_a_name_is_issued_again_with_its_key() {
    let folder = Folder::new("renamed");
    let first = Tls::with_ca_directory(&folder.0, &["first.test"]).unwrap();
    let key = folder.read("ca-key.pem");

    let second = Tls::with_ca_directory(&folder.0, &["second.test", "10.1.2.3"]).unwrap();
    let third = Tls::with_ca_directory(&folder.0, &["first.test"]).unwrap();

    let mock = with_tls(&second);
    let response = get(mock.address(), "second.test", second.ca_pem().unwrap(), "h2", GROUPS).await.unwrap();
    assert_eq!(response.status, 200);
    assert_ne!(first.ca_pem(), second.ca_pem());
    assert_eq!(second.ca_pem(), third.ca_pem());
    assert_eq!(second.ca_pem(), Some(folder.read("ca.pem").as_str()));
    assert_eq!(key, folder.read("ca-key.pem"));
}

#[test]
fn a_lost_file_of_a_stored_ca_is_issued_again_or_reported_with_its_path() {
    let folder = Folder::new("lost");
    let first = Tls::with_ca_directory(&folder.0, &[""; 0]).unwrap();
    let key = folder.read("ca-key.pem");

    std::fs::remove_file(folder.0.join("ca.pem")).unwrap();
    let second = Tls::with_ca_directory(&folder.0, &[""; 0]).unwrap();
    let key_afterwards = folder.read("ca-key.pem");
    std::fs::remove_file(folder.0.join("ca-key.pem")).unwrap();
    let error = Tls::with_ca_directory(&folder.0, &[""; 0]).unwrap_err().to_string();

    assert_ne!(first.ca_pem(), second.ca_pem());
    assert_eq!(key, key_afterwards);
    assert!(error.contains(folder.0.join("ca-key.pem").to_str().unwrap()), "{error}");
    assert_eq!(second.ca_pem(), Some(folder.read("ca.pem").as_str()));
}

#[cfg(unix)]
#[test]
fn the_private_key_of_a_stored_ca_is_readable_only_by_its_owner() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("mode");
    let mode = || std::fs::metadata(folder.0.join("ca-key.pem")).unwrap().permissions().mode() & 0o777;

    Tls::with_ca_directory(&folder.0, &[""; 0]).unwrap();
    let created = mode();
    std::fs::set_permissions(folder.0.join("ca-key.pem"), std::fs::Permissions::from_mode(0o644)).unwrap();
    Tls::with_ca_directory(&folder.0, &[""; 0]).unwrap();

    assert_eq!((created, mode()), (0o600, 0o600));
}

#[test]
fn the_ca_is_valid_for_a_year_and_only_for_the_names_of_the_server() {
    let tls = Tls::new(&["*.mock.test", "10.1.2.3"]).unwrap();

    let (_, pem) = x509_parser::pem::parse_x509_pem(tls.ca_pem().unwrap().as_bytes()).unwrap();
    let certificate = pem.parse_x509().unwrap();
    let validity = certificate.validity();
    let constraints = certificate.name_constraints().unwrap().unwrap();
    let permitted = constraints.value.permitted_subtrees.as_ref().unwrap();
    let permitted: Vec<String> = permitted.iter().map(|subtree| format!("{}", subtree.base)).collect();

    assert!(constraints.critical);
    assert_eq!(validity.not_after.timestamp() - validity.not_before.timestamp(), 365 * 24 * 3600);
    for name in ["localhost", "mock.test"] {
        assert!(permitted.iter().any(|it| it.contains(name)), "{permitted:?}");
    }
    assert!(!permitted.iter().any(|it| it.contains('*')), "{permitted:?}");
}

/// The extensions of a certificate that strict verifiers check.
#[derive(Debug, PartialEq)]
struct Extensions {
    subject_key_id: Option<Vec<u8>>,
    authority_key_id: Option<Vec<u8>>,
    /// The bits of `keyUsage`: 0 is digitalSignature, 5 keyCertSign, 6 cRLSign.
    key_usage: u16,
    is_for_servers: bool,
    is_authority: bool,
}

impl Extensions {
    fn read(certificate: &CertificateDer<'_>) -> Self {
        let (_, certificate) = X509Certificate::from_der(certificate).unwrap();
        let mut subject_key_id = None;
        let mut authority_key_id = None;
        for extension in certificate.extensions() {
            match extension.parsed_extension() {
                ParsedExtension::SubjectKeyIdentifier(id) => subject_key_id = Some(id.0.to_vec()),
                ParsedExtension::AuthorityKeyIdentifier(id) => {
                    authority_key_id = id.key_identifier.as_ref().map(|id| id.0.to_vec());
                }
                _ => {}
            }
        }
        Self {
            subject_key_id,
            authority_key_id,
            key_usage: certificate.key_usage().unwrap().map_or(0, |usage| usage.value.flags),
            is_for_servers: certificate.extended_key_usage().unwrap().is_some_and(|it| it.value.server_auth),
            is_authority: certificate.is_ca(),
        }
    }
}

/// Fails unless `openssl verify -x509_strict`, whose checks are those of Python 3.13 and later, accepts `certificate`;
/// skipped without openssl. Both are written to `folder`.
fn assert_openssl_accepts(certificate: &CertificateDer<'_>, ca: &str, folder: &Folder) {
    let is_found = Command::new("openssl").arg("version").stdout(Stdio::null()).status().is_ok();
    if !is_found {
        return;
    }
    std::fs::create_dir_all(&folder.0).unwrap();
    let (ca_file, file) = (folder.0.join("ca.pem"), folder.0.join("certificate.pem"));
    std::fs::write(&ca_file, ca).unwrap();
    let text = STANDARD.encode(certificate);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"));
    std::fs::write(&file, pem).unwrap();

    let options =
        ["verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", "localhost", "-CAfile"];
    let verified = Command::new("openssl").args(options).arg(ca_file).arg(file).output().unwrap();

    let output = [verified.stdout, verified.stderr].concat();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&output));
}

/// Fails unless strict verifiers accept the certificate and the authority of `tls`.
async fn assert_strict_verifiers_accept(tls: &Tls) {
    let mock = with_tls(tls);
    let ca = tls.ca_pem().unwrap();

    let stream = connect(mock.address(), "localhost", ca, "h2").await.unwrap();

    let certificates = stream.get_ref().1.peer_certificates().unwrap();
    let folder = Folder::new(&format!("openssl-{}", mock.address().port()));
    assert_openssl_accepts(&certificates[0], ca, &folder);
    let chain: Vec<Extensions> = certificates.iter().map(Extensions::read).collect();
    let [leaf, authority] = chain.as_slice() else { panic!("{chain:?}") };
    assert!(authority.subject_key_id.is_some());
    assert_eq!(leaf.authority_key_id, authority.subject_key_id);
    assert_eq!((leaf.key_usage, leaf.is_for_servers, leaf.is_authority), (1, true, false));
    assert_eq!((authority.key_usage, authority.is_authority), (1 << 5 | 1 << 6, true));
}

#[tokio::test]
async fn the_certificate_has_the_extensions_that_strict_verifiers_require() {
    assert_strict_verifiers_accept(&Tls::new(&["mock.test"]).unwrap()).await;
}

#[tokio::test]
async fn a_certificate_of_a_ca_from_an_earlier_version_has_the_extensions_that_strict_verifiers_require() {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::default();
    params.distinguished_name.push(rcgen::DnType::CommonName, "access-groups-mock CA");
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Constrained(0));
    params.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign, rcgen::KeyUsagePurpose::CrlSign];
    let folder = Folder::new("earlier");
    std::fs::create_dir_all(&folder.0).unwrap();
    std::fs::write(folder.0.join("ca.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
    std::fs::write(folder.0.join("ca-key.pem"), key.serialize_pem()).unwrap();

    let tls = Tls::with_ca_directory(&folder.0, &[""; 0]).unwrap();

    assert_strict_verifiers_accept(&tls).await;
}

#[tokio::test]
async fn a_configured_certificate_is_used_and_an_invalid_one_rejected() {
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec!["own.test".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap().pem();
    let other_key = rcgen::KeyPair::generate().unwrap().serialize_pem();

    let configured = Tls::from_pem(certificate.as_bytes(), key.serialize_pem().as_bytes()).unwrap();
    let mock = with_tls(&configured);
    let response = get(mock.address(), "own.test", &certificate, "h2", GROUPS).await;

    assert_eq!(response.unwrap().status, 200);
    assert_eq!(configured.ca_pem(), None);
    assert!(Tls::from_pem(certificate.as_bytes(), other_key.as_bytes()).is_err());
    assert!(Tls::from_pem(b"no certificate", other_key.as_bytes()).is_err());
}
