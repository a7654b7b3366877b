//! `SimulatedDisk`: a file system in memory that knows what would be left after a power failure.
//!
//! A power failure may undo any of the changes to a folder since it was synced, each rename as a whole, and any part of
//! the content of a file since it was synced. Real file systems lose less.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use parking_lot::Mutex;

use super::super::file_system::{FileId, FileStatus, FileSystem, NewFile};

/// The maximum number of bytes of one step of a write.
const WRITE_BYTES: usize = 8;

#[derive(Debug, Clone, Default)]
pub(super) struct SimulatedDisk(Arc<Mutex<Content>>);

#[derive(Debug, Clone, Default)]
struct Content {
    files: Vec<Inode>,
    entries: BTreeMap<PathBuf, usize>,
    /// The entries as they were when the folder was synced, and the changes since then.
    synced_entries: BTreeMap<PathBuf, usize>,
    changes: Vec<Vec<(PathBuf, Option<usize>)>>,
    steps: usize,
    stop_at: Option<usize>,
    fail_at: Option<usize>,
    has_no_links: bool,
}

#[derive(Debug, Clone, Default)]
struct Inode {
    bytes: Vec<u8>,
    synced_bytes: Vec<u8>,
    changes: u64,
}

impl Content {
    /// Counts a step, and fails it if it was asked for.
    fn step(&mut self) -> io::Result<()> {
        self.steps += 1;
        let step = self.steps - 1;
        if self.stop_at.is_some_and(|stop| step >= stop) || self.fail_at == Some(step) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }

    fn inode(&self, path: &Path) -> io::Result<usize> {
        self.entries.get(path).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Changes entries of the folder atomically.
    fn change(&mut self, change: Vec<(PathBuf, Option<usize>)>) {
        apply(&mut self.entries, &change);
        self.changes.push(change);
    }
}

fn apply(entries: &mut BTreeMap<PathBuf, usize>, change: &[(PathBuf, Option<usize>)]) {
    for (path, inode) in change {
        match inode {
            Some(inode) => entries.insert(path.clone(), *inode),
            None => entries.remove(path),
        };
    }
}

impl SimulatedDisk {
    /// Returns the number of steps so far.
    pub(super) fn steps(&self) -> usize {
        self.0.lock().steps
    }

    /// Makes the step `step` and all later ones fail, as if the process ended.
    pub(super) fn stop_at(&self, step: usize) {
        self.0.lock().stop_at = Some(step);
    }

    /// Makes only the step `step` fail.
    pub(super) fn fail_once_at(&self, step: usize) {
        self.0.lock().fail_at = Some(step);
    }

    pub(super) fn forbid_links(&self) {
        self.0.lock().has_no_links = true;
    }

    /// Empties a file, as another process would do.
    pub(super) fn truncate(&self, path: &Path) {
        let mut content = self.0.lock();
        let inode = content.inode(path).unwrap();
        content.files[inode].bytes.clear();
        content.files[inode].changes += 1;
    }

    pub(super) fn read(&self, path: &Path) -> Option<Vec<u8>> {
        let content = self.0.lock();
        let inode = content.inode(path).ok()?;
        Some(content.files[inode].bytes.clone())
    }

    pub(super) fn paths(&self) -> Vec<PathBuf> {
        self.0.lock().entries.keys().cloned().collect()
    }

    /// Returns the content of all files after each possible power failure.
    pub(super) fn power_failures(&self) -> Vec<BTreeMap<PathBuf, Vec<u8>>> {
        let content = self.0.lock();
        let changes = content.changes.len();
        assert!(changes < 20, "the folder is synced often enough");
        let mut disks = Vec::new();
        for kept in 0_u32..1 << changes {
            let mut entries = content.synced_entries.clone();
            for (index, change) in content.changes.iter().enumerate() {
                if kept & (1 << index) != 0 {
                    apply(&mut entries, change);
                }
            }
            for written in 0..3 {
                let bytes = |inode: usize| content.files[inode].after_power_failure(written);
                disks.push(entries.iter().map(|(path, inode)| (path.clone(), bytes(*inode))).collect());
            }
        }
        disks
    }
}

impl Inode {
    /// Returns the content of which nothing (0), half (1) or everything (2) was written since the last sync.
    fn after_power_failure(&self, written: usize) -> Vec<u8> {
        let mut bytes = self.bytes[..self.bytes.len() * written / 2].to_vec();
        if self.bytes.starts_with(&self.synced_bytes) && bytes.len() < self.synced_bytes.len() {
            bytes.clone_from(&self.synced_bytes);
        }
        bytes
    }
}

struct SimulatedFile(SimulatedDisk, usize);

impl Write for SimulatedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut content = self.0.0.lock();
        content.step()?;
        let bytes = &bytes[..bytes.len().min(WRITE_BYTES)];
        content.files[self.1].bytes.extend(bytes);
        content.files[self.1].changes += 1;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl NewFile for SimulatedFile {
    fn sync(&mut self) -> io::Result<()> {
        let mut content = self.0.0.lock();
        content.step()?;
        content.files[self.1].synced_bytes = content.files[self.1].bytes.clone();
        Ok(())
    }
}

impl FileSystem for SimulatedDisk {
    fn create(&self, path: &Path, _: Option<&FileStatus>) -> io::Result<Box<dyn NewFile>> {
        let mut content = self.0.lock();
        content.step()?;
        if content.entries.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        content.files.push(Inode::default());
        let inode = content.files.len() - 1;
        content.change(vec![(path.to_owned(), Some(inode))]);
        Ok(Box::new(SimulatedFile(self.clone(), inode)))
    }

    fn link(&self, path: &Path, link: &Path) -> io::Result<()> {
        let mut content = self.0.lock();
        content.step()?;
        if content.has_no_links {
            return Err(io::ErrorKind::Unsupported.into());
        }
        if content.entries.contains_key(link) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let inode = content.inode(path)?;
        content.change(vec![(link.to_owned(), Some(inode))]);
        Ok(())
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn io::Read>> {
        let bytes = self.read(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(io::Cursor::new(bytes)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut content = self.0.lock();
        content.step()?;
        let inode = content.inode(from)?;
        if content.entries.get(to) != Some(&inode) {
            content.change(vec![(from.to_owned(), None), (to.to_owned(), Some(inode))]);
        }
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut content = self.0.lock();
        content.step()?;
        content.inode(path)?;
        content.change(vec![(path.to_owned(), None)]);
        Ok(())
    }

    fn status(&self, path: &Path) -> io::Result<Option<FileStatus>> {
        let content = self.0.lock();
        let Ok(inode) = content.inode(path) else { return Ok(None) };
        let file = &content.files[inode];
        let modified = SystemTime::UNIX_EPOCH + Duration::from_secs(file.changes);
        let id = FileId {
            inode: (0, u64::try_from(inode).unwrap()),
            bytes: u64::try_from(file.bytes.len()).unwrap(),
            modified: Some(modified),
        };
        Ok(Some(FileStatus { id, mode: 0o600, owner: (0, 0) }))
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        let mut content = self.0.lock();
        content.step()?;
        let inode = content.inode(path)?;
        content.files[inode].synced_bytes = content.files[inode].bytes.clone();
        Ok(())
    }

    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        let mut content = self.0.lock();
        content.step()?;
        content.synced_entries = content.entries.clone();
        content.changes.clear();
        Ok(())
    }
}
