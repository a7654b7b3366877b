//! The records, the rules, the error table and the seed section of the cloudflare dialect; no HTTP.

pub mod error;
pub mod model;
pub mod neighbors;
pub mod predefined;
pub mod rules;
pub mod scope;
pub mod seed;
pub mod source;
pub mod token_permission_groups;
pub mod user_group_members;

pub use model::CloudflareState as State;
