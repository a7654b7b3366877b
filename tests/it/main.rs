//! Black-box tests: the real router on a random port, a real HTTP client, one module per dialect.
//!
//! All tests are in one binary because linking one binary is faster than linking ten.
#![expect(clippy::unwrap_used, reason = "a failed unwrap fails the test")]

mod admin;
mod authress;
mod cli;
mod cloudflare;
mod control;
mod docs;
mod error_matrix;
mod ibm;
mod layering;
mod legacy;
mod mock_server;
mod openapi;
mod readme;
#[cfg(feature = "recordings")]
mod recordings;
mod routing;
mod support;
#[cfg(feature = "tls")]
mod tls;
