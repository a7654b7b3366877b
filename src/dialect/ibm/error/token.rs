//! The errors of the token endpoint, which belongs to another service of IBM with a body of its own.

use crate::failure::{Code, Evidence};

pub(in super::super) const KEY_NOT_FOUND: Code = Code {
    rule: "",
    status: 400,
    code: "BXNIM0415E",
    message: "Provided API key could not be found.",
    when: "There is no `apikey`, or in strict mode an unknown one.",
    remedy: "",
    evidence: Evidence::Observed,
    source: "",
};
pub(in super::super) const PROPERTY_MISSING: Code = Code {
    rule: "",
    status: 400,
    code: "BXNIM0109E",
    message: "Property missing or empty.",
    when: "The grant type, or a property that it needs, is not there; `errorDetails` names it.",
    remedy: "",
    evidence: Evidence::Observed,
    source: "",
};
pub(in super::super) const PROPERTY_INVALID: Code = Code {
    rule: "",
    status: 400,
    code: "BXNIM0106E",
    message: "Property validation failed.",
    when: "The grant type is unknown or the form cannot be read; `errorDetails` says why.",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};
pub(in super::super) const TOKEN_INVALID: Code = Code {
    rule: "",
    status: 400,
    code: "BXNIM0407E",
    message: "Provided token is not valid.",
    when: "In strict mode: the form holds a token that this server did not issue or that has expired.",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};
pub(in super::super) const NO_ROUTE: Code = Code {
    rule: "",
    status: 404,
    code: "BXNIM0060E",
    message: "Web application exception 'javax.ws.rs.NotFoundException' during request processing.",
    when: "No route has the path.",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};
pub(in super::super) const WRONG_METHOD: Code = Code {
    rule: "",
    status: 405,
    code: "BXNIM0060E",
    message: "Web application exception 'javax.ws.rs.ClientErrorException' during request processing.",
    when: "The method is not POST.",
    remedy: "",
    evidence: Evidence::Observed,
    source: "",
};
pub(in super::super) const TOO_LARGE: Code = Code {
    rule: "",
    status: 413,
    code: "BXNIM0060E",
    message: "Web application exception 'javax.ws.rs.ClientErrorException' during request processing.",
    when: "The body is larger than the server's limit.",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};
pub(in super::super) const FAILED: Code = Code {
    rule: "",
    status: 500,
    code: "BXNIM0061E",
    message: "Internal server error during request processing.",
    when: "The server failed.",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};
pub(in super::super) const TIMED_OUT: Code = Code {
    rule: "",
    status: 503,
    code: "BXNIM0061E",
    message: "Service temporarily unavailable.",
    when: "The request took longer than the server's limit.",
    remedy: "",
    evidence: Evidence::Assumed,
    source: "",
};
