//! `StateFile`: the records of the default namespace in a file, which is locked and replaced atomically.
//!
//! Imports `domain` and `store`.

mod error;
mod file_system;
mod location;
mod saver;
#[cfg(test)]
mod tests;

use std::io;
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use tokio::sync::oneshot;

use crate::app::App;
use crate::domain::seed::{Seed, SeedError};
use crate::store::{ClockSetting, IdGenerator, Stopwatch};

pub use error::StateFileError;
pub use saver::StateSync;

use error::SaveError;
use file_system::{Disk, FileId, FileSystem};
use location::{Location, Lock};
use saver::Saver;

/// The interval at which the writer checks the records and the file for changes.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// The maximum pause between two saves while the records change.
const MAX_PAUSE: Duration = Duration::from_secs(1);

/// The maximum pause after a failed save.
const MAX_RETRY_PAUSE: Duration = Duration::from_secs(2);

/// The minimum time between two log lines that another process has changed the file.
const FOREIGN_CHANGE_LOG_INTERVAL: Duration = Duration::from_secs(60);

/// A state file that this process has locked.
#[derive(Debug)]
pub struct StateFile {
    location: Location,
    lock: Lock,
    saver: Saver,
    /// The content of the file, if it was read and is valid.
    content: Option<FileId>,
}

/// A state file that is written whenever the records have changed.
#[derive(Debug)]
pub struct StateFileWriter {
    stop: mpsc::Sender<()>,
    result: oneshot::Receiver<io::Result<()>>,
}

impl StateFile {
    /// Locks the state file `path`, which need not exist, and removes the temporary files of servers that were killed.
    ///
    /// A symbolic link is resolved once. `FILE.lock` is created beside the file and remains.
    ///
    /// # Errors
    /// [`StateFileError::InUse`] if another server has locked the file; [`StateFileError::Unusable`] if it is not a
    /// regular file, or its folder does not exist or is not writable.
    pub fn open(path: &Path, sync: StateSync) -> Result<Self, StateFileError> {
        let location = Location::resolve(path)?;
        let lock = Lock::acquire(&location.lock)?;
        location.remove_temporary_files()?;
        let saver = Saver::new(location.clone(), sync, Box::new(Disk));
        Ok(Self { location, lock, saver, content: None })
    }

    /// Reads the state; returns `None` if the file does not exist. The groups and users of a long one are checked when they
    /// are loaded, like those of [`Seed::open_file`].
    ///
    /// # Errors
    /// [`StateFileError::Invalid`] with the path and reason of the first error in the state, or
    /// [`StateFileError::Unusable`] if the file cannot be read.
    pub fn read(&mut self) -> Result<Option<Seed>, StateFileError> {
        let status = Disk.status(&self.location.file)?;
        let seed = read_seed(&self.location.file)?;
        self.content = seed.is_some().then_some(status).flatten().map(|status| status.id);
        Ok(seed)
    }

    /// Reads the state like [`StateFile::read`], or the backup if the file does not exist or is not a valid state.
    ///
    /// The invalid file is kept as `FILE.invalid`. Returns `None` if neither the file nor the backup exists.
    ///
    /// # Errors
    /// As [`StateFile::read`] if there is no valid backup either.
    pub fn read_or_recover(&mut self) -> Result<Option<Seed>, StateFileError> {
        let error = match read_seed(&self.location.file).and_then(validated) {
            Ok(Some(_)) => return self.read(),
            Ok(None) => None,
            Err(error @ StateFileError::Invalid(_)) => Some(error),
            Err(error @ (StateFileError::InUse(_) | StateFileError::Unusable(_))) => return Err(error),
        };
        let Ok(Some(seed)) = read_seed(&self.location.backup).and_then(validated) else {
            return error.map_or(Ok(None), Err);
        };
        if error.is_some() {
            self.saver.keep_invalid()?;
        }
        let reason = error.map_or_else(|| "does not exist".to_owned(), |error| error.to_string());
        let (path, backup) = (self.location.file.display(), self.location.backup.display());
        tracing::warn!(%path, %backup, reason, "restored the state from the backup");
        Ok(Some(seed))
    }

    /// Returns whether the backup, the state before the last save, exists and is a valid state.
    pub fn has_valid_backup(&self) -> bool {
        matches!(read_seed(&self.location.backup).and_then(validated), Ok(Some(_)))
    }

