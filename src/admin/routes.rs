//! The route table of the admin API.

use super::{DIALECT, handlers, operations};
use crate::http::DialectRouter;

/// Returns the routes: each operation with its handler.
pub fn routes() -> DialectRouter {
    let router = state(DialectRouter::new(&DIALECT));
    #[cfg(feature = "ibm")]
    let router = account_groups(router);
    requests(control(router))
}

fn state(router: DialectRouter) -> DialectRouter {
    router
        .route(&operations::GET_HEALTH, handlers::get_health)
        .route(&operations::GET_SETTINGS, handlers::get_settings)
        .route(&operations::GET_METRICS, handlers::get_metrics)
        .route(&operations::GET_OPENAPI_JSON, handlers::get_openapi_json)
        .route(&operations::GET_OPENAPI_YAML, handlers::get_openapi_yaml)
        .route(&operations::GET_OPERATION, handlers::get_operation)
        .route(&operations::GET_CA, handlers::get_ca)
        .route(&operations::LIST_GROUPS, handlers::list_groups)
        .route(&operations::LIST_GROUP_USES, handlers::list_group_uses)
        .route(&operations::GET_RECORD, handlers::get_record)
        .route(&operations::GET_COVERAGE, handlers::get_coverage)
        .route(&operations::LIST_NAMESPACES, handlers::list_namespaces)
        .route(&operations::DELETE_NAMESPACES, handlers::delete_namespaces)
        .route(&operations::GET_NAMESPACE, handlers::get_namespace)
        .route(&operations::DELETE_NAMESPACE, handlers::delete_namespace)
        .route(&operations::RESET, handlers::reset)
        .route(&operations::GET_STATE, handlers::get_state)
        .route(&operations::PUT_STATE, handlers::put_state)
        .route(&operations::LIST_SNAPSHOTS, handlers::list_snapshots)
        .route(&operations::SAVE_SNAPSHOT, handlers::save_snapshot)
        .route(&operations::RESTORE_SNAPSHOT, handlers::restore_snapshot)
        .route(&operations::DELETE_SNAPSHOT, handlers::delete_snapshot)
}

#[cfg(feature = "ibm")]
fn account_groups(router: DialectRouter) -> DialectRouter {
    router
        .route(&operations::LIST_ACCOUNT_GROUPS, handlers::list_account_groups)
        .route(&operations::PUT_ACCOUNT_GROUP, handlers::put_account_group)
        .route(&operations::DELETE_ACCOUNT_GROUP, handlers::delete_account_group)
}

fn control(router: DialectRouter) -> DialectRouter {
    router
        .route(&operations::GET_CLOCK, handlers::get_clock)
        .route(&operations::PUT_CLOCK, handlers::put_clock)
        .route(&operations::GET_FIDELITY, handlers::get_fidelity)
        .route(&operations::PUT_FIDELITY, handlers::put_fidelity)
        .route(&operations::LIST_FAULTS, handlers::list_faults)
        .route(&operations::ADD_FAULTS, handlers::add_faults)
        .route(&operations::DELETE_FAULTS, handlers::delete_faults)
        .route(&operations::GET_FAULT, handlers::get_fault)
        .route(&operations::DELETE_FAULT, handlers::delete_fault)
}

fn requests(router: DialectRouter) -> DialectRouter {
    router
        .route(&operations::LIST_REQUESTS, handlers::list_requests)
        .route(&operations::DELETE_REQUESTS, handlers::delete_requests)
        .route(&operations::FIND_REQUESTS, handlers::find_requests)
        .route(&operations::COUNT_REQUESTS, handlers::count_requests)
        .route(&operations::REMOVE_REQUESTS, handlers::remove_requests)
        .route(&operations::VERIFY_REQUESTS, handlers::verify_requests)
        .route(&operations::LIST_UNMATCHED_REQUESTS, handlers::list_unmatched_requests)
        .route(&operations::STREAM_REQUESTS, handlers::stream_requests)
        .route(&operations::GET_REQUEST, handlers::get_request)
        .route(&operations::EXPLAIN_REQUEST, handlers::explain_request)
}
