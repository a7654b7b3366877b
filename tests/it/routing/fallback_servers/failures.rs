//! Fallback servers that fail, are too slow or are not allowed, and requests that are too large for them.

use super::*;

#[test]
fn a_server_that_is_down_is_the_502_of_the_vendor() {
    let down = closed_url();
    let mock = with_fallback(FallbackConfig { server: Some(down.clone()), ..FallbackConfig::default() });

    for (path, rule) in UNKNOWN_PATHS {
        let response = mock.post(path).body("{}").send_unchecked().expect(502);

        assert_eq!(
            (response.header("x-mock-rule"), response.header("x-mock-fallback")),
            (rule, ""),
            "{path}"
        );
        let reason = format!("{down} cannot be reached");
        assert!(response.text().contains(&reason), "{path}: {}", response.text());
        assert!(response.json().is_object(), "{path}");
    }
}

#[test]
fn a_response_that_is_too_long_or_not_http_is_a_502() {
    let long = OtherServer::start(|_| response("200 OK", &[], &vec![b'x'; 16 * 1024 * 1024 + 1]));
    let broken = OtherServer::start(|_| b"220 smtp\r\n".to_vec());
    let short = OtherServer::start(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc".to_vec());
    let upgraded = OtherServer::start(|_| b"HTTP/1.1 101 Switching Protocols\r\n\r\n".to_vec());

    for other in [long, broken, short, upgraded] {
        let response = get(&forwarding_to(&other), "/v2/resource_keys").expect(502);
        assert_eq!(response.header("x-mock-rule"), "ibm.fallback.failed");
    }
}

#[test]
fn a_server_that_does_not_respond_in_time_is_the_timeout_of_the_vendor() {
    let other = OtherServer::start(|_| {
        std::thread::sleep(Duration::from_secs(4));
        Vec::new()
    });
    let config = Config {
        request_timeout: Duration::from_secs(1),
        fallback: FallbackConfig { server: Some(url(&other)), ..FallbackConfig::default() },
        ..Config::default()
    };
    let mock = TestServer::with_config(config, "{}");

    assert_eq!(
        get(&mock, "/zones/z/dns_records").expect(504).header("x-mock-rule"),
        "cloudflare.server.timeout"
    );
}

#[test]
fn a_body_above_the_limit_is_the_413_of_the_vendor() {
    let other = OtherServer::empty_object();
    let fallback = FallbackConfig { server: Some(url(&other)), ..FallbackConfig::default() };
    let config = Config { body_limit: 10, fallback, ..Config::default() };
    let mock = TestServer::with_config(config, "{}");

    mock.post("/zones/z/dns_records").body("x".repeat(10)).send_unchecked().expect(200);
    let response = mock.post("/zones/z/dns_records").body("x".repeat(11)).send_unchecked().expect(413);

    assert_eq!(response.header("x-mock-rule"), "cloudflare.requests.body-too-large");
    assert_eq!(other.received().len(), 1);
}

#[test]
fn only_loopback_addresses_are_used_unless_others_are_allowed() {
    // An address of the documentation (RFC 5737), to which nothing is sent.
    let remote: FallbackUrl = "http://192.0.2.1:80".parse().unwrap();
    let mock = with_fallback(FallbackConfig { server: Some(remote), ..FallbackConfig::default() });

    let response = get(&mock, "/zones/z/dns_records").expect(502);

    let reason = "http://192.0.2.1:80 has no loopback address, and --fallback-remote is not set";
    assert!(response.text().contains(reason), "{}", response.text());
}
