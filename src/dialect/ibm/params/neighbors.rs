//! The parameters of the lists of user management, IAM identity and policy management.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::super::model::policy::PolicyKind;
use super::super::model::policy_list::{PolicyOrder, PolicyQuery};
use super::super::model::principal::{PrincipalOrder, PrincipalQuery};
use super::super::model::user::UserQuery;
use super::{Reader, read};
use crate::failure::Refusal;
use crate::http::Query;
use crate::store::{Direction, Window};

/// The default and the greatest page length of users, and the greatest one of principals and policies.
const GREATEST_LIMIT: u32 = 100;

/// The default page length of principals.
const DEFAULT_PAGESIZE: u32 = 20;

/// Reads the parameters of the list of users.
///
/// # Errors
/// [`super::super::error::INVALID_PAYLOAD`] with everything that is wrong.
pub(in super::super) fn user_list(query: &Query) -> Result<UserQuery, Refusal> {
    read(query, |reader| {
        let limit = reader.page_length("limit").unwrap_or(GREATEST_LIMIT);
        let offset = reader.number("_start", u32::MAX, "must be what `next_url` says").unwrap_or(0);
        let window = Window { offset: offset as usize, limit: limit as usize };
        UserQuery { user_id: reader.query.text("user_id").map(str::to_owned), window }
    })
}

/// Reads the parameters of a list of service ids or trusted profiles; a page token holds them all.
///
/// # Errors
/// [`super::super::error::INVALID_PAYLOAD`] with everything that is wrong.
pub(in super::super) fn principal_list(query: &Query) -> Result<PrincipalQuery, Refusal> {
    let Some(token) = query.text("pagetoken") else { return read(query, |reader| reader.principals()) };
    match unpacked(token) {
        Some(query) => read(&query, |reader| reader.principals()),
        None => read(query, |reader| {
            reader.refuse("pagetoken", "must be what `next` or `previous` says");
            reader.principals()
        }),
    }
}

fn unpacked(token: &str) -> Option<Query> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let query = Query::parse(&text).ok()?;
    query.text("offset").is_some().then_some(query)
}

/// Returns the token of the page that begins at `offset`, for the same parameters as `query`.
pub(in super::super) fn page_token(query: &Query, offset: usize) -> String {
    use std::fmt::Write;

    let asked = query.text("pagetoken").and_then(unpacked);
    let query = asked.as_ref().unwrap_or(query);
    let mut text = format!("offset={offset}");
    for name in ["account_id", "name", "pagesize", "sort", "order"] {
        if let Some(value) = query.text(name) {
            write!(text, "&{name}={}", crate::http::links::escape(value)).expect("a text takes everything");
        }
    }
    URL_SAFE_NO_PAD.encode(text)
}

/// Reads the parameters of a list of policies.
///
/// # Errors
/// [`super::super::error::INVALID_PAYLOAD`] with everything that is wrong.
pub(in super::super) fn policy_list(query: &Query) -> Result<PolicyQuery, Refusal> {
    read(query, |reader| {
        let text = |name: &str| query.text(name).map(str::to_owned);
        let kind = reader.one_of("type", "access, authorization", PolicyKind::named);
        let deleted = reader.one_of("state", "active, deleted", |state| match state {
            "active" => Some(false),
            "deleted" => Some(true),
            _ => None,
        });
        let limit = reader.page_length("limit");
        let offset = reader.number("start", u32::MAX, "must be what `next` says");
        PolicyQuery {
            account: reader.account_id(),
            access_group_id: text("access_group_id"),
            iam_id: text("iam_id"),
            kind,
            deleted: deleted.unwrap_or(false),
            order: reader.policy_order(),
            offset: offset.unwrap_or(0) as usize,
            limit: limit.map(|limit| limit as usize),
        }
    })
}

impl Reader<'_> {
    /// Reads the length of a page, which is at least 1.
    fn page_length(&mut self, name: &str) -> Option<u32> {
        let length = self.number(name, GREATEST_LIMIT, "must be an integer from 1 to 100");
        if length == Some(0) {
            self.refuse(name, "must be an integer from 1 to 100");
        }
        length
    }

    fn principals(&mut self) -> PrincipalQuery {
        let names = "name, description, created_at, modified_at";
        let order = self.one_of("sort", names, |field| match field {
            "name" => Some(PrincipalOrder::Name),
            "description" => Some(PrincipalOrder::Description),
            "created_at" => Some(PrincipalOrder::CreatedAt),
            "modified_at" => Some(PrincipalOrder::ModifiedAt),
            _ => None,
        });
        let direction = self.one_of("order", "asc, desc", |order| match order {
            "asc" => Some(Direction::Ascending),
            "desc" => Some(Direction::Descending),
            _ => None,
        });
        let limit = self.page_length("pagesize").unwrap_or(DEFAULT_PAGESIZE) as usize;
        // Only a page token has one, but nothing is lost when somebody gives it otherwise.
        let offset = self.number("offset", u32::MAX, "must be an integer from 0").unwrap_or(0) as usize;
        PrincipalQuery {
            account: self.account_id(),
            name: self.query.text("name").map(str::to_owned),
            order,
            direction: direction.unwrap_or(Direction::Ascending),
            window: Window { offset, limit },
        }
    }

    fn policy_order(&mut self) -> Option<(PolicyOrder, Direction)> {
        let names = "id, type, href, created_at, created_by_id, last_modified_at, last_modified_by_id, state";
        self.sort(names, |field| match field {
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
