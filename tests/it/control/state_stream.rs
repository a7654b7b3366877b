//! A long state, which is sent while it is serialized.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use access_groups_mock::Config;

use super::create_legacy_group;
use crate::support::TestServer;

/// The number of groups of 100 kB.
const GROUPS: usize = 120;

const REQUEST: &str = "GET /__admin/state HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// Returns a seed that is much longer than what the server and the operating system buffer.
fn long_seed() -> String {
    let groups = (0..GROUPS).map(|number| {
        let domain = "x".repeat(100_000);
        format!(
            r#"{{"id":"{number:08x}","name":"g","include":[{{"email_domain":{{"domain":"{domain}"}}}}]}}"#
        )
    });
    let groups: Vec<String> = groups.collect();
    format!(r#"{{"cloudflare":{{"accounts":{{"a":{{"access_groups":[{}]}}}}}}}}"#, groups.join(","))
}

/// Requests the state, and returns the connection after the headers, which must be those of a body in chunks.
fn request_state(mock: &TestServer) -> BufReader<TcpStream> {
    let mut stream = mock.connect();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(REQUEST.as_bytes()).unwrap();
    let mut reader = BufReader::new(stream);
    let headers = (0..).map(|_| line(&mut reader)).take_while(|line| !line.is_empty());
    let headers = headers.collect::<Vec<_>>().join("\n").to_lowercase();
    assert!(
        headers.starts_with("http/1.1 200") && headers.contains("transfer-encoding: chunked"),
        "{headers}"
    );
    reader
}

fn line(reader: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

/// Reads a body in chunks to its end.
fn read_chunks(reader: &mut BufReader<TcpStream>) -> String {
    let mut body = Vec::new();
    loop {
        let length = usize::from_str_radix(&line(reader), 16).unwrap();
        let mut chunk = vec![0; length + 2];
        reader.read_exact(&mut chunk).unwrap();
        if length == 0 {
            return String::from_utf8(body).unwrap();
        }
        body.extend_from_slice(&chunk[..length]);
    }
}

#[test]
fn a_write_while_a_state_is_sent_does_not_show_and_does_not_wait() {
    let mock = TestServer::multi_threaded(Config::default(), &long_seed());
    let before = read_chunks(&mut request_state(&mock));

    let mut slow = request_state(&mock);
    create_legacy_group(&mock, "", "later");
    let received = read_chunks(&mut slow);

    assert!(received == before, "the state is the one before the write");
    assert!(read_chunks(&mut request_state(&mock)).contains("later"));
    assert!(
        before.ends_with('}') && before.matches("email_domain").count() == GROUPS,
        "the state is complete"
    );
}

#[test]
fn a_client_that_disconnects_ends_the_serialization_of_its_state() {
    let mock = TestServer::multi_threaded(Config::default(), &long_seed());

    // More than are sent at a time.
    for _ in 0..5 {
        drop(request_state(&mock));
    }

    assert!(read_chunks(&mut request_state(&mock)).ends_with('}'));
}
