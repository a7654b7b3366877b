//! The predefined permission groups, which every account has.

use crate::store::stable_hex_id;

/// The scope of a permission for an account.
const ACCOUNT: &str = "com.cloudflare.api.account";
/// The scope of a permission for a zone.
const ZONE: &str = "com.cloudflare.api.account.zone";

/// The predefined permission groups: name, label and scope. Their identifiers are not those of the real service.
pub const PERMISSION_GROUPS: [(&str, &str, &str); 10] = [
    ("Account Settings Read", "account_settings_read", ACCOUNT),
    ("Account Settings Write", "account_settings_write", ACCOUNT),
    ("Access: Organizations, Identity Providers, and Groups Read", "access_acct_read", ACCOUNT),
    ("Access: Organizations, Identity Providers, and Groups Write", "access_acct_write", ACCOUNT),
    ("Access: Apps and Policies Read", "access_read", ACCOUNT),
    ("Access: Apps and Policies Write", "access_write", ACCOUNT),
    ("Zone Read", "zone_read", ZONE),
    ("Zone Write", "zone_write", ZONE),
    ("DNS Read", "dns_read", ZONE),
    ("DNS Write", "dns_write", ZONE),
];

/// Returns the identifier of a predefined permission group, which is the same in every run.
pub fn permission_group_id(label: &str) -> String {
    stable_hex_id(&format!("cloudflare/permission_group/{label}"))
}

/// Returns whether `id` belongs to a predefined permission group.
pub fn is_predefined(id: &str) -> bool {
    PERMISSION_GROUPS.iter().any(|(_, label, _)| permission_group_id(label) == id)
}
