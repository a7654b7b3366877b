//! A local, stateful mock server for the access-group APIs of several vendors.
//!
//! [`MockServer`] is a server in one line for tests, and [`Admin`] controls it. Below them, [`App`] holds the
//! settings and the store, [`router()`] is the whole server as an axum router, and [`serve`] runs it on a listener.
//! The modules, in the order in which a request and its data meet them: `server`, `router`, `front`, `http`,
//! `dialect`, `admin`, `app`, `spaces`, `world`, `seed`, `control`, `store`, `failure`, `config`.
//!
//! [`store`] is public because it knows no vendor and is of use, and measured, by itself.
#![expect(unreachable_pub, reason = "the modules are private, and `pub` in them means the crate")]

mod admin;
mod app;
mod catalog;
mod config;
mod control;
mod credentials;
mod dialect;
mod failure;
mod fixture;
mod front;
mod http;
mod nearest;
mod openapi;
mod router;
mod seed;
mod seed_error;
mod seed_list;
mod server;
mod spaces;
mod state_file;
pub mod store;
#[cfg(feature = "tls")]
mod tls;
mod wire;
mod world;

pub use admin::AdminError;
pub use admin::api::{Admin, ClockChange, ClockMode, ClockReport, NamespaceReport, Part, SnapshotReport};
pub use admin::coverage::{CoverageReport, CoverageSummary, OperationCoverage, RuleCoverage};
pub use admin::exchange::{Exchange, RecordedRequest, RecordedResponse, Timing};
pub use admin::explain::{Explanation, Got, RuleReport};
pub use admin::search::{Search, StatusFilter, Times};
pub use app::App;
pub use config::{
    AdminAccess, AuthMode, CloudflareConfig, Config, Dialect, IbmConfig, IsDefaultShape, RuleCheck,
    ScopeShape,
};
pub use control::body::{BodyMatcher, JsonPath, PathMatcher};
pub use control::effect::{Effect, Refused};
pub use control::fault::{Fault, Preset};
pub use control::faults::FaultReport;
pub use control::journal::JournalConfig;
pub use control::limit::RateLimit;
pub use control::pattern::Pattern;
pub use control::schedule::Schedule;
pub use control::span::Span;
pub use control::text::{Expression, TextMatcher};
pub use failure::Violation;
pub use fixture::{MockNamespace, MockServer, MockServerBuilder};
pub use nearest::Nearest;
pub use openapi::document as openapi_document;
pub use router::router;
pub use seed::Seed;
pub use seed_error::SeedError;
pub use server::serve;
pub use spaces::check_name as check_namespace_name;
pub use state_file::{StateFile, read_state_file};
#[cfg(feature = "tls")]
pub use tls::{Tls, TlsError};
