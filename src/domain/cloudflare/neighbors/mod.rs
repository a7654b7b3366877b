//! The neighbors of Cloudflare's groups: their kinds, and what is checked of them beside their fields.

mod kinds;
mod policies;
mod row;
mod state;
mod values;

pub use kinds::{
    ACCESS_APP_POLICIES, ACCESS_APPS, ACCESS_POLICIES, IDENTITY_PROVIDERS, KINDS, MEMBERS,
    USER_GROUP_MEMBERS, USER_GROUPS, ZONE_KINDS,
};
pub use row::CloudflareNeighbor;
