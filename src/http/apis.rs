//! `Apis`: every API of the server with its operations, as the router registers them.

use super::{DialectRouter, DialectSpec};
use crate::spec::Operation;

/// Every API of the server, in the order of registration; the admin API is the last.
#[derive(Debug)]
pub struct Apis(Vec<Api>);

/// An API with its operations.
#[derive(Debug)]
pub struct Api {
    /// The dialect.
    pub dialect: &'static DialectSpec,
    /// The operations in the order of their registration.
    pub operations: Vec<&'static Operation>,
}

impl Apis {
    /// Returns the APIs that `routers` route.
    pub fn new(routers: impl IntoIterator<Item = DialectRouter>) -> Self {
        let apis = routers.into_iter();
        let api = |router: DialectRouter| Api {
            dialect: router.dialect(),
            operations: router.operations().collect(),
        };
        Self(apis.map(api).collect())
    }

    /// Returns the APIs.
    pub fn iter(&self) -> impl Iterator<Item = &Api> {
        self.0.iter()
    }

    /// Returns the APIs of vendors.
    pub fn vendors(&self) -> impl Iterator<Item = &Api> {
        self.iter().filter(|api| !api.dialect.is_admin)
    }

    /// Returns every operation with its dialect, in the order of registration.
    pub fn operations(&self) -> impl Iterator<Item = (&'static DialectSpec, &'static Operation)> {
        self.iter().flat_map(|api| api.operations.iter().map(|operation| (api.dialect, *operation)))
    }
}
