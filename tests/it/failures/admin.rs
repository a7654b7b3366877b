//! The rows of the admin dialect.

use super::Rows;
use super::provocation::Provocation::{Header, Query, WrongMethod};

pub(super) const ROWS: Rows = &[
    (
        &["admin_get_health", "admin_get_openapi_json", "admin_get_openapi_yaml", "admin_list_groups"],
        &[(WrongMethod, 405, "405"), (Header("host", "evil.test"), 403, "403")],
    ),
    (
        &["admin_list_groups"],
        &[
            (Query("limit=-1"), 400, "400"),
            (Query("limit=1001"), 400, "400"),
            (Query("offset=x"), 400, "400"),
            (Query("unknown=1"), 400, "400"),
            (Query("name=%ff"), 400, "400"),
        ],
    ),
];
