//! The JSON bodies of the ibm dialect, named as IBM names them.
//!
//! Response bodies borrow from the records; request bodies are converted into the model's drafts, which validate them.

mod assignment;
mod bulk_response;
mod deferred_json;
mod enterprise;
mod group;
mod invitation;
mod member;
mod neighbors;
mod policy;
mod policy_request;
mod principal;
mod rule;
mod settings;
mod template;
mod token;
mod user;

pub(super) use assignment::{
    AssignmentRequest, AssignmentUpdateRequest, ListTemplateAssignments, TemplateAssignment,
};
pub(super) use bulk_response::{
    AddMembersResponse, AddMembershipMultipleGroups, DeleteFromAllGroups, DeleteGroupBulkMembers,
};
pub(super) use deferred_json::DeferredJson;
pub(super) use enterprise::{
    AccountList, AccountResource, ChildAccount, ChildGroup, Enterprise, EnterpriseList,
};
pub(super) use group::{Group, GroupRequest, GroupsList};
pub(super) use invitation::{
    InvitationRequest, InvitedUser, InvitedUserList, UserSettings, UserSettingsRequest,
};
pub(super) use member::{
    AddMembersRequest, AddToGroupsRequest, GroupMembersList, MemberItem, RemoveMembersRequest,
};
pub(super) use neighbors::{
    ApiKey, PolicyTemplateItems, PolicyTemplatePage, ResourceGroupCreated, ResourceGroupList,
    ServiceIdGroupList,
};
pub(super) use policy::{PageLink, Policy, PolicyCollection, PolicyFormat, RoleCollection};
pub(super) use policy_request::{PolicyRequest, PolicyRequestV1, PolicyRequestV2};
pub(super) use principal::{Principal, PrincipalItems, PrincipalList, PrincipalRequest};
pub(super) use rule::{Rule, RuleRequest, RulesList};
pub(super) use settings::{AccountSettings, SettingsRequest};
pub(super) use template::{ListTemplateVersions, ListTemplates, TemplateRequest, TemplateVersion};
pub(super) use token::Token;
pub(super) use user::{UserList, UserProfile};

use serde::{Serialize, Serializer};

use crate::domain::ibm::records::audit::Timestamp;
use crate::json::rfc3339;

/// A time with milliseconds, as policy management writes it.
#[derive(Debug, Clone, Copy)]
struct MillisecondTimestamp(Timestamp);

impl Serialize for MillisecondTimestamp {
    /// Writes an RFC 3339 time in milliseconds, with `Z`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        rfc3339::serialize_milliseconds(&self.0.to_datetime(), serializer)
    }
}

impl Serialize for Timestamp {
    /// Writes an RFC 3339 time in whole seconds, with `Z`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        rfc3339::serialize_seconds(&self.to_datetime(), serializer)
    }
}
