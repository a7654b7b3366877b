//! The roles of single services, in the format of `GET /v2/roles`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::records::role::{Role, is_role_crn};
use super::super::state::IbmState;
use crate::domain::seed::SeedError;

/// A role of a service.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceRoleSeed {
    display_name: String,
    /// By default derived from the service and the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    crn: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    description: String,
    /// The actions of a response, which are always empty.
    #[serde(rename = "actions", default, skip_serializing)]
    _actions: [(); 0],
}

/// Loads a role of a service into `state`.
///
/// # Errors
/// The role has no name, a malformed CRN, or a CRN or name that another role has.
pub fn load(state: &mut IbmState, service: &str, seed: &ServiceRoleSeed) -> Result<(), SeedError> {
    let name = &seed.display_name;
    let crn = seed.crn.clone().unwrap_or_else(|| default_crn(service, name));
    if name.is_empty() || !is_role_crn(&crn) {
        let invalid = if seed.crn.is_some() && !name.is_empty() { "crn" } else { "display_name" };
        let reason = match invalid {
            "crn" => "must have the form crn:v1:bluemix:public:SERVICE::::serviceRole:NAME",
            _ => "must contain a letter or a digit",
        };
        return Err(SeedError::new(invalid, reason));
    }
    if state.service_roles.find(&crn).is_some() {
        return Err(SeedError::new("crn", format!("`{crn}` is already the CRN of another role")));
    }
    if state.service_roles.of(service).iter().any(|role| role.display_name == **name) {
        let reason = format!("`{name}` is already the name of another role of the service");
        return Err(SeedError::new("display_name", reason));
    }
    let description = seed.description.clone().into();
    state
        .service_roles
        .insert(service, Role { crn: crn.into(), display_name: name.clone().into(), description });
    Ok(())
}

/// Returns the CRN of a service's role, whose last segment is the name without spaces and punctuation, as in IBM's table
/// of the roles of Hyper Protect Crypto Services (<https://github.com/ibm-cloud-docs/hs-crypto>).
fn default_crn(service: &str, name: &str) -> String {
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("crn:v1:bluemix:public:{service}::::serviceRole:{name}")
}

/// Returns the roles of each service, complete.
pub fn save(state: &IbmState) -> BTreeMap<String, Vec<ServiceRoleSeed>> {
    let seed = |role: &Role| ServiceRoleSeed {
        display_name: role.display_name.to_string(),
        crn: Some(role.crn.to_string()),
        description: role.description.to_string(),
        _actions: [],
    };
    let services = state.service_roles().iter();
    services.map(|(service, roles)| (service.to_owned(), roles.iter().map(seed).collect())).collect()
}
