//! The resident memory of the binary while HTTP/2 clients use all streams of a connection, and neither finish their
//! requests nor read their responses.

use std::time::Duration;

use axum::body::Body;
use futures_util::future::{join_all, pending};
use futures_util::{StreamExt, stream};
use hyper::client::conn::http2::{SendRequest, handshake};
use hyper::{Request, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::json;
use tokio::net::TcpStream;

use super::memory::{MIB, memory};
use super::process::Server;

/// The maximum number of streams of a connection.
const STREAMS: usize = 100;

async fn connect(server: &Server) -> SendRequest<Body> {
    let stream = TcpStream::connect(("127.0.0.1", server.port())).await.unwrap();
    let (sender, connection) = handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    sender
}

fn request(server: &Server, method: &str, path: &str) -> hyper::http::request::Builder {
    let uri = format!("http://localhost:{}{path}", server.port());
    Request::builder().method(method).uri(uri).header("authorization", "Bearer t")
}

/// Waits until the memory of the server does not change any more, and returns its peak.
async fn settled_peak(server: &Server) -> u64 {
    let mut last = 0;
    loop {
        let current = memory(server, "VmRSS");
        if current == last {
            return memory(server, "VmHWM");
        }
        last = current;
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

#[track_caller]
fn check(before: u64, peak: u64, max_mib: u64) {
    let grown = peak.saturating_sub(before) / MIB;
    eprintln!("+{grown} MiB, at most {max_mib}");
    assert!(grown <= max_mib, "+{grown} MiB instead of at most {max_mib}");
}

#[tokio::test]
async fn the_memory_of_responses_that_http_2_clients_do_not_read_is_bounded() {
    let server = Server::start(&["--log-level", "off"]);
    let body = json!({"name": "x".repeat(60_000)}).to_string();
    for _ in 0..60 {
        server.send("POST /v2/groups?account_id=a HTTP/1.1\nContent-Type: application/json", &body);
    }
    let (before, sender) = (memory(&server, "VmRSS"), connect(&server).await);

    let responses = (0..STREAMS).map(|_| {
        let request = request(&server, "GET", "/__admin/requests").body(Body::empty()).unwrap();
        sender.clone().send_request(request)
    });
    let responses = join_all(responses).await;

    // Together the responses have more than 500 MiB.
    assert!(responses.iter().all(|response| response.as_ref().unwrap().status() == StatusCode::OK));
    check(before, settled_peak(&server).await, 70);
}

#[tokio::test]
async fn the_memory_of_requests_that_http_2_clients_do_not_finish_is_bounded() {
    const BODY_BYTES: usize = 99_000;
    const HEADER_BYTES: usize = 15_000;
    let server = Server::start(&["--log-level", "off", "--body-limit", "100000"]);
    server.send("GET /v2/groups?account_id=a HTTP/1.1", "");
    let (before, sender) = (memory(&server, "VmRSS"), connect(&server).await);

    for _ in 0..STREAMS {
        // The body has no end.
        let sent = stream::iter([Ok::<_, std::io::Error>(vec![b' '; BODY_BYTES])]);
        let body = Body::from_stream(sent.chain(stream::once(pending())));
        let request =
            request(&server, "POST", "/v2/groups?account_id=a").header("filler", "f".repeat(HEADER_BYTES));
        let mut sender = sender.clone();
        tokio::spawn(async move { sender.send_request(request.body(body).unwrap()).await });
    }

    check(before, settled_peak(&server).await, 40);
    assert_eq!(server.send("GET /__admin/health HTTP/1.1", "").status, 200);
}
