//! The JSON shapes of the ibm dialect, named as IBM names them.
//!
//! Answers borrow from the records; bodies are turned into the model's drafts, which check them.

mod body;
mod group;
mod member;
mod object;
mod rule;
mod settings;
mod token;

pub(super) use body::Body;
pub(super) use group::{Group, GroupRequest, GroupsList};
pub(super) use member::{
    AddMembersRequest, AddMembersResponse, AddMembershipMultipleGroups, AddToGroupsRequest,
    DeleteFromAllGroups, DeleteGroupBulkMembers, GroupMembersList, MemberItem, RemoveMembersRequest,
};
pub(super) use rule::{Rule, RuleRequest, RulesList};
pub(super) use settings::{AccountSettings, SettingsRequest};
pub(super) use token::Token;

use chrono::SecondsFormat;
use serde::{Serialize, Serializer};

use object::Object;

use super::model::Moment;
use crate::failure::Code;

/// The error of one part of a 207 answer.
#[derive(Serialize)]
pub(super) struct ItemError {
    code: &'static str,
    message: &'static str,
}

impl ItemError {
    const fn of(code: &'static Code) -> [Self; 1] {
        [Self { code: code.code, message: code.message }]
    }
}

impl Serialize for Moment {
    /// Writes whole seconds with `Z`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.time().to_rfc3339_opts(SecondsFormat::Secs, true))
    }
}
