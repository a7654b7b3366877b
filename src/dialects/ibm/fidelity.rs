//! The differences between IBM's documents and its live service.

use crate::spec::{Confidence, Evidence, FidelityDifference, Observation};

/// The differences.
pub(super) const DIFFERENCES: &[FidelityDifference] = &[FidelityDifference {
    subject: "a failed part of the 207 response to adding members to a group",
    documented: "`iam_id`, `status_code`, `trace` and `errors`",
    live: "also `type`, and empty `created_at` and `created_by_id`",
    evidence: Evidence::Observed(Observation::new("2019-04-30", Confidence::Medium)),
    source: "a report of the real response for a member of 50 groups \
             (https://github.com/IBM-Cloud/ibm-cloud-cli-release/issues/83)",
}];
