//! Parses the fields of request bodies of the cloudflare dialect.

use serde_json::value::RawValue;

use crate::config::RuleCheck;
use crate::domain::cloudflare::error;
use crate::domain::cloudflare::model::{AccessGroupContent, Scope};
use crate::domain::cloudflare::rules::Rules;
use crate::domain::cloudflare::scope::parse_scope;
use crate::http::RawFields;
use crate::spec::{ApiError, Violation, Violations};

impl RawFields<'_> {
    fn non_empty_string(&self, name: &str) -> Result<Option<String>, Violation> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match serde_json::from_str::<String>(value.get()) {
            Ok(string) if string.is_empty() => Err(Violation::new(name, "must not be empty")),
            Ok(string) => Ok(Some(string)),
            Err(_) => Err(Violation::new(name, "must be a string")),
        }
    }

    /// Parses the content of an Access group.
    ///
    /// # Errors
    /// [`error::ACCESS_INVALID`] with every invalid field.
    pub(super) fn into_access_group(self, check: RuleCheck) -> Result<AccessGroupContent, ApiError> {
        let mut violations = Violations::new();
        let name = self
            .non_empty_string("name")
            .and_then(|name| name.ok_or_else(|| Violation::new("name", "is required")));
        let name = name.map_err(|violation| violations.push(violation)).unwrap_or_default();
        let mut rules = |name: &str| match self.get(name).map(|json| Rules::parse(json, name, check)) {
            None => Rules::empty(),
            Some(Ok(rules)) => rules,
            Some(Err(found)) => {
                violations.append(found);
                Rules::empty()
            }
        };
        let (include, exclude, require) = (rules("include"), rules("exclude"), rules("require"));
        if self.get("include").is_none() {
            violations.push(Violation::new("include", "is required"));
        }
        let is_default = match self.get("is_default").map(RawValue::get) {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => {
                violations.push(Violation::new("is_default", "must be a boolean"));
                false
            }
        };
        if violations.is_empty() {
            return Ok(AccessGroupContent { name: name.into(), include, exclude, require, is_default });
        }
        Err(error::ACCESS_INVALID.with_violations(violations))
    }

    /// Parses the name and the scope of a new resource group.
    ///
    /// # Errors
    /// [`error::IAM_INVALID`] with every missing or invalid field.
    pub(super) fn into_new_resource_group(self) -> Result<(String, Scope), ApiError> {
        let required = |name: &'static str| Violation::new(name, "is required");
        let name = self.non_empty_string("name").and_then(|name| name.ok_or_else(|| required("name")));
        let scope = self.scope().and_then(|scope| scope.ok_or_else(|| required("scope")));
        combine(name, scope)
    }

    /// Parses the name and the scope of an update; either may be absent.
    ///
    /// # Errors
    /// [`error::IAM_INVALID`] with every invalid field.
    pub(super) fn parse_resource_group_update(&self) -> Result<(Option<String>, Option<Scope>), ApiError> {
        combine(self.non_empty_string("name"), self.scope())
    }

    fn scope(&self) -> Result<Option<Scope>, Violation> {
        self.get("scope").map(parse_scope).transpose()
    }
}

/// Returns both values, or an error with the violations of both.
fn combine<A, B>(name: Result<A, Violation>, scope: Result<B, Violation>) -> Result<(A, B), ApiError> {
    match (name, scope) {
        (Ok(name), Ok(scope)) => Ok((name, scope)),
        (name, scope) => {
            let violations = name.err().into_iter().chain(scope.err());
            Err(error::IAM_INVALID.with_violations(violations.collect::<Violations>()))
        }
    }
}
