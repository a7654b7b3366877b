//! Seed files and saved states.

use access_groups_mock::{Admin, App, Seed};

use super::server::{DEMO_SEED, Server, config, difference, request, to_json, with_server};
use crate::operation::{encode_body, operations};

/// The seed of the tests of Cloudflare's SDKs.
const CLOUDFLARE_SEED: &str = include_str!("../../../seeds/cloudflare-sdk-tests.json");

/// The input is a seed file: a server that starts with it has a state that can be saved and restored.
pub(super) fn seed(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Ok(seed) = Seed::parse(text) else { return };
    let Ok(app) = App::new(config(), seed) else { return };
    let admin = Admin::new(app);

    let saved = to_json(&admin.state());
    let parsed = Seed::parse(&saved).unwrap_or_else(|error| panic!("{error} in the saved state {saved}"));
    if let Err(error) = admin.put_state(&parsed) {
        panic!("{error} in the saved state {saved}");
    }

    let restored = to_json(&admin.state());
    assert!(saved == restored, "after the state was restored: {}", difference(&saved, &restored));
}

pub(super) fn seed_seeds() -> Vec<Vec<u8>> {
    let mut seeds = vec![DEMO_SEED.into(), CLOUDFLARE_SEED.into()];
    seeds.extend(sections(DEMO_SEED));
    seeds
}

/// The input is the body of `PUT /__admin/state`.
pub(super) fn state(input: &[u8]) {
    with_server(|server| {
        let Some(request) = request("PUT", b"/__admin/state", input.to_vec()) else { return };
        if !server.send(request).status.is_success() {
            return;
        }
        server.check_saved_state();
        send_examples(server);
    });
}

pub(super) fn state_seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    with_server(|server| seeds.push(server.state().into_bytes()));
    let whole = String::from_utf8_lossy(&seeds[0]).into_owned();
    seeds.extend(sections(&whole));
    seeds
}

/// Sends the example of each operation that creates a record: its identifier must not be in use.
fn send_examples(server: &Server) {
    for operation in
        operations().filter(|operation| operation.method == "post" && operation.dialect() != "admin")
    {
        let Some((media_type, body)) = operation.request_body() else { continue };
        let body = encode_body(media_type, &body["example"]).into_bytes();
        if let Some(request) = request("POST", operation.target().as_bytes(), body) {
            server.send(request);
        }
    }
}

/// Returns each section of a seed as a seed, so that mutations concentrate on few records.
fn sections(seed: &str) -> Vec<Vec<u8>> {
    let whole: serde_json::Value = serde_json::from_str(seed).unwrap_or_default();
    let sections = ["cloudflare", "ibm", "authress", "legacy", "credentials"];
    sections.iter().map(|name| serde_json::json!({*name: whole[*name]}).to_string().into_bytes()).collect()
}
