//! Random writes to all dialects: requests to a server with the demo seed whose targets are chosen by number.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::ACCOUNT;
use super::crawl::RecordedResponse;
use crate::support::operations::{Operation, encode_body, operations};
use crate::support::{TestRequest, TestServer};

/// One write request: the number of its operation, and a number that selects its record and content.
#[derive(Debug, Clone, Copy)]
pub(super) struct RandomWrite(u8, u8);

/// The operations of random writes.
const WRITES: [&str; 57] = [
    "cloudflare_create_access_group",
    "cloudflare_replace_access_group",
    "cloudflare_delete_access_group",
    "cloudflare_create_zone_access_group",
    "cloudflare_create_resource_group",
    "cloudflare_update_resource_group",
    "cloudflare_delete_resource_group",
    "cloudflare_create_access_policy",
    "cloudflare_update_access_policy",
    "cloudflare_delete_access_policy",
    "cloudflare_create_account_member",
    "cloudflare_update_account_member",
    "cloudflare_delete_access_application",
    "cloudflare_create_zone_access_application",
    "cloudflare_create_user_group",
    "cloudflare_update_user_group",
    "cloudflare_replace_user_group_members",
    "ibm_create_access_group",
    "ibm_update_access_group",
    "ibm_delete_access_group",
    "ibm_add_members_to_access_group",
    "ibm_remove_members_from_access_group",
    "ibm_remove_member_from_all_access_groups",
    "ibm_add_access_group_rule",
    "ibm_update_account_settings",
    "ibm_create_template",
    "ibm_create_template_version",
    "ibm_commit_template",
    "ibm_create_assignment",
    "ibm_delete_assignment",
    "ibm_create_service_id",
    "ibm_update_service_id",
    "ibm_delete_service_id",
    "ibm_create_profile",
    "ibm_create_policy",
    "ibm_create_v2_policy",
    "ibm_delete_policy",
    "ibm_invite_users",
    "ibm_update_user_settings",
    "ibm_create_resource_group",
    "ibm_update_resource_group",
    "ibm_delete_resource_group",
    "ibm_create_service_id_group",
    "ibm_update_service_id_group",
    "ibm_create_policy_template",
    "ibm_create_policy_template_version",
    "ibm_commit_policy_template",
    "ibm_delete_policy_template_version",
    "authress_create_role",
    "authress_update_record",
    "authress_delete_user",
    "authress_create_group",
    "authress_update_group",
    "authress_delete_group",
    "legacy_create_access_group",
    "legacy_update_access_group",
    "legacy_delete_access_group",
];

/// The source of record ids for an operation: path fragment, list, its array, and the field with the identifier.
const RECORDS: [(&str, &str, &str, &str); 20] = [
    (
        "/v2/resource_groups/{resource_group_id}",
        "/v2/resource_groups?account_id={}&default=false",
        "resources",
        "id",
    ),
    (
        "/v1/serviceid_groups/{serviceid_group_id}",
        "/v1/serviceid_groups?account_id={}",
        "serviceid_groups",
        "id",
    ),
    (
        "/v1/policy_templates/{policy_template_id}",
        "/v1/policy_templates?account_id={}",
        "policy_templates",
        "id",
    ),
    ("/v1/roles/{roleId}", "/v1/roles", "roles", "roleId"),
    ("/v1/records/{recordId}", "/v1/records", "records", "recordId"),
    ("/v1/users/{userId}", "/v1/users", "users", "userId"),
    ("/access/groups/{group_id}", CLOUDFLARE_ACCESS, "result", "id"),
    ("/resource_groups/{resource_group_id}", CLOUDFLARE_RESOURCE, "result", "id"),
    (
        "/access/policies/{policy_id}",
        "/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/policies",
        "result",
        "id",
    ),
    ("/access/apps/{app_id}", "/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/apps", "result", "id"),
    ("/members/{member_id}", "/accounts/023e105f4ecef8ad9ca31a8372d0c353/members", "result", "id"),
    (
        "/iam/user_groups/{user_group_id}",
        "/accounts/023e105f4ecef8ad9ca31a8372d0c353/iam/user_groups",
        "result",
        "id",
    ),
    ("/v2/groups/{access_group_id}", "/v2/groups?account_id={}", "groups", "id"),
    ("/v1/group_templates/{template_id}", "/v1/group_templates?account_id={}", "group_templates", "id"),
    ("/v1/group_assignments/{assignment_id}", "/v1/group_assignments?account_id={}", "assignments", "id"),
    ("/v1/serviceids/{service_id}", "/v1/serviceids/?account_id={}", "serviceids", "id"),
    ("/v1/policies/{policy_id}", "/v1/policies?account_id={}", "policies", "id"),
    ("/v1/groups/{groupId}", "/v1/groups", "groups", "groupId"),
    ("/api2/access_groups/{id}.json", "/api2/access_groups.json", "entries", "id"),
    ("/v2/groups/_allgroups/members/{iam_id}", "/v2/accounts/{}/users", "resources", "iam_id"),
];

const CLOUDFLARE_ACCESS: &str = "/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups";
const CLOUDFLARE_RESOURCE: &str = "/accounts/023e105f4ecef8ad9ca31a8372d0c353/iam/resource_groups";

