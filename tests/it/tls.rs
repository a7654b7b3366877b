//! https: on the same port as http, with a certificate of the server's own authority or one that is given.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use access_groups_mock::{MockServer, Tls};
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

/// What a client got: the protocol, the status and the body.
#[derive(Debug)]
struct Got {
    version: Version,
    status: u16,
    body: String,
}

fn secured(tls: &Tls) -> MockServer {
    let tls = tls.clone();
    MockServer::builder().configure(|config| config.tls = Some(tls)).start()
}

/// Asks over TLS as `name`, trusting `ca_pem` alone and offering `protocol`.
async fn ask(
    address: SocketAddr,
    name: &str,
    ca_pem: &str,
    protocol: &str,
    path: &str,
) -> Result<Got, String> {
    let stream = connected(address, name, ca_pem, protocol).await?;
    let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    assert_eq!(is_http2, protocol == "h2");
    Ok(send(stream, is_http2, &format!("https://localhost:{}{path}", address.port())).await)
}

async fn connected(
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
) -> Got {
    let host = url.split('/').nth(2).unwrap().to_owned();
    let request = Request::get(url).header("authorization", "Bearer t");
    let io = TokioIo::new(stream);
    if is_http2 {
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await.unwrap();
        tokio::spawn(connection);
        return got(sender.send_request(request.body(String::new()).unwrap()).await.unwrap()).await;
    }
    let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
    tokio::spawn(connection);
    let request = request.header("host", host).body(String::new()).unwrap();
    got(sender.send_request(request).await.unwrap()).await
}

async fn got(answer: Response<Incoming>) -> Got {
    use http_body_util::BodyExt;
    let (version, status) = (answer.version(), answer.status().as_u16());
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    Got { version, status, body: String::from_utf8(bytes.to_vec()).unwrap() }
}

const GROUPS: &str = "/v2/groups?account_id=a1";

#[tokio::test]
async fn https_answers_on_the_port_of_http_with_links_of_its_own_scheme() {
    let tls = Tls::new(&["mock.test"]).unwrap();
    let mock = secured(&tls);
    let ca = tls.ca_pem().unwrap();

    for name in ["localhost", "127.0.0.1", "mock.test"] {
        let got = ask(mock.address(), name, ca, "http/1.1", GROUPS).await.unwrap();

        assert_eq!((got.version, got.status), (Version::HTTP_11, 200), "{name}");
        assert!(got.body.contains(r#""href":"https://localhost:"#), "{}", got.body);
    }
    let plain = TcpStream::connect(mock.address()).await.unwrap();
    let got = send(plain, false, &format!("{}{GROUPS}", mock.url())).await;
    assert_eq!(got.status, 200);
    assert!(got.body.contains(&format!(r#""href":"{}"#, mock.url())), "{}", got.body);
}

#[tokio::test]
async fn http_2_is_spoken_with_and_without_tls() {
    let tls = Tls::new(&[""; 0]).unwrap();
    let mock = secured(&tls);

    let secured = ask(mock.address(), "localhost", tls.ca_pem().unwrap(), "h2", GROUPS).await.unwrap();
    let plain = TcpStream::connect(mock.address()).await.unwrap();
    let plain = send(plain, true, &format!("{}{GROUPS}", mock.url())).await;

    assert_eq!((secured.version, secured.status), (Version::HTTP_2, 200));
    assert!(secured.body.contains(r#""href":"https://localhost:"#), "{}", secured.body);
    assert_eq!((plain.version, plain.status), (Version::HTTP_2, 200));
    assert!(plain.body.contains(&format!(r#""href":"{}"#, mock.url())), "{}", plain.body);
}

#[tokio::test]
async fn a_client_that_trusts_another_authority_or_asks_for_another_name_is_turned_away() {
    let (tls, other) = (Tls::new(&[""; 0]).unwrap(), Tls::new(&[""; 0]).unwrap());
    let mock = secured(&tls);

    let foreign = ask(mock.address(), "localhost", other.ca_pem().unwrap(), "h2", GROUPS).await;
    let misnamed = ask(mock.address(), "mock.test", tls.ca_pem().unwrap(), "h2", GROUPS).await;

    assert!(foreign.unwrap_err().contains("certificate"));
    assert!(misnamed.unwrap_err().contains("certificate"));
}

#[tokio::test]
async fn the_authority_is_served_and_a_connection_that_says_nothing_holds_up_nobody() {
    let tls = Tls::new(&[""; 0]).unwrap();
    let mock = secured(&tls);
    let silent = TcpStream::connect(mock.address()).await.unwrap();

    let plain = TcpStream::connect(mock.address()).await.unwrap();
    let got = send(plain, false, &format!("{}/__admin/ca.pem", mock.url())).await;

    assert_eq!((got.status, got.body.as_str()), (200, tls.ca_pem().unwrap()));
    drop(silent);
}

#[tokio::test]
async fn a_client_that_agrees_on_http_2_and_then_says_nothing_is_given_up() {
    let tls = Tls::new(&[""; 0]).unwrap();
    let limited = tls.clone();
    let mock = MockServer::builder()
        .configure(|config| {
            config.tls = Some(limited);
            config.request_timeout = Duration::from_millis(200);
        })
        .start();
    let mut silent = connected(mock.address(), "localhost", tls.ca_pem().unwrap(), "h2").await.unwrap();

    let ended = tokio::time::timeout(Duration::from_secs(20), silent.read_to_end(&mut Vec::new())).await;

    assert!(ended.is_ok(), "it is still open");
}

#[tokio::test]
async fn a_kept_authority_is_the_same_in_the_next_run() {
    let folder = std::env::temp_dir().join(format!("agm-tls-{}", std::process::id()));
    let first = Tls::kept_in(&folder, &[""; 0]).unwrap();

    let second = Tls::kept_in(&folder, &["later.test"]).unwrap();

    let mock = secured(&second);
    let got = ask(mock.address(), "later.test", first.ca_pem().unwrap(), "h2", GROUPS).await.unwrap();
    assert_eq!(got.status, 200);
    assert_eq!(first.ca_pem(), second.ca_pem());
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_certificate_of_ones_own_is_taken_and_a_wrong_one_refused() {
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec!["own.test".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap().pem();
    let other_key = rcgen::KeyPair::generate().unwrap().serialize_pem();

    let given = Tls::given(certificate.as_bytes(), key.serialize_pem().as_bytes()).unwrap();
    let mock = secured(&given);
    let got = ask(mock.address(), "own.test", &certificate, "h2", GROUPS).await;

    assert_eq!(got.unwrap().status, 200);
    assert_eq!(given.ca_pem(), None);
    assert!(Tls::given(certificate.as_bytes(), other_key.as_bytes()).is_err());
    assert!(Tls::given(b"no certificate", other_key.as_bytes()).is_err());
}
