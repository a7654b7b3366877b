//! `Replay`: sends the requests of a recording again and compares the responses.

mod accepted;
mod bindings;
mod compare;
mod difference;
mod evidence;
mod junit;
mod report;
mod request;
mod target;
mod volatile;

use std::borrow::Cow;

use axum::http::Method;

use super::exchange::{RecordedExchange, RecordingError};
use super::operations::{Hosts, RecordedOperation};
use super::pseudonyms::{Pseudonyms, why_another_response};
use crate::app::App;
use crate::control::redaction;
use crate::router::dialects::apis;
use crate::router::router;
use bindings::Bindings;
use compare::{Comparison, Response};
use request::Credentials;
use target::Target;

pub use accepted::AcceptedDifferences;
pub use difference::{Accepted, Difference, DifferenceKind};
pub use evidence::EvidenceReport;
pub use report::{ExchangeReport, Report, RuleReport, Totals};
pub use target::TargetServer;

/// The response header with the rule of an error of this server.
const RULE_HEADER: &str = "x-mock-rule";

/// Sends the requests of a recording again and compares the responses.
#[derive(Debug)]
pub struct Replay {
    hosts: Hosts,
    target: Target,
    credentials: Credentials,
    bindings: Bindings,
    pseudonyms: Option<Pseudonyms>,
    report: Report,
}

impl Replay {
    /// Returns a replay against a mock in this process.
    pub fn against_mock(app: &App, hosts: Vec<String>) -> Self {
        Self::new(Target::Mock(router(app)), Credentials::Placeholder, hosts)
    }

    /// Returns a replay against a server that the user names.
    pub fn against_server(server: TargetServer, hosts: Vec<String>) -> Self {
        Self::new(Target::server(&server), Credentials::Headers(server.credentials), hosts)
    }

    fn new(target: Target, credentials: Credentials, hosts: Vec<String>) -> Self {
        Self {
            hosts: Hosts::new(hosts),
            target,
            credentials,
            bindings: Bindings::default(),
            pseudonyms: None,
            report: Report::default(),
        }
    }

    /// Replaces the texts of requests and responses by their pseudonyms, as in a seed with these pseudonyms.
    ///
    /// The order of lists is not compared: that of pseudonyms is another one.
    #[must_use]
    pub fn with_pseudonyms(mut self, pseudonyms: Pseudonyms) -> Self {
        self.pseudonyms = Some(pseudonyms);
        self
    }

    /// Sends the request of an exchange, and compares the response with the recorded one.
    pub async fn replay(&mut self, exchange: Result<&RecordedExchange, RecordingError>) {
        let report = match exchange {
            Ok(exchange) => self.replay_exchange(exchange).await,
            Err(RecordingError { place, reason }) => skipped(place, String::new(), None, reason),
        };
        self.report.exchanges.push(report);
    }

    /// Returns the report.
    pub fn finish(self) -> Report {
        self.report
    }

    async fn replay_exchange(&mut self, exchange: &RecordedExchange) -> ExchangeReport {
        let place = exchange.place.to_string();
        let (exchange, operation) = match self.with_operation(exchange) {
            Ok(found) => found,
            Err(reason) => return skipped(place, shown(exchange), None, reason),
        };
        let (exchange, shown) = (&*exchange, shown(&exchange));
        let name = format!("{}.{}", operation.dialect(), operation.id());
        if exchange.status == 0 {
            return skipped(place, shown, Some(name), "the recording has no response".to_owned());
        }
        if let 429 | 502..=504 = exchange.status {
            let reason = format!(
                "the recorded status {} shows only that the service was not available",
                exchange.status
            );
            return skipped(place, shown, Some(name), reason);
        }
        if let Some(reason) = why_another_response(&operation).filter(|_| self.pseudonyms.is_some()) {
            return skipped(place, shown, Some(name), reason.to_owned());
        }
        let request = match request::build(exchange, &operation, &self.bindings, &self.credentials) {
            Ok(request) => request,
            Err(reason) => return skipped(place, shown, Some(name), reason),
        };
        let recorded_base = request.recorded_base.clone();
        let mut report = ExchangeReport {
            place,
            request: shown,
            operation: Some(name),
            rule: None,
            date: exchange.started.as_deref().and_then(|time| time.get(..10)).map(str::to_owned),
            skipped: None,
            differences: Vec::new(),
        };
        match self.target.send(request).await {
            Ok(response) => {
                report.rule = Some(rule(exchange, &operation, &response));
                report.differences = self.compare(exchange, &operation, &response, &recorded_base);
            }
            Err(reason) => {
                report.rule = Some(operation_rule(&operation));
                report.differences.push(Difference {
                    kind: DifferenceKind::NoResponse,
                    path: "response".to_owned(),
                    recorded: None,
                    actual: Some(reason),
                    is_accepted: false,
                });
            }
        }
        report
    }

