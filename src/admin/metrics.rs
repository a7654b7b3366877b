//! Metrics: the counters of the server in the text format of Prometheus.
//!
//! Every label has a bounded set of values: names of namespaces, ids of faults and paths, which clients choose, are
//! none. A series of a counter exists once it is above zero, so that the text is as long as the traffic is varied.

mod exposition;

use super::api::{Admin, MAX_SNAPSHOT_BYTES, MAX_SNAPSHOTS, snapshot_usage};
use crate::app::namespaces::Namespace;
use crate::config::Config;
use crate::control::coverage::UNMATCHED;
use crate::control::faults::{MAX_FAULT_BYTES, MAX_FAULTS, MAX_REGEX_BYTES};
use crate::control::rate_limit::MAX_WINDOWS;
use crate::store::{MAX_HISTORY, MAX_HISTORY_BYTES};
use exposition::Exposition;

/// The media type of version 0.0.4 of the format.
pub(super) const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The usage of something that each namespace stores, and its bound.
struct Usage {
    /// The value of the label `store`.
    store: &'static str,
    used: usize,
    limit: usize,
}

/// What one namespace stores.
struct NamespaceUsage {
    bytes: Vec<Usage>,
    entries: Vec<Usage>,
}

impl Admin {
    /// Returns the counters of the server in the text format of Prometheus, version 0.0.4.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// assert!(mock.admin().metrics().contains("\naccess_groups_mock_namespaces 1\n"));
    /// ```
    pub fn metrics(&self) -> String {
        let mut text = Exposition::default();
        self.write_server(&mut text);
        self.write_requests(&mut text);
        self.write_rules(&mut text);
        self.write_faults(&mut text);
        self.write_namespaces(&mut text);
        self.write_stores(&mut text);
        text.finish()
    }

    fn write_server(&self, text: &mut Exposition) {
        text.gauge("access_groups_mock_info", "The version of the server, and of its admin API.");
        let contract = super::CONTRACT.to_string();
        text.sample(&[("contract", &contract), ("version", env!("CARGO_PKG_VERSION"))], &1);
        text.gauge(
            "access_groups_mock_start_time_seconds",
            "The system time at which the server started, in seconds since 1970.",
        );
        text.sample(&[], &self.app.started().timestamp());
    }

    fn write_requests(&self, text: &mut Exposition) {
        text.counter(
            "access_groups_mock_requests_total",
            "Requests to the vendors' APIs; the operation of a path or method that no operation has is unmatched, and \
             the status is none if no response was sent.",
        );
        for api in self.apis.iter() {
            let name = api.spec.name;
            let operations = api.operations.iter().map(|operation| operation.id);
            for id in operations.chain([UNMATCHED]) {
                let operation = if id == UNMATCHED { id.to_owned() } else { format!("{name}_{id}") };
                for (class, calls) in self.app.coverage().calls_by_class(name, id).into_iter().enumerate() {
                    let status = if class == 0 { "none".to_owned() } else { format!("{class}xx") };
                    let labels = [("dialect", name), ("operation", &operation), ("status", &status)];
                    text.sample_above_zero(&labels, calls);
                }
            }
        }
    }

    fn write_rules(&self, text: &mut Exposition) {
        text.counter("access_groups_mock_rule_hits_total", "Error responses by the rule that caused them.");
        for api in self.apis.iter().map(|api| api.spec) {
            for error in api.errors {
                let labels = [("dialect", api.name), ("rule", error.id)];
                text.sample_above_zero(&labels, self.app.coverage().errors(error.id));
            }
        }
    }

    fn write_faults(&self, text: &mut Exposition) {
        text.counter(
            "access_groups_mock_faults_injected_total",
            "Faults injected into requests, by the kind of their effect.",
        );
        for ((dialect, effect), injected) in self.app.coverage().faults() {
            text.sample_above_zero(&[("dialect", dialect), ("effect", effect)], injected);
        }
    }

    fn write_namespaces(&self, text: &mut Exposition) {
        text.gauge("access_groups_mock_namespaces", "Namespaces, including the default one.");
        text.sample(&[], &self.app.namespaces().list().len());
        text.gauge(
            "access_groups_mock_namespaces_limit",
            "The maximum number of namespaces, including the default one.",
        );
        text.sample(&[], &self.app.config().max_namespaces.saturating_add(1));
    }

    fn write_stores(&self, text: &mut Exposition) {
        let config = self.app.config();
        let namespaces = self.app.namespaces().list();
        let usages: Vec<NamespaceUsage> =
            namespaces.iter().map(|it| NamespaceUsage::new(it, config)).collect();
        let bytes: Vec<&[Usage]> = usages.iter().map(|usage| &usage.bytes[..]).collect();
        let entries: Vec<&[Usage]> = usages.iter().map(|usage| &usage.entries[..]).collect();
        write_usage(text, "bytes", "Bytes", &bytes);
        // Only the journal has a bound for all namespaces together.
        text.gauge("access_groups_mock_store_total_limit_bytes", "The bound for all namespaces together.");
        text.sample(&[("store", "journal")], &config.journal.total_bytes);
        write_usage(text, "entries", "Entries", &entries);
    }
}

/// Writes what the namespaces store in `unit`: of all together, of the one that has most, and the bound of each.
fn write_usage(text: &mut Exposition, unit: &str, title: &str, namespaces: &[&[Usage]]) {
    let stores = namespaces.first().copied().unwrap_or_default();
    let used = |index: usize| namespaces.iter().map(move |usages| usages[index].used);
    text.gauge(
        &format!("access_groups_mock_store_{unit}"),
        &format!("{title} in a bounded store, in all namespaces together."),
    );
    for (index, usage) in stores.iter().enumerate() {
        text.sample(&[("store", usage.store)], &used(index).sum::<usize>());
    }
    text.gauge(
        &format!("access_groups_mock_store_max_{unit}"),
        &format!("{title} in a bounded store, in the namespace that has most."),
    );
    for (index, usage) in stores.iter().enumerate() {
        text.sample(&[("store", usage.store)], &used(index).max().unwrap_or_default());
    }
    text.gauge(&format!("access_groups_mock_store_limit_{unit}"), "The bound of a store in each namespace.");
    for usage in stores {
        text.sample(&[("store", usage.store)], &usage.limit);
    }
}

impl NamespaceUsage {
    fn new(namespace: &Namespace, config: &Config) -> Self {
        let usage = |store, used, limit| Usage { store, used, limit };
        let (exchanges, journal_bytes) = namespace.journal.usage();
        let (faults, fault_bytes, regex_bytes) = namespace.faults.usage();
        let (past_states, history_bytes) = namespace.store.history_usage();
        let (snapshots, snapshot_bytes) = snapshot_usage(namespace);
        Self {
            bytes: vec![
                usage("journal", journal_bytes, config.journal.bytes),
                usage("faults", fault_bytes, MAX_FAULT_BYTES),
                usage("fault_regexes", regex_bytes, MAX_REGEX_BYTES),
                usage("history", history_bytes, MAX_HISTORY_BYTES),
                usage("snapshots", snapshot_bytes, MAX_SNAPSHOT_BYTES),
            ],
            entries: vec![
                usage("journal", exchanges, config.journal.entries),
                usage("faults", faults, MAX_FAULTS),
                usage("history", past_states, MAX_HISTORY),
                usage("snapshots", snapshots, MAX_SNAPSHOTS),
                usage("rate_limit_callers", namespace.rate_limiter.callers(), MAX_WINDOWS),
            ],
        }
    }
}
