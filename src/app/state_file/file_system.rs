//! `FileSystem`: the operations on files that a save consists of, on the disk or in a test.
//!
//! Imports nothing of this crate.

use std::fmt;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::time::SystemTime;

/// The operations on files that a save consists of.
pub trait FileSystem: fmt::Debug + Send {
    /// Creates the file `path`, which must not exist, with the mode and owner of `like`, or else with mode 0600.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`], also for a symbolic link, or another I/O error.
    fn create(&self, path: &Path, like: Option<&FileStatus>) -> io::Result<Box<dyn NewFile>>;

    /// Creates the hard link `link` to the file `path`.
    ///
    /// # Errors
    /// The I/O error; many file systems have no hard links.
    fn link(&self, path: &Path, link: &Path) -> io::Result<()>;

    /// Opens the file `path` for reading.
    ///
    /// # Errors
    /// The I/O error.
    fn open(&self, path: &Path) -> io::Result<Box<dyn io::Read>>;

    /// Renames `from` to `to`, which it replaces atomically.
    ///
    /// # Errors
    /// The I/O error.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes the file `path`.
    ///
    /// # Errors
    /// The I/O error.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Returns the status of `path`, without following a symbolic link; `None` if it does not exist.
    ///
    /// # Errors
    /// The I/O error.
    fn status(&self, path: &Path) -> io::Result<Option<FileStatus>>;

    /// Writes the content of the file `path` to the disk.
    ///
    /// # Errors
    /// The I/O error.
    fn sync_file(&self, path: &Path) -> io::Result<()>;

    /// Writes the entries of the folder `path` to the disk; does nothing on systems that cannot.
    ///
    /// # Errors
    /// The I/O error.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
}

/// A file that is being written.
pub trait NewFile: Write {
    /// Writes the content to the disk.
    ///
    /// # Errors
    /// The I/O error.
    fn sync(&mut self) -> io::Result<()>;
}

/// The identity of a file and its content: it changes when another process replaces, changes or removes the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileId {
    /// The device and the inode; zero on systems without them.
    pub inode: (u64, u64),
    /// The size in bytes.
    pub bytes: u64,
    /// The time of the last change of the content, if the file system has it.
    pub modified: Option<SystemTime>,
}

/// What is known of a file without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileStatus {
    /// The identity.
    pub id: FileId,
    /// The permission bits, such as 0o600; zero on systems without them.
    pub mode: u32,
    /// The user and the group that own the file; zero on systems without them.
    pub owner: (u32, u32),
}

impl FileStatus {
    /// Returns the status that `metadata` describes.
    #[cfg(unix)]
    pub fn new(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self {
            id: FileId {
                inode: (metadata.dev(), metadata.ino()),
                bytes: metadata.len(),
                modified: metadata.modified().ok(),
            },
            mode: metadata.mode() & 0o777,
            owner: (metadata.uid(), metadata.gid()),
        }
    }

    /// Returns the status that `metadata` describes.
    #[cfg(not(unix))]
    pub fn new(metadata: &Metadata) -> Self {
        let id = FileId { inode: (0, 0), bytes: metadata.len(), modified: metadata.modified().ok() };
        Self { id, mode: 0, owner: (0, 0) }
    }
}

/// The file system of the operating system.
#[derive(Debug, Clone, Copy)]
pub struct Disk;

impl FileSystem for Disk {
    fn create(&self, path: &Path, like: Option<&FileStatus>) -> io::Result<Box<dyn NewFile>> {
        let file = private_options().write(true).create_new(true).open(path)?;
        if let Some(status) = like {
            set_attributes(&file, status)?;
        }
        Ok(Box::new(file))
    }

    fn link(&self, path: &Path, link: &Path) -> io::Result<()> {
        std::fs::hard_link(path, link)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn io::Read>> {
        Ok(Box::new(File::open(path)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn status(&self, path: &Path) -> io::Result<Option<FileStatus>> {
        match std::fs::symlink_metadata(path) {
            Ok(metadata) => Ok(Some(FileStatus::new(&metadata))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    #[cfg(unix)]
    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        match File::open(path)?.sync_all() {
            // Some network file systems cannot sync a folder.
            Err(error)
                if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) =>
            {
                Ok(())
            }
            result => result,
        }
    }

    #[cfg(not(unix))]
    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }
}

impl NewFile for File {
    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}

/// Returns options that create a file with mode 0600.
#[cfg(unix)]
pub fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Returns options that create a file with the permissions of its folder.
#[cfg(not(unix))]
pub fn private_options() -> OpenOptions {
    OpenOptions::new()
}

/// Gives `file` the mode and, where the process may do that, the owner of `status`.
#[cfg(unix)]
fn set_attributes(file: &File, status: &FileStatus) -> io::Result<()> {
    use std::os::unix::fs::{PermissionsExt, fchown};
    let own = FileStatus::new(&file.metadata()?);
    if own.owner != status.owner {
        // Only a privileged process may change the owner.
        let _ = fchown(file, Some(status.owner.0), Some(status.owner.1));
    }
    if own.mode == status.mode {
        return Ok(());
    }
    file.set_permissions(std::fs::Permissions::from_mode(status.mode))
}

#[cfg(not(unix))]
fn set_attributes(_: &File, _: &FileStatus) -> io::Result<()> {
    Ok(())
}
