//! `replay` with the options of the server that change responses.

use access_groups_mock::{CloudflareConfig, Config, IsDefaultShape, ScopeShape};
use serde_json::json;

use super::binary::{run, run_with};
use super::{imported, journal};
use crate::support::TestServer;

/// The account of Cloudflare.
const ACCOUNT: &str = "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353";

/// Returns the configuration of a server whose responses have other forms than by default.
fn config() -> Config {
    let cloudflare = CloudflareConfig {
        is_default: Some(IsDefaultShape::Bool),
        scope: ScopeShape::Array,
        ..CloudflareConfig::default()
    };
    Config { cloudflare, public_url: Some("https://mock.test".to_owned()), ..Config::default() }
}

/// Returns such a server after some requests.
fn recorded_server() -> TestServer {
    let mock = TestServer::with_config(config(), "{}");
    let scope = json!({"key": "com.cloudflare.api.account.023e105f4ecef8ad9ca31a8372d0c353", "objects": [{"key": "*"}]});
    mock.post(&format!("{ACCOUNT}/access/groups"))
        .json(json!({"name": "x", "include": [{"everyone": {}}]}))
        .send_unchecked();
    mock.post(&format!("{ACCOUNT}/iam/resource_groups"))
        .json(json!({"name": "All", "scope": scope}))
        .send_unchecked();
    mock.post("/v1/groups").json(json!({"name": "y", "users": [], "admins": []})).send_unchecked();
    mock
}

const OPTIONS: [&str; 6] =
    ["--cloudflare-is-default", "bool", "--cloudflare-scope", "array", "--public-url", "https://mock.test"];

#[test]
fn replay_with_the_options_of_the_recorded_server_is_equal() {
    let recording = journal(&recorded_server());
    let args: Vec<&str> = ["replay"].into_iter().chain(OPTIONS).chain(["-"]).collect();

    let with = run(&args, &recording);
    let variables = [
        ("AGM_CLOUDFLARE_IS_DEFAULT", "bool"),
        ("AGM_CLOUDFLARE_SCOPE", "array"),
        ("AGM_PUBLIC_URL", "https://mock.test"),
    ];
    let from_environment = run_with(&["replay", "-"], &recording, &variables);
    let without = run(&["replay", "-"], &recording);

    assert_eq!(with.code, Some(0), "{}", with.stdout);
    assert_eq!(from_environment.code, Some(0), "{}", from_environment.stdout);
    assert_eq!(without.code, Some(1), "{}", without.stdout);
    for difference in [
        "type $.result.is_default: recorded boolean, replayed array",
        "type $.result.scope: recorded array, replayed object",
        "value $.links.self.href: recorded \"https://mock.test/",
    ] {
        assert!(without.stdout.contains(difference), "{difference}\n{}", without.stdout);
    }
}

#[test]
fn seed_of_an_import_gives_the_same_responses_with_these_options() {
    let recorded = recorded_server();

    let seed = imported(&journal(&recorded)).json.to_string();

    let restored = TestServer::with_config(config(), &seed);
    for list in ["access/groups", "iam/resource_groups"] {
        let path = format!("{ACCOUNT}/{list}");
        let [expected, actual] = [&recorded, &restored].map(|mock| mock.get(&path).send_unchecked().text());
        assert!(expected.contains("\"x\"") || expected.contains("\"All\""), "{expected}");
        assert_eq!(actual, expected, "{path}");
    }
}

#[test]
fn options_of_the_mock_are_rejected_with_another_server() {
    for option in [["--fidelity", "live"], ["--cloudflare-scope", "array"]] {
        let args: Vec<&str> =
            ["replay", "--against", "http://127.0.0.1:1"].into_iter().chain(option).chain(["-"]).collect();

        let output = run(&args, "");

        assert_eq!(output.code, Some(2), "{}", output.stderr);
        assert!(output.stderr.contains("cannot be used with"), "{}", output.stderr);
    }
}
