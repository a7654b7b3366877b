//! CPU time and memory of this process, from `/proc`.

use std::fs;

/// Returns the CPU time of all threads of this process in nanoseconds, with a resolution of 10 ms.
pub(crate) fn cpu_ns() -> u64 {
    const TICK_NS: u64 = 10_000_000;
    let content = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name of the program in parentheses, the 12th and 13th field are the times in and outside of the kernel.
    let fields = content.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    fields.filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() * TICK_NS
}

/// Returns the resident memory in bytes: `VmRSS` is the current value, `VmHWM` the peak.
pub(crate) fn memory(name: &str) -> u64 {
    let content = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = content.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let kib =
        line.and_then(|rest| rest.trim().split(' ').next()).and_then(|number| number.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}
