//! The namespace of a request, selected by the path prefix `/ns/NAME` or the header `X-Mock-Namespace`.
//!
//! axum's `Router::layer` runs after routing, so a layer cannot rewrite the path (see the section "Rewriting request
//! URI in middleware" in axum's documentation, which wraps the whole router). Here the router's fallback removes the
//! prefix with [`strip_prefix`] and routes the request again; requests without a prefix are routed once.

use axum::extract::Request;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, Uri};
use percent_encoding::percent_decode_str;

use crate::app::App;
use crate::app::namespaces::{DEFAULT_NAMESPACE, validate_namespace_name};
use crate::spec::Violation;

/// The start of a path that selects a namespace, followed by the name.
const PREFIX: &str = "/ns/";

/// A request extension with the namespace that the path selects.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PathNamespace {
    name: String,
    /// The prefix as received, such as `/ns/a%40b`.
    prefix: String,
}

/// The namespace of a request.
#[derive(Debug)]
pub struct RequestNamespace {
    /// The app of the namespace; that of the default namespace if the name is invalid.
    pub app: App,
    /// The path prefix that selects the namespace, as received; empty if there is none.
    pub prefix: String,
    /// The reason why the name is invalid.
    pub error: Option<Violation>,
}

impl RequestNamespace {
    /// Returns the namespace of `app`, without a prefix.
    pub fn default_of(app: &App) -> Self {
        Self { app: app.clone(), prefix: String::new(), error: None }
    }
}

/// Removes the prefix `/ns/NAME` from the path of `request` and returns whether there was one.
///
/// A second prefix with the same name is also removed: bluemix-go takes the path of a link, which has the prefix, and
/// appends it to its base URL, which has it, too.
/// The name is validated later, by [`resolve`], so that the dialect of the remaining path renders the error.
pub fn strip_prefix(request: &mut Request) -> bool {
    let path = request.uri().path();
    let Some((name, prefix, rest)) = split_path(path) else { return false };
    let (length, prefix) = (path.len() - rest.len(), prefix.to_owned());
    let Some(uri) = without_prefix(request.uri(), length) else { return false };
    *request.uri_mut() = uri;
    request.extensions_mut().insert(PathNamespace { name, prefix });
    true
}

/// Returns the path without the namespace prefix, which is the path in the vendor's API.
pub fn vendor_path(path: &str) -> &str {
    split_path(path).map_or(path, |(_, _, rest)| if rest.is_empty() { "/" } else { rest })
}

/// Splits a path with a namespace prefix into the name, the first prefix, and the path after one or two prefixes with
/// this name.
fn split_path(path: &str) -> Option<(String, &str, &str)> {
    let (name, prefix, rest) = split_prefix(path)?;
    match split_prefix(rest) {
        Some((second, _, rest)) if second == name => Some((name, prefix, rest)),
        Some(_) | None => Some((name, prefix, rest)),
    }
}

/// Splits a path with a namespace prefix into the name, the prefix, and the path after it.
fn split_prefix(path: &str) -> Option<(String, &str, &str)> {
    let after = path.strip_prefix(PREFIX)?;
    let length = PREFIX.len() + after.find('/').unwrap_or(after.len());
    let name = percent_decode_str(&path[PREFIX.len()..length]).decode_utf8_lossy().into_owned();
    Some((name, &path[..length], &path[length..]))
}

/// Returns the namespace of `request`. A path prefix takes precedence over `header`, which is the `X-Mock-Namespace` of
/// clients that ignore the path of their base URL.
///
/// A namespace that does not exist is pending; the caller registers it with [`App::admit`] once the request is admitted.
pub fn resolve(app: &App, request: &mut Request, header: Option<&HeaderValue>) -> RequestNamespace {
    let (source, selected) = match request.extensions_mut().remove::<PathNamespace>() {
        Some(selected) => ("/ns/NAME", selected),
        None => match header {
            Some(value) => {
                let name = value.to_str().unwrap_or_default().to_owned();
                ("X-Mock-Namespace", PathNamespace { name, prefix: String::new() })
            }
            None => return RequestNamespace::default_of(app),
        },
    };
    let PathNamespace { name, prefix } = selected;
    if let Err(reason) = validate_namespace_name(&name) {
        let error = Some(Violation::new(source, reason));
        return RequestNamespace { error, ..RequestNamespace::default_of(app) };
    }
    let app = if name == DEFAULT_NAMESPACE { app.clone() } else { app.in_pending_namespace(&name) };
    RequestNamespace { app, prefix, error: None }
}

