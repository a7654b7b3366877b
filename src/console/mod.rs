//! The files of the console: a page for browsers under `/__admin/ui/`, which uses only the admin API.
//!
//! Imports no other folder. The files are part of the binary with the feature `console`, and need no build step. A new
//! file is a row in [`FILES`].

use axum::body::{Body, Bytes};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;

/// The path of the page, which is also the start of the paths of its files.
pub const PATH: &str = "/__admin/ui/";

/// Scripts, styles and connections come only from this server, nothing is inline, and nothing embeds the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A file of the page.
struct File {
    /// The name in the URL; empty for the page itself.
    name: &'static str,
    media_type: &'static str,
    bytes: &'static [u8],
}

#[cfg(feature = "console")]
const CSS: &str = "text/css; charset=utf-8";
#[cfg(feature = "console")]
const HTML: &str = "text/html; charset=utf-8";
#[cfg(feature = "console")]
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The files.
#[cfg(feature = "console")]
const FILES: &[File] = &[
    File { name: "", media_type: HTML, bytes: include_bytes!("index.html") },
    File { name: "api.js", media_type: SCRIPT, bytes: include_bytes!("api.js") },
    File { name: "console.css", media_type: CSS, bytes: include_bytes!("console.css") },
    File { name: "control.js", media_type: SCRIPT, bytes: include_bytes!("control.js") },
    File { name: "coverage.js", media_type: SCRIPT, bytes: include_bytes!("coverage.js") },
    File { name: "detail.js", media_type: SCRIPT, bytes: include_bytes!("detail.js") },
    File { name: "dom.js", media_type: SCRIPT, bytes: include_bytes!("dom.js") },
    File { name: "faults.js", media_type: SCRIPT, bytes: include_bytes!("faults.js") },
    File { name: "groups.js", media_type: SCRIPT, bytes: include_bytes!("groups.js") },
    File { name: "list.js", media_type: SCRIPT, bytes: include_bytes!("list.js") },
    File { name: "main.js", media_type: SCRIPT, bytes: include_bytes!("main.js") },
    File { name: "requests.js", media_type: SCRIPT, bytes: include_bytes!("requests.js") },
    File { name: "try.js", media_type: SCRIPT, bytes: include_bytes!("try.js") },
    File { name: "url.js", media_type: SCRIPT, bytes: include_bytes!("url.js") },
    File { name: "welcome.js", media_type: SCRIPT, bytes: include_bytes!("welcome.js") },
];

/// Without the feature, there is no page.
#[cfg(not(feature = "console"))]
const FILES: &[File] = &[];

/// Returns whether the page is part of this build.
pub const fn is_included() -> bool {
    !FILES.is_empty()
}

/// Returns whether `path` is the path of the page or below it.
pub fn matches_path(path: &str) -> bool {
    path.strip_prefix(PATH.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns the response with the file `name`, 304 if the request has its entity tag; `None` if there is no such file.
pub fn file(name: &str, request_headers: &HeaderMap) -> Option<Response> {
    let file = FILES.iter().find(|file| file.name == name)?;
    let tag = entity_tag(file.bytes);
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        // A browser asks whether the file has changed, because another version of the server has another page.
        (CACHE_CONTROL, "no-cache"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let is_known = has_entity_tag(request_headers, &tag);
    headers.insert(ETAG, tag);
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Some(response);
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.media_type));
    *response.body_mut() = Body::from(Bytes::from_static(file.bytes));
    Some(response)
}

/// Returns the entity tag of a file: its FNV-1a hash.
fn entity_tag(bytes: &[u8]) -> HeaderValue {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    HeaderValue::from_str(&format!("\"{hash:016x}\"")).expect("hexadecimal digits are a header value")
}

/// Returns whether `If-None-Match` lists `tag`.
fn has_entity_tag(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let listed = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = listed.flat_map(|value| value.split(',')).map(|it| it.trim().trim_start_matches("W/"));
    tags.any(|listed| listed.as_bytes() == tag.as_bytes())
}
