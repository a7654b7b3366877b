//! The one list of all groups of all dialects.

use chrono::SecondsFormat;
use serde::Serialize;

use super::error;
use crate::failure::Refusal;
use crate::http::Query;
use crate::store::{Summaries, Summary};
use crate::world::World;

/// The default and the greatest number of groups on a page.
const DEFAULT_LIMIT: usize = 100;
const GREATEST_LIMIT: usize = 1000;

/// The dialects that have groups, in the order in which they are listed.
const DIALECTS: [&str; 4] = ["cloudflare", "ibm", "authress", "legacy"];

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
    name: &'a str,
    members: usize,
    created: Option<String>,
    modified: Option<String>,
    revision: u64,
}

/// What is asked for: filters that must all hold, and the page.
pub(super) struct Selection {
    dialect: Option<String>,
    kind: Option<String>,
    account: Option<String>,
    name: Option<String>,
    limit: usize,
    offset: usize,
}

impl Selection {
    /// Reads the query.
    ///
    /// # Errors
    /// [`error::BAD_REQUEST`] for an unknown parameter, an unknown `dialect`, and a `limit` or `offset` out of range.
    pub(super) fn of(query: &Query) -> Result<Self, Refusal> {
        const KNOWN: [&str; 6] = ["dialect", "kind", "account", "name", "limit", "offset"];
        if let Some((name, _)) = query.iter().find(|(name, _)| !KNOWN.contains(name)) {
            return Err(error::BAD_REQUEST.at(name, "is no parameter of this operation"));
        }
        let text = |name: &str| query.text(name).map(str::to_owned);
        Ok(Self {
            dialect: dialect_of(query)?,
            kind: text("kind"),
            account: text("account"),
            name: text("name").map(|name| name.to_lowercase()),
            limit: number(query, "limit", DEFAULT_LIMIT, GREATEST_LIMIT)?,
            offset: number(query, "offset", 0, usize::MAX)?,
        })
    }

    fn has_filter(&self) -> bool {
        self.kind.is_some() || self.account.is_some() || self.name.is_some()
    }

    fn admits(&self, summary: &Summary<'_>) -> bool {
        self.kind.as_deref().is_none_or(|kind| kind == summary.kind)
            && self.account.as_deref().is_none_or(|account| account == summary.account)
            && self.name.as_deref().is_none_or(|name| summary.name.to_lowercase().contains(name))
    }

    /// Returns how many groups must be looked at for the page; 0 where it is read from its place.
    pub(super) fn cost(&self, world: &World) -> usize {
        if self.has_filter() { world.group_count() } else { 0 }
    }

    /// Returns the page of `world`: dialect by dialect, kind by kind, in creation order.
    ///
    /// Without a filter besides `dialect` it costs the page; with one it looks at every group.
    pub(super) fn page<'a>(&self, world: &'a World) -> Page<'a> {
        let sources: [&dyn Summaries; 4] = [&world.cloudflare, &world.ibm, &world.authress, &world.legacy];
        let wanted = |name: &str| self.dialect.as_deref().is_none_or(|dialect| dialect == name);
        let mut groups = Vec::new();
        let mut total = 0;
        for (dialect, source) in DIALECTS.into_iter().zip(sources).filter(|(name, _)| wanted(name)) {
            let skip = self.offset.saturating_sub(total);
            let room = self.limit - groups.len();
            if self.has_filter() {
                let mut count = 0;
                for summary in source.summaries(0).filter(|summary| self.admits(summary)) {
                    if (skip..skip.saturating_add(room)).contains(&count) {
                        groups.push(Group::of(dialect, summary));
                    }
                    count += 1;
                }
                total += count;
            } else {
                groups.extend(source.summaries(skip).take(room).map(|summary| Group::of(dialect, summary)));
                total += source.count();
            }
        }
        Page { groups, meta: Total { total } }
    }
}

impl<'a> Group<'a> {
    fn of(dialect: &'static str, summary: Summary<'a>) -> Self {
        let time = |time: chrono::DateTime<chrono::Utc>| time.to_rfc3339_opts(SecondsFormat::Millis, true);
        Self {
            dialect,
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

fn dialect_of(query: &Query) -> Result<Option<String>, Refusal> {
    let Some(name) = query.text("dialect") else { return Ok(None) };
    if DIALECTS.contains(&name) {
        return Ok(Some(name.to_owned()));
    }
    Err(error::BAD_REQUEST.at("dialect", format!("must be one of {}", DIALECTS.join(", "))))
}

fn number(query: &Query, name: &str, default: usize, greatest: usize) -> Result<usize, Refusal> {
    let Some(text) = query.text(name) else { return Ok(default) };
    let number = text.parse::<usize>().ok().filter(|number| *number <= greatest);
    number.ok_or_else(|| error::BAD_REQUEST.at(name, format!("must be an integer from 0 to {greatest}")))
}
