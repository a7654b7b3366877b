//! `GET /__admin/openapi.json` and `.yaml`: the servers, the selection of an API, the entity tag and the compression.

use std::io::Read;

use access_groups_mock::{Config, Dialect, openapi_document, openapi_yaml};
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::support::TestServer;

const JSON: &str = "/__admin/openapi.json";
const YAML: &str = "/__admin/openapi.yaml";
const DEFAULT_URL: &str = "http://127.0.0.1:4010";

fn urls(servers: &Value) -> Vec<&str> {
    servers.as_array().unwrap().iter().map(|server| server["url"].as_str().unwrap()).collect()
}

#[test]
fn the_document_has_the_url_of_the_server() {
    let mock = TestServer::start();

    let json = mock.get(JSON).anonymous().send().expect(200);
    let yaml = mock.get(YAML).anonymous().send().expect(200);

    let expected = openapi_document().to_string().replace(DEFAULT_URL, &mock.url());
    assert_eq!(json.json(), serde_json::from_str::<Value>(&expected).unwrap());
    assert_eq!(json.header("content-type"), "application/json");
    assert_eq!(yaml.header("content-type"), "application/yaml");
    assert_eq!(yaml.text(), openapi_yaml().replace(DEFAULT_URL, &mock.url()));
}

#[test]
fn the_servers_are_the_url_that_the_client_used() {
    let mock = TestServer::start();

    let forwarded = mock
        .get(JSON)
        .header("x-forwarded-host", "mock.example.test")
        .header("x-forwarded-proto", "https")
        .header("x-forwarded-prefix", "/proxy")
        .send()
        .expect(200);
    assert!(forwarded.header("vary").contains("X-Forwarded-Prefix"));
    let forwarded = forwarded.json();
    let in_namespace = mock.get(&format!("/ns/test-1{JSON}")).send().json();

    let base = "https://mock.example.test/proxy";
    assert_eq!(urls(&forwarded["servers"]), [base, &format!("{base}/ns/{{namespace}}")]);
    let of_cloudflare = &forwarded["paths"]["/accounts/{account_id}/access/groups"]["servers"];
    assert_eq!(
        urls(of_cloudflare),
        [&format!("{base}/client/v4"), &format!("{base}/ns/{{namespace}}/client/v4"), base]
    );
    let url = mock.url();
    assert_eq!(
        urls(&in_namespace["servers"]),
        [format!("{url}/ns/test-1"), format!("{url}/ns/{{namespace}}")]
    );
}

#[test]
fn the_servers_are_the_public_url_if_there_is_one() {
    let config =
        Config { public_url: Some("https://public.example.test/mock/".to_owned()), ..Config::default() };
    let mock = TestServer::with_config(config, "{}");

    let document = mock.get(JSON).send().json();

    let base = "https://public.example.test/mock";
    assert_eq!(urls(&document["servers"]), [base, &format!("{base}/ns/{{namespace}}")]);
}

#[test]
fn a_dialect_selects_its_paths_and_components() {
    let mock = TestServer::start();

    for name in ["cloudflare", "ibm", "authress", "legacy", "admin"] {
        let response = mock.get(&format!("{JSON}?dialect={name}")).send().expect(200);
        let document = response.json();
        for (path, item) in document["paths"].as_object().unwrap() {
            let operations = item.as_object().unwrap().values().filter_map(|it| it["operationId"].as_str());
            let ids: Vec<&str> = operations.collect();
            assert!(!ids.is_empty() && ids.iter().all(|id| id.starts_with(name)), "{path}: {ids:?}");
        }
        let prefix = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        for schema in document["components"]["schemas"].as_object().unwrap().keys() {
            assert!(schema.starts_with(&prefix), "{schema}");
        }
        let yaml = mock.get(&format!("{YAML}?dialect={name}")).send().expect(200);
        assert_eq!(serde_yaml_ng::from_str::<Value>(&yaml.text()).unwrap(), document);
    }
    let cloudflare = mock.get(&format!("{JSON}?dialect=cloudflare")).send().json();
    assert_eq!(urls(&cloudflare["servers"])[0], format!("{}/client/v4", mock.url()));
}

#[test]
fn an_unknown_dialect_is_an_error() {
    let mock = TestServer::start();

    for path in [JSON, YAML] {
        for value in ["unknown", "", "IBM", "ibm,legacy"] {
            let response = mock.get(&format!("{path}?dialect={value}")).send().expect(400);
            let detail = "dialect must be one of cloudflare, ibm, authress, legacy, admin";
            let error =
                json!({"errors": [{"code": 400, "title": "the request is invalid", "detail": detail}]});
            assert_eq!(response.json(), error);
        }
    }
}

#[test]
fn dialects_that_are_not_served_are_not_documented() {
    let mock = TestServer::with_config(Config { dialects: [Dialect::Ibm].into(), ..Config::default() }, "{}");

    let document = mock.get(JSON).send().json();

    let paths = document["paths"].as_object().unwrap();
    assert!(paths.contains_key("/v2/groups") && paths.contains_key(JSON));
    assert!(!paths.contains_key("/v1/groups"));
    mock.get(&format!("{JSON}?dialect=authress")).send().expect(400);
}

#[test]
fn the_entity_tag_saves_a_second_transfer() {
    let mock = TestServer::start();

    for path in [JSON, YAML] {
        let tag = mock.get(path).send().header("etag").to_owned();

        let current = mock.get(path).header("if-none-match", &format!("\"other\", {tag}")).send().expect(304);
        assert_eq!((current.header("etag"), current.body.len()), (tag.as_str(), 0));
        assert_eq!(current.header("cache-control"), "no-cache");
        mock.get(path).header("if-none-match", "\"other\"").send().expect(200);
        let of_one = mock.get(&format!("{path}?dialect=ibm")).header("if-none-match", &tag).send();
        assert_eq!(of_one.status, 200);
    }
}

#[test]
fn the_document_is_compressed_for_clients_that_accept_gzip() {
    let mock = TestServer::start();
    let send = |encodings: &str| {
        let request = format!(
            "GET {JSON} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept-Encoding: {encodings}\r\n\r\n"
        );
        mock.send_raw_bytes(request.as_bytes())
    };

    for (encodings, is_compressed) in
        [("gzip", true), ("br, GZIP;q=0.5", true), ("gzip;q=0", false), ("br", false), ("gzip;q=x", false)]
    {
        let response = send(encodings);
        let end = response.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
        let headers = String::from_utf8_lossy(&response[..end]).to_lowercase();
        assert_eq!(headers.contains("content-encoding: gzip"), is_compressed, "{encodings}: {headers}");
        assert!(headers.contains("vary: accept-encoding"), "{headers}");
        let body = &response[end + 4..];
        let mut text = String::new();
        if is_compressed {
            assert!(body.len() < 100_000, "{} bytes", body.len());
            GzDecoder::new(body).read_to_string(&mut text).unwrap();
        } else {
            text = String::from_utf8(body.to_vec()).unwrap();
        }
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["openapi"], "3.1.0");
    }
}
