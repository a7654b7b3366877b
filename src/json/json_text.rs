//! `JsonText`: the text of a long JSON document, in memory or in a file that is read in parts.
//!
//! Imports nothing of this crate.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;

use parking_lot::Mutex;

/// The number of bytes that are read at a time.
const PART_BYTES: u64 = 1024 * 1024;

/// The text of a long JSON document; clones share it.
///
/// A file must not be changed while there is a clone. If another process changes it nevertheless, what is read of it is
/// not what was read before.
#[derive(Debug, Clone)]
pub enum JsonText {
    /// A string.
    Memory(Arc<String>),
    /// An open file, and its length in bytes.
    File(Arc<Mutex<File>>, u64),
}

impl JsonText {
    /// Returns the text of a file.
    ///
    /// # Errors
    /// The length cannot be read.
    pub fn from_file(file: File) -> io::Result<Self> {
        let len = file.metadata()?.len();
        Ok(Self::File(Arc::new(Mutex::new(file)), len))
    }

    /// Returns the length in bytes.
    pub fn len(&self) -> u64 {
        match self {
            Self::Memory(text) => text.len() as u64,
            Self::File(_, len) => *len,
        }
    }

    /// Appends the bytes in `range` to `bytes`.
    ///
    /// # Errors
    /// The file cannot be read, or has become shorter.
    pub fn read(&self, range: Range<u64>, bytes: &mut Vec<u8>) -> io::Result<()> {
        let len = usize::try_from(range.end - range.start).map_err(io::Error::other)?;
        match self {
            Self::Memory(text) => {
                let start = usize::try_from(range.start).map_err(io::Error::other)?;
                bytes.extend_from_slice(&text.as_bytes()[start..start + len]);
            }
            Self::File(file, _) => {
                let end = bytes.len();
                bytes.resize(end + len, 0);
                let mut file = file.lock();
                file.seek(SeekFrom::Start(range.start))?;
                file.read_exact(&mut bytes[end..])?;
            }
        }
        Ok(())
    }

    /// Calls `visit` with all parts of the text in order.
    ///
    /// # Errors
    /// As [`JsonText::read`].
    pub fn for_each_part(&self, mut visit: impl FnMut(&[u8])) -> io::Result<()> {
        let (mut start, mut part) = (0, Vec::new());
        while start < self.len() {
            let end = (start + PART_BYTES).min(self.len());
            part.clear();
            self.read(start..end, &mut part)?;
            visit(&part);
            start = end;
        }
        Ok(())
    }

    /// Returns the whole text.
    ///
    /// # Errors
    /// As [`JsonText::read`], or the text is not UTF-8.
    pub fn read_all(&self) -> io::Result<Arc<String>> {
        match self {
            Self::Memory(text) => Ok(Arc::clone(text)),
            Self::File(file, _) => {
                let (mut file, mut text) = (file.lock(), String::new());
                file.seek(SeekFrom::Start(0))?;
                file.read_to_string(&mut text)?;
                Ok(Arc::new(text))
            }
        }
    }
}
