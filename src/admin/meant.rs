//! Whether a pattern names what this server has.
//!
//! A pattern with a mistyped operation would mean no request at all: a fault that never strikes, and a verification
//! that nothing came.

use crate::catalog::catalog;
use crate::control::pattern::Pattern;
use crate::dialect;
use crate::failure::Violation;
use crate::http::Known;

/// Says what in `pattern` names nothing of this server.
///
/// # Errors
/// A dialect or an operation that there is not.
pub(super) fn check(pattern: &Pattern) -> Result<(), Violation> {
    if let Some(name) = pattern.dialect.as_deref()
        && !dialect::ALL.iter().any(|dialect| dialect.name == name)
    {
        let names: Vec<&str> = dialect::ALL.iter().map(|dialect| dialect.name).collect();
        return Err(Violation::new("dialect", format!("`{name}` is none of {}", names.join(", "))));
    }
    let Some(id) = pattern.operation.as_deref() else { return Ok(()) };
    let is_of_dialect =
        |known: &&Known| pattern.dialect.as_deref().is_none_or(|name| known.dialect.name == name);
    if catalog().operations().iter().filter(is_of_dialect).any(|known| is_named(known, id)) {
        return Ok(());
    }
    let of = pattern.dialect.as_deref().unwrap_or("this server");
    let reason = format!("`{id}` is no operation of {of}; /__admin/coverage lists them");
    Err(Violation::new("operation", reason))
}

fn is_named(known: &Known, id: &str) -> bool {
    let qualified = id.strip_prefix(known.dialect.name).and_then(|rest| rest.strip_prefix(['_', '.']));
    id == known.id || qualified == Some(known.id)
}
