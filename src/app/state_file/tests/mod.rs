//! Saves that are interrupted at every step: by an I/O error, by the end of the process, and by a power failure.

mod killed;
mod simulated_disk;

use std::io;
use std::path::{Path, PathBuf};

use super::error::SaveError;
use super::file_system::FileSystem;
use super::location::Location;
use super::saver::{Saver, StateSync};
use simulated_disk::SimulatedDisk;

const MODES: [StateSync; 2] = [StateSync::Always, StateSync::Close];

/// The states that are saved, one after the other; each is longer than a step of a write.
const STATES: [&str; 4] = ["zero", "the first state", "the second state", "the third state"];

fn location() -> Location {
    let path = |name: &str| PathBuf::from("/folder").join(name);
    Location {
        file: path("state.json"),
        folder: PathBuf::from("/folder"),
        backup: path("state.json.bak"),
        invalid: path("state.json.invalid"),
        lock: path("state.json.lock"),
    }
}

fn saver(disk: &SimulatedDisk, sync: StateSync) -> Saver {
    Saver::new(location(), sync, Box::new(disk.clone()))
}

/// Returns the number of the state in a file, `None` if it does not exist, or an error if it is not a whole state.
fn state_number(content: Option<&[u8]>) -> Result<Option<usize>, String> {
    let Some(content) = content else { return Ok(None) };
    let text = std::str::from_utf8(content).map_err(|error| error.to_string())?;
    let state = STATES.iter().position(|state| text == format!("\"{state}\"\n"));
    state.map(Some).ok_or_else(|| format!("`{text}` is not a state"))
}

/// Saves all states, and returns the number of the last one that was saved.
fn save_all(saver: &mut Saver) -> Result<usize, (usize, SaveError)> {
    let mut saved = 0;
    for (number, state) in STATES.iter().enumerate().skip(1) {
        let result = if number == 1 { saver.save_synced(state) } else { saver.save(state) };
        result.map_err(|error| (saved, error))?;
        saved = number;
    }
    saver.sync_current().map_err(|error| (saved, error))?;
    Ok(saved)
}

/// Returns a disk that has a valid state file, and the saver that has read it.
fn disk_with_a_file(sync: StateSync) -> (SimulatedDisk, Saver) {
    let disk = SimulatedDisk::default();
    saver(&disk, sync).save_synced(&STATES[0]).unwrap();
    let mut restarted = saver(&disk, sync);
    let status = disk.status(&location().file).unwrap().unwrap();
    restarted.adopt(status.id).unwrap();
    (disk, restarted)
}

/// Runs `check` with a disk that has been interrupted before each of the steps in which all states are saved.
fn for_each_step(
    sync: StateSync,
    interrupt: impl Fn(&SimulatedDisk, usize),
    check: impl Fn(&SimulatedDisk, &mut Saver, Result<usize, (usize, SaveError)>, usize),
) {
    let (disk, mut saver) = disk_with_a_file(sync);
    let first = disk.steps();
    save_all(&mut saver).unwrap();
    let last = disk.steps();
    assert!(last - first > 20, "a save consists of many steps");
    for step in first..last {
        let (disk, mut saver) = disk_with_a_file(sync);
        interrupt(&disk, step);
        let result = save_all(&mut saver);
        check(&disk, &mut saver, result, step);
    }
}

#[test]
fn a_save_that_ends_at_any_step_leaves_the_old_or_the_new_state() {
    for sync in MODES {
        for_each_step(sync, SimulatedDisk::stop_at, |disk, _, result, step| {
            let found = state_number(disk.read(&location().file).as_deref());

            let (saved, _) = result.unwrap_err();
            let expected = [Ok(Some(saved)), Ok(Some(saved + 1))];
            assert!(expected.contains(&found), "{sync:?}, step {step}: {found:?} after {saved}");
            let backup = state_number(disk.read(&location().backup).as_deref());
            assert!(backup.is_ok(), "{sync:?}, step {step}: {backup:?}");
        });
    }
}

#[test]
fn a_power_failure_at_any_step_loses_no_state_that_was_saved_with_sync_always() {
    for_each_step(StateSync::Always, SimulatedDisk::stop_at, |disk, _, result, step| {
        let (saved, _) = result.unwrap_err();
        for disk in disk.power_failures() {
            let found = state_number(disk.get(&location().file).map(Vec::as_slice));

            let expected = [Ok(Some(saved)), Ok(Some(saved + 1))];
            assert!(expected.contains(&found), "step {step}: {found:?} after {saved}");
        }
    });
}

