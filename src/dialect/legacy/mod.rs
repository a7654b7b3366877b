//! The legacy dialect: FlickRocket's `api2/access_groups`, an ASP.NET Web API service.
//!
//! Sources: the help page of `PUT api2/access_groups/{id}.json` (the seed document) and the source of ASP.NET
//! Web API 2, which the help page's layout gives away. Emulated: list, create, get, update and delete of access
//! groups with their customers. Not emulated: the separate users end points, the OAuth server, XML.

mod auth;
mod error;
mod input;
pub mod model;
mod operations;
mod routes;
mod schema;
pub mod seed;
mod source;
mod wire;

use std::borrow::Cow;

use axum::response::Response;

use crate::http::{Dialect, Meta, dialect::Documentation};

/// The legacy dialect.
pub static DIALECT: Dialect = Dialect {
    name: "legacy",
    title: "FlickRocket access groups (`api2/access_groups`)",
    prefixes: &["api2"],
    admit: |_, _, _| Ok(()),
    normalize,
    sends_cors: false,
    serves_head: true,
    operations: operations::operations,
    render: error::render,
    finish,
    request_id_header: None,
    limits_each_operation: false,
    limited: &error::LIMITED,
    fault: &error::FAULT,
    control: &error::CONTROL,
    quota: |headers, quota| quota.write_retry_after(headers),
    media_type: MEDIA_TYPE,
    documentation: Documentation {
        schemas: schema::schemas,
        error_schema: "Error",
        path_parameters: &[&operations::ID],
        common_codes: &[&error::UNAUTHORIZED, &error::FORBIDDEN, &error::LIMITED, &error::FAILED],
        codes: error::ALL,
        security: schema::security,
        headers: &[],
    },
};

/// The media type of every answer with a body.
const MEDIA_TYPE: &str = "application/json; charset=utf-8";

/// Routes of Web API match without regard to case, and `.json` is a literal part of them: a path without it
/// does not exist.
fn normalize(path: &str) -> Cow<'_, str> {
    const SUFFIX: &str = ".json";
    let stem = path.len().saturating_sub(SUFFIX.len());
    match (path.get(..stem), path.get(stem..)) {
        (Some(stem), Some(suffix)) if suffix.eq_ignore_ascii_case(SUFFIX) => stem.to_ascii_lowercase().into(),
        _ => "/api2".into(),
    }
}

const fn finish(_: &mut Response, _: &Meta) {}
