//! The state and the seed section of a dialect whose Cargo feature is off: it has no objects.
//!
//! Imports `store` and the error of the seed file. Invariant: it has the same items as a dialect, so that the rest of the
//! crate need not know which dialects it contains.

use crate::store::{
    GroupSelector, GroupUse, SharedState, Summaries, Summary, SummaryPage, SummaryQuery, WriteEnd,
};

/// The records of the dialect: none.
#[derive(Debug, Clone, Copy, Default)]
pub struct State;

impl State {
    /// Does what a dialect with records does before a load: nothing.
    #[expect(clippy::unused_self, reason = "the states of all dialects have the same signature")]
    #[expect(clippy::needless_pass_by_ref_mut, reason = "the signature is that of a dialect")]
    pub const fn begin_bulk_load(&mut self) {}
}

impl SharedState for State {
    fn unshared_bytes(&self, _: &Self) -> usize {
        0
    }

    fn end_write(&mut self, _: WriteEnd) {}
}

impl Summaries for State {
    fn count(&self) -> usize {
        0
    }

    fn summaries(&self, _: usize) -> Box<dyn Iterator<Item = Summary<'_>> + '_> {
        Box::new(std::iter::empty())
    }

    fn select(&self, _: &SummaryQuery) -> SummaryPage<'_> {
        SummaryPage::default()
    }

    fn uses(&self, _: &GroupSelector) -> Option<Vec<GroupUse>> {
        None
    }
}

/// The dialect's section of the seed file.
pub mod seed {
    use std::collections::BTreeMap;
    use std::ops::Range;

    use serde::de::IgnoredAny;
    use serde::{Deserialize, Serialize};

    use super::State;
    use crate::domain::seed::SeedError;
    use crate::json::JsonText;
    use crate::store::{GroupSelector, SavedRecord, Tx};

    /// A section without objects.
    ///
    /// A saved state may contain the internal state of the dialect, which has no meaning without objects.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    #[serde(try_from = "BTreeMap<String, IgnoredAny>")]
    pub struct Section {}

    impl Section {
        /// Returns that there is nothing to load.
        #[expect(clippy::unused_self, reason = "the sections of all dialects have the same signature")]
        pub const fn is_empty(&self) -> bool {
            true
        }

        /// Returns that no list can be long.
        pub const fn is_long_list(_: &[&str]) -> bool {
            false
        }

        /// Returns that there is no such list.
        #[expect(clippy::unused_self, reason = "the sections of all dialects have the same signature")]
        #[expect(clippy::needless_pass_by_ref_mut, reason = "the signature is that of a dialect")]
        pub const fn set_long_list(&mut self, _: &[&str], _: &JsonText, _: &[Range<u64>]) -> Option<()> {
            None
        }

        /// Returns that there are no lists to check.
        ///
        /// # Errors
        /// None.
        #[expect(clippy::unused_self, reason = "the sections of all dialects have the same signature")]
        #[expect(clippy::unnecessary_wraps, reason = "the sections of all dialects have the same signature")]
        pub const fn check_lists(&self) -> Result<bool, JsonText> {
            Ok(false)
        }
    }

    impl TryFrom<BTreeMap<String, IgnoredAny>> for Section {
        type Error = &'static str;

        fn try_from(fields: BTreeMap<String, IgnoredAny>) -> Result<Self, &'static str> {
            match fields.keys().all(|field| field == "$state") {
                true => Ok(Self {}),
                false => Err("must be empty, because the Cargo feature of this dialect is off"),
            }
        }
    }

    /// Does what the loader of a dialect does with a section without objects: nothing.
    ///
    /// # Errors
    /// None; the section was checked when it was parsed.
    #[expect(clippy::unnecessary_wraps, reason = "the loaders of all dialects have the same signature")]
    pub const fn load(_: &mut State, _: &Section, _: &mut Tx<'_>) -> Result<(), SeedError> {
        Ok(())
    }

    /// Returns a section without objects.
    pub const fn save(_: &State) -> Section {
        Section {}
    }

    /// Returns no records.
    pub const fn saved_records(_: &State, _: &str, _: &GroupSelector) -> Vec<SavedRecord> {
        Vec::new()
    }
}
