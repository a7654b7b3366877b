//! A local, stateful mock server for the access-group APIs of several vendors.
//!
//! [`App`] holds the settings and the store, [`router()`] is the whole server as an axum router, and [`serve`]
//! runs it on a listener. The modules, in the order in which a request and its data meet them:
//! `server`, `router`, `http`, `dialect`, `admin`, `app`, `world`, `seed`, `store`, `failure`, `config`.
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
mod front;
mod http;
mod nearest;
mod openapi;
mod router;
mod seed;
mod seed_error;
mod server;
mod spaces;
pub mod store;
mod wire;
mod world;

pub use app::App;
pub use config::{AuthMode, CloudflareConfig, Config, IsDefaultShape, RuleCheck, ScopeShape};
pub use openapi::document as openapi_document;
pub use router::router;
pub use seed::Seed;
pub use seed_error::SeedError;
pub use server::serve;