#[test]
fn a_power_failure_at_any_step_leaves_a_valid_file_or_backup_with_sync_close() {
    for_each_step(StateSync::Close, SimulatedDisk::stop_at, |disk, _, _, step| {
        for disk in disk.power_failures() {
            let file = state_number(disk.get(&location().file).map(Vec::as_slice));
            let backup = state_number(disk.get(&location().backup).map(Vec::as_slice));

            assert!(
                matches!(file, Ok(Some(_))) || matches!(backup, Ok(Some(_))),
                "step {step}: {file:?}, {backup:?}"
            );
        }
    });
}

#[test]
fn a_power_failure_after_the_shutdown_loses_nothing() {
    for sync in MODES {
        let (disk, mut saver) = disk_with_a_file(sync);
        save_all(&mut saver).unwrap();

        for disk in disk.power_failures() {
            assert_eq!(state_number(disk.get(&location().file).map(Vec::as_slice)), Ok(Some(3)), "{sync:?}");
        }
    }
}

#[test]
fn a_full_disk_at_any_step_leaves_no_temporary_file_and_the_next_save_succeeds() {
    for sync in MODES {
        for_each_step(sync, SimulatedDisk::fail_once_at, |disk, saver, result, step| {
            let file = state_number(disk.read(&location().file).as_deref());
            match result {
                // Only a backup could not be kept.
                Ok(saved) => assert_eq!(file, Ok(Some(saved)), "{sync:?}, step {step}"),
                Err((saved, error)) => {
                    assert_eq!(error.error.kind(), io::ErrorKind::StorageFull);
                    assert!([Ok(Some(saved)), Ok(Some(saved + 1))].contains(&file), "{step}: {file:?}");
                }
            }

            saver.save(&STATES[3]).unwrap();

            assert_eq!(state_number(disk.read(&location().file).as_deref()), Ok(Some(3)));
            let left = disk.paths();
            let is_expected = |path: &PathBuf| [location().file, location().backup].contains(path);
            assert!(left.iter().all(is_expected), "{sync:?}, step {step}: {left:?}");
        });
    }
}

#[test]
fn the_backup_is_the_last_synced_state_before_the_current_one() {
    for (sync, expected) in [(StateSync::Always, 2), (StateSync::Close, 1)] {
        let (disk, mut saver) = disk_with_a_file(sync);

        save_all(&mut saver).unwrap();

        assert_eq!(state_number(disk.read(&location().backup).as_deref()), Ok(Some(expected)), "{sync:?}");
    }
}

#[test]
fn without_hard_links_the_backup_is_a_copy() {
    let (disk, mut saver) = disk_with_a_file(StateSync::Always);
    disk.forbid_links();

    save_all(&mut saver).unwrap();

    assert_eq!(state_number(disk.read(&location().backup).as_deref()), Ok(Some(2)));
    assert_eq!(disk.paths(), [location().file, location().backup]);
}

#[test]
fn a_file_that_another_process_has_changed_never_becomes_the_backup() {
    let (disk, mut saver) = disk_with_a_file(StateSync::Always);
    saver.save(&STATES[1]).unwrap();
    disk.truncate(&location().file);
    assert!(!saver.is_intact());

    saver.save(&STATES[2]).unwrap();

    assert!(saver.is_intact());
    assert_eq!(state_number(disk.read(&location().file).as_deref()), Ok(Some(2)));
    assert_eq!(state_number(disk.read(&location().backup).as_deref()), Ok(Some(0)));
}

#[test]
fn a_file_in_the_place_of_the_temporary_one_is_not_touched() {
    let (disk, mut saver) = disk_with_a_file(StateSync::Always);
    let occupied: Vec<PathBuf> = (1..20).map(|number| location().temporary(number)).collect();
    for path in &occupied {
        disk.create(path, None).unwrap().write_all(b"precious").unwrap();
    }

    save_all(&mut saver).unwrap();

    assert!(occupied.iter().all(|path| disk.read(path).as_deref() == Some(b"precious".as_slice())));
    assert_eq!(state_number(disk.read(&location().file).as_deref()), Ok(Some(3)));
}

#[test]
fn only_temporary_files_of_this_state_file_are_removed() {
    let folder = std::env::temp_dir().join(format!("agm-leftovers-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let others = [
        "state.json.tmp",
        "state.json.1.tmp",
        "state.json.1-x.tmp",
        "state.json.-.tmp",
        "other.json.1-1.tmp",
    ];
    for name in others.iter().chain(&["state.json.12-3.tmp", "state.json.4-56.tmp"]) {
        std::fs::write(folder.join(name), "").unwrap();
    }

    Location::resolve(&folder.join("state.json")).unwrap().remove_temporary_files().unwrap();

    let entries = std::fs::read_dir(&folder).unwrap();
    let mut left: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    left.sort();
    let mut expected = others;
    expected.sort_unstable();
    assert_eq!(left, expected);
    remove(&folder);
}

fn remove(folder: &Path) {
    std::fs::remove_dir_all(folder).unwrap();
}
