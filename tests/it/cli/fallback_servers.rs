//! The options of fallback servers.

use super::process::{Server, run, server_command};
use crate::support::other_server::OtherServer;

#[test]
fn the_options_select_the_server_of_a_path() {
    let (all, ibm) = (OtherServer::empty_object(), OtherServer::empty_object());
    let servers = format!("{},ibm={}", all.url(), ibm.url());
    let mut command = server_command(&["--port", "0", "--fallback-credentials"]);
    let server = Server::spawn(command.env("AGM_FALLBACK", servers));

    assert_eq!(server.send("GET /v2/resource_keys HTTP/1.1", "").status, 200);
    assert_eq!(server.send("GET /zones/z/dns_records HTTP/1.1", "").status, 200);

    assert_eq!(ibm.received()[0].header("authorization"), Some("Bearer t"));
    assert_eq!(all.received()[0].target, "/zones/z/dns_records");
}

#[test]
fn invalid_servers_are_rejected_with_the_reason() {
    for (arguments, reason) in [
        (
            &["--fallback", "http://192.0.2.1:80"][..],
            "--fallback http://192.0.2.1:80: not a loopback address; allow it with --fallback-remote",
        ),
        (
            &["--fallback", "http://localhost:1,http://localhost:2"],
            "--fallback http://localhost:2: the same paths already have the server http://localhost:1",
        ),
        (&["--fallback", "https://localhost:1"], "connections to fallback servers have no TLS"),
        (&["--fallback", "localhost:1"], "must be a URL such as http://127.0.0.1:4020"),
        (&["--fallback", "aws=http://localhost:1"], "`aws` must be one of cloudflare, ibm, authress, legacy"),
    ] {
        let ended = run(&mut server_command(arguments));

        assert_eq!(ended.code, Some(2), "{arguments:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(reason), "{arguments:?}: {}", ended.stderr);
    }
}

#[test]
fn remote_servers_can_be_allowed() {
    let server = Server::start(&["--fallback", "cloudflare=http://192.0.2.1:80", "--fallback-remote"]);

    assert_eq!(server.send("GET /__admin/health HTTP/1.1", "").status, 200);
}
