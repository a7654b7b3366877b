//! Path parameters: the account or zone, and the object in it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::domain::cloudflare::error;
use crate::domain::cloudflare::model::validate_account_id;
use crate::http::{Path, RequestContext};
use crate::spec::RequestError;

/// The account or zone of a request path, and the identifier of an object in it.
#[derive(Debug)]
pub(super) struct ResourcePath {
    /// `accounts/<id>` or `zones/<id>`.
    pub(super) owner: String,
    /// The identifier of the account or zone; empty if the path has none.
    pub(super) account: String,
    /// The identifier of the object that the list belongs to, such as an application; usually empty.
    pub(super) parent: String,
    /// The identifier of the object; empty if the path has none.
    pub(super) id: String,
}

impl ResourcePath {
    /// Reads the parameters of a path without validating them.
    ///
    /// # Errors
    /// [`RequestError::InvalidPath`] if one is not UTF-8.
    pub(super) async fn parse(parts: &mut Parts, context: &RequestContext) -> Result<Self, RequestError> {
        // The operation says what the parameters are, because their names may also be those of an outer router.
        let path = context.0.operation.map_or("", |operation| operation.path);
        let (account, parent, id) = match (parameter_count(path), path.ends_with('}')) {
            (0, _) => Default::default(),
            (1, _) => {
                (Path::<String>::from_request_parts(parts, context).await?.0, String::new(), String::new())
            }
            (2, is_item) => {
                let (account, last) = Path::<(String, String)>::from_request_parts(parts, context).await?.0;
                if is_item { (account, String::new(), last) } else { (account, last, String::new()) }
            }
            (_, _) => Path::<(String, String, String)>::from_request_parts(parts, context).await?.0,
        };
        let collection = if path.starts_with("/zones/") { "zones/" } else { "accounts/" };
        Ok(Self { owner: [collection, &account].concat(), account, parent, id })
    }
}

/// Returns the number of parameters of a documented path.
fn parameter_count(path: &str) -> usize {
    memchr::memchr_iter(b'{', path.as_bytes()).count()
}

impl ResourcePath {
    /// Returns the list of neighbors that an operation with the documented `path` refers to, such as
    /// `accounts/1/access/apps`.
    pub(super) fn list(&self, path: &str) -> String {
        let path =
            if path.ends_with('}') { path.rsplit_once('/').map_or(path, |(list, _)| list) } else { path };
        let mut values = [&self.account, &self.parent].into_iter();
        let segments = path.split('/').skip(1).map(|segment| {
            if segment.starts_with('{') { values.next().map_or("", |value| value.as_str()) } else { segment }
        });
        segments.collect::<Vec<_>>().join("/")
    }
}

impl FromRequestParts<RequestContext> for ResourcePath {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, context: &RequestContext) -> Result<Self, RequestError> {
        let path = Self::parse(parts, context).await?;
        let documented = context.0.operation.map_or("", |operation| operation.path);
        let count = parameter_count(documented);
        if count > 0 {
            validate_account_id(&path.account)?;
        }
        let has_parent = count == 3 || (count == 2 && !documented.ends_with('}'));
        if has_parent && path.parent.is_empty() {
            return Err(error::NO_ROUTE.error().into());
        }
        Ok(path)
    }
}
