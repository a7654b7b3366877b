//! The parameters of queries, read with everything that is wrong with them.

mod neighbors;

pub(super) use neighbors::{page_token, policy_list, principal_list, user_list};

use super::error;
use super::model::assignment::Status;
use super::model::assignment_list::AssignmentQuery;
use super::model::group::{GroupOrder, folded};
use super::model::group_list::{GroupQuery, Search};
use super::model::member::{MemberKind, MembershipKind};
use super::model::member_list::{MemberOrder, MemberQuery};
use crate::failure::{Refusal, Violation};
use crate::http::Query;
use crate::store::{Direction, Window};

/// The default and the greatest page length.
const DEFAULT_LIMIT: u32 = 50;
const GREATEST_LIMIT: u32 = 100;

/// What a group shows besides its usual members.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Shows {
    /// Whether it has a rule.
    pub(super) federated: bool,
    /// Its CRN.
    pub(super) crn: bool,
}

/// Reads `account_id`.
///
/// # Errors
/// [`error::INVALID_PAYLOAD`] when it is missing or empty.
pub(super) fn account_id(query: &Query) -> Result<String, Refusal> {
    read(query, |reader| reader.account_id())
}

/// Reads `show_federated` and `show_crn`.
///
/// # Errors
/// [`error::INVALID_PAYLOAD`].
pub(super) fn shows(query: &Query) -> Result<Shows, Refusal> {
    read(query, |reader| reader.shows())
}

/// Reads a flag, which is false unless it is there.
///
/// # Errors
/// [`error::INVALID_PAYLOAD`] when it is neither `true` nor `false`.
pub(super) fn flag(query: &Query, name: &'static str) -> Result<bool, Refusal> {
    read(query, |reader| reader.flag(name))
}

/// Reads the parameters of the list of groups.
///
/// # Errors
/// [`error::INVALID_PAYLOAD`] with everything that is wrong.
pub(super) fn group_list(query: &Query) -> Result<(GroupQuery, Shows), Refusal> {
    read(query, |reader| {
        let (order, direction) = reader
            .sort("id, name, description, is_federated", |field| match field {
                "id" => Some(GroupOrder::Id),
                "name" => Some(GroupOrder::Name),
                "description" => Some(GroupOrder::Description),
                "is_federated" => Some(GroupOrder::IsFederated),
                _ => None,
            })
            .unwrap_or((GroupOrder::Name, Direction::Ascending));
        let wanted = GroupQuery {
            account: reader.account_id(),
            iam_id: reader.query.text("iam_id").map(str::to_owned),
            membership: reader.membership_kind(),
            search: reader.search(),
            order,
            direction,
            hides_public_access: reader.flag("hide_public_access"),
            window: reader.window(),
        };
        (wanted, reader.shows())
    })
}

/// Reads the parameters of the list of members, and whether names are shown.
///
/// # Errors
/// [`error::INVALID_PAYLOAD`] with everything that is wrong.
pub(super) fn member_list(query: &Query) -> Result<(MemberQuery, bool), Refusal> {
    read(query, |reader| {
        let verbose = reader.flag("verbose");
        let order = reader.sort("id, name, email", |field| match field {
            "id" => Some(MemberOrder::Id),
            "name" => Some(MemberOrder::Name),
            "email" => Some(MemberOrder::Email),
            _ => None,
        });
        // Names and e-mails are only fetched for a verbose list, so no other one can be in their order.
        let order =
            order.map(|(order, direction)| (if verbose { order } else { MemberOrder::Id }, direction));
        let kind = reader.one_of("type", "user, service, profile", MemberKind::named);
        let membership = reader.membership_kind();
        (MemberQuery { kind, membership, order, window: reader.window() }, verbose)
    })
}

/// Reads the parameters of the list of templates: the account and the page.
///
/// # Errors
/// [`error::INVALID_PAYLOAD`] with everything that is wrong.
pub(super) fn template_list(query: &Query) -> Result<(String, Window), Refusal> {
    read(query, |reader| {
        // A verbose list is the same; for the real service it takes more time.
        reader.flag("verbose");
        (reader.account_id(), reader.window())
    })
}

/// Reads the page of a list without other parameters.
///
/// # Errors
/// [`error::INVALID_PAYLOAD`] with everything that is wrong.
pub(super) fn window(query: &Query) -> Result<Window, Refusal> {
    read(query, |reader| reader.window())
}

