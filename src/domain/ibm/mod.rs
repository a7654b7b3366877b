//! The ibm dialect without HTTP: the records, the state that holds them, the operations on it, the error table and the
//! seed section.
//!
//! The `records` lie below `state`, and `state` below the operations, which have one file per family.

pub mod account_groups;
pub mod assignment_targets;
pub mod assignments;
pub mod bulk;
pub mod enterprise;
pub mod error;
pub mod group_list;
pub mod groups;
pub mod identities;
pub mod identity_propagation;
pub mod invitations;
pub mod members;
pub mod memberships;
pub mod mutation_check;
pub mod neighbors;
pub mod page;
pub mod policies;
pub mod principals;
pub mod provisioning;
pub mod public_access;
pub mod records;
pub mod rules;
pub mod seed;
pub mod settings;
pub mod source;
pub mod state;
pub mod summaries;
pub mod template_lifecycle;
pub mod template_lookup;
pub mod users;

pub use state::IbmState as State;
