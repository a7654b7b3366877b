//! The links of a page of a list.

use std::fmt::Write;

use serde::Serialize;

use crate::http::Query;
use crate::http::links::escape;
use crate::store::Window;

/// The links of a page in the shape of IBM's samples.
///
/// `first` has no offset, all others begin with it; then come the limit and what the caller gave besides.
#[derive(Serialize)]
pub(super) struct Links {
    first: Link,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<Link>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Link>,
    last: Link,
}

#[derive(Serialize)]
struct Link {
    href: String,
}

/// The parameters of the list of groups that its links repeat, in the order of the documentation.
pub(super) const GROUP_PARAMETERS: &[&str] = &[
    "account_id",
    "iam_id",
    "search",
    "membership_type",
    "sort",
    "show_federated",
    "hide_public_access",
    "show_crn",
];

/// The parameters of the list of members that its links repeat, in the order of the documentation.
pub(super) const MEMBER_PARAMETERS: &[&str] = &["membership_type", "type", "verbose", "sort"];

/// The parameters of the list of templates that its links repeat, in the order of the documentation.
pub(super) const TEMPLATE_PARAMETERS: &[&str] = &["account_id", "verbose"];

/// The parameters of the list of assignments that its links repeat, in the order of the documentation.
pub(super) const ASSIGNMENT_PARAMETERS: &[&str] =
    &["account_id", "template_id", "template_version", "target", "status"];

impl Links {
    /// Returns the links of the page `window` of the list at `url`, which has `total` items.
    ///
    /// `repeated` are the names of the parameters of `query` that the links repeat.
    pub(super) fn new(url: &str, query: &Query, repeated: &[&str], window: Window, total: usize) -> Self {
        let Window { offset, limit } = window;
        let rest = rest(limit, query, repeated);
        let at = |offset: usize| Link { href: [url, "?offset=", &offset.to_string(), "&", &rest].concat() };
        Self {
            first: Link { href: [url, "?", &rest].concat() },
            previous: (offset > 0 && limit > 0).then(|| at(offset.saturating_sub(limit))),
            next: (limit > 0 && offset + limit < total).then(|| at(offset + limit)),
            last: at(total.saturating_sub(1).checked_div(limit).unwrap_or(0) * limit),
        }
    }
}

/// What all links have behind the offset.
fn rest(limit: usize, query: &Query, repeated: &[&str]) -> String {
    let mut rest = format!("limit={limit}");
    for name in repeated {
        if let Some(value) = query.text(name) {
            write!(rest, "&{name}={}", escape(value)).expect("a text takes everything");
        }
    }
    rest
}
