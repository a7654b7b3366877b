//! `CloudflareNeighbor`: a kind of neighbor with the errors of its service.

use super::super::rules::Rules;
use crate::config::RuleCheck;
use crate::domain::neighbors::NeighborKind;
use crate::json::RawFields;
use crate::spec::{ApiError, ErrorCode};

/// A kind of neighbor with the errors of its service.
#[derive(Debug)]
pub struct CloudflareNeighbor {
    pub kind: NeighborKind,
    /// The fields that are lists of rules, like those of an Access group.
    pub rules: &'static [&'static str],
    /// Whether the names are unique in an account; the error if not.
    pub name_in_use: Option<&'static ErrorCode>,
    /// Whether lists can be filtered by name.
    pub filters_names: bool,
    /// Whether an update replaces only the fields that are sent.
    pub updates_fields: bool,
    /// The error for an invalid body.
    pub invalid: &'static ErrorCode,
    /// The error for an unknown identifier.
    pub unknown: &'static ErrorCode,
    /// The kind of the neighbor that a list belongs to, if it is not an account or a zone.
    pub parent: Option<&'static Self>,
}

impl CloudflareNeighbor {
    /// Checks the fields of a body; those that are absent only if the body must be complete.
    ///
    /// # Errors
    /// The error of the service with every invalid field.
    pub fn check(
        &self,
        fields: &RawFields<'_>,
        is_complete: bool,
        rule_check: RuleCheck,
    ) -> Result<(), ApiError> {
        let mut violations =
            if is_complete { self.kind.check(fields) } else { self.kind.check_partial(fields) };
        for name in self.rules {
            let is_valid = !violations.iter().any(|violation| violation.path.starts_with(name));
            let rules = fields.get(name).filter(|json| is_valid && json.get().starts_with('['));
            if let Some(Err(found)) = rules.map(|json| Rules::parse(json, name, rule_check)) {
                violations.append(found);
            }
        }
        if violations.is_empty() { Ok(()) } else { Err(self.invalid.with_violations(violations)) }
    }
}
