//! The records of the ibm dialect.

use crate::store::{Summaries, Summary};

/// The records of the dialect.
#[derive(Debug, Clone, Default)]
pub struct State {}

impl Summaries for State {
    fn count(&self) -> usize {
        0
    }

    fn summaries(&self, _: usize) -> Box<dyn Iterator<Item = Summary<'_>> + '_> {
        Box::new(std::iter::empty())
    }
}
