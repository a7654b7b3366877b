//! The records of the ibm dialect and the checks of their contents, without the state that holds them.
//!
//! Imports `error` and `store`, but no HTTP types and no JSON shapes.

pub mod assignment;
pub mod assignment_target;
pub mod audit;
pub mod caller;
pub mod entity_tag;
pub mod group;
pub mod identity;
pub mod interned;
pub mod json_node;
pub mod managed_group;
pub mod member;
pub mod policy;
pub mod principal;
pub mod record_version;
pub mod role;
pub mod rule;
pub mod settings;
pub mod template;
pub mod template_group;
pub mod user;
