//! The errors of a state file: of its use at startup, and of a save.
//!
//! Imports `domain`.

use std::{fmt, io};

use crate::domain::seed::SeedError;

/// The reason why a state file cannot be used.
#[derive(Debug)]
pub enum StateFileError {
    /// Another server has locked the file; with the id of its process if it is known.
    InUse(Option<u32>),
    /// The content is not a valid state.
    Invalid(SeedError),
    /// The file cannot be read, locked or written, for this reason.
    Unusable(String),
}

impl fmt::Display for StateFileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse(Some(process)) => {
                write!(formatter, "is in use by another server (process {process})")
            }
            Self::InUse(None) => formatter.write_str("is in use by another server"),
            Self::Invalid(error) => error.fmt(formatter),
            Self::Unusable(reason) => formatter.write_str(reason),
        }
    }
}

impl std::error::Error for StateFileError {}

impl From<io::Error> for StateFileError {
    fn from(error: io::Error) -> Self {
        Self::Unusable(error.to_string())
    }
}

/// An I/O error in one step of a save.
#[derive(Debug)]
pub struct SaveError {
    /// The step, such as `replace the file`.
    pub step: &'static str,
    /// The error.
    pub error: io::Error,
}

impl SaveError {
    /// Returns a function that adds `step` to an error.
    pub fn in_step(step: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self { step, error }
    }

    /// Returns whether both errors have the same cause.
    pub fn is_same(&self, other: &Self) -> bool {
        let cause = |error: &Self| (error.step, error.error.kind(), error.error.raw_os_error());
        cause(self) == cause(other)
    }
}

impl fmt::Display for SaveError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "cannot {}: {}", self.step, self.error)?;
        if self.error.kind() == io::ErrorKind::ResourceBusy {
            let advice =
                "a file that is mounted by itself cannot be replaced atomically; mount its folder instead";
            write!(formatter, "; {advice}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SaveError {}
