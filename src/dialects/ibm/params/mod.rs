//! Parsing of query parameters, which reports all violations at once.

mod neighbors;
mod related_services;

pub(super) use neighbors::{
    ParentFilter, PolicyTemplateQuery, account_list, enterprise_page, policy_template_list,
    policy_template_versions, resource_group_filter,
};
pub(super) use related_services::{page_token, policy_list, principal_list, user_list};

use crate::domain::ibm::assignments::AssignmentQuery;
use crate::domain::ibm::error;
use crate::domain::ibm::group_list::{GroupQuery, GroupSearch};
use crate::domain::ibm::members::{MemberOrder, MemberQuery};
use crate::domain::ibm::records::assignment::AssignmentStatus;
use crate::domain::ibm::records::group::{GroupOrder, to_lowercase};
use crate::domain::ibm::records::member::{MemberKind, MembershipType};
use crate::http::Query;
use crate::spec::{ApiError, Violation, Violations};
use crate::store::{Direction, PageRange};

/// The default page size.
const DEFAULT_LIMIT: u32 = 50;

/// The maximum page size.
const MAX_LIMIT: u32 = 100;

/// The optional fields to include in groups.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct GroupFields {
    /// Whether to include `is_federated`, which is true if the group has a rule.
    pub(super) is_federated: bool,
    /// Whether to include `crn`.
    pub(super) crn: bool,
}

/// Parses `account_id`.
///
/// # Errors
/// [`error::INVALID_PAYLOAD`] when it is missing or empty.
pub(super) fn account_id(query: &Query) -> Result<String, ApiError> {
    parse_query(query, |parser| parser.account_id())
}

/// Parses `show_federated` and `show_crn`.
///
/// # Errors
/// [`error::INVALID_PAYLOAD`].
pub(super) fn group_fields(query: &Query) -> Result<GroupFields, ApiError> {
    parse_query(query, |parser| parser.group_fields())
}

/// Parses a boolean parameter; false if it is absent.
///
/// # Errors
/// [`error::INVALID_PAYLOAD`] when it is neither `true` nor `false`.
pub(super) fn boolean(query: &Query, name: &'static str) -> Result<bool, ApiError> {
    parse_query(query, |parser| parser.boolean(name))
}

/// Parses the parameters of the group list.
///
/// # Errors
/// [`error::INVALID_PAYLOAD`] with all violations.
pub(super) fn group_list(query: &Query) -> Result<(GroupQuery, GroupFields), ApiError> {
    parse_query(query, |parser| {
        let (order, direction) = parser
            .sort("id, name, description, is_federated", |field| match field {
                "id" => Some(GroupOrder::Id),
                "name" => Some(GroupOrder::Name),
                "description" => Some(GroupOrder::Description),
                "is_federated" => Some(GroupOrder::IsFederated),
                _ => None,
            })
            .unwrap_or((GroupOrder::Name, Direction::Ascending));
        let group_query = GroupQuery {
            account: parser.account_id(),
            iam_id: parser.query.get_non_empty("iam_id").map(str::to_owned),
            membership_type: parser.membership_kind(),
            search: parser.search(),
            order,
            direction,
            hides_public_access: parser.boolean("hide_public_access"),
            window: parser.page_range(),
        };
        (group_query, parser.group_fields())
    })
}

/// Parses the parameters of the member list, and whether the list is verbose.
///
/// # Errors
/// [`error::INVALID_PAYLOAD`] with all violations.
pub(super) fn member_list(query: &Query) -> Result<(MemberQuery, bool), ApiError> {
    parse_query(query, |parser| {
        let verbose = parser.boolean("verbose");
        let order = parser.sort("id, name, email", |field| match field {
            "id" => Some(MemberOrder::Id),
            "name" => Some(MemberOrder::Name),
            "email" => Some(MemberOrder::Email),
            _ => None,
        });
        // Only a verbose list fetches names and e-mail addresses, so only a verbose list can be sorted by them.
        let order =
            order.map(|(order, direction)| (if verbose { order } else { MemberOrder::Id }, direction));
        let kind = parser.parse_enum("type", "user, service, profile", MemberKind::from_name);
        let membership = parser.membership_kind();
        (MemberQuery { kind, membership_type: membership, order, window: parser.page_range() }, verbose)
    })
}

/// Parses the parameters of the template list: the account and the page.
///
/// # Errors
/// [`error::INVALID_PAYLOAD`] with all violations.
pub(super) fn template_list(query: &Query) -> Result<(String, PageRange), ApiError> {
    parse_query(query, |parser| {
        // Validated but otherwise ignored: the response is the same, it only takes the real service longer.
        parser.boolean("verbose");
        (parser.account_id(), parser.page_range())
    })
}

