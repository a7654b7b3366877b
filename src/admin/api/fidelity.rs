//! The methods of `Admin` for the fidelity.

use serde::{Deserialize, Serialize};

use super::Admin;
use crate::config::Fidelity;

/// The fidelity of a namespace, as a request or response body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::admin) struct FidelitySetting {
    /// The fidelity.
    pub(in crate::admin) fidelity: Fidelity,
}

impl Admin {
    /// Returns the choice of the namespace where a vendor's document and its live service disagree.
    ///
    /// ```
    /// use access_groups_mock::{Fidelity, MockServer};
    ///
    /// let mock = MockServer::start();
    /// assert_eq!(mock.admin().fidelity(), Fidelity::Documented);
    /// ```
    pub fn fidelity(&self) -> Fidelity {
        self.app.fidelity()
    }

    /// Sets the choice of the namespace where a vendor's document and its live service disagree, until the next reset.
    ///
    /// ```
    /// use access_groups_mock::{Fidelity, MockServer};
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// admin.set_fidelity(Fidelity::Live);
    /// assert_eq!(admin.fidelity(), Fidelity::Live);
    /// admin.reset();
    /// assert_eq!(admin.fidelity(), Fidelity::Documented);
    /// ```
    pub fn set_fidelity(&self, fidelity: Fidelity) {
        self.app.namespace().set_fidelity(fidelity);
    }
}
