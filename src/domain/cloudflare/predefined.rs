//! The predefined permission groups, which every account has.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::domain::neighbors::json_string;
use crate::store::stable_hex_id;

/// A predefined permission group, which is a role in an account.
#[derive(Debug)]
pub struct PredefinedPermissionGroup {
    pub name: &'static str,
    pub label: &'static str,
    pub description: &'static str,
    /// The identifier at the real service, if it is known.
    real_id: Option<&'static str>,
}

/// The scope of every predefined permission group.
pub const SCOPES: &str = "com.cloudflare.api.account";

/// The predefined permission groups.
///
/// Firewall, DNS and Workers Admin with their identifiers, and the names and labels of the others where the report of
/// a real list has them, are `observed` (2025-02, <https://github.com/cloudflare/terraform-provider-cloudflare/issues/5078>);
/// the first three are those that the Terraform provider's own tests look up (`client`). The identifier of Super
/// Administrator is that of a recorded account member in the test data of cf-terraforming, and that of the provider's
/// acceptance tests for members. All else is `assumed`.
const PERMISSION_GROUPS: [PredefinedPermissionGroup; 9] = [
    group(
        "Administrator",
        "admin",
        "Can access the full account, except for membership management and billing.",
    ),
    PredefinedPermissionGroup {
        real_id: Some("8e23b19e4e0d44c29d239c5688ba8cbb"),
        ..group("Super Administrator - All Privileges", "all_privileges", "Can edit any Cloudflare setting.")
    },
    group("Domain Administrator Read Only", "domain_admin_readonly", "Can read any setting of a domain."),
    PredefinedPermissionGroup {
        real_id: Some("10515a9267294c2e8dd974332556a33b"),
        ..group("Firewall", "waf_admin", "Can edit WAF, IP Firewall, and Zone Lockdown settings.")
    },
    PredefinedPermissionGroup {
        real_id: Some("49ce85367bae433b9f0717ed4fea5c74"),
        ..group("DNS", "dns_admin", "Can edit DNS records.")
    },
    PredefinedPermissionGroup {
        real_id: Some("bc5ec81e4beb40b9bd71493707ea4b80"),
        ..group(
            "Workers Admin",
            "workers_admin",
            "Can manage Cloudflare Workers and related developer platform products.",
        )
    },
    group("Cloudflare Access App Admin", "access_app_admin", "Can edit Access applications."),
    group("Brand Protection", "brand_protection", "Can access Brand Protection."),
    group(
        "Domain Waiting Room Admin",
        "domain_waiting_room_admin",
        "Can edit the waiting rooms of a domain.",
    ),
];

const fn group(
    name: &'static str,
    label: &'static str,
    description: &'static str,
) -> PredefinedPermissionGroup {
    PredefinedPermissionGroup { name, label, description, real_id: None }
}

/// The identifiers of the predefined permission groups, in the same order. They are looked up for each role of a member.
static IDS: LazyLock<[String; PERMISSION_GROUPS.len()]> = LazyLock::new(|| {
    PERMISSION_GROUPS.map(|group| match group.real_id {
        Some(id) => id.to_owned(),
        None => stable_hex_id(&format!("cloudflare/permission_group/{}", group.label)),
    })
});

/// The JSON of the roles, in the same order.
static ROLES: LazyLock<Vec<String>> = LazyLock::new(|| roles().map(|role| role.to_string()).collect());

/// Returns the predefined permission groups with their identifiers: those of the real service, if they are known, or
/// else ones that are the same in every run.
pub fn permission_groups() -> impl ExactSizeIterator<Item = (&'static str, &'static PredefinedPermissionGroup)>
{
    IDS.iter().map(String::as_str).zip(&PERMISSION_GROUPS)
}

/// Returns the role of the same name as a predefined permission group.
fn role_of(id: &str, group: &PredefinedPermissionGroup) -> Value {
    json!({"id": id, "name": group.name, "description": group.description, "permissions": {}})
}

/// Returns the position of the predefined permission group with the identifier `id`.
fn position(id: &str) -> Option<usize> {
    IDS.iter().position(|known| known == id)
}

/// Returns whether `id` belongs to a predefined permission group.
pub fn is_predefined(id: &str) -> bool {
    position(id).is_some()
}

/// Returns the role of an account that has the identifier `id`: each predefined permission group is one.
pub fn role(id: &str) -> Option<Value> {
    position(id).map(|position| role_of(id, &PERMISSION_GROUPS[position]))
}

/// Returns the roles that every account has.
pub fn roles() -> impl Iterator<Item = Value> {
    permission_groups().map(|(id, group)| role_of(id, group))
}

/// Appends the JSON of the role with the identifier `id`, of which only the identifier is known if it is not predefined.
pub fn push_role(json: &mut String, id: &str) {
    match position(id) {
        Some(position) => json.push_str(&ROLES[position]),
        None => {
            json.push_str(r#"{"id":"#);
            json.push_str(&json_string(id));
            json.push('}');
        }
    }
}
