//! Measures the start and stop of the in-process `MockServer`.
//!
//! `cargo bench --bench fixture`. One server per test must be cheap, even after a thousand of them.

use std::hint::black_box;
use std::io::{Read, Write};
use std::net::TcpStream;

use access_groups_mock::MockServer;
use criterion::{Criterion, criterion_group, criterion_main};

fn start_and_stop(criterion: &mut Criterion) {
    criterion.bench_function("mock_server/start and stop", |bencher| {
        bencher.iter(|| drop(black_box(MockServer::start())));
    });
}

fn start_request_and_stop(criterion: &mut Criterion) {
    criterion.bench_function("mock_server/start, request and stop", |bencher| {
        bencher.iter(|| {
            let mock = MockServer::start();
            let mut connection = TcpStream::connect(mock.address()).expect("the server accepts connections");
            let request = b"GET /v1/groups HTTP/1.0\r\nAuthorization: Bearer t\r\n\r\n";
            connection.write_all(request).expect("the request can be sent");
            let mut response = Vec::new();
            connection.read_to_end(&mut response).expect("the response is complete");
            assert!(response.starts_with(b"HTTP/1.0 200"));
        });
    });
}

fn namespace(criterion: &mut Criterion) {
    let mock = MockServer::start();
    let mut number = 0_u64;
    criterion.bench_function("mock_server/namespace of a running server", |bencher| {
        bencher.iter(|| {
            number += 1;
            black_box(mock.namespace(&format!("test-{number}")))
        });
    });
}

criterion_group!(benches, start_and_stop, start_request_and_stop, namespace);
criterion_main!(benches);
