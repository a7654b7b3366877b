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
    /// As [`JsonText::read`], or the text is not UTF-8.
    pub fn for_each_part(&self, mut visit: impl FnMut(&[u8])) -> io::Result<()> {
        if let Self::Memory(text) = self {
            visit(text.as_bytes());
            return Ok(());
        }
        let (mut start, mut part) = (0, Vec::new());
        while start < self.len() {
            let end = (start + PART_BYTES).min(self.len());
            part.clear();
            self.read(start..end, &mut part)?;
            match std::str::from_utf8(&part) {
                Ok(_) => {}
                // The rest of the last character is in the next part.
                Err(error) if error.error_len().is_none() && end < self.len() => {
                    part.truncate(error.valid_up_to());
                }
                Err(_) => {
                    let reason = "stream did not contain valid UTF-8";
                    return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
                }
            }
            visit(&part);
            start += part.len() as u64;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the text of a file with `bytes` as it is read in parts.
    fn read_parts(name: &str, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let path = std::env::temp_dir().join(format!("text-{}-{name}.json", std::process::id()));
        std::fs::write(&path, bytes)?;
        let text = JsonText::from_file(File::open(&path)?)?;
        std::fs::remove_file(&path)?;
        let mut read = Vec::new();
        text.for_each_part(|part| {
            assert!(std::str::from_utf8(part).is_ok());
            read.extend_from_slice(part);
        })?;
        Ok(read)
    }

    #[test]
    fn characters_at_the_end_of_a_part_are_not_divided_and_other_bytes_are_an_error() {
        let len = usize::try_from(PART_BYTES).unwrap();
        let valid = [&vec![b' '; len - 2][..], "🦀".as_bytes(), b" "].concat();

        assert!(read_parts("valid", &valid).is_ok_and(|read| read == valid));
        for (name, end) in [("invalid", &b"\xff "[..]), ("truncated", &b"\xf0\x9f"[..])] {
            let error = read_parts(name, &[&vec![b' '; len][..], end].concat()).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        }
    }
}