/// Reads the parameters of the list of assignments.
///
/// # Errors
/// [`error::INVALID_PAYLOAD`] with everything that is wrong.
pub(super) fn assignment_list(query: &Query) -> Result<AssignmentQuery, Refusal> {
    read(query, |reader| {
        let text = |name: &str| query.text(name).map(str::to_owned);
        AssignmentQuery {
            account: reader.account_id(),
            template: text("template_id"),
            version: text("template_version"),
            target: text("target"),
            status: reader.one_of("status", "accepted, in_progress, succeeded, failed", Status::named),
            window: reader.window(),
        }
    })
}

fn read<T>(query: &Query, wanted: impl FnOnce(&mut Reader<'_>) -> T) -> Result<T, Refusal> {
    let mut reader = Reader { query, violations: Vec::new() };
    let wanted = wanted(&mut reader);
    if reader.violations.is_empty() {
        return Ok(wanted);
    }
    Err(error::INVALID_PAYLOAD.because(reader.violations))
}

/// Reads parameters and gathers what is wrong; what is wrong reads as if it were absent.
struct Reader<'a> {
    query: &'a Query,
    violations: Vec<Violation>,
}

impl Reader<'_> {
    fn refuse(&mut self, name: &str, reason: impl Into<String>) {
        self.violations.push(Violation::new(name, reason));
    }

    fn account_id(&mut self) -> String {
        let Some(account) = self.query.text("account_id") else {
            self.refuse("account_id", "is missing");
            return String::new();
        };
        account.to_owned()
    }

    fn flag(&mut self, name: &str) -> bool {
        let value = self.one_of(name, "true, false", |text| match text.to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        });
        value.unwrap_or(false)
    }

    fn shows(&mut self) -> Shows {
        Shows { federated: self.flag("show_federated"), crn: self.flag("show_crn") }
    }

    fn membership_kind(&mut self) -> MembershipKind {
        let kind = self.one_of("membership_type", "static, dynamic, all", |text| match text {
            "static" => Some(MembershipKind::Static),
            "dynamic" => Some(MembershipKind::Dynamic),
            "all" => Some(MembershipKind::All),
            _ => None,
        });
        kind.unwrap_or_default()
    }

    fn one_of<T>(&mut self, name: &str, names: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.query.text(name)?;
        let value = parse(text);
        if value.is_none() {
            self.refuse(name, format!("must be one of {names}"));
        }
        value
    }

    fn sort<T>(&mut self, names: &str, parse: impl Fn(&str) -> Option<T>) -> Option<(T, Direction)> {
        self.one_of("sort", &format!("{names}, each with or without a leading minus"), |text| {
            match text.strip_prefix('-') {
                Some(field) => Some((parse(field)?, Direction::Descending)),
                None => Some((parse(text)?, Direction::Ascending)),
            }
        })
    }

    fn search(&mut self) -> Option<Search> {
        let text = self.query.text("search")?;
        let search = match text.split_once(':') {
            Some(("id", id)) => Some(Search::Id(id.to_owned())),
            Some(("name", part)) => Some(Search::Name(folded(part))),
            Some(("description", part)) => Some(Search::Description(folded(part))),
            Some(_) | None => None,
        };
        if search.is_none() {
            self.refuse("search", "must begin with id:, name: or description:");
        }
        search
    }

    fn window(&mut self) -> Window {
        let limit = self.number("limit", GREATEST_LIMIT, "must be an integer from 0 to 100");
        let offset = self.number("offset", u32::MAX, "must be an integer from 0");
        Window { offset: offset.unwrap_or(0) as usize, limit: limit.unwrap_or(DEFAULT_LIMIT) as usize }
    }

    /// Reads a whole number, which old clients write as `10.0`.
    fn number(&mut self, name: &str, greatest: u32, reason: &str) -> Option<u32> {
        let text = self.query.text(name)?;
        let whole = match text.split_once('.') {
            Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|digit| digit == b'0') => whole,
            Some(_) | None => text,
        };
        let number = whole.parse::<u32>().ok().filter(|number| *number <= greatest);
        if number.is_none() {
            self.refuse(name, reason);
        }
        number
    }
}
