//! The permission groups of API tokens, whose identifiers are the same in every account.
//!
//! Identifiers, names and scopes are `observed`: the list in the npm package alchemy 0.94.0
//! (`lib/cloudflare/permission-groups.js`), which agrees with the response to a Terraform data source of 2025-09
//! (<https://github.com/userbradley/documentation.breadnet.co.uk/issues/592>) and with the identifiers in
//! <https://github.com/cloudflare/terraform-provider-cloudflare/issues/1105>. The order is that of the package.

/// One group per line: identifier, resource and name, separated by tabs.
const TABLE: &str = include_str!("token_permission_groups.tsv");

/// A permission group of API tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenPermissionGroup {
    pub id: &'static str,
    pub name: &'static str,
    /// The kind of resource to which the permissions apply, such as `com.cloudflare.api.account.zone`.
    pub scope: &'static str,
}

/// Returns all groups.
pub fn token_permission_groups() -> impl Iterator<Item = TokenPermissionGroup> {
    TABLE.lines().filter_map(|line| {
        let mut columns = line.splitn(3, '\t');
        let (id, resource, name) = (columns.next()?, columns.next()?, columns.next()?);
        let scope = match resource {
            "account" => "com.cloudflare.api.account",
            "zone" => "com.cloudflare.api.account.zone",
            "bucket" => "com.cloudflare.edge.r2.bucket",
            _ => return None,
        };
        Some(TokenPermissionGroup { id, name, scope })
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_line_is_a_group_with_an_identifier_of_its_own() {
        let groups: Vec<_> = token_permission_groups().collect();

        assert_eq!(groups.len(), TABLE.lines().count());
        let ids: BTreeSet<&str> = groups.iter().map(|group| group.id).collect();
        assert_eq!(ids.len(), groups.len());
        assert!(ids.iter().all(|id| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())));
        let zone_read = groups.iter().find(|group| group.name == "Zone Read").unwrap();
        assert_eq!(zone_read.id, "c8fed203ed3043cba015a93ad1616f1f");
    }
}
