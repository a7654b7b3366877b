//! The pagination links of a list.

use std::fmt::Write;

use serde::Serialize;

use crate::http::Query;
use crate::http::base_url::encode_component;
use crate::store::PageRange;

/// The links of a page in the format of IBM's samples.
///
/// The query of `first` has no offset; all others start with it. The limit and the other parameters of the request
/// follow.
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

/// The query parameters that the links of the group list repeat, in the order of the documentation.
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

/// The query parameters that the links of the member list repeat, in the order of the documentation.
pub(super) const MEMBER_PARAMETERS: &[&str] = &["membership_type", "type", "verbose", "sort"];

/// The query parameters that the links of the template list repeat, in the order of the documentation.
pub(super) const TEMPLATE_PARAMETERS: &[&str] = &["account_id", "verbose"];

/// The query parameters that the links of the assignment list repeat, in the order of the documentation.
pub(super) const ASSIGNMENT_PARAMETERS: &[&str] =
    &["account_id", "template_id", "template_version", "target", "status"];

impl Links {
    /// Returns the links of the page `window` of the list at `url`, which has `total` items.
    ///
    /// `repeated` lists the parameters of `query` that the links repeat.
    pub(super) fn new(url: &str, query: &Query, repeated: &[&str], window: PageRange, total: usize) -> Self {
        let PageRange { offset, limit } = window;
        let query_tail = query_tail(limit, query, repeated);
        let link =
            |offset: usize| Link { href: [url, "?offset=", &offset.to_string(), "&", &query_tail].concat() };
        Self {
            first: Link { href: [url, "?", &query_tail].concat() },
            previous: (offset > 0 && limit > 0).then(|| link(offset.saturating_sub(limit))),
            next: (limit > 0 && offset + limit < total).then(|| link(offset + limit)),
            last: link(total.saturating_sub(1).checked_div(limit).unwrap_or(0) * limit),
        }
    }
}

/// Returns the part of the query that all links share: the limit and the repeated parameters.
fn query_tail(limit: usize, query: &Query, repeated: &[&str]) -> String {
    let mut tail = format!("limit={limit}");
    for name in repeated {
        if let Some(value) = query.get_non_empty(name) {
            write!(tail, "&{name}={}", encode_component(value)).expect("writing to a string does not fail");
        }
    }
    tail
}