pub(super) fn random_write() -> impl Strategy<Value = RandomWrite> {
    any::<(u8, u8)>().prop_map(|(kind, number)| RandomWrite(kind, number))
}

/// Returns the write with `number`: the same number always gives the same write.
pub(super) fn write_from_number(number: u32) -> RandomWrite {
    let [_, kind, record, _] = number.wrapping_mul(2_654_435_761).to_be_bytes();
    RandomWrite(kind, record)
}

impl RandomWrite {
    pub(super) fn operation(self) -> Operation {
        let name = WRITES[usize::from(self.0) % WRITES.len()];
        operations().find(|it| it.id() == name).unwrap()
    }

    /// Sends the request, and returns the response.
    pub(super) fn apply(self, mock: &TestServer) -> RecordedResponse {
        let operation = self.operation();
        let target = operation.target_for_template(&self.path(mock, &operation));
        RecordedResponse::new(mock, &self.call(mock, &operation, &target).send())
    }

    /// Returns the path of the operation with the identifier of an existing record.
    fn path(self, mock: &TestServer, operation: &Operation) -> String {
        let select_id = |(_, list, items, id): &(&str, &str, &str, &str)| {
            let list = mock.get(&list.replace("{}", ACCOUNT)).send().expect(200).json();
            let ids: Vec<String> = list[items]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| it[id].to_string().replace('"', ""))
                .collect();
            ids.get(usize::from(self.1).checked_rem(ids.len()).unwrap_or_default()).cloned()
        };
        let record = RECORDS.iter().find(|(fragment, ..)| operation.path.contains(fragment));
        let Some((record, id)) = record.and_then(|record| Some((record, select_id(record)?))) else {
            return operation.path.to_owned();
        };
        let filled = record.0.split('{').next().unwrap().to_owned() + &id;
        let suffix = if record.0.ends_with(".json") { ".json" } else { "" };
        let path = operation.path.replace(record.0, &format!("{filled}{suffix}"));
        path.replace("{version_num}", &(1 + self.1 % 3).to_string())
            .replace("{version}", &(1 + self.1 % 3).to_string())
            .replace("{account_id}", "023e105f4ecef8ad9ca31a8372d0c353")
    }

    fn call<'a>(self, mock: &'a TestServer, operation: &Operation, target: &str) -> TestRequest<'a> {
        let target = match operation.id() {
            // Without `force` only a group without members is deleted.
            "ibm_delete_access_group" => format!("{}?force=true", target.split('?').next().unwrap()),
            _ => target.to_owned(),
        };
        let mut call = mock.request(&operation.method.to_uppercase(), &target);
        for (name, example) in operation.required_parameters("header") {
            let is_tag = name.eq_ignore_ascii_case("if-match");
            let current = is_tag.then(|| mock.get(target.trim_end_matches("/commit")).send());
            let tag = current.map(|current| current.header("etag").to_owned());
            call = call.header(name, &tag.filter(|tag| !tag.is_empty()).unwrap_or(example));
        }
        let Some((media_type, described)) = operation.request_body() else { return call };
        let body = self.body(described["example"].clone());
        call.body(encode_body(media_type, &body)).header("content-type", media_type)
    }

    /// Returns the example body with a different name, and for some numbers with different content.
    fn body(self, mut body: Value) -> Value {
        if self.1 % 2 == 1 {
            // The group of the example may be gone.
            for (path, name) in [("/subjects/0/attributes/0", "name"), ("/subject/attributes/0", "key")] {
                if let Some(attribute) = body.pointer_mut(path) {
                    attribute[name] = json!("iam_id");
                    attribute["value"] = json!(format!("IBMid-{}", self.1));
                }
            }
            if let Some(groups) = body.get_mut("access_groups") {
                *groups = json!([]);
            }
        }
        let object = if body.get("entry").is_some() { &mut body["entry"] } else { &mut body };
        if object.get("name").is_some() {
            object["name"] = json!(format!("name {} of {}", self.1, self.0));
        }
        if object.get("groupId").is_some() {
            object["groupId"] = json!(format!("grp_{}", self.1 % 8));
        }
        if object.get("roleId").is_some() {
            object["roleId"] = json!(format!("ro_{}", self.1 % 8));
        }
        if object.get("users").is_some_and(|users| users[0].get("email").is_some()) {
            object["users"][0]["email"] = json!(format!("user{}@example.com", self.1 % 8));
        }
        if object.get("target").is_some() {
            object["target"] = json!(format!("target-{}", self.1 % 8));
        }
        if object.get("description").is_some() && self.1 > 99 {
            object["description"] = json!(format!("ä {}", self.1));
        }
        body
    }
}

/// Sends writes, and counts the successful ones by operation.
pub(super) fn count_successes(
    mock: &TestServer,
    writes: impl Iterator<Item = RandomWrite>,
) -> BTreeMap<&'static str, usize> {
    let mut successes: BTreeMap<&'static str, usize> = WRITES.iter().map(|name| (*name, 0)).collect();
    for write in writes {
        let response = write.apply(mock);
        *successes.get_mut(write.operation().id()).unwrap() += usize::from(response.is_success());
    }
    successes
}
