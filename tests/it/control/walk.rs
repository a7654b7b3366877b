//! Everything that a server's GETs answer, so that two servers, or two moments of one, can be compared.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::ACCOUNT;
use crate::support::{Mock, Reply};

/// The answers to all GETs by their targets.
pub(super) type Seen = BTreeMap<String, Answer>;

/// What two equal servers answer alike: errors by their status, as their bodies name the request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

const HEADERS: [&str; 5] = ["etag", "last-modified", "content-type", "location", "cache-control"];

/// Lists with small pages, so that they have cursors and links.
const LISTS: [&str; 26] = [
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups?per_page=2&page=1",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups?per_page=2&page=2",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups?search=dev",
    "/client/v4/zones/9a7806061c88ada191ed06f989cc3dac/access/groups",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/iam/resource_groups",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/iam/resource_groups?per_page=1&page=2",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/iam/permission_groups",
    "/v2/groups?account_id={}&limit=2",
    "/v2/groups?account_id={}&limit=3&sort=-name&show_federated=true",
    "/v2/groups?account_id={}&limit=2&iam_id=IBMid-270001",
    "/v2/groups/settings?account_id={}",
    "/v1/group_templates?account_id={}&limit=2",
    "/v1/group_templates?account_id={}&limit=50&verbose=true",
    "/v1/group_assignments?account_id={}&limit=2",
    "/v2/accounts/{}/users?limit=2",
    "/v1/serviceids/?account_id={}&pagesize=2",
    "/v1/profiles?account_id={}&pagesize=1",
    "/v1/policies?account_id={}",
    "/v2/policies?account_id={}",
    "/v2/roles?account_id={}",
    "/v1/groups?limit=2",
    "/v1/groups?limit=1&filter=e",
    "/v1/groups",
    "/api2/access_groups.json",
    "/__admin/groups?limit=1000",
];

/// Gets the lists, follows their links, and gets everything that they name.
pub(super) fn walk(mock: &Mock) -> Seen {
    let mut open: BTreeSet<String> = LISTS.iter().map(|list| list.replace("{}", ACCOUNT)).collect();
    let mut seen = Seen::new();
    while let Some(target) = open.pop_first() {
        if seen.contains_key(&target) {
            continue;
        }
        let reply = mock.get(&target).send();
        if reply.status == 200 {
            open.extend(named(mock, &target, &reply.json()));
        }
        seen.insert(target, Answer::of(mock, &reply));
    }
    seen
}

/// Gets again what was seen: with the cursors and links of that time.
pub(super) fn again(mock: &Mock, seen: &Seen) -> Seen {
    let get = |target: &String| (target.clone(), Answer::of(mock, &mock.get(target).send()));
    seen.keys().map(get).collect()
}

/// Fails with the first target that is answered otherwise.
#[track_caller]
pub(super) fn assert_same(left: &Seen, right: &Seen) {
    for (target, answer) in left {
        assert_eq!(Some(answer), right.get(target), "GET {target}");
    }
    assert_eq!(left.len(), right.len());
}

/// The targets that an answer leads to: by its links, and by the identifiers of what it lists.
fn named(mock: &Mock, target: &str, body: &Value) -> Vec<String> {
    let path = target.split('?').next().unwrap().trim_end_matches('/');
    let mut targets = Vec::new();
    links(&mock.url(), body, &mut targets);
    for item in body.as_object().into_iter().flat_map(|it| it.values()).filter_map(Value::as_array).flatten()
    {
        let ids = ["id", "groupId", "iam_id"].iter().filter_map(|name| item.get(name));
        let Some(id) = ids.map(|id| id.to_string().replace('"', "")).next() else { continue };
        targets.push(match path.strip_suffix(".json") {
            Some(list) => format!("{list}/{id}.json"),
            None if path.starts_with("/__admin") => continue,
            None => format!("{path}/{id}"),
        });
    }
    if path.starts_with("/v2/groups/AccessGroupId-") && path.matches('/').count() == 3 {
        targets.push(format!("{path}/members?verbose=true&limit=2"));
        targets.push(format!("{path}/members?membership_type=all"));
        targets.push(format!("{path}/rules"));
    }
    if path.starts_with("/v1/group_templates/") && path.matches('/').count() == 3 {
        targets.push(format!("{path}/versions?limit=1"));
        targets.push(format!("{path}/versions?verbose=true"));
    }
    if path.starts_with("/v1/group_assignments/") {
        targets.push(format!("{path}?verbose=true"));
    }
    targets
}

fn links(url: &str, value: &Value, targets: &mut Vec<String>) {
    match value {
        Value::String(text) => targets.extend(text.strip_prefix(url).map(str::to_owned)),
        Value::Array(items) => items.iter().for_each(|item| links(url, item, targets)),
        Value::Object(members) => members.values().for_each(|item| links(url, item, targets)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl Answer {
    pub(super) fn is_success(&self) -> bool {
        self.status < 300
    }

    pub(super) fn of(mock: &Mock, reply: &Reply) -> Self {
        let here = mock.url();
        // An item of a 207 that failed names the request.
        let trace = reply.header("transaction-id");
        let text = if trace.is_empty() { reply.text() } else { reply.text().replace(trace, "") };
        let header = |name: &&'static str| (*name, reply.header(name).replace(&here, ""));
        Self {
            status: reply.status,
            headers: HEADERS.iter().map(header).collect(),
            body: if reply.status < 400 { text.replace(&here, "") } else { String::new() },
        }
    }
}
