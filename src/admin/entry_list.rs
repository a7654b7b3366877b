//! Lists of exchanges as responses, which are serialized in parts: only one part of a list is in memory at a time.

use std::io;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use futures_util::stream;

use super::search::FoundEntry;
use crate::app::App;
use crate::app::offload::Cancellation;

/// The length of a part in bytes, after which it ends with the current exchange.
pub(super) const PART_BYTES: usize = 256 * 1024;

/// A list of exchanges that is serialized in parts.
pub(super) struct EntryList {
    entries: std::vec::IntoIter<FoundEntry>,
    write_entry: WriteEntry,
    separator: &'static str,
    /// The text before the first exchange that is not written yet.
    pending: String,
    /// The text after the last exchange; `None` once it is written.
    end: Option<String>,
}

/// Serializes one exchange.
type WriteEntry = Arc<dyn Fn(&FoundEntry) -> Vec<u8> + Send + Sync>;

impl EntryList {
    /// Returns the list of `entries`, each serialized by `write_entry`, between `start` and `end`.
    pub(super) fn new(
        entries: Vec<FoundEntry>,
        [start, separator]: [&'static str; 2],
        end: impl Into<String>,
        write_entry: impl Fn(&FoundEntry) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        Self {
            entries: entries.into_iter(),
            write_entry: Arc::new(write_entry),
            separator,
            pending: start.to_owned(),
            end: Some(end.into()),
        }
    }

    /// Returns the list with `start` before its first exchange.
    #[must_use]
    pub(super) fn with_start(mut self, start: String) -> Self {
        self.pending = start;
        self
    }

    /// Serializes the next part; it is empty after the end of the list.
    pub(super) fn next_part(&mut self, cancellation: &Cancellation) -> Vec<u8> {
        let mut part = Vec::new();
        while part.len() < PART_BYTES && !cancellation.is_cancelled() {
            let Some(entry) = self.entries.next() else {
                part.extend_from_slice(std::mem::take(&mut self.pending).as_bytes());
                part.extend_from_slice(self.end.take().unwrap_or_default().as_bytes());
                break;
            };
            // What precedes an exchange is written with it, so that the last one has no separator after it.
            part.extend_from_slice(self.pending.as_bytes());
            part.extend_from_slice(&(self.write_entry)(&entry));
            self.separator.clone_into(&mut self.pending);
            if self.entries.len() == 0 {
                self.pending.clear();
            }
        }
        part
    }

    /// Returns the body that starts with `first`, the first part: all of it if the list has ended, else a stream whose
    /// further parts are serialized on the blocking thread pool when the client has received the previous ones.
    pub(super) fn into_body(self, first: Vec<u8>, app: App) -> Body {
        if self.end.is_none() {
            return Body::from(first);
        }
        let first = Some(Bytes::from(first));
        let parts = stream::unfold((self, first, app), |(mut list, first, app)| async move {
            if let Some(first) = first {
                return Some((Ok(first), (list, None, app)));
            }
            list.end.as_ref()?;
            let next = app.compute(move |cancellation| (list.next_part(cancellation), list)).await;
            match next {
                Ok((part, list)) => Some((Ok(Bytes::from(part)), (list, None, app))),
                Err(error) => Some((Err(io::Error::other(format!("{error:?}"))), (Self::ended(), None, app))),
            }
        });
        Body::from_stream(parts)
    }

    /// Returns a list that has ended.
    fn ended() -> Self {
        let mut list = Self::new(Vec::new(), ["", ""], "", |_| Vec::new());
        list.end = None;
        list
    }
}
