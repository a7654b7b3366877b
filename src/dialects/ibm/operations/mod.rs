//! The operations of the ibm dialect, each with its route and documentation.

pub(super) mod api_keys;
pub(super) mod assignments;
pub(super) mod enterprise;
pub(super) mod groups;
pub(super) mod invitations;
pub(super) mod members;
pub(super) mod neighbor_parameters;
pub(super) mod parameters;
pub(super) mod policies;
pub(super) mod policy_templates;
pub(super) mod principals;
pub(super) mod related_service_parameters;
pub(super) mod resource_groups;
pub(super) mod rules;
pub(super) mod service_id_groups;
pub(super) mod settings;
pub(super) mod templates;
pub(super) mod token;
pub(super) mod users;

use crate::domain::ibm::error;
use crate::spec::ErrorCode;

/// The errors of operations on an account.
const ACCOUNT_CODES: &[&ErrorCode] = &[&error::INVALID_PAYLOAD, &error::INVALID_TOKEN, &error::FORBIDDEN];

/// The errors of operations on an account with a request body.
const ACCOUNT_WRITE_CODES: &[&ErrorCode] =
    &[&error::INVALID_PAYLOAD, &error::INVALID_TOKEN, &error::FORBIDDEN, &error::BODY_TOO_LARGE];

/// The errors of operations that read a group.
const GROUP_CODES: &[&ErrorCode] =
    &[&error::INVALID_PAYLOAD, &error::INVALID_TOKEN, &error::FORBIDDEN, &error::GROUP_NOT_FOUND];
