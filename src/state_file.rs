//! `StateFile`: the records of the default namespace in a file, which is whole at every moment.
//!
//! Imports `app`, `seed`, `seed_error` and `store`.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::seed::Seed;
use crate::seed_error::SeedError;
use crate::store::Stopwatch;

/// How long the writer rests between two looks at the records. It is half of the 200 ms by which the file may be behind
/// them; the other half is for writing.
const REST: Duration = Duration::from_millis(100);

/// Writes the records of the default namespace to a file whenever they have changed.
#[derive(Debug)]
pub struct StateFile {
    stop: Arc<Notify>,
    writer: JoinHandle<io::Result<()>>,
}

/// Reads the state in the file `path`; `None` where there is no such file.
///
/// # Errors
/// What keeps the file from being read, or the path and reason of the first mistake in it.
pub fn read_state_file(path: &Path) -> Result<Option<Seed>, SeedError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Seed::parse(&text).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(SeedError::new("", error.to_string())),
    }
}

impl StateFile {
    /// Keeps the file `path` as the records are, from now on: at most 200 ms behind them.
    pub fn keep(app: &App, path: PathBuf) -> Self {
        let stop = Arc::new(Notify::new());
        let writer = tokio::spawn(keep(app.clone(), path, Arc::clone(&stop)));
        Self { stop, writer }
    }

    /// Writes the file a last time, if the records have changed since, and stops keeping it.
    ///
    /// # Errors
    /// What keeps the file from being written.
    pub async fn finish(self) -> io::Result<()> {
        self.stop.notify_one();
        self.writer.await.map_err(io::Error::other)?
    }
}

async fn keep(app: App, path: PathBuf, stop: Arc<Notify>) -> io::Result<()> {
    let store = &app.space().store;
    let mut written = None;
    let mut rest = REST;
    loop {
        let is_last = tokio::time::timeout(rest, stop.notified()).await.is_ok();
        let version = store.version();
        if written != Some(version) {
            let stopwatch = Stopwatch::start();
            let saved = save(&app, &path).await;
            // A state that takes long to write must not keep a processor busy with nothing else.
            rest = REST.max(stopwatch.elapsed());
            match saved {
                Ok(()) => written = Some(version),
                Err(error) if is_last => return Err(error),
                Err(error) => {
                    tracing::error!(%error, path = %path.display(), "the state file cannot be written")
                }
            }
        }
        if is_last {
            return sync(path).await;
        }
    }
}

/// Writes the present records to a file beside `path`, which then takes its place in one step.
async fn save(app: &App, path: &Path) -> io::Result<()> {
    let snapshot = app.space().store.snapshot();
    let path = path.to_owned();
    let saved = tokio::task::spawn_blocking(move || write(&Seed::of(&snapshot), &path)).await;
    saved.map_err(io::Error::other)?
}

fn write(seed: &Seed, path: &Path) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".tmp");
    let mut file = BufWriter::new(File::create(&beside)?);
    serde_json::to_writer(&mut file, seed)?;
    file.write_all(b"\n")?;
    file.into_inner()?;
    std::fs::rename(&beside, path)
}

/// Waits until the file is on its disk.
///
/// While the server runs nothing waits for the disk: what a process has written is not lost when it is killed, and a
/// busy disk would make the file older than it may be.
async fn sync(path: PathBuf) -> io::Result<()> {
    let synced = tokio::task::spawn_blocking(move || File::open(&path)?.sync_all()).await;
    synced.map_err(io::Error::other)?
}