    /// Returns the exchange, with pseudonyms if there are some, and its operation.
    fn with_operation<'e>(
        &mut self,
        exchange: &'e RecordedExchange,
    ) -> Result<(Cow<'e, RecordedExchange>, RecordedOperation), String> {
        let operation = self.hosts.find(&exchange.method, &exchange.url)?;
        let Some(pseudonyms) = &mut self.pseudonyms else { return Ok((Cow::Borrowed(exchange), operation)) };
        let replaced = pseudonyms.replace_in_exchange(exchange, &operation, &self.hosts);
        let operation = self.hosts.find(&replaced.method, &replaced.url)?;
        Ok((Cow::Owned(replaced), operation))
    }

    fn compare(
        &mut self,
        exchange: &RecordedExchange,
        operation: &RecordedOperation,
        response: &Response,
        recorded_base: &str,
    ) -> Vec<Difference> {
        let authority = recorded_base.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let actual_base = match &self.target {
            Target::Mock(_) => authority.as_str(),
            Target::Server { base_url, .. } => base_url.as_str(),
        };
        let sent = format!("{} {}", exchange.url, String::from_utf8_lossy(&exchange.request.body));
        let mut comparison = Comparison {
            operation,
            bindings: &mut self.bindings,
            base_urls: (recorded_base, actual_base),
            sent: &sent,
            ignores_order: self.pseudonyms.is_some(),
            differences: Vec::new(),
        };
        comparison.compare((exchange.status, &exchange.response), response, exchange.method != "HEAD");
        comparison.differences
    }
}

/// Returns the method and the URL for the report, without credentials.
fn shown(exchange: &RecordedExchange) -> String {
    format!("{} {}", exchange.method, redaction::url(&exchange.url))
}

/// Returns whether a request of an operation changes nothing; a token is created without a change of objects.
pub fn is_read(operation: &RecordedOperation) -> bool {
    let method = &operation.operation.method;
    method == Method::GET || method == Method::HEAD || operation.id() == "create_token"
}

fn skipped(place: String, request: String, operation: Option<String>, reason: String) -> ExchangeReport {
    ExchangeReport {
        place,
        request,
        operation,
        rule: None,
        date: None,
        skipped: Some(reason),
        differences: Vec::new(),
    }
}

/// Returns the rule of an exchange: that of the recorded error, else that of the error of the replay, else the
/// operation.
fn rule(exchange: &RecordedExchange, operation: &RecordedOperation, response: &Response) -> RuleReport {
    let actual = response.headers.get(RULE_HEADER).and_then(|value| value.to_str().ok());
    let id = exchange.response.header(RULE_HEADER).or(actual);
    let error = id.and_then(|id| {
        let errors = apis().iter().flat_map(|api| api.spec.errors);
        errors.copied().find(|error| error.id == id)
    });
    error.map_or_else(
        || operation_rule(operation),
        |error| RuleReport {
            id: error.id.to_owned(),
            evidence: error.evidence.to_string(),
            source: error.source.to_owned(),
        },
    )
}

fn operation_rule(operation: &RecordedOperation) -> RuleReport {
    RuleReport {
        id: format!("{}.{}", operation.dialect(), operation.id()),
        evidence: operation.operation.evidence.to_string(),
        source: operation.operation.source.to_owned(),
    }
}
