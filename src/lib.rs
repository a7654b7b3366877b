//! A local, stateful mock server for the access-group APIs of several vendors.
//!
//! [`MockServer`] starts a server for tests, and [`Admin`] controls it. At a lower level, [`App`] contains the
//! configuration and the store, [`router()`] returns the complete server as an axum router, and [`serve`] runs it on a
//! listener. The modules, from the connection to the data:
//!
//! - `testing`: the servers for tests.
//! - `recordings`: seeds from recorded traffic, and its replay.
//! - `server`: connections, TLS, idle connections and graceful shutdown.
//! - `router`: the router of the whole server, with CORS and the fallback for unknown paths.
//! - `admin`: the admin API under `/__admin`, its handlers and its layer.
//! - `console`: the files of the page for browsers.
//! - `dialects`: the HTTP side of each vendor: operations, handlers, wire types and error envelope.
//! - `pipeline`: the layer around every handler of a dialect: journal, rate limit, faults, timeout and panic guard.
//! - `openapi`: the OpenAPI document, generated from the operations.
//! - `http`: the extractors, responses and routing types that all dialects share.
//! - `app`: the server's state: settings, namespaces and the state file.
//! - `domain`: the records, rules, error codes and seeds of each vendor.
//! - `config`: the settings.
//! - `control`: faults, journal, request matching, rate limits and coverage.
//! - `spec`: the types that describe operations, error codes and request errors.
//! - `json`: strict and lazy deserialization of JSON.
//! - `store`: collections, indexes, clock and identifiers.
//!
//! Each dialect is a Cargo feature (`cloudflare`, `ibm`, `authress`, `legacy`); without it, its modules, its
//! [`Dialect`] and its URLs are not compiled.
//!
//! [`store`] is public because it is independent of the vendors, and is used and benchmarked separately.
#![expect(
    unreachable_pub,
    reason = "the modules are private: `pub` items in them are visible only in the crate"
)]
#![cfg_attr(
    not(all(feature = "authress", feature = "cloudflare", feature = "ibm", feature = "legacy")),
    allow(
        dead_code,
        unused_imports,
        reason = "some of what the dialects share is used only by some of them"
    )
)]

mod admin;
mod app;
mod config;
mod console;
mod control;
mod dialects;
mod domain;
mod http;
mod json;
mod openapi;
mod pipeline;
#[cfg(feature = "recordings")]
pub mod recordings;
mod router;
mod server;
mod spec;
pub mod store;
mod testing;

pub use admin::AdminError;
#[cfg(feature = "ibm")]
pub use admin::api::AccountGroup;
pub use admin::api::{Admin, ClockChange, ClockMode, ClockStatus, NamespaceInfo, ResetScope, SnapshotInfo};
pub use admin::coverage::{CoverageReport, CoverageSummary, OperationCoverage, RuleCoverage};
pub use admin::exchange::{Exchange, RecordedRequest, RecordedResponse, Timing};
pub use admin::explain::{Explanation, ReceivedValue, RuleInfo};
pub use admin::records::StoredRecord;
pub use admin::search::{Search, StatusFilter, Times};
pub use admin::settings::{Bound, Settings};
pub use admin::summary::ExchangeSummary;
pub use app::App;
pub use app::namespaces::validate_namespace_name;
pub use app::state_file::{StateFile, StateFileError, StateFileWriter, StateSync};
pub use config::fallback_url::FallbackUrl;
#[cfg(feature = "tls")]
pub use config::tls::{Tls, TlsError};
pub use config::{
    AdminAccess, AuthMode, CloudflareConfig, Config, Dialect, FallbackConfig, Fidelity, IbmConfig,
    IsDefaultShape, MAX_LOG_BYTES, RuleCheck, ScopeShape,
};
pub use control::faults::FaultStatus;
pub use control::faults::effect::{Effect, ErrorEffect};
pub use control::faults::fault::{Fault, Preset};
pub use control::faults::schedule::Schedule;
pub use control::human_duration::HumanDuration;
pub use control::journal::JournalConfig;
pub use control::matching::body_matcher::{BodyMatcher, JsonPath, PathMatcher};
pub use control::matching::pattern::Pattern;
pub use control::matching::string_matcher::{AnchoredRegex, StringMatcher};
pub use control::rate_limit::RateLimit;
pub use domain::seed::{Seed, SeedError};
pub use openapi::{ExampleRequest, OperationSlice};
pub use router::dialects::{openapi_document, openapi_yaml};
pub use router::router;
pub use server::serve;
pub use spec::{Suggestion, Violation};
pub use testing::{MockNamespace, MockServer, MockServerBuilder};
