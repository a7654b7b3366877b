//! The fuzz tests: mutated inputs for every parser, and random requests to the binary.
//!
//! They run only on request: `cargo test --test fuzz`. By default each target and the stateful fuzzer run for a few
//! seconds, with the same inputs in every run. Environment variables change this:
//!
//! - `AGM_FUZZ_MINUTES`: the duration of each of them.
//! - `AGM_FUZZ_SEED`: the number from which the inputs are derived; 1 by default.
//! - `AGM_FUZZ_CORPUS`: a folder in which each target has a folder of the same name with further inputs, such as the
//!   corpora of cargo-fuzz; `corpus_has_all_valid_inputs` writes the valid inputs of all targets to it.
#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

mod mutator;
mod rng;
mod stateful;
#[path = "../it/support/mod.rs"]
#[expect(dead_code, reason = "the fuzz tests use a part of it")]
mod support;
mod targets;

use std::io::Write;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use mutator::Mutator;
use rng::Rng;
use support::operation;
use targets::{TARGETS, Target};

/// The duration of a target in a run without a given duration.
const DEFAULT_DURATION: Duration = Duration::from_secs(3);

/// The duration of the stateful fuzzer in a run without a given duration.
const DEFAULT_STATEFUL_DURATION: Duration = Duration::from_secs(20);

/// Prints a line although the output of tests is captured.
fn report(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Returns the given duration, or `default`.
fn duration_or(default: Duration) -> Duration {
    let minutes = std::env::var("AGM_FUZZ_MINUTES").map(|minutes| minutes.parse().unwrap());
    minutes.map_or(default, |minutes: f64| Duration::from_secs_f64(minutes * 60.0))
}

/// Returns the number from which all inputs are derived.
fn seed() -> u64 {
    std::env::var("AGM_FUZZ_SEED").map_or(1, |seed| seed.parse().expect("AGM_FUZZ_SEED is a number"))
}

/// Returns the folder with the corpora, if one is given.
fn corpus(target: &Target) -> Option<PathBuf> {
    std::env::var_os("AGM_FUZZ_CORPUS").map(|folder| Path::new(&folder).join(target.name))
}

/// Runs a target with its valid inputs, with those of the corpus, and with mutations of both.
fn run(target: &Target) {
    let valid = (target.seeds)();
    for input in &valid {
        run_input(target, input);
    }
    let mut inputs = valid;
    for file in corpus(target).into_iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten() {
        let input = std::fs::read(file.unwrap().path()).unwrap();
        run_input(target, &input);
        inputs.push(input);
    }
    let mut mutator = Mutator::new(Rng::new(seed()), inputs);
    let (duration, started, mut count) = (duration_or(DEFAULT_DURATION), Instant::now(), 0_u64);
    while started.elapsed() < duration {
        run_input(target, &mutator.next_input());
        count += 1;
    }
    let seconds = started.elapsed().as_secs_f64();
    report(&format!("{}: {count} inputs in {seconds:.1} s", target.name));
}

/// Runs a target with one input. An input that makes it panic is written to a file.
fn run_input(target: &Target, input: &[u8]) {
    if catch_unwind(|| (target.run)(input)).is_err() {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz").join(target.name);
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!("{:016x}", rng::hash(input)));
        std::fs::write(&file, input).unwrap();
        panic!("{}: the input {} in {}", target.name, input.escape_ascii(), file.display());
    }
}

/// Runs the targets with these numbers.
fn run_all(targets: &[Target]) {
    for target in targets {
        run(target);
    }
}

#[test]
fn requests_with_mutated_paths_queries_and_headers_keep_the_invariants() {
    run_all(&TARGETS[..4]);
}

#[test]
fn requests_with_mutated_bodies_keep_the_invariants() {
    run_all(&TARGETS[4..10]);
}

#[test]
fn mutated_files_and_faults_keep_the_invariants() {
    run_all(&TARGETS[10..]);
}

#[test]
fn random_requests_to_the_binary_keep_the_invariants() {
    stateful::run(seed(), duration_or(DEFAULT_STATEFUL_DURATION));
}

#[test]
fn every_target_is_a_binary_in_the_folder_fuzz() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz_targets");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut binaries: Vec<String> =
        files.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    binaries.sort_unstable();
    let mut targets: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    targets.sort_unstable();

    assert_eq!(binaries, targets);
}

#[test]
fn corpus_has_all_valid_inputs() {
    let scratch = std::env::temp_dir().join(format!("access-groups-mock-corpus-{}", std::process::id()));
    for target in &TARGETS {
        let folder = corpus(target).unwrap_or_else(|| scratch.join(target.name));
        std::fs::create_dir_all(&folder).unwrap();
        let inputs = (target.seeds)();
        let file = |input: &[u8]| folder.join(format!("{:016x}", rng::hash(input)));
        for input in &inputs {
            std::fs::write(file(input), input).unwrap();
        }

        assert!(!inputs.is_empty(), "{}", target.name);
        // No two inputs have the same file.
        assert!(inputs.iter().all(|input| std::fs::read(file(input)).unwrap() == *input), "{}", target.name);
    }
    let _ = std::fs::remove_dir_all(scratch);
}
