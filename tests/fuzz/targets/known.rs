//! Violations that are not checked until they are corrected. Each constant is removed with its correction.

/// A request that is rejected can create a namespace, and can evict another one.
pub(crate) const REJECTED_REQUESTS_CREATE_NAMESPACES: bool = false;

/// A state whose `$state.ids` is older than its records is accepted, and then identifiers are generated again that are
/// in use, which panics.
pub(crate) const OLD_RESUME_POINTS_ARE_ACCEPTED: bool = false;

/// A state whose revision is close to the maximum is accepted, and then a write fails or the saved state is rejected.
pub(crate) const LARGE_REVISIONS_ARE_ACCEPTED: bool = false;

/// A template with a duplicate field is accepted, and its saved state cannot be restored.
pub(crate) const TEMPLATES_ACCEPT_DUPLICATE_FIELDS: bool = false;

/// A rejected request to create an assignment draws identifiers.
pub(crate) const REJECTED_ASSIGNMENTS_DRAW_IDENTIFIERS: bool = false;
