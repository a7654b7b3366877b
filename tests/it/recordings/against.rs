//! `replay --against`: recordings are sent to another server.

use access_groups_mock::{Config, Fidelity, Tls};
use serde_json::{Value, json};

use super::binary::{TemporaryFile, run, run_with};
use super::journal;
use crate::support::TestServer;

/// Two servers with the same group, of which one behaves as the live services do.
fn documented_and_live() -> [TestServer; 2] {
    let seed = r#"{"cloudflare":{"accounts":{"a1":{"access_groups":[{"id":"g1","name":"x","include":[{"everyone":{}}]}]}}},
        "authress":{"groups":[{"groupId":"grp_1","name":"One","users":[],"admins":[]}]}}"#;
    [Fidelity::Documented, Fidelity::Live]
        .map(|fidelity| TestServer::with_config(Config { fidelity, ..Config::default() }, seed))
}

#[test]
fn replay_against_another_server_finds_its_differences() {
    let [documented, live] = documented_and_live();
    documented.get("/client/v4/accounts/a1/access/groups").send().expect(200);
    documented.get("/v1/groups").send().expect(200);
    let recording = journal(&documented);

    let output = run_with(
        &["replay", "--against", &live.url(), "-"],
        &recording,
        &[("AGM_REPLAY_TOKEN", "own-token")],
    );
    let same = run_with(
        &["replay", "--against", &documented.url(), "-"],
        &recording,
        &[("AGM_REPLAY_TOKEN", "own-token")],
    );

    assert_eq!(output.code, Some(1), "{}{}", output.stdout, output.stderr);
    assert!(output.stdout.contains("missing $.result[0].is_default: recorded []"), "{}", output.stdout);
    assert!(output.stdout.ends_with("2 exchanges: 1 equal, 1 different\n"), "{}", output.stdout);
    assert_eq!(same.code, Some(0), "{}", same.stdout);
}

#[test]
fn replay_against_another_server_writes_only_with_yes() {
    let [documented, live] = documented_and_live();
    documented.get("/v1/groups").send().expect(200);
    let created =
        documented.post("/v1/groups").json(json!({"name": "New", "users": [], "admins": []})).send().json();
    let path = format!("/v1/groups/{}", created["groupId"].as_str().unwrap());
    documented.get(&path).send().expect(200);
    documented.delete(&path).send().expect(204);
    let recording = journal(&documented);
    let args = ["replay", "--against", &live.url(), "-"];
    let received = || -> Value { live.get("/__admin/requests").send().json() };

    let without = run_with(&args, &recording, &[("AGM_REPLAY_TOKEN", "own-token")]);
    assert_eq!(without.code, Some(2), "{}", without.stdout);
    let reason = "nothing was sent: 2 requests write, the first one is POST (standard input: entry 2 (line 1)); --yes sends them";
    assert!(without.stderr.contains(reason), "{}", without.stderr);
    assert_eq!(received()["requests"], json!([]));

    let with = run_with(
        &["replay", "--yes", "--against", &live.url(), "-"],
        &recording,
        &[("AGM_REPLAY_TOKEN", "own-token")],
    );
    assert_eq!(with.code, Some(0), "{}", with.stdout);
    assert_eq!(received()["requests"].as_array().unwrap().len(), 4);
}

