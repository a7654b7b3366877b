//! The neighbors of IBM's groups: their kinds, and what is checked of them beside their fields.

mod kinds;
mod policy_templates;
mod resource_groups;
mod row;
mod values;

pub use kinds::{KINDS, POLICY_TEMPLATE_VERSIONS, RESOURCE_GROUPS, SERVICE_ID_GROUPS};