/// Returns `uri` without the first `length` bytes of its path.
fn without_prefix(uri: &Uri, length: usize) -> Option<Uri> {
    let rest = uri.path_and_query()?.as_str().get(length..)?;
    let rest: PathAndQuery =
        if rest.starts_with('/') { rest.parse() } else { format!("/{rest}").parse() }.ok()?;
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(rest);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;
    use crate::config::Config;
    use crate::domain::seed::Seed;

    /// Returns the namespace, its prefix, whether it is invalid, and the remaining URI.
    fn resolved(uri: &str, header: Option<&str>) -> (String, String, bool, String) {
        let mut request = Request::builder().uri(uri).body(Body::empty()).expect("it is a request");
        let header = header.map(|header| HeaderValue::from_str(header).expect("it is a valid value"));
        strip_prefix(&mut request);
        let app = App::new(Config::default(), Seed::default()).unwrap();
        let RequestNamespace { app, prefix, error } = resolve(&app, &mut request, header.as_ref());
        (app.namespace().name.clone(), prefix, error.is_some(), request.uri().to_string())
    }

    fn valid(name: &str, prefix: &str, uri: &str) -> (String, String, bool, String) {
        (name.to_owned(), prefix.to_owned(), false, uri.to_owned())
    }

    #[test]
    fn the_prefix_is_removed_and_takes_precedence_over_the_header() {
        assert_eq!(resolved("/v2/groups?a=b", None), valid("default", "", "/v2/groups?a=b"));
        assert_eq!(resolved("/ns/t1/v2/groups?a=b", Some("t2")), valid("t1", "/ns/t1", "/v2/groups?a=b"));
        assert_eq!(resolved("/v2/groups", Some("t2")), valid("t2", "", "/v2/groups"));
        assert_eq!(resolved("/ns/a%40b/v2", None), valid("a@b", "/ns/a%40b", "/v2"));
        assert_eq!(resolved("/ns/t1", None), valid("t1", "/ns/t1", "/"));
        assert_eq!(resolved("/ns/t1?a=b", None), valid("t1", "/ns/t1", "/?a=b"));
    }

    #[test]
    fn a_second_prefix_is_removed_only_if_it_has_the_same_name() {
        assert_eq!(resolved("/ns/t1/ns/t1/v2?a=b", None), valid("t1", "/ns/t1", "/v2?a=b"));
        assert_eq!(resolved("/ns/a@b/ns/a%40b/v2", None), valid("a@b", "/ns/a@b", "/v2"));
        assert_eq!(resolved("/ns/t1/ns/t1", None), valid("t1", "/ns/t1", "/"));
        assert_eq!(resolved("/ns/t1/ns/t2/v2", None), valid("t1", "/ns/t1", "/ns/t2/v2"));
        assert_eq!(resolved("/ns/t1/ns/t1x/v2", None), valid("t1", "/ns/t1", "/ns/t1x/v2"));
        assert_eq!(resolved("/ns/t1/ns/t1/ns/t1/v2", None), valid("t1", "/ns/t1", "/ns/t1/v2"));
    }

    #[test]
    fn an_invalid_name_is_an_error_in_the_default_namespace() {
        let long = format!("/ns/{}/v2", "x".repeat(129));
        for (uri, header) in
            [("/ns/", None), ("/ns//v2", None), ("/ns/a%20b/v2", None), (&*long, None), ("/v2", Some(""))]
        {
            let (name, _, is_invalid, _) = resolved(uri, header);
            assert_eq!((name.as_str(), is_invalid), ("default", true), "{uri}");
        }
    }
}
