//! The JSON bodies of resource groups, service id groups, policy templates and API keys.

use serde::Serialize;
use serde_json::value::RawValue;

use super::PageLink;
use crate::domain::ibm::records::audit::{BUILTIN_CREATED_AT, SYSTEM_IAM_ID, Timestamp};
use crate::domain::ibm::records::caller::Caller;
use crate::store::stable_hex_id;

/// All resource groups of an account.
#[derive(Serialize)]
pub(in super::super) struct ResourceGroupList {
    pub(in super::super) resources: Vec<Box<RawValue>>,
}

/// A resource group that was created.
#[derive(Serialize)]
pub(in super::super) struct ResourceGroupCreated {
    pub(in super::super) id: String,
    pub(in super::super) crn: String,
}

/// All service id groups of an account.
#[derive(Serialize)]
pub(in super::super) struct ServiceIdGroupList<'a> {
    pub(in super::super) serviceid_groups: Vec<&'a RawValue>,
}

/// One page of policy templates or versions.
#[derive(Serialize)]
pub(in super::super) struct PolicyTemplatePage {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) limit: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) first: Option<PageLink>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) next: Option<PageLink>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) previous: Option<PageLink>,
    #[serde(flatten)]
    pub(in super::super) items: PolicyTemplateItems,
}

/// The items of a page, in a field named after their kind.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum PolicyTemplateItems {
    PolicyTemplates(Vec<Box<RawValue>>),
    Versions(Vec<Box<RawValue>>),
}

/// The details of an API key; never the key itself.
#[derive(Serialize)]
pub(in super::super) struct ApiKey<'a> {
    id: String,
    entity_tag: String,
    crn: String,
    locked: bool,
    disabled: bool,
    created_at: Timestamp,
    created_by: &'static str,
    modified_at: Timestamp,
    name: &'static str,
    iam_id: &'a str,
    account_id: &'a str,
    apikey: &'static str,
}

impl<'a> ApiKey<'a> {
    /// Returns the details of the key with the given fingerprint, which is its id.
    pub(in super::super) fn new(owner: &'a Caller, fingerprint: &str) -> Self {
        let id = fingerprint.to_owned();
        Self {
            crn: format!("crn:v1:bluemix:public:iam-identity::a/{}::apikey:{id}", owner.account),
            entity_tag: format!("1-{}", stable_hex_id(fingerprint)),
            id,
            locked: false,
            disabled: false,
            created_at: BUILTIN_CREATED_AT,
            created_by: SYSTEM_IAM_ID,
            modified_at: BUILTIN_CREATED_AT,
            name: "API key",
            iam_id: &owner.iam_id,
            account_id: &owner.account,
            apikey: "",
        }
    }
}
