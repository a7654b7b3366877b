//! Real processes that are killed with SIGKILL at every step of a save.
//!
//! Each process is this test binary, which runs only [`saves_until_it_is_killed`].
#![cfg(unix)]

use std::io::{self, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::super::file_system::{Disk, FileStatus, FileSystem, NewFile};
use super::super::location::{Location, Lock};
use super::super::saver::{Saver, StateSync};
use super::{STATES, state_number};

/// The variables with the state file, the mode and the step for a process that is to be killed.
const FILE: &str = "AGM_TEST_KILLED_FILE";
const MODE: &str = "AGM_TEST_KILLED_MODE";
const STEP: &str = "AGM_TEST_KILLED_STEP";

/// The disk, with a counter of the steps until the process is killed.
#[derive(Debug, Clone)]
struct KillingDisk(Arc<AtomicUsize>);

impl KillingDisk {
    fn step(&self) {
        if self.0.fetch_sub(1, Ordering::Relaxed) == 1 {
            let process = rustix::process::getpid();
            rustix::process::kill_process(process, rustix::process::Signal::KILL).unwrap();
            std::thread::park();
        }
    }
}

struct KillingFile(KillingDisk, Box<dyn NewFile>);

impl Write for KillingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.step();
        self.1.write(&bytes[..bytes.len().min(8)])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.1.flush()
    }
}

impl NewFile for KillingFile {
    fn sync(&mut self) -> io::Result<()> {
        self.0.step();
        self.1.sync()
    }
}

impl FileSystem for KillingDisk {
    fn create(&self, path: &Path, like: Option<&FileStatus>) -> io::Result<Box<dyn NewFile>> {
        self.step();
        Ok(Box::new(KillingFile(self.clone(), Disk.create(path, like)?)))
    }

    fn link(&self, path: &Path, link: &Path) -> io::Result<()> {
        self.step();
        Disk.link(path, link)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn io::Read>> {
        Disk.open(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step();
        Disk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step();
        Disk.remove(path)
    }

    fn status(&self, path: &Path) -> io::Result<Option<FileStatus>> {
        Disk.status(path)
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        self.step();
        Disk.sync_file(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.step();
        Disk.sync_folder(path)
    }
}

/// Saves the second and the third state, as the process that is to be killed; does nothing in an ordinary test run.
#[test]
fn saves_until_it_is_killed() {
    let Some(file) = std::env::var_os(FILE) else { return };
    let location = Location::resolve(Path::new(&file)).unwrap();
    let _lock = Lock::acquire(&location.lock).unwrap();
    let sync = if std::env::var(MODE).unwrap() == "always" { StateSync::Always } else { StateSync::Close };
    let steps = std::env::var(STEP).unwrap().parse().unwrap();
    let mut saver =
        Saver::new(location.clone(), sync, Box::new(KillingDisk(Arc::new(AtomicUsize::new(steps)))));
    saver.adopt(Disk.status(&location.file).unwrap().unwrap().id).unwrap();
    saver.save(&STATES[2]).unwrap();
    saver.save(&STATES[3]).unwrap();
    saver.sync_current().unwrap();
}

/// Runs a process that is killed at `step`; returns whether it was killed before it had saved everything.
fn is_killed_at(step: usize, file: &Path, mode: &str) -> bool {
    let name = "app::state_file::tests::killed::saves_until_it_is_killed";
    let ended = Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--quiet"])
        .env(FILE, file)
        .env(MODE, mode)
        .env(STEP, step.to_string())
        .output()
        .unwrap();
    assert!(ended.status.success() || ended.status.signal() == Some(9), "{ended:?}");
    !ended.status.success()
}

#[test]
fn a_process_that_is_killed_at_any_step_leaves_the_old_or_the_new_state() {
    let folder = std::env::temp_dir().join(format!("agm-killed-{}", std::process::id()));
    for mode in ["always", "close"] {
        let mut steps = 0;
        loop {
            steps += 1;
            let _ = std::fs::remove_dir_all(&folder);
            std::fs::create_dir_all(&folder).unwrap();
            let file = folder.join("state.json");
            std::fs::write(&file, format!("\"{}\"\n", STATES[1])).unwrap();

            let is_killed = is_killed_at(steps, &file, mode);

            let found = state_number(Some(&std::fs::read(&file).unwrap()));
            let location = Location::resolve(&file).unwrap();
            Lock::acquire(&location.lock).unwrap();
            location.remove_temporary_files().unwrap();
            assert_no_other_files(&folder);
            if !is_killed {
                assert_eq!(found, Ok(Some(3)), "{mode}");
                break;
            }
            assert!(matches!(found, Ok(Some(1..=3))), "{mode}, step {steps}: {found:?}");
            let backup = std::fs::read(&location.backup).ok();
            assert!(state_number(backup.as_deref()).is_ok(), "{mode}, step {steps}");
        }
        assert!(steps > 15, "{mode}: {steps} steps");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

fn assert_no_other_files(folder: &Path) {
    let paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let known = ["state.json", "state.json.bak", "state.json.lock"];
    let is_known = |path: &PathBuf| known.iter().any(|name| path.ends_with(name));
    assert!(paths.iter().all(is_known), "{paths:?}");
}
