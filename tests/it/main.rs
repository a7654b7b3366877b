//! The black-box tests: the real router on a random port, a real HTTP client, one file per dialect.
//!
//! One binary, because linking one is faster than linking ten.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod admin;
mod authress;
mod cli;
mod cloudflare;
mod control;
mod docs;
mod failures;
mod fixture;
mod ibm;
mod layering;
mod legacy;
mod openapi;
mod readme;
mod support;
#[cfg(feature = "tls")]
mod tls;
