//! What a browser gets: the index, the icon, and the files of the console with their headers and access control.

use access_groups_mock::{AdminAccess, Config, Dialect};
use serde_json::{Value, json};

use super::helpers::journal_entries;
use crate::support::{TestRequest, TestResponse, TestServer};

const PAGE: &str = "/__admin/ui/";

/// The start of what browsers send for a page.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

fn get<'a>(mock: &'a TestServer, path: &str) -> TestRequest<'a> {
    mock.get(path).anonymous()
}

fn with_admin(admin: AdminAccess) -> TestServer {
    TestServer::with_config(Config { admin, ..Config::default() }, "{}")
}

#[test]
fn every_file_that_the_page_and_its_scripts_name_is_served() {
    let mock = TestServer::start();
    let mut files = vec![(PAGE.to_owned(), "text/html; charset=utf-8")];
    let mut next = 0;
    let mut bytes = 0;
    while next < files.len() {
        let (path, media_type) = files[next].clone();
        next += 1;
        let response = get(&mock, &path).send().expect(200);
        assert_eq!(response.header("content-type"), media_type, "{path}");
        let text = response.text();
        bytes += text.len();
        let names = text.split('"').filter(|it| it.ends_with(".js") || it.ends_with(".css"));
        for name in names.filter(|it| !it.contains("types")) {
            let found = format!("{PAGE}{}", name.trim_start_matches("./"));
            let media_type = match name.ends_with(".css") {
                true => "text/css; charset=utf-8",
                false => "text/javascript; charset=utf-8",
            };
            if !files.iter().any(|(path, _)| *path == found) {
                files.push((found, media_type));
            }
        }
    }

    assert!(files.len() > 10, "{files:?}");
    assert!(bytes <= 120 * 1024, "the page has {bytes} bytes");
}

#[test]
fn a_file_has_strict_headers() {
    let mock = TestServer::start();

    for path in [PAGE, "/__admin/ui/main.js", "/ns/blue/__admin/ui/"] {
        let response = get(&mock, path).send().expect(200);
        for (name, value) in [
            (
                "content-security-policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
                 base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            ),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-cache"),
        ] {
            assert_eq!(response.header(name), value, "{path} {name}");
        }
        assert!(!response.headers.contains_key("set-cookie"));
    }
}

#[test]
fn a_file_is_sent_again_only_if_it_has_changed() {
    let mock = TestServer::start();
    let tag = get(&mock, PAGE).send().expect(200).header("etag").to_owned();

    let same = get(&mock, PAGE).header("if-none-match", &format!("\"x\", W/{tag}")).send().expect(304);
    let other = get(&mock, "/__admin/ui/main.js").header("if-none-match", &tag).send().expect(200);

    assert!(same.body.is_empty());
    assert_eq!(same.header("etag"), tag);
    assert_ne!(other.header("etag"), tag);
    assert!(mock.head(PAGE).anonymous().send().expect(200).body.is_empty());
}

#[test]
fn other_paths_and_methods_are_errors() {
    let mock = TestServer::start();

    for path in ["/__admin/ui/none.js", "/__admin/ui//", "/__admin/uix"] {
        let response = get(&mock, path).send().expect(404);
        assert_eq!(response.header("x-mock-rule"), "admin.paths.not-found", "{path}");
    }
    let response = mock.post(PAGE).anonymous().send().expect(405);
    assert_eq!(response.header("allow"), "GET");
    assert_eq!(get(&mock, "/__admin/ui").send().expect(303).header("location"), PAGE);
}

#[test]
fn a_browser_is_redirected_to_the_console() {
    let mock = TestServer::start();
    let location = |path: &str| {
        get(&mock, path).header("accept", BROWSER).send().expect(303).header("location").to_owned()
    };

    assert_eq!(location("/"), PAGE);
    assert_eq!(location("/ns/a@b"), "/__admin/ui/#/requests?ns=a%40b");
    let public = Config { public_url: Some("https://mock.test/base/".to_owned()), ..Config::default() };
    let public = TestServer::with_config(public, "{}");
    let response = get(&public, "/").header("accept", BROWSER).send().expect(303);
    assert_eq!(response.header("location"), "/base/__admin/ui/");
    assert_eq!(response.header("vary"), "accept");
}

