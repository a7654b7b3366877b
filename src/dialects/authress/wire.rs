//! JSON response bodies of the authress dialect. No field is `null`, so that every official client can parse them.

use chrono::{DateTime, Utc};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::request::ListQuery;
use crate::domain::authress::model;
use crate::http::{Items, JsonFragment, base_url, cached_json_with_base_url};
use crate::json::rfc3339;

/// A group; `tags` is present only if tags were set.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Group<'a> {
    group_id: &'a str,
    name: &'a str,
    #[serde(serialize_with = "rfc3339::serialize_milliseconds")]
    last_updated: DateTime<Utc>,
    #[serde(serialize_with = "users")]
    users: &'a [String],
    #[serde(serialize_with = "users")]
    admins: &'a [String],
    links: Links,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "tags")]
    tags: Option<&'a [(String, String)]>,
}

/// A page of groups; `pagination` and `links.next` are present only if there is a next page.
#[derive(Serialize)]
pub(super) struct GroupCollection<'a> {
    groups: Items,
    #[serde(skip_serializing_if = "Option::is_none")]
    pagination: Option<Pagination<'a>>,
    links: Links,
}

/// A page of neighbors, in a field with the name of their list.
#[derive(Serialize)]
pub(super) struct NeighborCollection<'a> {
    #[serde(flatten)]
    items: NamedItems,
    #[serde(skip_serializing_if = "Option::is_none")]
    pagination: Option<Pagination<'a>>,
    links: Links,
}

/// A field with a name that is known only when it is written.
struct NamedItems {
    name: &'static str,
    items: Vec<Box<RawValue>>,
}

impl Serialize for NamedItems {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(self.name, &self.items)?;
        map.end()
    }
}

#[derive(Serialize)]
struct Pagination<'a> {
    next: Cursor<'a>,
}

#[derive(Serialize)]
struct Cursor<'a> {
    cursor: &'a str,
}

/// Absolute links.
#[derive(Serialize)]
struct Links {
    #[serde(rename = "self")]
    self_link: Link,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Link>,
}

#[derive(Serialize)]
struct Link {
    href: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct User<'a> {
    user_id: &'a str,
}

impl<'a> Group<'a> {
    /// Returns the JSON of a stored group, which is cached in the record.
    pub(super) fn cached(group: &'a model::Group, base_url: &str) -> JsonFragment<'a, Self> {
        cached_json_with_base_url(&group.json, base_url, |base_url| Self::new(group, base_url))
    }

    pub(super) fn new(group: &'a model::Group, base_url: &str) -> Self {
        let href = format!("{base_url}/v1/groups/{}", group.group_id);
        Self {
            group_id: &group.group_id,
            name: &group.content.name,
            last_updated: group.last_updated,
            users: &group.content.users,
            admins: &group.content.admins,
            links: Links { self_link: Link { href }, next: None },
            tags: group.content.tags.as_deref(),
        }
    }
}

impl<'a> GroupCollection<'a> {
    /// Returns the page of `query`, which continues at `cursor`.
    pub(super) fn new(cursor: Option<&'a str>, query: &ListQuery, base_url: &str) -> Self {
        let self_link = Link { href: list_url(query, base_url) };
        let next = cursor.map(|cursor| Link { href: next_url(query, cursor, base_url) });
        Self {
            groups: Items,
            pagination: cursor.map(|cursor| Pagination { next: Cursor { cursor } }),
            links: Links { self_link, next },
        }
    }
}

impl<'a> NeighborCollection<'a> {
    pub(super) fn new(
        (name, items): (&'static str, Vec<Box<RawValue>>),
        cursor: Option<&'a str>,
        query: &ListQuery,
        base_url: &str,
    ) -> Self {
        let self_link = Link { href: list_url(query, base_url) };
        let next = cursor.map(|cursor| Link { href: next_url(query, cursor, base_url) });
        Self {
            items: NamedItems { name, items },
            pagination: cursor.map(|cursor| Pagination { next: Cursor { cursor } }),
            links: Links { self_link, next },
        }
    }
}

/// Returns the URL of the requested list.
fn list_url(query: &ListQuery, base_url: &str) -> String {
    let separator = if query.query_string.is_empty() { "" } else { "?" };
    format!("{base_url}{}{separator}{}", query.path, query.query_string)
}

/// Returns the URL of the page of the requested list that starts at `cursor`.
fn next_url(query: &ListQuery, cursor: &str, base_url: &str) -> String {
    let (path, limit) = (query.path, query.params.limit);
    match &query.filter {
        Some(filter) => {
            format!(
                "{base_url}{path}?limit={limit}&filter={}&cursor={cursor}",
                base_url::encode_component(filter)
            )
        }
        None => format!("{base_url}{path}?limit={limit}&cursor={cursor}"),
    }
}

fn users<S: Serializer>(user_ids: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(user_ids.iter().map(|user_id| User { user_id }))
}

fn tags<S: Serializer>(tags: &Option<&[(String, String)]>, serializer: S) -> Result<S::Ok, S::Error> {
    let tags = tags.unwrap_or_default();
    let mut map = serializer.serialize_map(Some(tags.len()))?;
    for (key, value) in tags {
        map.serialize_entry(key, value)?;
    }
    map.end()
}
