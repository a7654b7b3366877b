//! `Effect`: the effect of a fault on a matching request.

use serde::{Deserialize, Serialize};

use crate::control::human_duration::HumanDuration;

/// The effect of a fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Effect {
    /// Rejects the request with an error response in the vendor's format; the request has no effect.
    Status(ErrorEffect),
    /// Delays the request in real time before it is handled, by a random duration from `min` to `max`.
    Delay {
        /// The minimum delay.
        min: HumanDuration,
        /// The maximum delay; `min` when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<HumanDuration>,
    },
    /// Resets the connection before the request is handled.
    Disconnect {},
    /// Closes the connection without a response before the request is handled.
    Empty {},
    /// Truncates the response: `Content-Length` declares the complete body, but only its first `bytes` are sent.
    Truncate {
        /// The number of body bytes that are sent; half of the body when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bytes: Option<usize>,
    },
    /// Corrupts the response body, so that it is no longer valid JSON.
    Malformed {},
    /// Throttles the response body, so that sending it takes this duration.
    SlowBody {
        /// The duration from the response headers to the last byte of the body.
        over: HumanDuration,
    },
    /// Handles the request, then replaces its response with an error response, or resets the connection.
    CommitThenFail {
        /// The status of the error response; the connection is reset when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
    },
    /// Lets some items of a bulk request fail, in the vendor's 207 response.
    FailItems {
        /// The status of the failing items; 500 when absent.
        #[serde(default = "default_item_status", skip_serializing_if = "is_default_item_status")]
        status: u16,
        /// The ids of the failing items; the first item when empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        ids: Vec<String>,
    },
    /// Makes the request read the records as they were this long ago on the virtual clock.
    StaleReads {
        /// The duration by which reads lag behind writes.
        window: HumanDuration,
    },
}

/// An error response that a fault injects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErrorEffect {
    /// The HTTP status, 400 to 599.
    pub status: u16,
    /// The vendor's code or a rule id, which selects one of several errors with the same status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The message, which replaces the vendor's message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The value of the `Retry-After` header in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

const fn default_item_status() -> u16 {
    500
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "`skip_serializing_if` passes a reference")]
const fn is_default_item_status(status: &u16) -> bool {
    *status == default_item_status()
}

impl ErrorEffect {
    /// Returns the error response with `status` and the vendor's code and message for that status.
    ///
    /// ```
    /// use access_groups_mock::{Effect, ErrorEffect};
    ///
    /// let effect = Effect::Status(ErrorEffect { retry_after: Some(2), ..ErrorEffect::new(429) });
    /// assert!(effect.validate().is_ok());
    /// ```
    pub const fn new(status: u16) -> Self {
        Self { status, code: None, message: None, retry_after: None }
    }
}

impl Effect {
    /// Returns the name of the kind of effect, as in its JSON.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Status(_) => "status",
            Self::Delay { .. } => "delay",
            Self::Disconnect {} => "disconnect",
            Self::Empty {} => "empty",
            Self::Truncate { .. } => "truncate",
            Self::Malformed {} => "malformed",
            Self::SlowBody { .. } => "slow-body",
            Self::CommitThenFail { .. } => "commit-then-fail",
            Self::FailItems { .. } => "fail-items",
            Self::StaleReads { .. } => "stale-reads",
        }
    }

    /// Validates the effect.
    ///
    /// # Errors
    /// The field and reason: a status that is not from 400 to 599, or a `max` that is less than `min`.
    pub fn validate(&self) -> Result<(), (&'static str, &'static str)> {
        let status = match self {
            Self::Status(ErrorEffect { status, .. }) | Self::FailItems { status, .. } => Some(*status),
            Self::CommitThenFail { status } => *status,
            Self::Delay { min, max: Some(max) } if max < min => {
                return Err(("max", "must not be less than `min`"));
            }
            Self::Delay { .. }
            | Self::Disconnect {}
            | Self::Empty {}
            | Self::Truncate { .. }
            | Self::Malformed {}
            | Self::SlowBody { .. }
            | Self::StaleReads { .. } => None,
        };
        match status {
            Some(status) if !(400..=599).contains(&status) => Err(("status", "must be from 400 to 599")),
            Some(_) | None => Ok(()),
        }
    }
}
