//! The curl lines of README.md and docs/admin.md work as printed.

use access_groups_mock::AuthMode;

use crate::support::operations::demo;
use crate::support::{Call, Mock};

const README: &str = include_str!("../../README.md");
const ADMIN: &str = include_str!("../../docs/admin.md");

#[test]
fn every_curl_line_of_the_readme_succeeds_against_the_demo_seed() {
    assert!(succeeding_lines(README) > 20, "the README has lost its examples");
}

#[test]
fn every_curl_line_of_the_control_page_succeeds_against_the_demo_seed() {
    assert!(succeeding_lines(ADMIN) > 35, "the page has lost its examples");
}

/// Runs the curl lines of a page one after the other, and returns how many there are.
fn succeeding_lines(page: &str) -> usize {
    let mock = demo(AuthMode::Lenient);
    let lines: Vec<&str> = page.lines().filter(|line| line.starts_with("curl ")).collect();
    for line in &lines {
        let answer = call(&mock, line).send();

        assert!((200..300).contains(&answer.status), "{line}\nanswered {}: {}", answer.status, answer.text());
    }
    lines.len()
}

/// The request that curl makes of a command line.
fn call<'a>(mock: &'a Mock, line: &str) -> Call<'a> {
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
    let mut call = mock.call(&method, &target).anonymous();
    if !data.is_empty() {
        call = call.header("content-type", "application/x-www-form-urlencoded").body(data.join("&"));
    }
    for header in headers {
        let (name, value) = header.split_once(": ").unwrap();
        call = call.header(name, value);
    }
    call
}

/// Splits a command line as a shell does, as far as single quotes go.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut in_quotes = false;
    for letter in line.chars() {
        match letter {
            '\'' => in_quotes = !in_quotes,
            ' ' if !in_quotes => words.push(String::new()),
            _ => words.last_mut().unwrap().push(letter),
        }
    }
    words
}