#[test]
fn a_program_gets_the_index() {
    let config = Config { dialects: [Dialect::Ibm, Dialect::Cloudflare].into(), ..Config::default() };
    let mock = TestServer::with_config(config, "{}");
    let url = mock.url();

    for accept in ["*/*", "application/json"] {
        let response = get(&mock, "/").header("accept", accept).send().expect(200);
        assert_eq!(response.header("content-type"), "application/json");
        assert_eq!(
            response.json(),
            json!({
                "name": "access-groups-mock",
                "version": env!("CARGO_PKG_VERSION"),
                "console": format!("{url}/__admin/ui/"),
                "health": format!("{url}/__admin/health"),
                "openapi": format!("{url}/__admin/openapi.json"),
                "dialects": {"cloudflare": format!("{url}/client/v4"), "ibm": url}
            })
        );
    }
    let named = get(&mock, "/ns/one/").send().expect(200).json();
    assert_eq!(named["dialects"]["ibm"], format!("{url}/ns/one"));
}

#[test]
fn pages_are_not_in_the_journal_and_create_no_namespace() {
    let mock = TestServer::start();

    get(&mock, "/").send().expect(200);
    get(&mock, "/").header("accept", BROWSER).send().expect(303);
    get(&mock, "/favicon.ico").send().expect(204);
    get(&mock, PAGE).send().expect(200);
    get(&mock, "/ns/blue").send().expect(200);
    get(&mock, "/ns/blue/__admin/ui/").send().expect(200);

    assert!(journal_entries(&mock).is_empty());
    let unmatched = get(&mock, "/__admin/requests/unmatched?namespace=*").send().expect(200).json();
    assert_eq!(unmatched["requests"], json!([]));
    let namespaces = get(&mock, "/__admin/namespaces").send().expect(200).json();
    assert_eq!(namespaces["namespaces"].as_array().map(Vec::len), Some(1));
    mock.post("/").anonymous().send().expect(404);
    assert_eq!(journal_entries(&mock).len(), 1, "other methods of `/` are unknown paths");
}

#[test]
fn files_need_no_token_and_calls_do() {
    let token = with_admin(AdminAccess::Token("s3cret".to_owned()));
    let network = TestServer::with_config(
        Config { address: Some(([0, 0, 0, 0], 4010).into()), ..Config::default() },
        "{}",
    );

    for mock in [&token, &network] {
        get(mock, PAGE).send().expect(200);
        get(mock, "/__admin/ui/main.js").send().expect(200);
        get(mock, "/__admin/requests/stream").send().expect(401);
        get(mock, "/__admin/uix").send().expect(401);
    }
    let closed = get(&network, "/__admin/groups").send().expect(401);
    assert_eq!(closed.header("x-mock-rule"), "admin.auth.token-not-configured");
    let stream = get(&token, "/__admin/requests/stream?limit=0").header("x-mock-admin-token", "s3cret");
    stream.send().expect(200);
}

#[test]
fn files_are_for_the_host_and_the_pages_of_the_server() {
    let mock = TestServer::start();
    let rejected =
        |name: &str, value: &str| -> TestResponse { get(&mock, PAGE).header(name, value).send().expect(403) };

    assert_eq!(rejected("host", "evil.test").header("x-mock-rule"), "admin.hosts.not-allowed");
    assert_eq!(rejected("origin", "http://evil.test").header("x-mock-rule"), "admin.origins.not-allowed");
    assert_eq!(rejected("sec-fetch-site", "cross-site").header("x-mock-rule"), "admin.origins.cross-site");
    get(&mock, PAGE).header("sec-fetch-site", "none").send().expect(200);
    get(&mock, "/__admin/ui/main.js").header("sec-fetch-site", "same-origin").send().expect(200);
}

#[test]
fn without_the_admin_api_there_are_no_pages() {
    let mock = with_admin(AdminAccess::Disabled);

    for path in [PAGE, "/__admin/ui", "/__admin/ui/main.js"] {
        let response = get(&mock, path).send().expect(404);
        assert_eq!(response.header("x-mock-rule"), "admin.access.disabled");
    }
    let response: Value = get(&mock, "/").header("accept", BROWSER).send().expect(404).json();
    assert_eq!(response["errors"][0]["title"], "no API of this server has the path `/`");
    get(&mock, "/favicon.ico").send().expect(404);
}
