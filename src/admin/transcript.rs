//! `Admin::transcript`: the requests of a namespace as text, for the output of a failed test.

use std::fmt::Write as _;

use super::api::Admin;
use super::exchange::Exchange;
use super::search::Search;

/// The maximum length of a body in characters.
const MAX_BODY_CHARS: usize = 400;

impl Admin {
    /// Returns all requests and responses as text, with shortened bodies and the rules that rejected requests; an empty
    /// string if there are none.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// assert_eq!(mock.admin().transcript(), "");
    /// ```
    pub fn transcript(&self) -> String {
        let mut transcript = String::new();
        for exchange in self.requests(&Search::default()) {
            self.describe(&mut transcript, &exchange);
        }
        transcript
    }

    fn describe(&self, transcript: &mut String, exchange: &Exchange) {
        let request = &exchange.request;
        let status = match &exchange.response {
            Some(response) => response.status.to_string(),
            None => "no response".to_owned(),
        };
        let response = exchange.response.as_ref().map_or("", |response| response.body.as_str());
        // Writing to a string does not fail.
        let _ = writeln!(transcript, "{} {} -> {status}", request.method, request.url);
        for (title, text) in [
            ("request ", shorten(&request.body)),
            ("response", shorten(response)),
            ("faults  ", exchange.faults.join(", ")),
            ("rule    ", self.describe_rule(exchange)),
        ] {
            if !text.is_empty() {
                let _ = writeln!(transcript, "    {title} {text}");
            }
        }
    }

    /// Returns the rule that rejected a request, with the reason; an empty string if it was accepted.
    fn describe_rule(&self, exchange: &Exchange) -> String {
        if exchange.rule.is_none() && exchange.was_matched {
            return String::new();
        }
        let rule = exchange.rule.as_deref().unwrap_or("none");
        match self.explain(&exchange.id) {
            Ok(explanation) => format!("{rule}: {}", explanation.summary),
            Err(_removed) => rule.to_owned(),
        }
    }
}

/// Returns `body` on one line, cut after [`MAX_BODY_CHARS`] characters.
fn shorten(body: &str) -> String {
    let line = body.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_BODY_CHARS) {
        Some((end, _)) => format!("{}… ({} characters)", &line[..end], line.chars().count()),
        None => line,
    }
}
