//! One dialect at one size: everything that is measured of it, a line each.

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use access_groups_mock::{App, Config, Seed};

use crate::calls::{self, creation, with};
use crate::client::Client;
use crate::figures::{cpu_ns, memory};
use crate::seeds;

/// Measures a dialect with `size` groups from the seed in the file `seed`, and writes what it finds: a name, a tab and
/// a number in each line.
pub(crate) fn run(dialect: &str, size: u32, seed: &Path) -> io::Result<()> {
    let before = memory("VmRSS");
    let began = cpu_ns();
    let app = App::new(Config::default(), seeds::read(seed)).map_err(io::Error::other)?;
    nanoseconds("load from a seed file (processor time)", cpu_ns() - began)?;
    let groups = u64::from(size);
    figure("bytes a group, resident after the load", memory("VmRSS").saturating_sub(before) / groups)?;
    figure("bytes a group, at the highest while it loads", memory("VmHWM").saturating_sub(before) / groups)?;

    let client = Client::new(&app);
    for (name, mut next) in calls::of(dialect, size) {
        took(&name, client.measure(&mut next))?;
    }
    control(dialect, &client)?;
    states(&client, seed)
}

/// Gives the method and the path of the next round.
type Step = Box<dyn FnMut() -> (&'static str, String)>;

/// Snapshots, resets and namespaces, and the first write after each.
fn control(dialect: &str, client: &Client) -> io::Result<()> {
    let mut round = 0;
    let mut steps: Vec<(&str, Step)> = vec![
        ("snapshot", Box::new(|| ("POST", "/__admin/snapshots/s".to_owned()))),
        ("restore", Box::new(|| ("POST", "/__admin/snapshots/s/restore".to_owned()))),
        ("reset", Box::new(|| ("POST", "/__admin/reset?part=state".to_owned()))),
        (
            "new namespace",
            Box::new(move || {
                round += 1;
                ("GET", format!("/ns/{round}/__admin/clock"))
            }),
        ),
    ];
    for (name, path) in &mut steps {
        let (mut own, mut writes) = (Vec::new(), Vec::new());
        for _ in 0..15 {
            let (method, path) = path();
            own.push(client.ask(&with(method, path.clone(), "")).took);
            let mut write = creation(dialect);
            if let Some(namespace) = path.strip_suffix("/__admin/clock") {
                write.path = format!("{namespace}{}", write.path);
            }
            writes.push(client.ask(&write).took);
        }
        took(name, crate::client::median(&mut own))?;
        took(&format!("first write after: {name}"), crate::client::median(&mut writes))?;
    }
    Ok(())
}

/// The whole state as text, there and back, and as the file that a server starts from.
fn states(client: &Client, seed: &Path) -> io::Result<()> {
    let answer = client.ask(&with("GET", "/__admin/state".to_owned(), ""));
    took("GET state", answer.took)?;
    let state = String::from_utf8(answer.body.to_vec()).map_err(io::Error::other)?;
    let file = seed.with_extension("state");
    std::fs::write(&file, &state)?;
    took("PUT state", client.ask(&with("PUT", "/__admin/state".to_owned(), state)).took)?;
    let began = cpu_ns();
    let state = seeds::read(&file);
    App::with_state(Config::default(), &Seed::default(), Some(&state)).map_err(io::Error::other)?;
    nanoseconds("load from a state file (processor time)", cpu_ns() - began)?;
    std::fs::remove_file(&file)
}

fn took(name: &str, time: Duration) -> io::Result<()> {
    nanoseconds(name, u64::try_from(time.as_nanos()).unwrap_or(u64::MAX))
}

fn nanoseconds(name: &str, time: u64) -> io::Result<()> {
    writeln!(io::stdout(), "{name}\t{time}\tns")
}

fn figure(name: &str, number: u64) -> io::Result<()> {
    writeln!(io::stdout(), "{name}\t{number}\tB")
}
