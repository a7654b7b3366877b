//! The settings that bound what the server stores and computes.

use serde::{Deserialize, Serialize};

use super::api::Admin;
use super::entry_list::PART_BYTES;
use super::feed::MAX_UNSENT;
use super::handlers::MAX_STATE_BYTES;
use super::json_stream::PART_BYTES as STATE_PART_BYTES;
use super::search::{MAX_SEARCH_BYTES, MAX_SEARCH_STEPS};
use crate::admin::api::{MAX_SNAPSHOT_BYTES, MAX_SNAPSHOTS};
use crate::app::list_cache::MAX_LIST_CACHE_BYTES;
use crate::app::offload::MAX_LARGE_STATES;
use crate::config::{Config, MAX_HTTP1_RECEIVE_BUFFER, MAX_LOG_BYTES};
#[cfg(feature = "http2")]
use crate::config::{
    MAX_HTTP2_HEADER_BYTES, MAX_HTTP2_RECEIVE_BUFFER, MAX_HTTP2_SEND_BUFFER, MAX_HTTP2_STREAMS,
};
use crate::control::faults::fault::{MAX_HEADER_BYTES, MAX_ID_BYTES};
use crate::control::faults::{MAX_FAULT_BYTES, MAX_FAULTS, MAX_REGEX_BYTES as MAX_FAULT_REGEX_BYTES};
use crate::control::matching::string_matcher::{MAX_REGEX_BYTES, MAX_REQUEST_REGEX_BYTES, MAX_TEXT_BYTES};
use crate::control::rate_limit::MAX_WINDOWS;
use crate::http::body::{MAX_DRAIN_BYTES, MAX_GZIP_RATIO};
use crate::http::forwarding::MAX_RESPONSE_BYTES;
use crate::http::received_headers::MAX_HEADER_BYTES as MAX_ADDED_HEADER_BYTES;
use crate::spec::MAX_VIOLATIONS;
use crate::store::{MAX_HISTORY, MAX_HISTORY_BYTES};

/// The bounds of a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// The bounds by topic.
    pub bounds: Vec<Bound>,
    /// The size of the journals of all namespaces together, in bytes.
    pub journal_bytes_used: usize,
}

/// A bound of something that the server stores or computes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// The name of the bound.
    pub name: String,
    /// The maximum, inclusive.
    pub limit: u64,
    /// The unit of the maximum, such as `bytes`.
    pub unit: String,
    /// The part of the server to which the bound applies: `server`, `namespace`, `connection` or `request`.
    pub scope: String,
    /// The option that sets it.
    pub option: Option<String>,
    /// A description of what is bounded, and of what happens beyond.
    pub description: String,
}

impl Admin {
    /// Returns the bounds of everything that the server stores or computes.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// assert!(mock.admin().settings().bounds.iter().any(|bound| bound.name == "journal-bytes"));
    /// ```
    pub fn settings(&self) -> Settings {
        let config = self.app.config();
        let bounds = [
            journal(config),
            faults(),
            searches(),
            namespaces(),
            requests(config),
            account_groups(),
            states(),
            connections(),
            http2(),
        ];
        Settings {
            bounds: bounds.concat(),
            journal_bytes_used: self.app.namespaces().journal_budget().used(),
        }
    }
}

/// Returns a bound whose name is that of its option, if it has one.
fn bound(name: &str, limit: usize, unit: &str, scope: &str, description: &str) -> Bound {
    Bound {
        name: name.to_owned(),
        limit: limit as u64,
        unit: unit.to_owned(),
        scope: scope.to_owned(),
        option: None,
        description: description.to_owned(),
    }
}

fn with_option(bound: Bound) -> Bound {
    Bound { option: Some(format!("--{}", bound.name)), ..bound }
}

