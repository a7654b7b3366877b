//! What operations cost as the server grows: curves over a thousand, ten thousand, a hundred thousand and a million
//! groups of each dialect, and what a slow search does to others.
//!
//! The requests go through the whole router, without a socket. Each dialect and size is measured in a process of its
//! own, so that its memory is its own. `cargo bench --bench scale` writes the tables into `docs/performance.md`;
//! `-- --max 100000` stops at a smaller size and `-- ibm` measures one dialect only, and both only print.

mod calls;
mod client;
mod figures;
mod pressure;
mod report;
mod seeds;
mod worker;

use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use report::Curves;

/// The dialects, and how large each is measured.
const DIALECTS: [&str; 4] = ["ibm", "cloudflare", "authress", "legacy"];

/// The sizes: how many groups there are.
const SIZES: [u32; 4] = [1_000, 10_000, 100_000, 1_000_000];

fn main() -> io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let after = |name: &str| words.iter().skip_while(|word| *word != name).nth(1);
    if let Some(dialect) = after("--worker") {
        let size = after("--size").and_then(|size| size.parse().ok()).unwrap_or(SIZES[0]);
        let seed = Path::new(after("--seed").map_or("", String::as_str));
        return if dialect == "pressure" {
            pressure::run(size, seed)
        } else {
            worker::run(dialect, size, seed)
        };
    }
    // Without `--bench` this is a trial run under `cargo test`.
    let is_measured = words.iter().any(|word| word == "--bench");
    let given = after("--max").and_then(|max| max.parse().ok());
    let max = if is_measured { given.unwrap_or(SIZES[3]) } else { SIZES[0] };
    let chosen: Vec<&String> =
        words.iter().filter(|word| DIALECTS.contains(&word.as_str()) || *word == "pressure").collect();
    let is_chosen = |name: &str| chosen.is_empty() || chosen.iter().any(|word| *word == name);

    let mut curves = Curves::default();
    for dialect in DIALECTS.into_iter().filter(|name| is_chosen(name)) {
        for size in SIZES.into_iter().filter(|size| *size <= max) {
            curves.read(dialect, size, &measured_apart(dialect, size)?);
        }
    }
    let pressure = if is_chosen("pressure") { measured_apart("pressure", max)? } else { String::new() };
    let text = report::text(&curves, &pressure, max);
    io::stdout().write_all(text.as_bytes())?;
    if is_measured && chosen.is_empty() && max == SIZES[3] { report::write(&text) } else { Ok(()) }
}

/// Runs this program once more for one dialect and size, and returns what it wrote.
fn measured_apart(dialect: &str, size: u32) -> io::Result<String> {
    writeln!(io::stderr(), "{dialect}: {size} groups")?;
    let seed = std::env::temp_dir().join(format!("scale-{}-{dialect}-{size}.json", std::process::id()));
    seeds::write(if dialect == "pressure" { "ibm" } else { dialect }, size, &seed)?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--worker", dialect, "--size", &size.to_string(), "--seed"]).arg(&seed);
    let output = command.output();
    std::fs::remove_file(&seed)?;
    let output = output?;
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
