//! The operation of API keys.

use axum::http::{Method, StatusCode};

use super::neighbor_parameters::IAM_API_KEY;
use super::parameters::TRANSACTION_ID;
use crate::domain::ibm::error::{self, neighbors};
use crate::domain::ibm::source;
use crate::spec::{Evidence, Operation};

pub(in super::super) static GET_API_KEY_DETAILS: Operation = Operation::new(
    Method::GET,
    "/v1/apikeys/details",
    "get_api_key_details",
)
.summary("Get the details of an API key", Evidence::Spec)
.source(source::IDENTITY_SDK)
.description(
    "A neighbor of groups: `account_id` and `iam_id` are those of the tokens that the token endpoint issues \
             for the key. The other values are made up; in lenient mode every key exists.",
)
.parameters(&[&TRANSACTION_ID, &IAM_API_KEY])
.response(StatusCode::OK, "ApiKey")
.errors(&[&error::INVALID_PAYLOAD, &error::INVALID_TOKEN, &error::FORBIDDEN, &neighbors::API_KEY_NOT_FOUND]);
