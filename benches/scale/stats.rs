//! CPU time and memory of this process, from `/proc`.

use std::fs;

/// Returns the CPU time of this thread in nanoseconds.
pub(crate) fn cpu_ns() -> u64 {
    let content = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    content.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Returns the resident memory in bytes: `VmRSS` is the current value, `VmHWM` the peak.
pub(crate) fn memory(name: &str) -> u64 {
    let content = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = content.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let kib =
        line.and_then(|rest| rest.trim().split(' ').next()).and_then(|number| number.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}
