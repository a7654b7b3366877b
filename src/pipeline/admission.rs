//! `Admission`: whether a request registers its namespace, if that does not exist yet.
//!
//! A request that has no route or is not authorized must not register a namespace, because that could evict another
//! one. It is handled in a pending namespace, which is dropped afterwards together with its journal.

use std::sync::Arc;

use axum::extract::Request;
use futures_util::FutureExt;

use super::fault_plan::FaultPlan;
use super::outcome::HandlerOutcome;
use crate::http::origin::Page;
use crate::http::{DialectSpec, RequestContext, RequestMeta};
use crate::spec::Operation;

/// Whether a request registers its namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    /// The namespace exists.
    Registered,
    /// The request has no route or is not authorized.
    Rejected,
    /// The request is authorized, and registers the namespace unless a control header is invalid.
    Authorized,
    /// The operation requires no credential, or a fallback server responds: the request registers the namespace if the
    /// response is no error.
    Public,
}

impl Admission {
    /// Returns the admission of `request` for an operation, or for a fallback server if it `is_forwarding`.
    pub(super) fn evaluate(
        dialect: &DialectSpec,
        (operation, is_forwarding): (Option<&Operation>, bool),
        meta: &Arc<RequestMeta>,
        request: &mut Request,
    ) -> Self {
        if meta.app.namespace().is_registered() {
            meta.app.admit();
            return Self::Registered;
        }
        let is_public = operation.map_or(is_forwarding, |operation| operation.is_public);
        if operation.is_none() && !is_public {
            return Self::Rejected;
        }
        if is_public {
            let is_foreign = Page::is_foreign(request.uri(), request.headers(), meta.app.config());
            return if is_foreign { Self::Rejected } else { Self::Public };
        }
        let (mut parts, body) = std::mem::take(request).into_parts();
        let context = RequestContext(Arc::clone(meta));
        // Credentials are in the headers, so that the future is ready.
        let authorized = (dialect.authorize)(&mut parts, &context).now_or_never();
        *request = Request::from_parts(parts, body);
        if matches!(authorized, Some(Ok(()))) { Self::Authorized } else { Self::Rejected }
    }

    /// Registers the namespace of an authorized request before its handler is called or a fault replaces the handler.
    ///
    /// A fault also registers the namespace of a public operation, so that its schedule counts all requests.
    pub(super) fn before_handler(self, plan: &FaultPlan, meta: &RequestMeta) {
        let is_admitted = match self {
            Self::Registered | Self::Rejected => false,
            Self::Authorized => !plan.is_rejection(),
            Self::Public => !plan.is_empty() && !plan.is_rejection() && !meta.is_strict(),
        };
        if is_admitted {
            meta.app.admit();
        }
    }

    /// Registers the namespace of a public operation whose handler accepted the request, and returns `outcome`.
    ///
    /// It is passed by value, because the future of the request would keep a borrowed one until its end.
    pub(super) fn after_handler(self, outcome: HandlerOutcome, meta: &RequestMeta) -> HandlerOutcome {
        if self == Self::Public && !outcome.is_error() {
            meta.app.admit();
        }
        outcome
    }
}
