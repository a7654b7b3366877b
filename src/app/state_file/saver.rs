//! `Saver`: replaces the state file so that it is complete at every moment, and keeps the previous state.
//!
//! Imports nothing else of this crate. Invariant: the state file and its backup are never written in place.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::error::SaveError;
use super::file_system::{FileId, FileStatus, FileSystem, NewFile};
use super::location::Location;

/// The size of the write buffer in bytes.
const BUFFER_BYTES: usize = 64 * 1024;

/// The maximum number of names that are tried for a temporary file.
const MAX_NAMES: u64 = 100;

/// When a state file is written to the disk, and not only to the cache of the operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StateSync {
    /// With every save: a power failure loses no saved change.
    #[default]
    Always,
    /// At startup and at shutdown: a power failure can lose all changes since the startup.
    Close,
}

/// Saves states to one file.
#[derive(Debug)]
pub struct Saver {
    location: Location,
    sync: StateSync,
    file_system: Box<dyn FileSystem>,
    /// The number of temporary files.
    temporary_files: u64,
    /// The content that this process has read or written last.
    current: Option<Content>,
    /// The last status of the file, from which a new file gets its mode and owner.
    like: Option<FileStatus>,
}

/// A known content of the state file.
#[derive(Debug, Clone, Copy)]
struct Content {
    id: FileId,
    is_synced: bool,
}

impl Saver {
    /// Returns a saver for the file at `location`.
    pub fn new(location: Location, sync: StateSync, file_system: Box<dyn FileSystem>) -> Self {
        Self { location, sync, file_system, temporary_files: 0, current: None, like: None }
    }

    /// Takes over the valid content `id` of an existing file, so that the first save keeps it as the backup.
    ///
    /// # Errors
    /// The I/O error of syncing the file.
    pub fn adopt(&mut self, id: FileId) -> Result<(), SaveError> {
        self.current = Some(Content { id, is_synced: false });
        self.sync_current()
    }

    /// Returns whether the file has the content that this process has read or written last.
    pub fn is_intact(&self) -> bool {
        let status = self.file_system.status(&self.location.file);
        matches!((status, self.current), (Ok(Some(status)), Some(current)) if status.id == current.id)
    }

    /// Replaces the file with `state` as JSON; syncs it if the mode is [`StateSync::Always`].
    ///
    /// # Errors
    /// The I/O error and its step; the file has its previous content, or the new one if only the last sync failed.
    pub fn save<T: Serialize>(&mut self, state: &T) -> Result<(), SaveError> {
        self.save_and_sync(state, self.sync == StateSync::Always)
    }

    /// Replaces the file with `state` as JSON, and syncs it in every mode.
    ///
    /// # Errors
    /// As [`Saver::save`].
    pub fn save_synced<T: Serialize>(&mut self, state: &T) -> Result<(), SaveError> {
        self.save_and_sync(state, true)
    }

    /// Syncs the file if its content has not been synced yet.
    ///
    /// # Errors
    /// The I/O error and its step.
    pub fn sync_current(&mut self) -> Result<(), SaveError> {
        let Some(current) = self.current.as_mut().filter(|current| !current.is_synced) else { return Ok(()) };
        let sync = self.file_system.sync_file(&self.location.file);
        sync.map_err(SaveError::in_step("sync the file"))?;
        let sync = self.file_system.sync_folder(&self.location.folder);
        sync.map_err(SaveError::in_step("sync the folder"))?;
        current.is_synced = true;
        Ok(())
    }

    /// Keeps the invalid content of the file as `FILE.invalid`.
    ///
    /// # Errors
    /// The I/O error.
    pub fn keep_invalid(&mut self) -> io::Result<()> {
        let Location { file, invalid, .. } = self.location.clone();
        self.duplicate(&file, &invalid)
    }

