//! Parsing of the list parameters of the neighbors of groups.

use super::{MAX_LIMIT, QueryParser, parse_query};
use crate::domain::ibm::enterprise::IdWindow;
use crate::domain::ibm::error::related_services as error;
use crate::domain::neighbors::Neighbor;
use crate::http::{Query, RawFields};
use crate::spec::ApiError;

/// The default page size of enterprise management.
const DEFAULT_ENTERPRISE_LIMIT: u32 = 10;

/// The filter for resource groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct ResourceGroupFilter {
    /// Only the resource group with this name.
    pub(in super::super) name: Option<String>,
    /// Only the default resource group, or only the others.
    pub(in super::super) default: Option<bool>,
}

/// The filter and page for policy templates and their versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct PolicyTemplateQuery {
    name: Option<String>,
    kind: Option<&'static str>,
    deleted: bool,
    pub(in super::super) offset: usize,
    pub(in super::super) limit: Option<usize>,
}

/// The part of an enterprise that a list of enterprise management is limited to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum ParentFilter {
    /// The whole enterprise.
    All,
    /// An account group.
    Group(String),
    /// Another enterprise, or something that is not in it.
    None,
}

/// Parses the filter for resource groups.
///
/// # Errors
/// [`crate::domain::ibm::error::INVALID_PAYLOAD`] with all violations.
pub(in super::super) fn resource_group_filter(query: &Query) -> Result<ResourceGroupFilter, ApiError> {
    parse_query(query, |parser| {
        let default = query.get_non_empty("default").map(|_| parser.boolean("default"));
        // Validated but otherwise ignored: deleted resource groups are not kept.
        parser.boolean("include_deleted");
        ResourceGroupFilter { name: query.get_non_empty("name").map(str::to_owned), default }
    })
}

/// Parses the account, the filter and the page of a list of policy templates.
///
/// # Errors
/// [`error::MISSING_PARAMETER`], and [`crate::domain::ibm::error::INVALID_PAYLOAD`] with all violations.
pub(in super::super) fn policy_template_list(
    query: &Query,
) -> Result<(String, PolicyTemplateQuery), ApiError> {
    if query.get_non_empty("account_id").is_none() {
        return Err(error::MISSING_PARAMETER.with_subject("account_id"));
    }
    parse_query(query, |parser| {
        for name in ["policy_service_type", "policy_service_name", "policy_service_group_id"] {
            if query.get_non_empty(name).is_some() {
                parser.reject(name, "is not supported by this server");
            }
        }
        let kind = parser.parse_enum("policy_type", "access, authorization", |kind| match kind {
            "access" => Some("access"),
            "authorization" => Some("authorization"),
            _ => None,
        });
        let name = query.get_non_empty("name").map(str::to_owned);
        (parser.account_id(), PolicyTemplateQuery { name, kind, ..parser.policy_template_page() })
    })
}

/// Parses the page of a list of the versions of a policy template.
///
/// # Errors
/// [`crate::domain::ibm::error::INVALID_PAYLOAD`] with all violations.
pub(in super::super) fn policy_template_versions(query: &Query) -> Result<PolicyTemplateQuery, ApiError> {
    parse_query(query, |parser| parser.policy_template_page())
}

/// Parses the page of a list of accounts.
///
/// # Errors
/// [`crate::domain::ibm::error::INVALID_PAYLOAD`] with all violations.
pub(in super::super) fn account_list(query: &Query) -> Result<IdWindow, ApiError> {
    parse_query(query, |parser| {
        let limit = parser.page_size("limit").unwrap_or(MAX_LIMIT) as usize;
        IdWindow { after: query.get_non_empty("_start").unwrap_or_default().to_owned(), limit }
    })
}

/// Parses the page of a list of enterprise management.
///
/// # Errors
/// [`crate::domain::ibm::error::INVALID_PAYLOAD`] with all violations.
pub(in super::super) fn enterprise_page(query: &Query) -> Result<IdWindow, ApiError> {
    parse_query(query, |parser| {
        // Validated but otherwise ignored: accounts and account groups are not kept when they are deleted.
        parser.boolean("include_deleted");
        let limit = parser.integer("limit", MAX_LIMIT, "must be an integer from 0 to 100");
        let limit = limit.unwrap_or(DEFAULT_ENTERPRISE_LIMIT) as usize;
        IdWindow { after: query.get_non_empty("next_docid").unwrap_or_default().to_owned(), limit }
    })
}

impl PolicyTemplateQuery {
    /// Returns whether the list contains a version.
    pub(in super::super) fn matches(&self, version: &Neighbor) -> bool {
        let has_kind = |kind: &str| {
            let policy = version.fields().get("policy");
            let policy = policy.and_then(|policy| serde_json::from_str::<RawFields<'_>>(policy.get()).ok());
            policy.and_then(|policy| policy.string("type")).is_some_and(|it| it == kind)
        };
        !self.deleted
            && self.name.as_ref().is_none_or(|name| version.has_text("name", name))
            && self.kind.is_none_or(has_kind)
    }
}

impl ParentFilter {
    /// Returns the filter of a list of accounts.
    pub(in super::super) fn of_accounts(query: &Query, enterprise: &str) -> Self {
        Self::parse(query, enterprise, "account_group_id")
    }

    /// Returns the filter of a list of account groups.
    pub(in super::super) fn of_account_groups(query: &Query, enterprise: &str) -> Self {
        Self::parse(query, enterprise, "parent_account_group_id")
    }

    fn parse(query: &Query, enterprise: &str, group_parameter: &str) -> Self {
        let crn = query.get_non_empty("parent").unwrap_or_default();
        let parent = crn.rsplit_once("::").map_or(crn, |(_, resource)| resource);
        if query.get_non_empty("enterprise_id").is_some_and(|id| id != enterprise) {
            return Self::None;
        }
        let group = query.get_non_empty(group_parameter).or_else(|| parent.strip_prefix("account-group:"));
        match (group, parent.strip_prefix("enterprise:")) {
            (Some(group), _) => Self::Group(group.to_owned()),
            (None, Some(id)) if id == enterprise => Self::All,
            (None, None) if crn.is_empty() => Self::All,
            (None, _) => Self::None,
        }
    }
}

impl QueryParser<'_> {
    fn policy_template_page(&mut self) -> PolicyTemplateQuery {
        let deleted = self.parse_enum("state", "active, deleted", |state| match state {
            "active" => Some(false),
            "deleted" => Some(true),
            _ => None,
        });
        let limit = self.page_size("limit");
        let offset = self.integer("start", u32::MAX, "must be the `start` value of `next`");
        PolicyTemplateQuery {
            name: None,
            kind: None,
            deleted: deleted.unwrap_or(false),
            offset: offset.unwrap_or(0) as usize,
            limit: limit.map(|limit| limit as usize),
        }
    }
}
