//! The targets of `tests/fuzz/targets`, for the binaries in `fuzz_targets/`.

#[path = "../../tests/it/support/operation.rs"]
#[expect(dead_code, reason = "the targets use a part of it")]
mod operation;
#[path = "../../tests/fuzz/targets/mod.rs"]
#[expect(dead_code, reason = "the valid inputs of the targets are written by `tests/fuzz`")]
mod targets;

/// Runs the target `name` with one input.
///
/// # Panics
/// Panics if there is no such target, or if the input violates an invariant.
pub fn run(name: &str, input: &[u8]) {
    let target = targets::TARGETS.iter().find(|target| target.name == name);
    (target.expect("the target exists").run)(input);
}
