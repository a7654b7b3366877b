//! The errors of the token endpoint, which belongs to another IBM service with its own error body.

use crate::spec::{Confidence, ErrorCode, Evidence, Observation};

pub const KEY_NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.tokens.unknown-key",
    status: 400,
    code: "BXNIM0415E",
    message: "Provided API key could not be found.",
    description: "In strict mode: `apikey` is unknown.",
    remediation: "Send an `apikey` that the seed file lists.",
    evidence: Evidence::Observed(Observation::new("2018-07-30", Confidence::High)),
    source: "a report of the real response (https://github.com/watson-developer-cloud/food-coach/issues/28)",
};
pub const PROPERTY_MISSING: ErrorCode = ErrorCode {
    id: "ibm.tokens.missing-property",
    status: 400,
    code: "BXNIM0109E",
    message: "Property missing or empty.",
    description: "The grant type, or a property that it requires, is missing; `errorDetails` names it.",
    remediation: "Send the property that `errorDetails` names.",
    evidence: Evidence::Assumed,
    source: "code and message are those of a response without an address; IBM does not document its codes \
             (https://cloud.ibm.com/apidocs/iam-identity-token-api)",
};
pub const PROPERTY_INVALID: ErrorCode = ErrorCode {
    id: "ibm.tokens.invalid-property",
    status: 400,
    code: "BXNIM0106E",
    message: "Property validation failed.",
    description: "The grant type is unknown or the form is malformed; `errorDetails` says why.",
    remediation: "Send a form with one of the grant types that `errorDetails` or `openapi.yaml` names.",
    evidence: Evidence::Assumed,
    source: "the code was observed for another property (https://github.com/IBM-Cloud/bluemix-go/issues/87), the \
             message is chosen by this server",
};
pub const TOKEN_INVALID: ErrorCode = ErrorCode {
    id: "ibm.tokens.invalid-token",
    status: 400,
    code: "BXNIM0407E",
    message: "Provided token is not valid.",
    description: "The refresh token was not issued by this server, or the access token is a refresh token; in strict mode \
           also any other token that this server did not issue or that has expired.",
    remediation: "Send a token of this server that has not expired. `not_supported` is not a refresh token: a form with \
             client credentials (Basic) gets one.",
    evidence: Evidence::Client(Observation::new("2019-07-08", Confidence::High)),
    source: "the code: IBM ibm-cloud-cli-sdk (https://github.com/IBM-Cloud/ibm-cloud-cli-sdk/pull/192); the message \
             is chosen by this server",
};
pub const REFRESH_TOKEN_EXPIRED: ErrorCode = ErrorCode {
    id: "ibm.tokens.expired-refresh-token",
    status: 400,
    code: "BXNIM0408E",
    message: "Provided refresh token is expired",
    description: "The refresh token of this server has expired, 30 days after it was issued.",
    remediation: "Get new tokens with an API key.",
    evidence: Evidence::Observed(Observation::new("2019-04-15", Confidence::High)),
    source: "a report of the real response (https://github.com/IBM-Cloud/bluemix-go/issues/129)",
};
pub const PATH_NOT_FOUND: ErrorCode = ErrorCode {
    id: "ibm.tokens.not-found",
    status: 404,
    code: "BXNIM0060E",
    message: "Web application exception 'javax.ws.rs.NotFoundException' during request processing.",
    description: "No operation has this path.",
    remediation: "Call `POST /identity/token`.",
    evidence: Evidence::Assumed,
    source: "no response is known; modeled on the 405 of the same service",
};
pub const METHOD_NOT_ALLOWED: ErrorCode = ErrorCode {
    id: "ibm.tokens.method-not-allowed",
    status: 405,
    code: "BXNIM0060E",
    message: "Web application exception 'javax.ws.rs.ClientErrorException' during request processing.",
    description: "The method is not POST.",
    remediation: "Use POST.",
    evidence: Evidence::Assumed,
    source: "a response of the real service; IBM does not document its codes \
             (https://cloud.ibm.com/apidocs/iam-identity-token-api)",
};
pub const BODY_TOO_LARGE: ErrorCode = ErrorCode {
    id: "ibm.tokens.body-too-large",
    status: 413,
    code: "BXNIM0060E",
    message: "Web application exception 'javax.ws.rs.ClientErrorException' during request processing.",
    description: "The body is larger than the server's limit.",
    remediation: "Send a smaller body, or raise the limit with `--body-limit`.",
    evidence: Evidence::Assumed,
    source: "no response is known; modeled on the 405 of the same service",
};
pub const INTERNAL_ERROR: ErrorCode = ErrorCode {
    id: "ibm.tokens.internal-error",
    status: 500,
    code: "BXNIM0061E",
    message: "Internal server error during request processing.",
    description: "An internal error occurred in the server.",
    remediation: "Remove the fault that injects it; without such a fault it is a bug in this server, and its log has \
             details.",
    evidence: Evidence::Assumed,
    source: "no response is known; modeled on the other errors of the same service",
};
pub const TIMEOUT: ErrorCode = ErrorCode {
    id: "ibm.tokens.timeout",
    status: 503,
    code: "BXNIM0061E",
    message: "Service temporarily unavailable.",
    description: "The request took longer than the server's limit.",
    remediation: "Send the request again, or raise the limit with `--request-timeout`.",
    evidence: Evidence::Assumed,
    source: "no response is known; modeled on the other errors of the same service",
};
