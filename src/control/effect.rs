//! What a fault does to a request that it strikes.

use serde::{Deserialize, Serialize};

use super::span::Span;

/// What a fault does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Effect {
    /// The request is refused in the vendor's envelope, and nothing changes.
    Status(Refused),
    /// The request waits in real time before it is handled: `min` to `max`, or `min` alone.
    Delay {
        /// The shortest wait.
        min: Span,
        /// The longest wait; `min` when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<Span>,
    },
    /// The connection is reset before the request is handled.
    Disconnect {},
    /// The connection is closed without an answer before the request is handled.
    Empty {},
    /// The answer breaks off: the head announces the whole body, and only the first `bytes` come.
    Truncate {
        /// How many bytes of the body are sent; half of them when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bytes: Option<usize>,
    },
    /// The body of the answer is broken in the middle, so that it is no JSON any more.
    Malformed {},
    /// The body of the answer trickles in over this time.
    SlowBody {
        /// How long it takes, from the head to the last byte.
        over: Span,
    },
    /// The request is handled, and then its answer is lost: refused as `status` says, else the connection is reset.
    CommitThenFail {
        /// The status of the answer in the place of the lost one; no answer at all when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
    },
    /// Some parts of a bulk call fail, in the vendor's 207 answer.
    FailItems {
        /// The status of the parts that fail; 500 when absent.
        #[serde(default = "failed_part", skip_serializing_if = "is_failed_part")]
        status: u16,
        /// The ids of the parts that fail; the first part when empty.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        ids: Vec<String>,
    },
    /// The request reads what was there this long ago on the mock's clock.
    StaleReads {
        /// How far reads lag behind writes.
        window: Span,
    },
}

/// A refusal that a fault asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Refused {
    /// The HTTP status, 400 to 599.
    pub status: u16,
    /// The vendor's code or the id of a rule, where the status has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The message in the place of the vendor's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The seconds of a `Retry-After` header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

const fn failed_part() -> u16 {
    500
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "`skip_serializing_if` hands a reference over")]
const fn is_failed_part(status: &u16) -> bool {
    *status == failed_part()
}

impl Refused {
    /// Returns the refusal with `status` and the vendor's own code and message for it.
    ///
    /// ```
    /// use access_groups_mock::{Effect, Refused};
    ///
    /// let effect = Effect::Status(Refused { retry_after: Some(2), ..Refused::new(429) });
    /// assert!(effect.check().is_ok());
    /// ```
    pub const fn new(status: u16) -> Self {
        Self { status, code: None, message: None, retry_after: None }
    }
}

impl Effect {
    /// Says what is wrong with it: the name of the member, and what it must be.
    ///
    /// # Errors
    /// A status lies between 400 and 599, and a longest wait is not shorter than the shortest.
    pub fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let status = match self {
            Self::Status(Refused { status, .. }) | Self::FailItems { status, .. } => Some(*status),
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
