//! The operations of accounts, account groups and enterprises, which are read only.

use axum::http::{Method, StatusCode};

use super::ACCOUNT_CODES;
use super::neighbor_parameters::{
    ACCOUNT_GROUP, ACCOUNTS_LIMIT, ACCOUNTS_START, ENTERPRISE, ENTERPRISE_LIMIT, INCLUDE_DELETED, NEXT_DOCID,
    PARENT, PARENT_ACCOUNT_GROUP,
};
use super::parameters::TRANSACTION_ID;
use crate::domain::ibm::error::{self, neighbors};
use crate::domain::ibm::source;
use crate::spec::{Confidence, Evidence, Observation, Operation};

pub(in super::super) static LIST_ACCOUNTS: Operation = Operation::new(Method::GET, "/coe/v2/accounts", "list_accounts")
    .summary("List the accounts of the caller", Evidence::Client(Observation::new("2026-11", Confidence::Medium)))
    .source(source::ACCOUNTS_CLIENTS)
    .description("A neighbor of groups, read only: the accounts that were used, and that of the token, ordered by id. The seed can give them names; their other values are made up.")
    .parameters(&[&TRANSACTION_ID, &ACCOUNTS_LIMIT, &ACCOUNTS_START])
    .response(StatusCode::OK, "AccountList")
    .errors(ACCOUNT_CODES);

pub(in super::super) static GET_ACCOUNT: Operation =
    Operation::new(Method::GET, "/coe/v2/accounts/{account_id}", "get_account")
        .summary("Get an account", Evidence::Client(Observation::new("2026-11", Confidence::Medium)))
        .source(source::ACCOUNTS_CLIENTS)
        .description("A neighbor of groups, read only: every account exists.")
        .parameters(&[&TRANSACTION_ID])
        .response(StatusCode::OK, "AccountResource")
        .errors(ACCOUNT_CODES);

pub(in super::super) static LIST_ENTERPRISES: Operation =
    Operation::new(Method::GET, "/v1/enterprises", "list_enterprises")
        .summary("List the enterprises of the caller", Evidence::Spec)
        .source(source::ENTERPRISE_SDK)
        .description(
            "A neighbor of groups, read only: the enterprise whose root is the account of the token.",
        )
        .parameters(&[&TRANSACTION_ID, &ENTERPRISE_LIMIT, &NEXT_DOCID])
        .response(StatusCode::OK, "EnterpriseList")
        .errors(ACCOUNT_CODES);

pub(in super::super) static GET_ENTERPRISE: Operation =
    Operation::new(Method::GET, "/v1/enterprises/{enterprise_id}", "get_enterprise")
        .summary("Get an enterprise", Evidence::Spec)
        .source(source::ENTERPRISE_SDK)
        .description("A neighbor of groups, read only.")
        .parameters(&[&TRANSACTION_ID])
        .response(StatusCode::OK, "Enterprise")
        .errors(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &neighbors::ENTERPRISE_NOT_FOUND,
        ]);

pub(in super::super) static LIST_ENTERPRISE_ACCOUNTS: Operation = Operation::new(Method::GET, "/v1/accounts", "list_enterprise_accounts")
    .summary("List the accounts of an enterprise", Evidence::Spec)
    .source(source::ENTERPRISE_SDK)
    .description("A neighbor of groups, read only: the accounts that were used, and that of the token, ordered by id. The parent of an account is the first of the account groups that have it.")
    .parameters(&[&TRANSACTION_ID, &ENTERPRISE, &ACCOUNT_GROUP, &PARENT, &ENTERPRISE_LIMIT, &NEXT_DOCID, &INCLUDE_DELETED])
    .response(StatusCode::OK, "EnterpriseAccountList")
    .errors(ACCOUNT_CODES);

pub(in super::super) static GET_ENTERPRISE_ACCOUNT: Operation =
    Operation::new(Method::GET, "/v1/accounts/{account_id}", "get_enterprise_account")
        .summary("Get an account of an enterprise", Evidence::Spec)
        .source(source::ENTERPRISE_SDK)
        .description("A neighbor of groups, read only: every account exists.")
        .parameters(&[&TRANSACTION_ID])
        .response(StatusCode::OK, "EnterpriseAccount")
        .errors(ACCOUNT_CODES);

pub(in super::super) static LIST_ACCOUNT_GROUPS: Operation = Operation::new(Method::GET, "/v1/account-groups", "list_account_groups")
    .summary("List the account groups of an enterprise", Evidence::Spec)
    .source(source::ENTERPRISE_SDK)
    .description("A neighbor of groups, read only: the account groups to which templates can be assigned, ordered by id. The seed and the admin API set them.")
    .parameters(&[&TRANSACTION_ID, &ENTERPRISE, &PARENT_ACCOUNT_GROUP, &PARENT, &ENTERPRISE_LIMIT, &NEXT_DOCID, &INCLUDE_DELETED])
    .response(StatusCode::OK, "AccountGroupList")
    .errors(ACCOUNT_CODES);

pub(in super::super) static GET_ACCOUNT_GROUP: Operation =
    Operation::new(Method::GET, "/v1/account-groups/{account_group_id}", "get_account_group")
        .summary("Get an account group", Evidence::Spec)
        .source(source::ENTERPRISE_SDK)
        .description("A neighbor of groups, read only.")
        .parameters(&[&TRANSACTION_ID])
        .response(StatusCode::OK, "AccountGroup")
        .errors(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &neighbors::ACCOUNT_GROUP_NOT_FOUND,
        ]);
