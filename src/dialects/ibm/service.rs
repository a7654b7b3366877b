//! The services of IBM that the paths belong to, each with its own error format and headers.

use std::borrow::Cow;

use crate::http::RequestMeta;

/// A service of IBM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    /// The token endpoint, `/identity`.
    Token,
    /// IAM identity: service ids and their groups, trusted profiles, and API keys.
    Identity,
    /// Policy management: policies, policy templates and roles.
    Policies,
    /// Access groups, their templates, and user management; also resource groups, accounts and enterprises, of whose
    /// errors nothing is known.
    Groups,
    /// No service: the gateway itself.
    Gateway,
}

/// The paths of each service; all paths below them belong to it.
const PATHS: &[(&str, Service)] = &[
    ("/v2/groups", Service::Groups),
    ("/v1/group_templates", Service::Groups),
    ("/v1/group_assignments", Service::Groups),
    ("/v2/accounts", Service::Groups),
    ("/v2/resource_groups", Service::Groups),
    ("/coe", Service::Groups),
    ("/v1/enterprises", Service::Groups),
    ("/v1/accounts", Service::Groups),
    ("/v1/account-groups", Service::Groups),
    ("/v1/policies", Service::Policies),
    ("/v1/policy_templates", Service::Policies),
    ("/v2/policies", Service::Policies),
    ("/v2/roles", Service::Policies),
    ("/v1/serviceids", Service::Identity),
    ("/v1/profiles", Service::Identity),
    ("/v1/serviceid_groups", Service::Identity),
    ("/v1/apikeys", Service::Identity),
];

/// Returns the service of a path; case-insensitive.
pub(super) fn of_path(path: &str) -> Service {
    if is_below(path.trim_start_matches('/'), "identity") {
        return Service::Token;
    }
    PATHS.iter().find(|(prefix, _)| is_below(path, prefix)).map_or(Service::Gateway, |(_, service)| *service)
}

/// Returns whether `path` is `prefix` or a path below it; case-insensitive.
fn is_below(path: &str, prefix: &str) -> bool {
    let Some((start, rest)) = path.split_at_checked(prefix.len()) else { return false };
    // Nearly all clients write the path like the vendor, and an exact comparison takes less time.
    (rest.is_empty() || rest.starts_with('/')) && (start == prefix || start.eq_ignore_ascii_case(prefix))
}

/// Returns the transaction id: that of the request, or a generated one, which policy management writes without hyphens.
pub(super) fn transaction_id(meta: &RequestMeta) -> Cow<'_, str> {
    let id = meta.request_id();
    let is_generated = || meta.id.hyphenated().encode_lower(&mut uuid::Uuid::encode_buffer()) == id;
    if of_path(meta.path()) == Service::Policies && is_generated() {
        return Cow::Owned(meta.id.simple().to_string());
    }
    Cow::Borrowed(id)
}
