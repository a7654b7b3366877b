//! The operations of the ibm dialect: each one's route, handler and documentation.

mod assignments;
mod groups;
mod members;
pub(super) mod neighbor_parameters;
pub(super) mod parameters;
mod policies;
mod principals;
mod rules;
mod settings;
mod templates;
mod token;
mod users;

use super::error;
use crate::failure::Code;
use crate::http::Operation;

/// The errors of what reads an account.
const ACCOUNT_CODES: &[&Code] = &[&error::INVALID_PAYLOAD, &error::INVALID_TOKEN, &error::FORBIDDEN];

/// The errors of what has a body and changes an account.
const ACCOUNT_WRITE_CODES: &[&Code] =
    &[&error::INVALID_PAYLOAD, &error::INVALID_TOKEN, &error::FORBIDDEN, &error::TOO_LARGE];

/// The errors of what reads a group.
const GROUP_CODES: &[&Code] =
    &[&error::INVALID_PAYLOAD, &error::INVALID_TOKEN, &error::FORBIDDEN, &error::GROUP_NOT_FOUND];

pub(super) fn operations() -> Vec<Operation> {
    let mut operations = groups::operations();
    operations.extend(members::operations());
    operations.extend(rules::operations());
    operations.extend(settings::operations());
    operations.extend(templates::operations());
    operations.extend(assignments::operations());
    operations.push(token::operation());
    operations.extend(users::operations());
    operations.extend(principals::operations());
    operations.extend(policies::operations());
    operations
}