fn journal(config: &Config) -> Vec<Bound> {
    let journal = config.journal;
    vec![
        with_option(bound(
            "journal-entries",
            journal.entries,
            "exchanges",
            "namespace",
            "the exchanges in the journal; the oldest ones are removed",
        )),
        with_option(bound(
            "journal-body-bytes",
            journal.body_bytes,
            "bytes",
            "request",
            "the recorded part of each body; longer ones are truncated",
        )),
        with_option(bound(
            "journal-bytes",
            journal.bytes,
            "bytes",
            "namespace",
            "the journal with the reasons of errors; the oldest exchanges are removed",
        )),
        with_option(bound(
            "journal-total-bytes",
            journal.total_bytes,
            "bytes",
            "server",
            "all journals together; those written least recently lose their oldest exchanges first",
        )),
        bound(
            "violations",
            MAX_VIOLATIONS,
            "violations",
            "request",
            "the violations of one request that are kept and shown; the others are counted",
        ),
        bound(
            "stream-exchanges",
            MAX_UNSENT,
            "exchanges",
            "request",
            "the exchanges that the live stream holds besides the journal; a reader that is slower than the journal is told how many it missed",
        ),
        bound(
            "list-part-bytes",
            PART_BYTES,
            "bytes",
            "request",
            "the part of a list of exchanges that is in memory; the list is sent part by part",
        ),
        bound(
            "log-bytes",
            MAX_LOG_BYTES,
            "bytes",
            "server",
            "the log lines that wait for their reader; further ones are dropped and counted",
        ),
    ]
}

fn faults() -> Vec<Bound> {
    vec![
        bound(
            "faults",
            MAX_FAULTS,
            "faults",
            "namespace",
            "the faults, and separately the values of X-Mock-Fault whose schedules are kept, as hashes",
        ),
        bound(
            "fault-bytes",
            MAX_FAULT_BYTES,
            "bytes",
            "namespace",
            "the JSON of all faults; further ones are rejected",
        ),
        bound("fault-id-bytes", MAX_ID_BYTES, "bytes", "request", "the id of a fault"),
        bound("fault-header-bytes", MAX_HEADER_BYTES, "bytes", "request", "the value of X-Mock-Fault"),
        bound(
            "fault-regex-bytes",
            MAX_FAULT_REGEX_BYTES,
            "bytes",
            "namespace",
            "the compiled regular expressions of all faults; further ones are rejected with 422",
        ),
    ]
}

fn searches() -> Vec<Bound> {
    let search_steps = usize::try_from(MAX_SEARCH_STEPS).unwrap_or(usize::MAX);
    vec![
        bound(
            "regex-bytes",
            MAX_REGEX_BYTES,
            "bytes",
            "request",
            "a compiled regular expression; a larger one is rejected with 422",
        ),
        bound(
            "request-regex-bytes",
            MAX_REQUEST_REGEX_BYTES,
            "bytes",
            "request",
            "the compiled regular expressions of a search, or of the faults of a request; more is rejected with 422",
        ),
        bound(
            "regex-text-bytes",
            MAX_TEXT_BYTES,
            "bytes",
            "request",
            "the start of a text that a regular expression is applied to",
        ),
        bound(
            "search-bytes",
            MAX_SEARCH_BYTES,
            "bytes",
            "request",
            "the JSON of a search; a longer one is rejected with 422",
        ),
        bound(
            "search-steps",
            search_steps,
            "steps",
            "request",
            "the work of a search: bytes of text times states of the regular expressions; more is rejected with 422",
        ),
    ]
}

fn namespaces() -> Vec<Bound> {
    vec![
        bound(
            "rate-limit-callers",
            MAX_WINDOWS,
            "callers",
            "namespace",
            "the callers whose requests are counted, as hashes; beyond, all limits restart",
        ),
        bound(
            "history",
            MAX_HISTORY,
            "states",
            "namespace",
            "the past states for stale reads, which are dropped with the fault, or five minutes after the last stale read; beyond, the oldest ones are dropped",
        ),
        bound(
            "history-bytes",
            MAX_HISTORY_BYTES,
            "bytes",
            "namespace",
            "the records in past states that later ones do not share; beyond, the oldest states are dropped",
        ),
        bound(
            "snapshots",
            MAX_SNAPSHOTS,
            "snapshots",
            "namespace",
            "the snapshots; further ones are rejected",
        ),
        bound(
            "snapshot-bytes",
            MAX_SNAPSHOT_BYTES,
            "bytes",
            "namespace",
            "the records in snapshots that later ones do not share; beyond, further snapshots are rejected",
        ),
        bound(
            "list-cache-bytes",
            MAX_LIST_CACHE_BYTES,
            "bytes",
            "server",
            "the lists of groups that were requested again before the next write to their namespace; beyond, all of them are dropped",
        ),
    ]
}

