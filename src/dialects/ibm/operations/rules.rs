//! The operations of rules.

use axum::http::{Method, StatusCode};

use super::GROUP_CODES;
use super::parameters::{IF_MATCH_RULE, TRANSACTION_ID};
use crate::domain::ibm::error::{self, managed};
use crate::domain::ibm::source;
use crate::spec::{Evidence, Operation};

const RULES: &str = "/v2/groups/{access_group_id}/rules";
const RULE: &str = "/v2/groups/{access_group_id}/rules/{rule_id}";

const EXAMPLE: &str = r#"{"name":"test rule name","expiration":24,"realm_name":"test-idp.com",
    "conditions":[{"claim":"blueGroups","operator":"CONTAINS","value":"\"test-bluegroup-saml\""}]}"#;

/// The documented entity tag header of responses with one rule.
const ENTITY_TAG: &[(&str, &str)] = &[("ETag", "The revision of the rule, for `If-Match`.")];

pub(in super::super) static ADD_ACCESS_GROUP_RULE: Operation =
    Operation::new(Method::POST, RULES, "add_access_group_rule")
        .summary("Create a rule for an access group", Evidence::VendorDoc)
        .source(source::CREATE_RULE)
        .description("The server does not check that the value of a condition is JSON.")
        .parameters(&[&TRANSACTION_ID])
        .json_body("RuleRequest", EXAMPLE)
        .response(StatusCode::CREATED, "Rule")
        .response_headers(ENTITY_TAG)
        .errors(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &error::GROUP_NOT_FOUND,
            &error::PUBLIC_ADD_RULE,
            &managed::ADD_RULE,
            &error::BODY_TOO_LARGE,
        ]);

pub(in super::super) static LIST_ACCESS_GROUP_RULES: Operation =
    Operation::new(Method::GET, RULES, "list_access_group_rules")
        .summary("List access group rules", Evidence::Spec)
        .description("All rules of the group on one page, in the order of creation.")
        .source(source::GROUPS_SDK)
        .parameters(&[&TRANSACTION_ID])
        .response(StatusCode::OK, "RulesList")
        .errors(GROUP_CODES);

pub(in super::super) static GET_ACCESS_GROUP_RULE: Operation =
    Operation::new(Method::GET, RULE, "get_access_group_rule")
        .summary("Get an access group rule", Evidence::Spec)
        .description("The entity tag is that of the rule, not that of the group.")
        .source(source::GROUPS_SDK)
        .parameters(&[&TRANSACTION_ID])
        .response(StatusCode::OK, "Rule")
        .response_headers(ENTITY_TAG)
        .errors(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &error::GROUP_NOT_FOUND,
            &error::RULE_NOT_FOUND,
        ]);

pub(in super::super) static REPLACE_ACCESS_GROUP_RULE: Operation =
    Operation::new(Method::PUT, RULE, "replace_access_group_rule")
        .summary("Replace an access group rule", Evidence::Spec)
        .source(source::GROUPS_SDK)
        .description("The whole rule is replaced: without `name`, the name becomes empty.")
        .parameters(&[&TRANSACTION_ID, &IF_MATCH_RULE])
        .json_body("RuleRequest", EXAMPLE)
        .response(StatusCode::OK, "Rule")
        .response_headers(ENTITY_TAG)
        .errors(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &error::GROUP_NOT_FOUND,
            &error::RULE_NOT_FOUND,
            &error::PUBLIC_UPDATE_RULE,
            &managed::REPLACE_RULE,
            &error::INCORRECT_ETAG,
            &error::BODY_TOO_LARGE,
        ]);

pub(in super::super) static REMOVE_ACCESS_GROUP_RULE: Operation =
    Operation::new(Method::DELETE, RULE, "remove_access_group_rule")
        .summary("Delete an access group rule", Evidence::Spec)
        .description("The entity tag of the group stays the same.")
        .source(source::GROUPS_SDK)
        .parameters(&[&TRANSACTION_ID])
        .empty_response(StatusCode::NO_CONTENT)
        .errors(&[
            &error::INVALID_PAYLOAD,
            &error::INVALID_TOKEN,
            &error::FORBIDDEN,
            &error::GROUP_NOT_FOUND,
            &error::RULE_NOT_FOUND,
            &error::PUBLIC_DELETE_RULE,
            &managed::REMOVE_RULE,
        ]);
