//! The curl commands of README.md and docs/admin.md work as printed.

use access_groups_mock::{AuthMode, Config};

use crate::support::operations::{demo_server, demo_server_with_config};
use crate::support::{TestRequest, TestServer};

const README: &str = include_str!("../../README.md");
const ADMIN: &str = include_str!("../../docs/admin.md");

#[test]
fn every_curl_command_of_the_readme_succeeds_with_the_demo_seed() {
    assert!(count_succeeding_commands(README) > 20, "examples of the README are missing");
}

#[test]
fn every_curl_command_of_the_admin_page_succeeds_with_the_demo_seed() {
    assert!(count_succeeding_commands(ADMIN) > 35, "examples of the page are missing");
}

#[test]
fn the_response_at_the_start_of_the_readme_is_that_of_the_server() {
    let (_, transcript) = README.split_once("$ curl -i ").unwrap();
    let (transcript, _) = transcript.split_once("\n```").unwrap();
    let (command, shown) = transcript.split_once('\n').unwrap();
    let (headers, body) = shown.split_once("\n...\n").unwrap();
    let config = Config { explain: true, ..Config::default() };
    let mock = demo_server_with_config(config);

    let response = call(&mock, &format!("curl {command}")).send();

    let (status, headers) = headers.split_once('\n').unwrap();
    assert_eq!(status, format!("HTTP/1.1 {} Precondition Failed", response.status));
    for line in headers.lines() {
        let (name, value) = line.split_once(": ").unwrap();
        assert_eq!(response.header(name), value, "{name}");
    }
    let without_trace = |body: &str| body.split_once(',').unwrap().1.to_owned();
    assert_eq!(without_trace(&response.text()), without_trace(body));
}

/// Sends the curl commands of a page in order, asserts their success, and returns their number.
fn count_succeeding_commands(page: &str) -> usize {
    let mock = demo_server(AuthMode::Lenient);
    let lines: Vec<&str> = page.lines().filter(|line| line.starts_with("curl ")).collect();
    for line in &lines {
        let response = call(&mock, line).send();

        assert!(
            (200..300).contains(&response.status),
            "{line}\nreturned {}: {}",
            response.status,
            response.text()
        );
    }
    lines.len()
}

/// Parses a curl command line into the request that curl sends.
fn call<'a>(mock: &'a TestServer, line: &str) -> TestRequest<'a> {
    let (mut url, mut method, mut headers, mut data) = (None, None, Vec::new(), Vec::new());
    let mut words = words(line).into_iter().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "-H" => headers.push(words.next().unwrap()),
            "-X" => method = words.next(),
            "-d" => data.push(words.next().unwrap()),
            _ => url = Some(word),
        }
    }
    let target = url.unwrap().strip_prefix("http://127.0.0.1:4010").unwrap().to_owned();
    let method = method.unwrap_or_else(|| if data.is_empty() { "GET" } else { "POST" }.to_owned());
    let mut call = mock.request(&method, &target).anonymous();
    if !data.is_empty() {
        call = call.header("content-type", "application/x-www-form-urlencoded").body(data.join("&"));
    }
    for header in headers {
        let (name, value) = header.split_once(": ").unwrap();
        call = call.header(name, value);
    }
    call
}

/// Splits a command line into words like a shell; of the quoting, only single quotes are supported.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut in_quotes = false;
    for character in line.chars() {
        match character {
            '\'' => in_quotes = !in_quotes,
            ' ' if !in_quotes => words.push(String::new()),
            _ => words.last_mut().unwrap().push(character),
        }
    }
    words
}
