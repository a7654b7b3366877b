//! The list of all groups of all dialects, and the records that refer to a group.

use chrono::SecondsFormat;
use serde::Serialize;

use super::error;
use crate::domain::mock_state::MockState;
use crate::http::Query;
use crate::http::base_url::encode_component;
use crate::spec::ApiError;
use crate::store::{GroupSelector, GroupUse, PageRange, Summaries, Summary, SummaryQuery};

/// The default number of groups on a page.
const DEFAULT_LIMIT: usize = 100;

/// The maximum number of groups on a page.
const MAX_LIMIT: usize = 1000;

/// One page of the list.
#[derive(Serialize)]
pub(super) struct Page<'a> {
    groups: Vec<Group<'a>>,
    meta: Total,
}

#[derive(Serialize)]
struct Total {
    total: usize,
}

#[derive(Serialize)]
struct Group<'a> {
    dialect: &'static str,
    kind: &'static str,
    account: &'a str,
    id: String,
    /// The vendor's path of the group.
    path: String,
    name: &'a str,
    members: usize,
    created: Option<String>,
    modified: Option<String>,
    revision: u64,
}

/// The query of the list: filters, which must all match, and the page.
pub(super) struct GroupQuery {
    dialect: Option<String>,
    conditions: SummaryQuery,
}

impl GroupQuery {
    /// Parses the query.
    ///
    /// # Errors
    /// [`error::INVALID_REQUEST`] for an unknown `dialect`, and a `limit` or `offset` that is out of range.
    pub(super) fn parse(query: &Query) -> Result<Self, ApiError> {
        let value = |name: &str| query.get_non_empty(name).map(str::to_owned);
        let dialect = parse_dialect(query)?;
        let limit = parse_number(query, "limit", DEFAULT_LIMIT, MAX_LIMIT)?;
        let offset = parse_number(query, "offset", 0, usize::MAX)?;
        let conditions = SummaryQuery {
            kind: value("kind"),
            account: value("account"),
            name: value("name").map(|name| name.to_lowercase()),
            text: value("search").map(|text| text.to_lowercase()),
            range: PageRange { offset, limit },
        };
        Ok(Self { dialect, conditions })
    }

    /// Returns the number of groups to scan for the page; 0 if an index provides it.
    pub(super) fn scan_cost(&self, world: &MockState) -> usize {
        match (&self.conditions.text, &self.conditions.name) {
            // The members of the groups are also read, and are not counted.
            (Some(_), _) => usize::MAX,
            (None, Some(_)) => world.group_count(),
            (None, None) => 0,
        }
    }

    /// Returns the page of groups, sorted by dialect, kind and creation.
    pub(super) fn page<'a>(&self, world: &'a MockState) -> Page<'a> {
        let is_selected = |name: &str| self.dialect.as_deref().is_none_or(|dialect| dialect == name);
        let PageRange { offset, limit } = self.conditions.range;
        let mut groups = Vec::new();
        let mut total = 0;
        for (dialect, source) in world.dialects().filter(|(name, _)| is_selected(name)) {
            let range = PageRange { offset: offset.saturating_sub(total), limit: limit - groups.len() };
            let selected = source.select(&SummaryQuery { range, ..self.conditions.clone() });
            groups.extend(selected.summaries.into_iter().map(|summary| Group::new(dialect, summary)));
            total += selected.total;
        }
        Page { groups, meta: Total { total } }
    }
}

impl<'a> Group<'a> {
    fn new(dialect: &'static str, summary: Summary<'a>) -> Self {
        let time = |time: chrono::DateTime<chrono::Utc>| time.to_rfc3339_opts(SecondsFormat::Millis, true);
        let Summary { path_prefix, path_suffix, .. } = &summary;
        let path = format!("{path_prefix}{}{path_suffix}", encode_component(&summary.id));
        Self {
            dialect,
            path,
            kind: summary.kind,
            account: summary.account,
            id: summary.id,
            name: summary.name,
            members: summary.members,
            created: summary.created.map(time),
            modified: summary.modified.map(time),
            revision: summary.revision,
        }
    }
}

/// The records that refer to a group.
#[derive(Serialize)]
pub(super) struct Uses {
    uses: Vec<Use>,
}

#[derive(Serialize)]
struct Use {
    dialect: &'static str,
    kind: &'static str,
    account: String,
    id: String,
    name: String,
    path: String,
}

/// The query for the records that refer to a group.
pub(super) struct UsesQuery {
    dialect: Option<String>,
    selector: GroupSelector,
}

impl UsesQuery {
    /// Parses the query.
    ///
    /// # Errors
    /// [`error::INVALID_REQUEST`] for an unknown parameter and for an unknown `dialect`.
    pub(super) fn parse(id: &str, query: &Query) -> Result<Self, ApiError> {
        const KNOWN: [&str; 2] = ["dialect", "account"];
        if let Some((name, _)) = query.iter().find(|(name, _)| !KNOWN.contains(name)) {
            return Err(error::INVALID_REQUEST.with_violation(name, "is not a parameter of this operation"));
        }
        let account = query.get_non_empty("account").map(str::to_owned);
        Ok(Self { dialect: parse_dialect(query)?, selector: GroupSelector { id: id.to_owned(), account } })
    }

    fn sources<'a>(&self, world: &'a MockState) -> impl Iterator<Item = (&'static str, &'a dyn Summaries)> {
        let is_selected = |name: &str| self.dialect.as_deref().is_none_or(|dialect| dialect == name);
        world.dialects().filter(move |(name, _)| is_selected(name))
    }

    /// Returns the records that refer to the group, by dialect; `None` if there is no such group.
    pub(super) fn uses(&self, world: &MockState) -> Option<Uses> {
        let mut found = None;
        for (dialect, source) in self.sources(world) {
            let Some(uses) = source.uses(&self.selector) else { continue };
            let list: &mut Vec<Use> = found.get_or_insert_default();
            list.extend(uses.into_iter().map(|GroupUse { kind, account, id, name, path }| Use {
                dialect,
                kind,
                account,
                id,
                name,
                path,
            }));
        }
        found.map(|uses| Uses { uses })
    }
}

fn parse_dialect(query: &Query) -> Result<Option<String>, ApiError> {
    let Some(name) = query.get_non_empty("dialect") else { return Ok(None) };
    if MockState::DIALECTS.contains(&name) {
        return Ok(Some(name.to_owned()));
    }
    let names = MockState::DIALECTS.join(", ");
    Err(error::INVALID_REQUEST.with_violation("dialect", format!("must be one of {names}")))
}

fn parse_number(query: &Query, name: &str, default: usize, max: usize) -> Result<usize, ApiError> {
    let Some(text) = query.get_non_empty(name) else { return Ok(default) };
    let number = text.parse::<usize>().ok().filter(|number| *number <= max);
    number.ok_or_else(|| {
        error::INVALID_REQUEST.with_violation(name, format!("must be an integer from 0 to {max}"))
    })
}
