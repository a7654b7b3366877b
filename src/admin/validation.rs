//! Validation of the dialect and the operation of a pattern.
//!
//! A pattern with a mistyped operation would match no request, so that its fault would never be injected, and a
//! verification that no request was received would always succeed.

use super::api::Admin;
use crate::control::matching::pattern::Pattern;
use crate::spec::{ApiSpec, Operation, Violation};

impl Admin {
    /// Validates that the dialect and the operation of `pattern` exist.
    ///
    /// # Errors
    /// A [`Violation`] at `dialect` or `operation` if it does not exist.
    pub(super) fn validate_pattern(&self, pattern: &Pattern) -> Result<(), Violation> {
        let names: Vec<&str> = self.apis.iter().map(|api| api.spec.name).collect();
        if let Some(name) = pattern.dialect.as_deref()
            && !names.contains(&name)
        {
            let reason = format!("`{name}` must be one of {}", names.join(", "));
            return Err(Violation::new("dialect", reason));
        }
        let Some(id) = pattern.operation.as_deref() else { return Ok(()) };
        let is_in_dialect = |api: &ApiSpec| pattern.dialect.as_deref().is_none_or(|name| api.name == name);
        let mut operations = self.apis.operations().filter(|(api, _)| is_in_dialect(api));
        if operations.any(|(api, operation)| has_id(api, operation, id)) {
            return Ok(());
        }
        let owner = pattern.dialect.as_deref().unwrap_or("this server");
        let reason =
            format!("`{id}` is not an operation of {owner}; see /__admin/coverage for all operations");
        Err(Violation::new("operation", reason))
    }
}

/// Returns whether `id` is the id of `operation`, with or without the prefix of its dialect.
fn has_id(api: &ApiSpec, operation: &Operation, id: &str) -> bool {
    let unqualified = id.strip_prefix(api.name).and_then(|rest| rest.strip_prefix(['_', '.']));
    id == operation.id || unqualified == Some(operation.id)
}
