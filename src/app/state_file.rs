//! `StateFile`: the records of the default namespace in a file, which is replaced atomically.
//!
//! Imports `domain` and `store`.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::domain::seed::{Seed, SeedError};
use crate::store::Stopwatch;

/// The interval at which the writer checks the records for changes.
///
/// It is half of the 200 ms by which the file may lag behind the records; the other half is for writing.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Writes the records of the default namespace to a file whenever they have changed.
#[derive(Debug)]
pub struct StateFile {
    stop: Arc<Notify>,
    writer: JoinHandle<io::Result<()>>,
}

/// Reads the state from the file `path`; returns `None` if the file does not exist.
///
/// # Errors
/// The I/O error, or the path and reason of the first error in the state.
pub fn read_state_file(path: &Path) -> Result<Option<Seed>, SeedError> {
    match std::fs::read_to_string(path) {
        Ok(json) => Seed::parse(&json).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(SeedError::new("", error.to_string())),
    }
}

impl StateFile {
    /// Spawns a task that writes the records to the file `path`, at most 200 ms after each change.
    pub fn spawn(app: &App, path: PathBuf) -> Self {
        let stop = Arc::new(Notify::new());
        let writer = tokio::spawn(run(app.clone(), path, Arc::clone(&stop)));
        Self { stop, writer }
    }

    /// Writes the file a last time if the records have changed, and stops the task.
    ///
    /// # Errors
    /// The I/O error of the last write.
    pub async fn shutdown(self) -> io::Result<()> {
        self.stop.notify_one();
        self.writer.await.map_err(io::Error::other)?
    }
}

async fn run(app: App, path: PathBuf, stop: Arc<Notify>) -> io::Result<()> {
    let store = &app.namespace().store;
    let mut written_version = None;
    let mut interval = POLL_INTERVAL;
    loop {
        let is_last = tokio::time::timeout(interval, stop.notified()).await.is_ok();
        let version = store.version();
        if written_version != Some(version) {
            let stopwatch = Stopwatch::start();
            let result = save(&app, &path).await;
            // A large state that takes long to write must not occupy a processor permanently.
            interval = POLL_INTERVAL.max(stopwatch.elapsed());
            match result {
                Ok(()) => written_version = Some(version),
                Err(error) if is_last => return Err(error),
                Err(error) => {
                    tracing::error!(%error, path = %path.display(), "cannot write the state file")
                }
            }
        }
        if is_last {
            return sync(path).await;
        }
    }
}

/// Writes the current records to a temporary file next to `path` and renames it to `path`.
async fn save(app: &App, path: &Path) -> io::Result<()> {
    let snapshot = app.namespace().store.snapshot();
    let path = path.to_owned();
    let result = tokio::task::spawn_blocking(move || write(&Seed::from_snapshot(&snapshot), &path)).await;
    result.map_err(io::Error::other)?
}

fn write(seed: &Seed, path: &Path) -> io::Result<()> {
    let mut temporary_path = path.as_os_str().to_owned();
    temporary_path.push(".tmp");
    let mut file = BufWriter::new(File::create(&temporary_path)?);
    serde_json::to_writer(&mut file, seed)?;
    file.write_all(b"\n")?;
    file.into_inner()?;
    std::fs::rename(&temporary_path, path)
}

/// Syncs the file to disk.
///
/// The file is not synced while the server runs: the data that a process has written survives when the process is
/// killed, and waiting for a busy disk would make the file lag behind by more than 200 ms.
async fn sync(path: PathBuf) -> io::Result<()> {
    let result = tokio::task::spawn_blocking(move || File::open(&path)?.sync_all()).await;
    result.map_err(io::Error::other)?
}
