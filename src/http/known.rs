//! `Known`: an operation as the server knows it.

use axum::http::Method;

use super::{Dialect, Endpoint};
use crate::failure::{Code, Evidence};

/// An operation as the server knows it: what it is called, and what answers it.
#[derive(Debug)]
pub struct Known {
    /// Its place in the catalog.
    pub index: usize,
    /// The dialect.
    pub dialect: &'static Dialect,
    /// The id, such as `create_access_group`.
    pub id: &'static str,
    /// The method.
    pub method: Method,
    /// The path as documented.
    pub path: &'static str,
    /// The summary.
    pub summary: &'static str,
    /// How it is known.
    pub evidence: Evidence,
    /// Where it is known from.
    pub source: &'static str,
    /// Its errors besides those that every operation of the dialect can answer.
    pub codes: &'static [&'static Code],
    /// What answers it.
    pub endpoint: Endpoint,
}
