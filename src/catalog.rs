//! `Catalog`: every operation of every dialect by its path: which of them a request means, and what answers it.
//!
//! Imports `dialect` and `http`. It is what the front, the coverage and the explanations have in common.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::Method;

use crate::dialect;
use crate::http::{Captures, Dialect, Known, Operation};

/// Every operation of every dialect.
#[derive(Debug)]
pub struct Catalog {
    operations: Vec<Known>,
    routes: matchit::Router<Route>,
}

/// The operations at one path.
#[derive(Debug)]
struct Route {
    dialect: &'static Dialect,
    /// Their places in the catalog.
    operations: Vec<usize>,
    /// Their methods, as `Allow` has them.
    methods: String,
}

/// Returns the one catalog; it is put together at the first call.
pub fn catalog() -> &'static Catalog {
    static CATALOG: LazyLock<Catalog> =
        LazyLock::new(|| Catalog::new(dialect::ALL.iter().map(|dialect| (*dialect, (dialect.operations)()))));
    &CATALOG
}

impl Catalog {
    /// Returns a catalog of the operations of dialects.
    pub fn new(dialects: impl IntoIterator<Item = (&'static Dialect, Vec<Operation>)>) -> Self {
        let mut operations = Vec::new();
        let mut by_path: BTreeMap<&'static str, Route> = BTreeMap::new();
        for (dialect, given) in dialects {
            for operation in given {
                let route = by_path.entry(operation.route).or_insert_with(|| Route::new(dialect));
                route.add(operations.len(), &operation.method);
                operations.push(known(operations.len(), dialect, operation));
            }
        }
        let mut routes = matchit::Router::new();
        for (path, route) in by_path {
            routes.insert(path, route).expect("no two routes take the same path");
        }
        Self { operations, routes }
    }

    /// Returns all operations in the order of their registration.
    pub fn operations(&self) -> &[Known] {
        &self.operations
    }

    /// Returns the operation that `method` means at `path`, which is normalized, and what the path captures; HEAD means
    /// GET where it is served.
    pub fn find(&'static self, method: &Method, path: &str) -> Option<(&'static Known, Captures)> {
        let found = self.routes.at(path).ok()?;
        let of = |method: &Method| {
            let operations = found.value.operations.iter().map(|index| &self.operations[*index]);
            operations.into_iter().find(|known| known.method == *method)
        };
        let head = || of(&Method::GET).filter(|known| *method == Method::HEAD && known.dialect.serves_head);
        let known = of(method).or_else(head)?;
        Some((known, Captures::of(found.params.iter())))
    }

    /// Returns the methods that `path`, which is normalized, takes in `dialect`, separated by commas; `None` where
    /// no route has it.
    pub fn methods_at(&self, dialect: &Dialect, path: &str) -> Option<&str> {
        let route = self.routes.at(path).ok()?.value;
        std::ptr::eq(route.dialect, dialect).then_some(&route.methods)
    }
}

impl Route {
    const fn new(dialect: &'static Dialect) -> Self {
        Self { dialect, operations: Vec::new(), methods: String::new() }
    }

    fn add(&mut self, index: usize, method: &Method) {
        self.operations.push(index);
        if !self.methods.is_empty() {
            self.methods.push_str(", ");
        }
        self.methods.push_str(method.as_str());
    }
}

fn known(index: usize, dialect: &'static Dialect, operation: Operation) -> Known {
    Known {
        index,
        dialect,
        id: operation.id,
        method: operation.method,
        path: operation.path,
        summary: operation.summary,
        evidence: operation.evidence,
        source: operation.source,
        codes: operation.codes,
        endpoint: operation.handler,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialect_without_head_takes_the_methods_it_has() {
        static NO_HEAD: Dialect = Dialect { serves_head: false, ..crate::admin::DIALECT };
        let only_get = || vec![Operation::new(Method::GET, "/only", "get_only", async || "got")];
        let without: &Catalog = Box::leak(Box::new(Catalog::new([(&NO_HEAD, only_get())])));
        let with: &Catalog = Box::leak(Box::new(Catalog::new([(&crate::admin::DIALECT, only_get())])));

        assert!(without.find(&Method::HEAD, "/only").is_none());
        assert_eq!(without.methods_at(&NO_HEAD, "/only"), Some("GET"));
        assert_eq!(without.methods_at(&crate::admin::DIALECT, "/only"), None);
        assert_eq!(with.find(&Method::HEAD, "/only").map(|(known, _)| known.id), Some("get_only"));
    }
}