/// Parses the page of a list without other parameters.
///
/// # Errors
/// [`error::INVALID_PAYLOAD`] with all violations.
pub(super) fn page_range(query: &Query) -> Result<PageRange, ApiError> {
    parse_query(query, |parser| parser.page_range())
}

/// Parses the parameters of the assignment list.
///
/// # Errors
/// [`error::INVALID_PAYLOAD`] with all violations.
pub(super) fn assignment_list(query: &Query) -> Result<AssignmentQuery, ApiError> {
    parse_query(query, |parser| {
        let string = |name: &str| query.get_non_empty(name).map(str::to_owned);
        AssignmentQuery {
            account: parser.account_id(),
            template: string("template_id"),
            version: string("template_version"),
            target: string("target"),
            status: parser.parse_enum(
                "status",
                "accepted, in_progress, succeeded, failed",
                AssignmentStatus::from_filter,
            ),
            window: parser.page_range(),
        }
    })
}

fn parse_query<T>(query: &Query, parse: impl FnOnce(&mut QueryParser<'_>) -> T) -> Result<T, ApiError> {
    let mut parser = QueryParser { query, violations: Violations::new() };
    let parameters = parse(&mut parser);
    if parser.violations.is_empty() {
        return Ok(parameters);
    }
    Err(error::INVALID_PAYLOAD.with_violations(parser.violations))
}

/// A parser of query parameters that collects violations and treats an invalid parameter as absent.
struct QueryParser<'a> {
    query: &'a Query,
    violations: Violations,
}

impl QueryParser<'_> {
    fn reject(&mut self, name: &str, reason: impl Into<String>) {
        self.violations.push(Violation::new(name, reason));
    }

    fn account_id(&mut self) -> String {
        let Some(account) = self.query.get_non_empty("account_id") else {
            self.reject("account_id", "is missing");
            return String::new();
        };
        account.to_owned()
    }

    fn boolean(&mut self, name: &str) -> bool {
        let value = self.parse_enum(name, "true, false", |value| match value.to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        });
        value.unwrap_or(false)
    }

    fn group_fields(&mut self) -> GroupFields {
        GroupFields { is_federated: self.boolean("show_federated"), crn: self.boolean("show_crn") }
    }

    fn membership_kind(&mut self) -> MembershipType {
        let kind = self.parse_enum("membership_type", "static, dynamic, all", |value| match value {
            "static" => Some(MembershipType::Static),
            "dynamic" => Some(MembershipType::Dynamic),
            "all" => Some(MembershipType::All),
            _ => None,
        });
        kind.unwrap_or_default()
    }

    /// Parses an enumerated parameter; `values` lists the valid values for the error.
    fn parse_enum<T>(&mut self, name: &str, values: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = parse(self.query.get_non_empty(name)?);
        if value.is_none() {
            self.reject(name, format!("must be one of {values}"));
        }
        value
    }

    /// Parses `sort`: a field name, with a leading minus for descending order.
    fn sort<T>(&mut self, fields: &str, parse: impl Fn(&str) -> Option<T>) -> Option<(T, Direction)> {
        self.parse_enum("sort", &format!("{fields}, each optionally with a leading minus"), |value| {
            match value.strip_prefix('-') {
                Some(field) => Some((parse(field)?, Direction::Descending)),
                None => Some((parse(value)?, Direction::Ascending)),
            }
        })
    }

    fn search(&mut self) -> Option<GroupSearch> {
        let value = self.query.get_non_empty("search")?;
        let search = match value.split_once(':') {
            Some(("id", id)) => Some(GroupSearch::Id(id.to_owned())),
            Some(("name", part)) => Some(GroupSearch::Name(to_lowercase(part))),
            Some(("description", part)) => Some(GroupSearch::Description(to_lowercase(part))),
            Some(_) | None => None,
        };
        if search.is_none() {
            self.reject("search", "must start with id:, name: or description:");
        }
        search
    }

    fn page_range(&mut self) -> PageRange {
        let limit = self.integer("limit", MAX_LIMIT, "must be an integer from 0 to 100");
        let offset = self.integer("offset", u32::MAX, "must be a non-negative integer");
        PageRange { offset: offset.unwrap_or(0) as usize, limit: limit.unwrap_or(DEFAULT_LIMIT) as usize }
    }

    /// Parses an integer up to `max`; also accepts the form `10.0` of old clients.
    fn integer(&mut self, name: &str, max: u32, reason: &str) -> Option<u32> {
        let value = self.query.get_non_empty(name)?;
        let digits = match value.split_once('.') {
            Some((digits, zeros)) if !zeros.is_empty() && zeros.bytes().all(|digit| digit == b'0') => digits,
            Some(_) | None => value,
        };
        let number = digits.parse::<u32>().ok().filter(|number| *number <= max);
        if number.is_none() {
            self.reject(name, reason);
        }
        number
    }
}
