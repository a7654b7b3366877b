//! Which namespace a request is for: by the prefix `/ns/NAME` of its path, or by the header `X-Mock-Namespace`.

use axum::extract::Request;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderName, Uri};
use percent_encoding::percent_decode_str;

use crate::failure::Violation;
use crate::spaces::check_name;

/// The header that names a namespace for clients that drop a base path.
const HEADER: HeaderName = HeaderName::from_static("x-mock-namespace");

/// What stands before the name in a path.
const PREFIX: &str = "/ns/";

/// The namespace that a request names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// The name.
    pub(super) name: String,
    /// The prefix of the path that names it, as it was sent; empty where the header does.
    pub(super) prefix: String,
}

impl Address {
    /// Takes the prefix of a namespace off the path of `request`; `None` where it names no namespace.
    ///
    /// # Errors
    /// A name that cannot be one; the prefix is off the path then, too.
    pub(super) fn take(request: &mut Request) -> Result<Option<Self>, Violation> {
        let Some(after) = request.uri().path().strip_prefix(PREFIX) else {
            let Some(value) = request.headers().get(HEADER) else { return Ok(None) };
            let name = value.to_str().unwrap_or_default().to_owned();
            check_name(&name).map_err(|reason| Violation::new("X-Mock-Namespace", reason))?;
            return Ok(Some(Self { name, prefix: String::new() }));
        };
        let segment = after.split('/').next().unwrap_or_default();
        let length = PREFIX.len() + segment.len();
        let name = percent_decode_str(segment).decode_utf8_lossy().into_owned();
        let prefix = request.uri().path()[..length].to_owned();
        if let Some(rest) = without(request.uri(), length) {
            *request.uri_mut() = rest;
        }
        check_name(&name).map_err(|reason| Violation::new("/ns/NAME", reason))?;
        Ok(Some(Self { name, prefix }))
    }
}

/// Returns the part of a path that the vendor knows: all of it without the prefix of a namespace.
pub(crate) fn vendor_path(path: &str) -> &str {
    let Some(after) = path.strip_prefix(PREFIX) else { return path };
    after.find('/').map_or("/", |at| &after[at..])
}

/// The target without the first `length` bytes of its path.
fn without(target: &Uri, length: usize) -> Option<Uri> {
    let rest = target.path_and_query()?.as_str().get(length..)?;
    let rest: PathAndQuery =
        if rest.starts_with('/') { rest.parse() } else { format!("/{rest}").parse() }.ok()?;
    let mut parts = target.clone().into_parts();
    parts.path_and_query = Some(rest);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn taken(uri: &str, header: Option<&str>) -> (Result<Option<Address>, Violation>, String) {
        let mut request = Request::builder().uri(uri);
        if let Some(header) = header {
            request = request.header(HEADER, header);
        }
        let mut request = request.body(Body::empty()).expect("it is a request");
        let address = Address::take(&mut request);
        (address, request.uri().to_string())
    }

    fn address(name: &str, prefix: &str) -> Result<Option<Address>, Violation> {
        Ok(Some(Address { name: name.to_owned(), prefix: prefix.to_owned() }))
    }

    #[test]
    fn the_prefix_is_taken_off_and_wins_over_the_header() {
        assert_eq!(taken("/v2/groups?a=b", None), (Ok(None), "/v2/groups?a=b".to_owned()));
        assert_eq!(
            taken("/ns/t1/v2/groups?a=b", Some("t2")),
            (address("t1", "/ns/t1"), "/v2/groups?a=b".to_owned())
        );
        assert_eq!(taken("/v2/groups", Some("t2")), (address("t2", ""), "/v2/groups".to_owned()));
        assert_eq!(taken("/ns/a%40b/v2", None), (address("a@b", "/ns/a%40b"), "/v2".to_owned()));
        assert_eq!(taken("/ns/t1", None), (address("t1", "/ns/t1"), "/".to_owned()));
        assert_eq!(taken("/ns/t1?a=b", None), (address("t1", "/ns/t1"), "/?a=b".to_owned()));
    }

    #[test]
    fn a_name_that_cannot_be_one_is_refused() {
        let long = format!("/ns/{}/v2", "x".repeat(129));
        for (uri, header) in
            [("/ns/", None), ("/ns//v2", None), ("/ns/a%20b/v2", None), (&*long, None), ("/v2", Some(""))]
        {
            assert!(taken(uri, header).0.is_err(), "{uri}");
        }
    }
}
