//! Records the responses to all GET requests of a server, to compare two servers or two points in time of one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::ACCOUNT;
use crate::support::{TestResponse, TestServer};

/// The responses to all GET requests by target.
pub(super) type RecordedResponses = BTreeMap<String, RecordedResponse>;

/// The parts of a response that are the same on two equal servers: of errors only the status, because their bodies
/// contain request ids.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RecordedResponse {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

const HEADERS: [&str; 5] = ["etag", "last-modified", "content-type", "location", "cache-control"];

/// Lists with small pages, so that the responses have cursors and links.
const LISTS: [&str; 64] = [
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups?per_page=2&page=1",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups?per_page=2&page=2",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups?search=dev",
    "/client/v4/zones/9a7806061c88ada191ed06f989cc3dac/access/groups",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/iam/resource_groups",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/iam/resource_groups?per_page=1&page=2",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/iam/permission_groups",
    "/client/v4/accounts",
    "/client/v4/accounts?per_page=1&page=2",
    "/client/v4/zones",
    "/client/v4/user",
    "/client/v4/user/tokens/verify",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/tokens/verify",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/tokens/permission_groups",
    "/client/v4/user/tokens/permission_groups",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/identity_providers",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/policies",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/apps",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/apps/023e105f-4ece-48ad-9ca3-1a8372d0c353/policies",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/members",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/roles",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/iam/user_groups",
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/iam/user_groups/6d7f2f5f5b1d4a0e9081fdc98d432fd1/members",
    "/client/v4/zones/9a7806061c88ada191ed06f989cc3dac/access/identity_providers",
    "/client/v4/zones/9a7806061c88ada191ed06f989cc3dac/access/apps",
    "/client/v4/zones/9a7806061c88ada191ed06f989cc3dac/access/apps/023e105f-4ece-48ad-9ca3-1a8372d0c353/policies",
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
    "/v2/accounts/{}/users/IBMid-270001/settings",
    "/v2/resource_groups?account_id={}",
    "/v1/serviceid_groups?account_id={}",
    "/v1/policy_templates?account_id={}&limit=1",
    "/v1/policy_templates/policyTemplate-9/versions?limit=1",
    "/v1/policy_templates/policyTemplate-9/versions/2",
    "/coe/v2/accounts?limit=2",
    "/coe/v2/accounts/{}",
    "/v1/enterprises",
    "/v1/accounts?limit=2",
    "/v1/account-groups",
    "/v1/groups?limit=2",
    "/v1/groups?limit=1&filter=e",
    "/v1/groups",
    "/v1/roles?limit=1",
    "/v1/roles?filter=read",
    "/v1/records?limit=1",
    "/v1/records/rec_engineering",
    "/v1/users?limit=1",
    "/v1/users/user_ada",
    "/__admin/groups/grp_user_group_001/uses",
    "/api2/access_groups.json",
    "/__admin/groups?limit=1000",
    "/__admin/groups/f174e90a-fafe-4643-bbbc-4a0ed4fc8415/uses",
];

/// Requests the lists, follows their links, and requests everything that they list.
pub(super) fn crawl(mock: &TestServer) -> RecordedResponses {
    let mut pending: BTreeSet<String> = LISTS.iter().map(|list| list.replace("{}", ACCOUNT)).collect();
    let mut seen = RecordedResponses::new();
    while let Some(target) = pending.pop_first() {
        if seen.contains_key(&target) {
            continue;
        }
        let response = mock.get(&target).send();
        if response.status == 200 {
            pending.extend(linked_targets(mock, &target, &response.json()));
        }
        seen.insert(target, RecordedResponse::new(mock, &response));
    }
    seen
}

/// Requests the recorded targets again, with the recorded cursors and links.
pub(super) fn refetch(mock: &TestServer, seen: &RecordedResponses) -> RecordedResponses {
    let get = |target: &String| (target.clone(), RecordedResponse::new(mock, &mock.get(target).send()));
    seen.keys().map(get).collect()
}

/// Fails with the first target whose response differs.
#[track_caller]
pub(super) fn assert_same_responses(left: &RecordedResponses, right: &RecordedResponses) {
    for (target, response) in left {
        assert_eq!(Some(response), right.get(target), "GET {target}");
    }
    assert_eq!(left.len(), right.len());
}

/// Returns the targets that a response leads to: its links, and the paths of the records that it lists.
fn linked_targets(mock: &TestServer, target: &str, body: &Value) -> Vec<String> {
    let path = target.split('?').next().unwrap().trim_end_matches('/');
    let mut targets = Vec::new();
    add_links(&mock.url(), body, &mut targets);
    for item in body.as_object().into_iter().flat_map(|it| it.values()).filter_map(Value::as_array).flatten()
    {
        // The `id` of a user is not the one in its path.
        let names =
            if path.ends_with("/users") { &["iam_id"][..] } else { &["id", "groupId", "iam_id", "roleId"] };
        let Some(id) = names.iter().find_map(|name| item.get(name)) else { continue };
        let id = id.to_string().replace('"', "");
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

fn add_links(url: &str, value: &Value, targets: &mut Vec<String>) {
    match value {
        Value::String(link) => targets.extend(link.strip_prefix(url).map(str::to_owned)),
        Value::Array(items) => items.iter().for_each(|item| add_links(url, item, targets)),
        Value::Object(fields) => fields.values().for_each(|item| add_links(url, item, targets)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl RecordedResponse {
    pub(super) fn is_success(&self) -> bool {
        self.status < 300
    }

    pub(super) fn new(mock: &TestServer, response: &TestResponse) -> Self {
        let base = mock.url();
        // A failed item of a 207 response contains the request's transaction id.
        let trace = response.header("transaction-id");
        let body = if trace.is_empty() { response.text() } else { response.text().replace(trace, "") };
        let header = |name: &&'static str| (*name, response.header(name).replace(&base, ""));
        Self {
            status: response.status,
            headers: HEADERS.iter().map(header).collect(),
            body: if response.status < 400 { body.replace(&base, "") } else { String::new() },
        }
    }
}