fn requests(config: &Config) -> Vec<Bound> {
    let timeout = usize::try_from(config.request_timeout.as_secs()).unwrap_or(usize::MAX);
    vec![
        with_option(bound(
            "max-namespaces",
            config.max_namespaces,
            "namespaces",
            "server",
            "the namespaces besides the default one; the one that was idle longest is evicted",
        )),
        with_option(bound(
            "body-limit",
            config.body_limit,
            "bytes",
            "request",
            "a request body, also when it is decompressed, and one for a fallback server; a longer one is rejected",
        )),
        with_option(bound(
            "request-timeout",
            timeout,
            "seconds",
            "request",
            "the time for a request; calls of the admin API end with 503, and are cancelled when their client disconnects",
        )),
        bound(
            "fallback-bytes",
            MAX_RESPONSE_BYTES,
            "bytes",
            "request",
            "the response of a fallback server; a longer one is a 502",
        ),
        bound(
            "drained-bytes",
            MAX_DRAIN_BYTES,
            "bytes",
            "request",
            "the rest of a rejected body that is read",
        ),
        bound(
            "added-header-bytes",
            MAX_ADDED_HEADER_BYTES,
            "bytes",
            "request",
            "each header that the server adds; a longer X-Mock-Hint is cut",
        ),
    ]
}

/// Bounds for states, which may be longer than other bodies.
fn states() -> Vec<Bound> {
    vec![
        bound(
            "state-bytes",
            MAX_STATE_BYTES,
            "bytes",
            "request",
            "a state, also when it is decompressed; a longer one is rejected",
        ),
        bound(
            "large-states",
            MAX_LARGE_STATES,
            "states",
            "server",
            "the states above 16 MiB, or compressed, that are received at a time, and the states that are sent at a time; further ones wait",
        ),
        bound(
            "state-part-bytes",
            STATE_PART_BYTES,
            "bytes",
            "request",
            "the part of a state that is in memory; the state is sent part by part while it is serialized",
        ),
        bound(
            "gzip-ratio",
            MAX_GZIP_RATIO,
            "times",
            "request",
            "the growth of a body above 16 MiB by decompression; more is rejected",
        ),
    ]
}

fn connections() -> Vec<Bound> {
    vec![bound(
        "http1-receive-bytes",
        MAX_HTTP1_RECEIVE_BUFFER,
        "bytes",
        "connection",
        "the received bytes that HTTP/1.1 buffers; a request line above 64 KiB is a 414, headers above the buffer a 431",
    )]
}

/// Returns the bounds of HTTP/2 connections.
#[cfg(feature = "http2")]
fn http2() -> Vec<Bound> {
    vec![
        bound(
            "http2-streams",
            MAX_HTTP2_STREAMS as usize,
            "requests",
            "connection",
            "the concurrent requests of an HTTP/2 connection; further streams are refused",
        ),
        bound(
            "http2-send-bytes",
            MAX_HTTP2_SEND_BUFFER,
            "bytes",
            "request",
            "the part of a response that HTTP/2 buffers; the rest waits until the client reads",
        ),
        bound(
            "http2-receive-bytes",
            MAX_HTTP2_RECEIVE_BUFFER as usize,
            "bytes",
            "connection",
            "the parts of request bodies that HTTP/2 buffers; the client waits with the rest",
        ),
        bound(
            "http2-header-bytes",
            MAX_HTTP2_HEADER_BYTES as usize,
            "bytes",
            "request",
            "the headers of an HTTP/2 request; more is a 431",
        ),
    ]
}

/// Returns the bound of account groups.
#[cfg(feature = "ibm")]
fn account_groups() -> Vec<Bound> {
    vec![bound(
        "account-group-accounts",
        crate::domain::ibm::account_groups::MAX_ACCOUNTS,
        "accounts",
        "request",
        "the accounts of an IBM account group, in all of which one request can change groups; more are rejected",
    )]
}

/// Returns no bounds, because there are no account groups.
#[cfg(not(feature = "ibm"))]
const fn account_groups() -> Vec<Bound> {
    Vec::new()
}

/// Returns no bounds, because there is no HTTP/2.
#[cfg(not(feature = "http2"))]
const fn http2() -> Vec<Bound> {
    Vec::new()
}