    /// Writes the records of the default namespace of `app`, and starts a thread that writes them again whenever they
    /// have changed, or another process has changed or removed the file.
    ///
    /// A save begins at most 100 ms after a change, or, while saves take longer, after a pause as long as the last save
    /// and at most 1 s.
    ///
    /// # Errors
    /// [`StateFileError::Unusable`] with the reason why the file cannot be written.
    pub fn start_writing(mut self, app: &App) -> Result<StateFileWriter, StateFileError> {
        let failed = |error: SaveError| StateFileError::Unusable(error.to_string());
        if let Some(id) = self.content {
            self.saver.adopt(id).map_err(failed)?;
        }
        let saved_version = app.namespace().store.version();
        self.saver.save_synced(&current_state(app)).map_err(failed)?;
        let (stop, stopped) = mpsc::channel();
        let (result_sender, result) = oneshot::channel();
        let writer = Writer {
            app: app.clone(),
            path: self.location.file.display().to_string(),
            lock: self.lock,
            saver: self.saver,
            saved_version,
            error: None,
            foreign_change: None,
        };
        std::thread::Builder::new().name("state-file".to_owned()).spawn(move || {
            // The receiver is dropped if the server is not shut down gracefully.
            let _ = result_sender.send(writer.run(&stopped));
        })?;
        Ok(StateFileWriter { stop, result })
    }
}

impl StateFileWriter {
    /// Writes the file a last time if the records have changed, syncs it, and stops the thread.
    ///
    /// # Errors
    /// The I/O error of the last write.
    pub async fn shutdown(self) -> io::Result<()> {
        drop(self.stop);
        self.result.await.unwrap_or_else(|_| Err(io::Error::other("the thread that writes it has panicked")))
    }
}

/// The state of the thread that writes the file.
struct Writer {
    app: App,
    /// The path, for the log.
    path: String,
    lock: Lock,
    saver: Saver,
    /// The version of the records in the file.
    saved_version: u64,
    /// The error of the last save.
    error: Option<SaveError>,
    /// The time since a change by another process was logged.
    foreign_change: Option<Stopwatch>,
}

impl Writer {
    fn run(mut self, stopped: &mpsc::Receiver<()>) -> io::Result<()> {
        let mut pause = POLL_INTERVAL;
        loop {
            let is_last = !matches!(stopped.recv_timeout(pause), Err(RecvTimeoutError::Timeout));
            let stopwatch = Stopwatch::start();
            let result = self.save_changes();
            let is_saved = result.is_ok();
            if is_last {
                let result = result.and_then(|()| self.saver.sync_current());
                return result.map_err(io::Error::other);
            }
            self.log_change_of_error(result.err());
            pause = if is_saved {
                // A large state that takes long to write must not occupy a processor permanently.
                stopwatch.elapsed().clamp(POLL_INTERVAL, MAX_PAUSE)
            } else {
                (pause * 2).min(MAX_RETRY_PAUSE)
            };
        }
    }

    /// Saves the records if they or the file have changed.
    fn save_changes(&mut self) -> Result<(), SaveError> {
        let version = self.app.namespace().store.version();
        let is_intact = self.saver.is_intact();
        if version == self.saved_version && is_intact && self.error.is_none() {
            return Ok(());
        }
        if !is_intact && self.error.is_none() {
            self.log_foreign_change();
        }
        let lock = self.lock.ensure_held();
        lock.map_err(|error| SaveError { step: "keep the lock", error: io::Error::other(error) })?;
        let stopwatch = Stopwatch::start();
        self.saver.save(&current_state(&self.app))?;
        self.saved_version = version;
        tracing::debug!(path = self.path, elapsed = ?stopwatch.elapsed(), "saved the state");
        Ok(())
    }

    fn log_foreign_change(&mut self) {
        let is_recent = |logged: Stopwatch| logged.elapsed() < FOREIGN_CHANGE_LOG_INTERVAL;
        if !self.foreign_change.is_some_and(is_recent) {
            self.foreign_change = Some(Stopwatch::start());
            tracing::warn!(path = self.path, "the state file was changed or removed; it is written again");
        }
    }

    /// Logs an error if it is not the same as that of the last save.
    fn log_change_of_error(&mut self, error: Option<SaveError>) {
        match (&self.error, &error) {
            (None, None) => {}
            (Some(before), Some(now)) if before.is_same(now) => {}
            (_, Some(error)) => tracing::error!(path = self.path, "cannot write the state file: {error}"),
            (Some(_), None) => tracing::warn!(path = self.path, "the state file is written again"),
        }
        self.error = error;
    }
}

fn current_state(app: &App) -> Seed {
    Seed::from_snapshot(&app.namespace().store.snapshot())
}

/// Reads and parses a state; returns `None` if the file does not exist.
fn read_seed(path: &Path) -> Result<Option<Seed>, StateFileError> {
    match Seed::open_file(path) {
        Ok(seed) => seed.map(Some).map_err(StateFileError::Invalid),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            Err(StateFileError::Invalid(SeedError::new("", error.to_string())))
        }
        Err(error) => Err(error.into()),
    }
}

/// Checks that the records of a state can be restored.
fn validated(seed: Option<Seed>) -> Result<Option<Seed>, StateFileError> {
    if let Some(seed) = &seed {
        let snapshot = seed.snapshot(ClockSetting::System, IdGenerator::from_seed(0));
        snapshot.map_err(StateFileError::Invalid)?;
    }
    Ok(seed)
}
