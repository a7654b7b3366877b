//! The members of user groups: neighbors that are added, replaced and removed by the identifiers of account members.

use serde_json::value::RawValue;

use super::error;
use super::model::CloudflareState;
use super::neighbors::{MEMBERS, USER_GROUP_MEMBERS};
use crate::domain::neighbors::json_string;
use crate::json::RawFields;
use crate::spec::{ApiError, Violation, Violations};
use crate::store::{PageRange, Tx};

/// Returns the identifiers of members in a body, each once, in the order of the body.
///
/// # Errors
/// [`error::IAM_INVALID`] with every invalid item.
pub fn parse_member_ids(items: &[RawFields<'_>]) -> Result<Vec<String>, ApiError> {
    let mut violations = Violations::new();
    let mut ids: Vec<String> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for (index, item) in items.iter().enumerate() {
        match item.string("id").filter(|id| !id.is_empty() && !id.contains('/')) {
            Some(id) if seen.insert(id.clone()) => ids.push(id),
            Some(_) => {}
            None => violations.push_with(|| {
                Violation::new(
                    format!("[{index}].id"),
                    "must be a string that is not empty and contains no `/`",
                )
            }),
        }
    }
    if violations.is_empty() { Ok(ids) } else { Err(error::IAM_INVALID.with_violations(violations)) }
}

/// Returns the list of the members of a user group.
fn list(account: &str, group: &str) -> String {
    format!("accounts/{account}/iam/user_groups/{group}/members")
}

impl CloudflareState {
    /// Returns the members of a user group in the order of addition, limited to `window`, and their total number.
    ///
    /// # Errors
    /// [`error::UNKNOWN_USER_GROUP`].
    pub fn user_group_members(
        &self,
        account: &str,
        group: &str,
        window: PageRange,
    ) -> Result<(Vec<&RawValue>, usize), ApiError> {
        let list = list(account, group);
        self.check_parent(&USER_GROUP_MEMBERS, &list)?;
        let listing = self.neighbors.list(&list);
        let members = listing.iter_from(window.offset).take(window.limit).map(|member| &*member.json);
        Ok((members.collect(), listing.len()))
    }

    /// Returns a member of a user group.
    ///
    /// # Errors
    /// [`error::UNKNOWN_USER_GROUP`] and [`error::UNKNOWN_USER_GROUP_MEMBER`].
    pub fn user_group_member(&self, account: &str, group: &str, id: &str) -> Result<&RawValue, ApiError> {
        self.neighbor(&USER_GROUP_MEMBERS, &list(account, group), id).map(|member| &*member.json)
    }

    /// Adds members to a user group, or replaces all its members; returns the given ones.
    ///
    /// # Errors
    /// [`error::UNKNOWN_USER_GROUP`].
    pub fn set_user_group_members(
        &mut self,
        (account, group): (&str, &str),
        ids: &[String],
        replaces_all: bool,
        tx: &mut Tx<'_>,
    ) -> Result<Vec<Box<RawValue>>, ApiError> {
        let list = list(account, group);
        self.check_parent(&USER_GROUP_MEMBERS, &list)?;
        if replaces_all {
            self.neighbors.delete_list(&list);
        }
        let members = ids.iter().map(|id| {
            if let Some(member) = self.neighbors.get(&list, id) {
                return member.json.clone();
            }
            let json = self.member_json(account, id);
            let fields: RawFields<'_> =
                serde_json::from_str(&json).expect("the JSON of a member is an object");
            let created = self.neighbors.create(&USER_GROUP_MEMBERS.kind, &list, &fields, tx);
            created.expect("the identifier was checked to be unused").json.clone()
        });
        Ok(members.collect())
    }

    /// Removes a member from a user group.
    ///
    /// # Errors
    /// [`error::UNKNOWN_USER_GROUP`] and [`error::UNKNOWN_USER_GROUP_MEMBER`].
    pub fn remove_user_group_member(
        &mut self,
        account: &str,
        group: &str,
        id: &str,
    ) -> Result<Box<RawValue>, ApiError> {
        self.delete_neighbor(&USER_GROUP_MEMBERS, &list(account, group), id).map(|member| member.json)
    }

    /// Returns a member with its address and status if the account has it, else only with its identifier.
    fn member_json(&self, account: &str, id: &str) -> String {
        let member = self.neighbors.get(&format!("accounts/{account}/{}", MEMBERS.kind.path), id);
        let email = member.and_then(|member| member.fields().string("email"));
        let status = member.and_then(|member| member.fields().string("status"));
        let mut json = format!(r#"{{"id":{}"#, json_string(id));
        for (name, value) in [("email", email), ("status", status)] {
            if let Some(value) = value {
                json.push_str(&format!(r#","{name}":{}"#, json_string(&value)));
            }
        }
        json + "}"
    }
}