    fn save_and_sync<T: Serialize>(&mut self, state: &T, is_synced: bool) -> Result<(), SaveError> {
        if let Ok(Some(status)) = self.file_system.status(&self.location.file) {
            self.like = Some(status);
        }
        let (temporary, file) = self
            .create_temporary(self.like)
            .map_err(SaveError::in_step("create a temporary file in the folder"))?;
        let result = self.write(&temporary, file, state, is_synced).and_then(|id| {
            self.keep_backup();
            let renamed = self.file_system.rename(&temporary, &self.location.file);
            renamed.map_err(SaveError::in_step("replace the file"))?;
            Ok(id)
        });
        let id = result.inspect_err(|_| {
            // Otherwise the incomplete file would take up the space that the next attempt may need.
            let _ = self.file_system.remove(&temporary);
        })?;
        self.current = Some(Content { id, is_synced: false });
        if is_synced {
            let sync = self.file_system.sync_folder(&self.location.folder);
            sync.map_err(SaveError::in_step("sync the folder"))?;
            self.current = Some(Content { id, is_synced: true });
        }
        Ok(())
    }

    /// Writes `state` to the new temporary file, and returns the identity of its content.
    fn write<T: Serialize>(
        &self,
        temporary: &Path,
        file: Box<dyn NewFile>,
        state: &T,
        is_synced: bool,
    ) -> Result<FileId, SaveError> {
        let failed = || SaveError::in_step("write a temporary file");
        let mut buffer = BufWriter::with_capacity(BUFFER_BYTES, file);
        serde_json::to_writer(&mut buffer as &mut dyn Write, state)
            .map_err(|error| failed()(error.into()))?;
        buffer.write_all(b"\n").map_err(failed())?;
        let mut file = buffer.into_inner().map_err(|error| failed()(error.into_error()))?;
        if is_synced {
            file.sync().map_err(SaveError::in_step("sync a temporary file"))?;
        }
        drop(file);
        let status = self.file_system.status(temporary).map_err(failed())?;
        let status = status.ok_or_else(|| failed()(io::ErrorKind::NotFound.into()))?;
        Ok(status.id)
    }

    /// Keeps the file as the backup, if it has content that is known to be valid and is on the disk.
    ///
    /// A backup is useful, but not worth losing a save for: errors are only logged.
    fn keep_backup(&mut self) {
        if !self.current.is_some_and(|current| current.is_synced) || !self.is_intact() {
            return;
        }
        let Location { file, backup, folder, .. } = self.location.clone();
        let mut kept = self.duplicate(&file, &backup);
        if self.sync == StateSync::Close {
            // The next content of the file is not synced: a power failure must not keep it without the backup.
            kept = kept.and_then(|()| self.file_system.sync_folder(&folder));
        }
        if let Err(error) = kept {
            tracing::debug!(%error, path = %backup.display(), "cannot keep a backup of the state file");
        }
    }

    /// Replaces `copy` with a hard link to `file`, or with a copy of it where there are no hard links.
    fn duplicate(&mut self, file: &Path, copy: &Path) -> io::Result<()> {
        let temporary = self.link_or_copy(file)?;
        let renamed = self.file_system.rename(&temporary, copy);
        // A rename of one link to another one of the same file does nothing, and leaves both.
        if renamed.is_err() || self.file_system.status(&temporary)?.is_some() {
            self.file_system.remove(&temporary)?;
        }
        renamed
    }

    fn link_or_copy(&mut self, file: &Path) -> io::Result<PathBuf> {
        self.temporary_files += 1;
        let link = self.location.temporary(self.temporary_files);
        if self.file_system.link(file, &link).is_ok() {
            return Ok(link);
        }
        let like = self.file_system.status(file)?;
        let (copy, mut new) = self.create_temporary(like)?;
        let copied = self
            .file_system
            .open(file)
            .and_then(|mut old| io::copy(&mut old, &mut new))
            .and_then(|_| new.flush())
            .and_then(|()| new.sync());
        if let Err(error) = copied {
            let _ = self.file_system.remove(&copy);
            return Err(error);
        }
        Ok(copy)
    }

    fn create_temporary(&mut self, like: Option<FileStatus>) -> io::Result<(PathBuf, Box<dyn NewFile>)> {
        let mut result = Err(io::ErrorKind::AlreadyExists.into());
        for _ in 0..MAX_NAMES {
            self.temporary_files += 1;
            let path = self.location.temporary(self.temporary_files);
            result = self.file_system.create(&path, like.as_ref()).map(|file| (path, file));
            match &result {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Ok(_) | Err(_) => break,
            }
        }
        result
    }
}
