//! Measures one dialect at one size, and prints one line per result.

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use access_groups_mock::{App, Config, Seed};

use crate::calls::{self, create_request, request};
use crate::client::Client;
use crate::seeds;
use crate::stats::{cpu_ns, memory};

/// The minimum number of groups whose memory is shown: with fewer, it is mostly that of the process.
const MIN_GROUPS_WITH_MEMORY: u32 = 100_000;

/// Measures a dialect with `size` groups from the seed in the file `seed`, and prints the results: name, number and
/// unit, separated by tabs.
pub(crate) fn run(dialect: &str, size: u32, seed: &Path, only: Option<&str>) -> io::Result<()> {
    let before = memory("VmRSS");
    let started = cpu_ns();
    let app = App::new(Config::default(), seeds::read(seed)).map_err(io::Error::other)?;
    print_nanoseconds("load from a seed file (CPU time)", cpu_ns() - started)?;
    if size >= MIN_GROUPS_WITH_MEMORY {
        let per_group = |name| memory(name).saturating_sub(before) / u64::from(size);
        print_bytes("bytes per group, resident after the load", per_group("VmRSS"))?;
        print_bytes("bytes per group, peak during the load", per_group("VmHWM"))?;
    }

    let client = Client::new(&app);
    for (name, mut next) in calls::calls(dialect, size) {
        if only.is_none_or(|only| name.contains(only)) {
            print_duration(&name, client.measure(&mut next))?;
        }
    }
    if only.is_some() {
        return Ok(());
    }
    control(dialect, &client)?;
    states(&client, seed)
}

/// Returns the method and the path of the next round.
type NextRequest = Box<dyn FnMut() -> (&'static str, String)>;

/// Measures snapshots, resets and namespaces, and the first write after each.
fn control(dialect: &str, client: &Client) -> io::Result<()> {
    let mut round = 0;
    let mut operations: Vec<(&str, NextRequest)> = vec![
        ("snapshot", Box::new(|| ("POST", "/__admin/snapshots/s".to_owned()))),
        ("restore", Box::new(|| ("POST", "/__admin/snapshots/s/restore".to_owned()))),
        ("reset", Box::new(|| ("POST", "/__admin/reset?scope=state".to_owned()))),
        (
            "new namespace",
            Box::new(move || {
                round += 1;
                ("GET", format!("/ns/{round}/__admin/clock"))
            }),
        ),
    ];
    for (name, next) in &mut operations {
        let (mut times, mut writes) = (Vec::new(), Vec::new());
        for _ in 0..15 {
            let (method, path) = next();
            times.push(client.send(&request(method, path.clone(), "")).elapsed);
            let mut write = create_request(dialect);
            if let Some(namespace) = path.strip_suffix("/__admin/clock") {
                write.path = format!("{namespace}{}", write.path);
            }
            writes.push(client.send(&write).elapsed);
        }
        print_duration(name, crate::client::median(&mut times))?;
        print_duration(&format!("first write after: {name}"), crate::client::median(&mut writes))?;
    }
    Ok(())
}

/// Measures the export and import of the whole state, and the start from a state file.
fn states(client: &Client, seed: &Path) -> io::Result<()> {
    let response = client.send(&request("GET", "/__admin/state".to_owned(), ""));
    print_duration("GET state", response.elapsed)?;
    let state = String::from_utf8(response.body.to_vec()).map_err(io::Error::other)?;
    let file = seed.with_extension("state");
    std::fs::write(&file, &state)?;
    print_duration("PUT state", client.send(&request("PUT", "/__admin/state".to_owned(), state)).elapsed)?;
    let started = cpu_ns();
    let state = seeds::read(&file);
    App::with_state(Config::default(), &Seed::default(), Some(&state)).map_err(io::Error::other)?;
    print_nanoseconds("load from a state file (CPU time)", cpu_ns() - started)?;
    std::fs::remove_file(&file)
}

fn print_duration(name: &str, duration: Duration) -> io::Result<()> {
    print_nanoseconds(name, u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX))
}

fn print_nanoseconds(name: &str, time: u64) -> io::Result<()> {
    writeln!(io::stdout(), "{name}\t{time}\tns")
}

fn print_bytes(name: &str, number: u64) -> io::Result<()> {
    writeln!(io::stdout(), "{name}\t{number}\tB")
}
