//! The list of dialects; a new dialect is added to [`DIALECTS`].

use std::cmp::Reverse;
use std::sync::LazyLock;

use crate::admin::api::Admin;
use crate::app::App;
use crate::config::Config;
use crate::http::{DialectRouter, DialectSpec};
use crate::spec::{Api, Apis, has_path_prefix};
use crate::{admin, openapi};

/// Returns the routes of a dialect.
type Routes = fn() -> DialectRouter;

/// Each dialect whose Cargo feature is on, with its routes.
static DIALECTS: &[(&DialectSpec, Routes)] = &[
    #[cfg(feature = "cloudflare")]
    (&crate::dialects::cloudflare::DIALECT, crate::dialects::cloudflare::routes),
    #[cfg(feature = "ibm")]
    (&crate::dialects::ibm::DIALECT, crate::dialects::ibm::routes),
    #[cfg(feature = "authress")]
    (&crate::dialects::authress::DIALECT, crate::dialects::authress::routes),
    #[cfg(feature = "legacy")]
    (&crate::dialects::legacy::DIALECT, crate::dialects::legacy::routes),
];

/// Returns every API of the server: the dialects, then the admin API.
pub fn apis() -> &'static Apis {
    static APIS: Apis = Apis::new(|| {
        let routers = DIALECTS.iter().map(|(_, routes)| routes()).chain([admin::routes()]);
        let api = |router: DialectRouter| Api {
            spec: &router.dialect().api,
            operations: router.operations().collect(),
        };
        routers.map(api).collect()
    });
    &APIS
}

/// Returns all dialects, and the admin API last.
pub(super) fn dialects() -> impl Iterator<Item = &'static DialectSpec> {
    DIALECTS.iter().map(|(dialect, _)| *dialect).chain([&admin::DIALECT])
}

/// Returns the routes of each dialect.
#[cfg(feature = "recordings")]
pub fn dialect_routers() -> impl Iterator<Item = DialectRouter> {
    DIALECTS.iter().map(|(_, routes)| routes())
}

/// Returns the routes of the dialects that `config` serves.
pub(super) fn served(config: &Config) -> impl Iterator<Item = DialectRouter> {
    let served = DIALECTS.iter().filter(|(dialect, _)| config.serves(dialect.api.name));
    served.map(|(_, routes)| routes())
}

/// Returns the OpenAPI document of every API.
///
/// ```
/// let document = access_groups_mock::openapi_document();
/// assert_eq!(document["openapi"], "3.1.0");
/// ```
pub fn openapi_document() -> serde_json::Value {
    openapi::document(&apis().iter().collect::<Vec<_>>())
}

/// Returns the OpenAPI document of every API as YAML, as it is committed.
#[doc(hidden)]
pub fn openapi_yaml() -> String {
    openapi::to_yaml(&openapi_document())
}

impl Admin {
    /// Returns a handle to the default namespace of the server `app`.
    ///
    /// ```
    /// use access_groups_mock::{Admin, App, Config, Seed};
    ///
    /// let app = App::new(Config::default(), Seed::default())?;
    /// assert_eq!(Admin::new(app).name(), "default");
    /// # Ok::<(), access_groups_mock::SeedError>(())
    /// ```
    pub fn new(app: App) -> Self {
        Self::with_apis(app, apis())
    }
}

/// Returns the dialect with the longest matching prefix of `path`, else the admin API.
pub fn dialect_for_path(path: &str) -> &'static DialectSpec {
    /// The prefixes with their dialects, the longest first.
    static PREFIXES: LazyLock<Vec<(&str, &DialectSpec)>> = LazyLock::new(|| {
        let prefixes =
            dialects().flat_map(|dialect| dialect.api.prefixes.iter().map(move |prefix| (*prefix, dialect)));
        let mut prefixes: Vec<_> = prefixes.collect();
        prefixes.sort_by_key(|(prefix, _)| Reverse(prefix.len()));
        prefixes
    });
    let dialect = PREFIXES.iter().find(|(prefix, _)| has_path_prefix(prefix, path));
    dialect.map_or(&admin::DIALECT, |(_, dialect)| dialect)
}
