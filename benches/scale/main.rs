//! Measures how operations scale: with a thousand, ten thousand, a hundred thousand and a million groups of each
//! dialect, and the latency of other requests during slow searches.
//!
//! The requests go through the whole router, without a socket. Each dialect and size is measured in its own process,
//! so that its memory can be measured; like the binary, it allocates with mimalloc. `cargo bench --bench scale` writes
//! the tables into `docs/performance.md`; `-- --max 100000` sets a smaller maximum size, `-- ibm` measures one dialect
//! only, and `-- --only filter` the requests whose names contain `filter` only; all of them only print.

mod calls;
mod client;
mod pressure;
mod report;
mod seeds;
mod stats;
mod worker;

use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use report::Curves;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The measured dialects.
const DIALECTS: [&str; 4] = ["ibm", "cloudflare", "authress", "legacy"];

/// The measured sizes: numbers of groups.
const SIZES: [u32; 4] = [1_000, 10_000, 100_000, 1_000_000];

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| arguments.iter().skip_while(|argument| *argument != name).nth(1);
    if let Some(dialect) = value("--worker") {
        let size = value("--size").and_then(|size| size.parse().ok()).unwrap_or(SIZES[0]);
        let seed = Path::new(value("--seed").map_or("", String::as_str));
        return if dialect == "pressure" {
            pressure::run(size, seed)
        } else {
            worker::run(dialect, size, seed, value("--only").map(String::as_str))
        };
    }
    // Without `--bench` this is a test run under `cargo test`.
    let is_measured = arguments.iter().any(|argument| argument == "--bench");
    let given = value("--max").and_then(|max| max.parse().ok());
    let max = if is_measured { given.unwrap_or(SIZES[3]) } else { SIZES[0] };
    let chosen: Vec<&String> = arguments
        .iter()
        .filter(|argument| DIALECTS.contains(&argument.as_str()) || *argument == "pressure")
        .collect();
    let only = value("--only").map(String::as_str);
    let is_chosen = |name: &str| chosen.is_empty() || chosen.iter().any(|chosen| *chosen == name);

    let mut curves = Curves::default();
    for dialect in DIALECTS.into_iter().filter(|name| is_chosen(name)) {
        for size in SIZES.into_iter().filter(|size| *size <= max) {
            curves.add(dialect, size, &run_worker(dialect, size, only)?);
        }
    }
    let pressure = if only.is_none() && is_chosen("pressure") {
        run_worker("pressure", max, None)?
    } else {
        String::new()
    };
    let tables = report::tables(&curves, &pressure, max);
    io::stdout().write_all(tables.as_bytes())?;
    if is_measured && chosen.is_empty() && only.is_none() && max == SIZES[3] {
        report::write(&tables)
    } else {
        Ok(())
    }
}

/// Runs this program as a worker process for one dialect and size, and returns its output.
fn run_worker(dialect: &str, size: u32, only: Option<&str>) -> io::Result<String> {
    writeln!(io::stderr(), "{dialect}: {size} groups")?;
    let seed = std::env::temp_dir().join(format!("scale-{}-{dialect}-{size}.json", std::process::id()));
    seeds::write(if dialect == "pressure" { "ibm" } else { dialect }, size, &seed)?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--worker", dialect, "--size", &size.to_string(), "--seed"]).arg(&seed);
    if let Some(only) = only {
        command.args(["--only", only]);
    }
    let output = command.output();
    std::fs::remove_file(&seed)?;
    let output = output?;
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
