//! Parsing of the list parameters of user management, IAM identity and policy management.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{QueryParser, parse_query};
use crate::domain::ibm::error::related_services as error;
use crate::domain::ibm::policies::PolicyQuery;
use crate::domain::ibm::principals::PrincipalQuery;
use crate::domain::ibm::records::policy::{PolicyKind, PolicyOrder};
use crate::domain::ibm::records::principal::PrincipalOrder;
use crate::domain::ibm::users::UserQuery;
use crate::http::Query;
use crate::spec::ApiError;
use crate::store::{Direction, PageRange};

/// The maximum page size, and the default page size of users.
const MAX_LIMIT: u32 = 100;

/// The default page size of principals.
const DEFAULT_PAGE_SIZE: u32 = 20;

/// Parses the parameters of the user list.
///
/// # Errors
/// [`crate::domain::ibm::error::INVALID_PAYLOAD`] with all violations.
pub(in super::super) fn user_list(query: &Query) -> Result<UserQuery, ApiError> {
    parse_query(query, |parser| {
        let limit = parser.page_size("limit").unwrap_or(MAX_LIMIT);
        let offset =
            parser.integer("_start", u32::MAX, "must be the `_start` value of `next_url`").unwrap_or(0);
        let window = PageRange { offset: offset as usize, limit: limit as usize };
        UserQuery { user_id: parser.query.get_non_empty("user_id").map(str::to_owned), window }
    })
}

/// Parses the parameters of a list of service ids or trusted profiles; a page token contains all of them.
///
/// # Errors
/// [`crate::domain::ibm::error::INVALID_PAYLOAD`] with all violations.
pub(in super::super) fn principal_list(query: &Query) -> Result<PrincipalQuery, ApiError> {
    let Some(token) = query.get_non_empty("pagetoken") else {
        return parse_query(query, |parser| parser.principal_query());
    };
    match decode_page_token(token) {
        Some(query) => parse_query(&query, |parser| parser.principal_query()),
        None => parse_query(query, |parser| {
            parser.reject("pagetoken", "must be a page token from `next` or `previous`");
            parser.principal_query()
        }),
    }
}

fn decode_page_token(token: &str) -> Option<Query> {
    let decoded = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let query = Query::parse(&decoded).ok()?;
    query.get_non_empty("offset").is_some().then_some(query)
}

/// Returns the token of the page that starts at `offset`, with the other parameters of `query`.
pub(in super::super) fn page_token(query: &Query, offset: usize) -> String {
    use std::fmt::Write;

    let decoded = query.get_non_empty("pagetoken").and_then(decode_page_token);
    let query = decoded.as_ref().unwrap_or(query);
    let mut parameters = format!("offset={offset}");
    for name in ["account_id", "name", "group_id", "show_group_id", "pagesize", "sort", "order"] {
        if let Some(value) = query.get_non_empty(name) {
            write!(parameters, "&{name}={}", crate::http::base_url::encode_component(value))
                .expect("writing to a string does not fail");
        }
    }
    URL_SAFE_NO_PAD.encode(parameters)
}

/// Parses the parameters of a policy list.
///
/// # Errors
/// [`error::MISSING_PARAMETER`], and [`crate::domain::ibm::error::INVALID_PAYLOAD`] with all violations.
pub(in super::super) fn policy_list(query: &Query) -> Result<PolicyQuery, ApiError> {
    if query.get_non_empty("account_id").is_none() {
        return Err(error::MISSING_PARAMETER.with_subject("account_id"));
    }
    parse_query(query, |parser| {
        let string = |name: &str| query.get_non_empty(name).map(str::to_owned);
        let kind = parser.parse_enum("type", "access, authorization", PolicyKind::from_name);
        let deleted = parser.parse_enum("state", "active, deleted", |state| match state {
            "active" => Some(false),
            "deleted" => Some(true),
            _ => None,
        });
        let limit = parser.page_size("limit");
        let offset = parser.integer("start", u32::MAX, "must be the `start` value of `next`");
        PolicyQuery {
            account: parser.account_id(),
            access_group_id: string("access_group_id"),
            iam_id: string("iam_id"),
            kind,
            deleted: deleted.unwrap_or(false),
            order: parser.policy_sort(),
            offset: offset.unwrap_or(0) as usize,
            limit: limit.map(|limit| limit as usize),
        }
    })
}

impl QueryParser<'_> {
    /// Parses the page size: 1 to 100.
    pub(super) fn page_size(&mut self, name: &str) -> Option<u32> {
        let size = self.integer(name, MAX_LIMIT, "must be an integer from 1 to 100");
        if size == Some(0) {
            self.reject(name, "must be an integer from 1 to 100");
        }
        size
    }

    fn principal_query(&mut self) -> PrincipalQuery {
        let fields = "name, description, created_at, modified_at";
        let order = self.parse_enum("sort", fields, |field| match field {
            "name" => Some(PrincipalOrder::Name),
            "description" => Some(PrincipalOrder::Description),
            "created_at" => Some(PrincipalOrder::CreatedAt),
            "modified_at" => Some(PrincipalOrder::ModifiedAt),
            _ => None,
        });
        let direction = self.parse_enum("order", "asc, desc", |order| match order {
            "asc" => Some(Direction::Ascending),
            "desc" => Some(Direction::Descending),
            _ => None,
        });
        // Validated but otherwise ignored: no service id is in a group.
        self.boolean("show_group_id");
        if self.query.get_non_empty("filter").is_some() {
            self.reject("filter", "is not supported by this server; use `name`");
        }
        let limit = self.page_size("pagesize").unwrap_or(DEFAULT_PAGE_SIZE) as usize;
        // Documented only as a part of page tokens, but also accepted as a query parameter.
        let offset = self.integer("offset", u32::MAX, "must be a non-negative integer").unwrap_or(0) as usize;
        PrincipalQuery {
            account: self.account_id(),
            name: self.query.get_non_empty("name").map(str::to_owned),
            group_id: self.query.get_non_empty("group_id").map(str::to_owned),
            order,
            direction: direction.unwrap_or(Direction::Ascending),
            window: PageRange { offset, limit },
        }
    }

    fn policy_sort(&mut self) -> Option<(PolicyOrder, Direction)> {
        let fields =
            "id, type, href, created_at, created_by_id, last_modified_at, last_modified_by_id, state";
        self.sort(fields, |field| match field {
            "id" => Some(PolicyOrder::Id),
            "type" => Some(PolicyOrder::Type),
            "href" => Some(PolicyOrder::Href),
            "created_at" => Some(PolicyOrder::CreatedAt),
            "created_by_id" => Some(PolicyOrder::CreatedById),
            "last_modified_at" => Some(PolicyOrder::LastModifiedAt),
            "last_modified_by_id" => Some(PolicyOrder::LastModifiedById),
            "state" => Some(PolicyOrder::State),
            _ => None,
        })
    }
}
