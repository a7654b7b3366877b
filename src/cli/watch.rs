//! `--watch`: reloads the seed and the faults when their files change.
//!
//! The files are polled. Notifications of the operating system need an interface for each platform, are not sent for
//! files on a network or in a mounted folder of a container, and end when an editor replaces the file.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use access_groups_mock::App;
use tokio::task::JoinHandle;

use super::arg_values::SeedFormat;
use super::args::Args;
use super::error::{CliError, INVALID_ARGUMENTS};
use super::files;

/// The target of the log of reloads, which is shown because it was asked for.
pub(super) const WATCH_LOG: &str = "access_groups_mock::watch";

/// The interval of checking the files.
const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// The number of polls after a change in which the content is read: the modification time has a resolution of up to two
/// seconds, and does not show another change within it.
const UNSETTLED_POLLS: u8 = 15;

/// The files of a server that are watched.
pub(super) struct Watcher {
    seed: Option<WatchedFile>,
    seed_format: Option<SeedFormat>,
    faults: Option<WatchedFile>,
}

/// A file with the contents that were seen.
struct WatchedFile {
    path: PathBuf,
    status: Option<FileStatus>,
    /// The number of further polls in which the content is read.
    unsettled_polls: u8,
    /// The content that the server has.
    loaded: Content,
    /// The content at the last poll.
    seen: Content,
    /// The content whose error was logged.
    rejected: Option<Content>,
}

/// The modification time and the length of a file.
type FileStatus = (Option<SystemTime>, u64);

/// The hash of a content, or the error of reading it.
type Content = Result<u64, String>;

impl Watcher {
    /// Returns the watcher of the files in `args`; `None` without `--watch`.
    ///
    /// It must be created before the server reads the files, so that no change in between is lost.
    ///
    /// # Errors
    /// There is no file to watch.
    pub(super) fn new(args: &Args) -> Result<Option<Self>, CliError> {
        if !args.watch {
            return Ok(None);
        }
        let invalid = |reason: &str| Err(CliError::new(INVALID_ARGUMENTS, reason.to_owned()));
        match (&args.seed, &args.faults) {
            (None, None) => return invalid("--watch needs a file: --seed or --faults"),
            (Some(seed), _) if files::is_standard_input(seed) => {
                return invalid("--watch needs a file, and --seed is standard input");
            }
            (Some(_), _) | (None, Some(_)) => {}
        }
        let seed = args.seed.as_deref().map(WatchedFile::new);
        let faults = args.faults.as_deref().map(WatchedFile::new);
        Ok(Some(Self { seed, seed_format: args.seed_format, faults }))
    }

    /// Reloads the files of `app` in the background when they change.
    pub(super) fn start(mut self, app: App) -> JoinHandle<()> {
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(POLL_INTERVAL).await;
                let app = app.clone();
                let polled = tokio::task::spawn_blocking(move || {
                    self.poll(&app);
                    self
                });
                match polled.await {
                    Ok(watcher) => self = watcher,
                    // A panic is logged; the server continues without watching.
                    Err(_) => return,
                }
            }
        })
    }

    fn poll(&mut self, app: &App) {
        if let Some(file) = &mut self.seed {
            let format = self.seed_format;
            file.poll("seed", |path, text| {
                let seed = files::parse_seed(path, text, format)?;
                app.replace_seed(&seed).map_err(|error| files::invalid(path, error))
            });
        }
        if let Some(file) = &mut self.faults {
            file.poll("faults", |path, text| {
                app.replace_faults(files::parse_faults(path, text)?);
                Ok(())
            });
        }
    }
}

impl WatchedFile {
    fn new(path: &Path) -> Self {
        let content = read(path).map(|text| hash(&text));
        Self {
            path: path.to_owned(),
            status: status(path),
            unsettled_polls: UNSETTLED_POLLS,
            loaded: content.clone(),
            seen: content,
            rejected: None,
        }
    }

    /// Calls `load` with a content that is new and has not changed since the previous poll, so that a file is not read
    /// while it is being written.
    fn poll(&mut self, name: &str, load: impl FnOnce(&Path, &str) -> Result<(), CliError>) {
        let status = status(&self.path);
        if status != self.status {
            self.status = status;
            self.unsettled_polls = UNSETTLED_POLLS;
        }
        if self.unsettled_polls == 0 {
            return;
        }
        self.unsettled_polls -= 1;
        let text = read(&self.path);
        let content = text.as_ref().map(|text| hash(text)).map_err(Clone::clone);
        let is_settled = content == self.seen;
        self.seen = content.clone();
        if !is_settled || content == self.loaded || self.rejected.as_ref() == Some(&content) {
            return;
        }
        let file = self.path.display();
        let loaded = match &text {
            Ok(text) => load(&self.path, text).map_err(|error| error.message),
            Err(error) => Err(format!("{file}: {error}")),
        };
        match loaded {
            Ok(()) => {
                tracing::info!(target: WATCH_LOG, %file, "reloaded the {name} of all namespaces");
                (self.loaded, self.rejected) = (content, None);
            }
            Err(reason) => {
                tracing::error!(target: WATCH_LOG, reason, "kept the {name} from before the change");
                self.rejected = Some(content);
            }
        }
    }
}

fn status(path: &Path) -> Option<FileStatus> {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok(), metadata.len()))
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| error.to_string())
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
