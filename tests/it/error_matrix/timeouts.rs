//! A request whose body does not arrive changes nothing.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use access_groups_mock::Config;

use super::complete_state;
use crate::support::TestServer;
use crate::support::operations::{Operation, demo_server_with_config, encode_body, operations};

/// The number of operations that read a body.
const MIN_TIMEOUTS: usize = 60;

/// Sends the example of an operation without the last byte of its body.
fn send_incomplete(mock: &TestServer, operation: &Operation) -> TcpStream {
    let (media_type, body) = operation.request_body().unwrap();
    let body = encode_body(media_type, &body["example"]);
    let headers = operation.required_parameters("header").into_iter();
    let headers: String = headers.map(|(name, example)| format!("{name}: {example}\r\n")).collect();
    let (method, target, length) = (operation.method.to_uppercase(), operation.target(), body.len() + 1);
    let mut stream = mock.connect();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let head = format!(
        "{method} {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer any\r\n{headers}\
         Content-Type: {media_type}\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).unwrap();
    stream
}

fn read_status(stream: &mut TcpStream) -> u16 {
    let mut start = [0; 12];
    stream.read_exact(&mut start).unwrap();
    std::str::from_utf8(&start[9..]).unwrap().parse().unwrap()
}

#[test]
fn a_request_that_times_out_changes_nothing() {
    let config = Config { request_timeout: Duration::from_secs(2), ..Config::default() };
    let mock = demo_server_with_config(config);
    let before = complete_state(&mock);

    let operations = operations().filter(|it| it.dialect() != "admin" && it.request_body().is_some());
    let sent: Vec<(&str, TcpStream)> = operations.map(|it| (it.id(), send_incomplete(&mock, &it))).collect();

    let mut statuses = BTreeMap::<u16, usize>::new();
    for (id, mut stream) in sent {
        let status = read_status(&mut stream);
        assert!(status >= 400, "{id}: {status}");
        *statuses.entry(status).or_default() += 1;
    }
    let timeouts: usize = [503, 504].iter().filter_map(|status| statuses.get(status)).sum();
    assert!(timeouts >= MIN_TIMEOUTS, "{statuses:?}");
    assert_eq!(complete_state(&mock), before);
}
