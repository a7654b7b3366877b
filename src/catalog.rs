//! `Catalog`: every operation of every dialect by its path, and which of them a request means.
//!
//! Imports `dialect` and `http`. It is what the router, the coverage and the explanations have in common.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::Method;

use crate::dialect;
use crate::http::{Dialect, Known, Operation};

/// Every operation of every dialect.
#[derive(Debug)]
pub struct Catalog {
    operations: Vec<Known>,
    routes: matchit::Router<Vec<usize>>,
}

/// Returns the one catalog; it is put together at the first call.
pub fn catalog() -> &'static Catalog {
    static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::new);
    &CATALOG
}

impl Catalog {
    fn new() -> Self {
        let mut operations = Vec::new();
        let mut by_route: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
        for dialect in dialect::ALL {
            for operation in (dialect.operations)() {
                by_route.entry(operation.route).or_default().push(operations.len());
                operations.push(known(operations.len(), dialect, &operation));
            }
        }
        let mut routes = matchit::Router::new();
        for (route, indexes) in by_route {
            routes
                .insert(route, indexes)
                .expect("the routes were accepted by axum, which finds them the same way");
        }
        Self { operations, routes }
    }

    /// Returns all operations in the order of their registration.
    pub fn operations(&self) -> &[Known] {
        &self.operations
    }

    /// Returns the operation that `method` means at `path`, which is normalized; HEAD means GET where it is served.
    pub fn find(&self, method: &Method, path: &str) -> Option<&Known> {
        let indexes = self.routes.at(path).ok()?.value;
        let of = |method: &Method| {
            let found = indexes.iter().map(|index| &self.operations[*index]);
            found.into_iter().find(|known| known.method == *method)
        };
        let head = || of(&Method::GET).filter(|known| *method == Method::HEAD && known.dialect.serves_head);
        of(method).or_else(head)
    }
}

fn known(index: usize, dialect: &'static Dialect, operation: &Operation) -> Known {
    Known {
        index,
        dialect,
        id: operation.id,
        method: operation.method.clone(),
        path: operation.path,
        summary: operation.summary,
        evidence: operation.evidence,
        source: operation.source,
        codes: operation.codes,
    }
}
