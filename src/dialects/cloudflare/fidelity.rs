//! The differences between Cloudflare's documents and its live service.

use crate::spec::{Confidence, Evidence, FidelityDifference, Observation};

/// The differences, in the order of the code that makes them: responses, envelopes, credentials, lists.
pub(super) const DIFFERENCES: &[FidelityDifference] = &[
    FidelityDifference {
        subject: "`is_default` in responses for Access groups",
        documented: "`[]`",
        live: "omitted",
        evidence: Evidence::Observed(Observation::new("2025", Confidence::Medium)),
        source: "the body in testdata/cloudflare/v5/cloudflare_zero_trust_access_group.yaml \
                 (https://github.com/cloudflare/cf-terraforming)",
    },
    FidelityDifference {
        subject: "error responses of the gateway: 9106, 9107, 10000, 7003",
        documented: "all four fields of the envelope, `application/json; charset=UTF-8`",
        live: "only `success` and `errors`, `application/json`",
        evidence: Evidence::Observed(Observation::of_sibling("2026-02-09", Confidence::High)),
        source: "reports of the real responses (https://github.com/ChrispyBacon-dev/DockFlare/issues/288, \
                 https://github.com/ChrispyBacon-dev/DockFlare/issues/321, \
                 https://github.com/cloudflare/cloudflare-docs/issues/13405)",
    },
    FidelityDifference {
        subject: "`X-Auth-Email` without `X-Auth-Key`, or the other way round",
        documented: "9106, which names all headers",
        live: "9107 `Missing X-Auth-Key header`, or 9106 `Missing X-Auth-Email header`",
        evidence: Evidence::Assumed,
        source: "one report of a measurement in 2026, without an address",
    },
    FidelityDifference {
        subject: "writes to Access groups by a credential that may only read (`--auth strict`)",
        documented: "403, 10000",
        live: "403 with the body `{\"code\":1010,\"error\":\"auth.forbidden\"}`",
        evidence: Evidence::Observed(Observation::of_sibling("2026", Confidence::Medium)),
        source: "measured on `access/apps`, .github/actions/_lib/cf.mjs (https://github.com/Rocket-Sites/rs-publisher)",
    },
    FidelityDifference {
        subject: "lists of Access groups for a credential without permission (`--auth strict`)",
        documented: "403, 10000",
        live: "200 with an empty list",
        evidence: Evidence::Observed(Observation::of_sibling("2026", Confidence::Medium)),
        source: "measured on `access/apps`, .github/actions/_lib/cf.mjs (https://github.com/Rocket-Sites/rs-publisher)",
    },
    FidelityDifference {
        subject: "`per_page` of a list of Access groups",
        documented: "any number; above 1000 means 1000",
        live: "1, 5, 10, 20, 25, 50, 100, 1000, or 0 for the default; 400, 12091 otherwise",
        evidence: Evidence::Observed(Observation::of_sibling("2026", Confidence::Medium)),
        source: "measured on other lists of Access, .github/actions/_lib/cf.mjs \
                 (https://github.com/Rocket-Sites/rs-publisher)",
    },
];