#[test]
fn replay_against_another_server_sends_no_recorded_credential() {
    let [documented, live] = documented_and_live();
    documented.get("/v1/groups").send().expect(200);
    documented
        .post("/identity/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey=recorded-key")
        .anonymous()
        .send()
        .expect(200);
    let mut recording: Value = serde_json::from_str(&journal(&documented)).unwrap();
    for header in recording["log"]["entries"][0]["request"]["headers"].as_array_mut().unwrap() {
        if header["name"] == "authorization" {
            header["value"] = "Bearer recorded-token".into();
        }
    }
    let recording = recording.to_string();
    let live_with_secrets = TestServer::with_config(
        Config {
            journal: access_groups_mock::JournalConfig { keep_secrets: true, ..Default::default() },
            ..Config::default()
        },
        "{}",
    );

    let without = run(&["replay", "--against", &live.url(), "-"], &recording);
    let with = run_with(
        &["replay", "--against", &live_with_secrets.url(), "-"],
        &recording,
        &[("AGM_REPLAY_TOKEN", "own-token")],
    );

    assert!(without.stdout.contains("status status: recorded 200, replayed 401"), "{}", without.stdout);
    assert!(
        with.stdout.contains("the request contains a credential outside of its headers, which is not sent"),
        "{}",
        with.stdout
    );
    let received = live_with_secrets.get("/__admin/requests").send_unchecked().text();
    assert!(received.contains("own-token") && !received.contains("recorded-"), "{received}");
}

#[test]
fn replay_against_no_server_is_a_difference() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let [documented, _] = documented_and_live();
    documented.get("/v1/groups").send().expect(200);

    let output =
        run(&["replay", "--against", &format!("http://127.0.0.1:{port}"), "-"], &journal(&documented));

    assert_eq!(output.code, Some(1), "{}", output.stderr);
    assert!(output.stdout.contains("no-response response: replayed "), "{}", output.stdout);
}

#[test]
fn replay_against_a_server_with_tls_trusts_the_authorities_of_the_environment() {
    let tls = Tls::new(&[""; 0]).unwrap();
    let authority = TemporaryFile::new("authority.pem", tls.ca_pem().unwrap());
    let seed = r#"{"authress":{"groups":[{"groupId":"grp_1","name":"One","users":[],"admins":[]}]}}"#;
    let config = Config {
        tls: Some(tls),
        journal: access_groups_mock::JournalConfig { keep_secrets: true, ..Default::default() },
        ..Config::default()
    };
    let target = TestServer::with_config(config, seed);
    let recorded = TestServer::with_seed(seed);
    recorded.get("/v1/groups").send().expect(200);
    let created =
        recorded.post("/v1/groups").json(json!({"name": "New", "users": [], "admins": []})).send().json();
    recorded.delete(&format!("/v1/groups/{}", created["groupId"].as_str().unwrap())).send().expect(204);
    let recording = journal(&recorded).replace("Bearer [redacted]", "Bearer recorded-token");
    let url = target.url().replace("http://", "https://");
    let args = ["replay", "--yes", "--against", &url, "-"];
    let token = ("AGM_REPLAY_TOKEN", "own-token");

    let with = run_with(&args, &recording, &[token, ("SSL_CERT_FILE", authority.path())]);
    let without = run_with(&args, &recording, &[token]);
    let unreadable = run_with(&args, &recording, &[token, ("SSL_CERT_FILE", "/nowhere/ca.pem")]);
    let empty = TemporaryFile::new("empty.pem", "nothing");
    let without_certificates = run_with(&args, &recording, &[token, ("SSL_CERT_FILE", empty.path())]);

    assert_eq!(with.code, Some(0), "{}{}", with.stdout, with.stderr);
    assert!(with.stdout.ends_with("3 exchanges: 3 equal, 0 different\n"), "{}", with.stdout);
    let received = target.get("/__admin/requests").send_unchecked().text();
    assert!(received.contains("own-token") && !received.contains("recorded-token"), "{received}");
    assert!(received.contains("https://"), "{received}");
    assert_eq!(without.code, Some(1), "{}", without.stdout);
    assert!(
        without.stdout.contains("no-response response: replayed ") && without.stdout.contains("certificate"),
        "{}",
        without.stdout
    );
    assert_eq!(unreadable.code, Some(3), "{}", unreadable.stderr);
    assert!(unreadable.stderr.contains("/nowhere/ca.pem: cannot be read"), "{}", unreadable.stderr);
    assert_eq!(without_certificates.code, Some(3), "{}", without_certificates.stderr);
    assert!(
        without_certificates.stderr.contains("contains no certificate"),
        "{}",
        without_certificates.stderr
    );
}
