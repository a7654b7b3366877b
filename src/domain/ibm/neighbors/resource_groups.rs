//! The resource group `Default` of each account, which exists without having been created.
//!
//! Its id is that of its account, so that it can be found without being stored. The first update stores it.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::super::error::neighbors as error;
use super::super::records::caller::Caller;
use super::super::state::IbmState;
use super::kinds::RESOURCE_GROUPS;
use crate::domain::neighbors::Neighbor;
use crate::json::RawFields;
use crate::spec::ApiError;
use crate::store::Tx;

/// The time of creation of a default resource group that is not stored.
const CREATED_AT: &str = "2026-01-01T00:00:00.000Z";

/// The name of a default resource group that is not stored.
const DEFAULT_NAME: &str = "Default";

/// A default resource group that is not stored.
#[derive(Serialize)]
struct DefaultGroup<'a> {
    id: &'a str,
    crn: String,
    account_id: &'a str,
    state: &'static str,
    default: bool,
    quota_id: &'static str,
    quota_url: &'static str,
    payment_methods_url: String,
    resource_linkages: [(); 0],
    teams_url: String,
    created_at: &'static str,
    updated_at: &'static str,
    name: &'static str,
}

impl IbmState {
    /// Returns the resource groups of an account, starting with the default one unless it was stored.
    pub fn resource_groups(&self, account: &str) -> Vec<Box<RawValue>> {
        let stored = self.neighbors_of(&RESOURCE_GROUPS, account).iter();
        self.default_resource_group(account).into_iter().chain(stored.map(|it| it.json.clone())).collect()
    }

    /// Returns the resource group with `id`.
    ///
    /// # Errors
    /// [`error::RESOURCE_GROUP_NOT_FOUND`], and `forbidden` if the caller may not use the account.
    pub fn resource_group(&self, id: &str, caller: &Caller) -> Result<Box<RawValue>, ApiError> {
        if let Some(default) = self.default_resource_group_with_id(id, caller) {
            caller.check_account_access(id)?;
            return Ok(default);
        }
        self.neighbor(&RESOURCE_GROUPS, id, caller).map(|group| group.json.clone())
    }

    /// Adds a resource group with the given fields, which were checked.
    ///
    /// # Errors
    /// [`error::RESOURCE_GROUP_NAME_IN_USE`].
    pub fn create_resource_group(
        &mut self,
        fields: &RawFields<'_>,
        tx: &mut Tx<'_>,
    ) -> Result<&Neighbor, ApiError> {
        self.check_default_name(&fields.string("account_id").unwrap_or_default(), fields)?;
        self.create_neighbor(&RESOURCE_GROUPS, fields, tx)
    }

    /// Replaces the given fields of the resource group with `id`.
    ///
    /// # Errors
    /// As [`IbmState::resource_group`], and [`error::RESOURCE_GROUP_NAME_IN_USE`].
    pub fn update_resource_group(
        &mut self,
        id: &str,
        fields: &RawFields<'_>,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<&Neighbor, ApiError> {
        let Some(default) = self.default_resource_group_with_id(id, caller) else {
            let account = self.neighbor(&RESOURCE_GROUPS, id, caller)?.owner.clone();
            self.check_default_name(&account, fields)?;
            return self.update_neighbor((&RESOURCE_GROUPS, id), fields, tx);
        };
        caller.check_account_access(id)?;
        let current: RawFields<'_> = serde_json::from_str(default.get()).expect("it is an object");
        self.create_neighbor(&RESOURCE_GROUPS, &current.merge(fields), tx)
    }

    /// Deletes the resource group with `id`.
    ///
    /// # Errors
    /// As [`IbmState::resource_group`], and [`error::DEFAULT_RESOURCE_GROUP`].
    pub fn delete_resource_group(&mut self, id: &str, caller: &Caller) -> Result<(), ApiError> {
        let group = self.resource_group(id, caller)?;
        let fields: RawFields<'_> = serde_json::from_str(group.get()).expect("it is an object");
        if fields.get("default").is_some_and(|it| it.get() == "true") {
            return Err(error::DEFAULT_RESOURCE_GROUP.with_subject(id));
        }
        self.neighbors.delete(RESOURCE_GROUPS.list(), id);
        Ok(())
    }

    /// Checks that a name is not that of a default resource group that is not stored.
    fn check_default_name(&self, account: &str, fields: &RawFields<'_>) -> Result<(), ApiError> {
        match fields.string("name") {
            Some(name) if name == DEFAULT_NAME && self.default_resource_group(account).is_some() => {
                Err(error::RESOURCE_GROUP_NAME_IN_USE.with_subject(name))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Returns the default resource group of an account that is known to the server or the caller, if it has this id
    /// and is not stored.
    fn default_resource_group_with_id(&self, id: &str, caller: &Caller) -> Option<Box<RawValue>> {
        let is_account = self.accounts.contains_key(id) || caller.account == id;
        if is_account { self.default_resource_group(id) } else { None }
    }

    /// Returns the default resource group of an account unless it is stored.
    fn default_resource_group(&self, account: &str) -> Option<Box<RawValue>> {
        let is_default =
            |group: &Neighbor| group.fields().get("default").is_some_and(|it| it.get() == "true");
        let is_stored = self.neighbors.get(RESOURCE_GROUPS.list(), account).is_some()
            || self.neighbors_of(&RESOURCE_GROUPS, account).iter().any(is_default);
        let group = DefaultGroup {
            id: account,
            crn: format!("crn:v1:bluemix:public:resource-controller::a/{account}::resource-group:{account}"),
            account_id: account,
            state: "ACTIVE",
            default: true,
            quota_id: "a3d7b8d01e261c24677937c29ab33f3c",
            quota_url: "/v2/quota_definitions/a3d7b8d01e261c24677937c29ab33f3c",
            payment_methods_url: format!("/v2/resource_groups/{account}/payment_methods"),
            resource_linkages: [],
            teams_url: format!("/v2/resource_groups/{account}/teams"),
            created_at: CREATED_AT,
            updated_at: CREATED_AT,
            name: DEFAULT_NAME,
        };
        (!is_stored).then(|| to_raw_value(&group).expect("strings and booleans can be serialized"))
    }
}
