//! Where a state file is: its real path, the files beside it, and the lock that only one server has.
//!
//! Imports nothing else of this crate.

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::error::StateFileError;
use super::file_system::{FileStatus, private_options};

/// The maximum number of symbolic links that are followed, as in Linux.
const MAX_SYMLINKS: usize = 40;

/// The paths of a state file and of the files beside it; symbolic links are resolved.
#[derive(Debug, Clone)]
pub struct Location {
    /// The state file.
    pub file: PathBuf,
    /// The folder that contains it.
    pub folder: PathBuf,
    /// The previous state: `FILE.bak`.
    pub backup: PathBuf,
    /// An invalid state that was replaced by the previous one: `FILE.invalid`.
    pub invalid: PathBuf,
    /// The lock file: `FILE.lock`.
    pub lock: PathBuf,
}

impl Location {
    /// Resolves the state file `path`, which need not exist.
    ///
    /// # Errors
    /// [`StateFileError::Unusable`] if it is not a regular file, or if its folder does not exist.
    pub fn resolve(path: &Path) -> Result<Self, StateFileError> {
        let file = real_path(path)?;
        match std::fs::metadata(&file) {
            // Opening a named pipe would wait for its other end.
            Ok(metadata) if !metadata.is_file() => {
                return Err(StateFileError::Unusable("is not a regular file".to_owned()));
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            Ok(_) | Err(_) => {}
        }
        let folder = file.parent().unwrap_or(Path::new("/")).to_owned();
        let beside = |suffix| with_suffix(&file, suffix);
        Ok(Self { backup: beside(".bak"), invalid: beside(".invalid"), lock: beside(".lock"), folder, file })
    }

    /// Returns the path of the temporary file `number` of this process: `FILE.PROCESS-NUMBER.tmp`.
    pub fn temporary(&self, number: u64) -> PathBuf {
        with_suffix(&self.file, &format!(".{}-{number}.tmp", std::process::id()))
    }

    /// Removes the temporary files of servers that were killed.
    ///
    /// # Errors
    /// The I/O error of reading the folder.
    pub fn remove_temporary_files(&self) -> io::Result<()> {
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if self.is_temporary(&path) {
                // A file that cannot be removed only takes up space.
                let _ = std::fs::remove_file(path);
            }
        }
        Ok(())
    }

    fn is_temporary(&self, path: &Path) -> bool {
        let name = |path: &Path| path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
        let (Some(file), Some(other)) = (name(&self.file), name(path)) else { return false };
        let ids = other
            .strip_prefix(&file)
            .and_then(|rest| rest.strip_prefix('.'))
            .and_then(|rest| rest.strip_suffix(".tmp"))
            .and_then(|rest| rest.split_once('-'));
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        ids.is_some_and(|(process, number)| is_number(process) && is_number(number))
    }
}

/// Returns `path` without symbolic links; the last segment need not exist.
fn real_path(path: &Path) -> Result<PathBuf, StateFileError> {
    let mut path = path.to_owned();
    for _ in 0..MAX_SYMLINKS {
        match std::fs::canonicalize(&path) {
            Ok(real) => return Ok(real),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        let Ok(target) = std::fs::read_link(&path) else {
            let name = path.file_name();
            let name = name.ok_or_else(|| StateFileError::Unusable("is not a regular file".to_owned()))?;
            let real = std::fs::canonicalize(&folder).map_err(|error| {
                StateFileError::Unusable(format!("its folder `{}`: {error}", folder.display()))
            })?;
            return Ok(real.join(name));
        };
        path = folder.join(target);
    }
    Err(StateFileError::Unusable("too many levels of symbolic links".to_owned()))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// The exclusive lock of a state file, which is released when the process ends, however it ends.
///
/// The lock is on a file beside the state file, because a save replaces the state file itself. The lock file remains.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    file: File,
}

impl Lock {
    /// Acquires the lock on the lock file `path`, which is created if it does not exist.
    ///
    /// # Errors
    /// [`StateFileError::InUse`] if another process has it; [`StateFileError::Unusable`] if the lock file cannot be
    /// created, opened or locked.
    pub fn acquire(path: &Path) -> Result<Self, StateFileError> {
        let failed =
            |error: io::Error| StateFileError::Unusable(format!("cannot lock `{}`: {error}", path.display()));
        let file = open_lock_file(path).map_err(failed)?;
        let mut lock = Self { path: path.to_owned(), file };
        match lock.file.try_lock() {
            Ok(()) => lock.write_process_id().map_err(failed)?,
            Err(TryLockError::WouldBlock) => return Err(StateFileError::InUse(lock.read_process_id())),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        Ok(lock)
    }

    /// Acquires the lock again if another process has removed or replaced the lock file.
    ///
    /// # Errors
    /// As [`Lock::acquire`].
    pub fn ensure_held(&mut self) -> Result<(), StateFileError> {
        let inode = |metadata: &std::fs::Metadata| FileStatus::new(metadata).id.inode;
        let own = self.file.metadata().ok().as_ref().map(inode);
        let current = std::fs::symlink_metadata(&self.path).ok().as_ref().map(inode);
        if own != current {
            *self = Self::acquire(&self.path)?;
        }
        Ok(())
    }

    fn write_process_id(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        writeln!(self.file, "{}", std::process::id())
    }

    fn read_process_id(&mut self) -> Option<u32> {
        let mut text = String::new();
        self.file.rewind().ok()?;
        (&self.file).take(20).read_to_string(&mut text).ok()?;
        text.trim().parse().ok()
    }
}

/// Opens the lock file `path`, or creates it; a symbolic link is not followed.
fn open_lock_file(path: &Path) -> io::Result<File> {
    let mut options = private_options();
    options.read(true).write(true);
    match options.create_new(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        result => return result,
    }
    if !std::fs::symlink_metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    options.create_new(false).open(path)
}
