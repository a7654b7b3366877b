//! Power failures on a real file system: the block device of a state file is copied while the server writes, and each
//! copy is mounted and read as after a power failure.
//!
//! It runs only on request, as root and on Linux: `cargo test --test power_loss`. It needs `mkfs.ext4`, `losetup` and
//! `mount`. `AGM_POWER_LOSS_COPIES` sets the number of copies per mount option; the default is 6.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The mount options: the default, and one with which a rename can reach the disk before the content of the file.
const MOUNT_OPTIONS: [&str; 2] = ["defaults", "noauto_da_alloc"];

/// A mounted file system in an image file.
struct Mount {
    directory: PathBuf,
}

impl Mount {
    fn new(image: &Path, directory: &Path, options: &str) -> Self {
        std::fs::create_dir_all(directory).unwrap();
        run(
            "mount",
            &["-o", &format!("loop,{options}"), image.to_str().unwrap(), directory.to_str().unwrap()],
        );
        Self { directory: directory.to_owned() }
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.directory).status();
    }
}

fn run(program: &str, args: &[&str]) {
    let output = Command::new(program).args(args).output().unwrap();
    assert!(output.status.success(), "{program} {args:?}: {output:?}");
}

struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(file: &Path, sync: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_access-groups-mock"));
        command.args(["--port", "0", "--state-sync", sync, "--state-file"]).arg(file);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
        Self { child, port: u16::try_from(ready["port"].as_u64().unwrap()).unwrap() }
    }

    fn create_group(&self) {
        let body = r#"{"entry":{"name":"a"}}"#;
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let head = "POST /api2/access_groups.json HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer t\r\n\
                    Content-Type: application/json\r\nConnection: close\r\n";
        write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        assert!(response.starts_with("HTTP/1.1 201"), "{response}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the number of groups in a state file.
fn count(file: &Path) -> Result<usize, String> {
    let json = std::fs::read(file).map_err(|error| error.to_string())?;
    let state: serde_json::Value = serde_json::from_slice(&json).map_err(|error| error.to_string())?;
    Ok(state["legacy"]["access_groups"].as_array().map_or(0, Vec::len))
}

#[test]
fn a_power_failure_loses_no_saved_state() {
    let copies = std::env::var("AGM_POWER_LOSS_COPIES").map_or(6, |copies| copies.parse().unwrap());
    let root = std::env::temp_dir().join(format!("agm-power-loss-{}", std::process::id()));
    for options in MOUNT_OPTIONS {
        for sync in ["always", "close"] {
            std::fs::create_dir_all(&root).unwrap();
            check(&root, (options, sync), copies);
            std::fs::remove_dir_all(&root).unwrap();
        }
    }
}

/// Writes groups, copies the device now and then, and checks what each copy contains.
fn check(root: &Path, (options, sync): (&str, &str), copies: usize) {
    let image = root.join("image");
    run("truncate", &["-s", "16M", image.to_str().unwrap()]);
    run("mkfs.ext4", &["-q", image.to_str().unwrap()]);
    let mount = Mount::new(&image, &root.join("mount"), options);
    let file = mount.directory.join("state.json");
    let server = Server::start(&file, sync);
    for number in 1..=copies {
        let started = Instant::now();
        while started.elapsed() < Duration::from_millis(700 + 130 * number as u64) {
            server.create_group();
            std::thread::sleep(Duration::from_millis(5));
        }
        // What is in the file now was saved before the power failure; with `always` it was also synced, except the
        // last save, whose folder may not have been synced yet.
        let saved = count(&file).unwrap();
        std::thread::sleep(Duration::from_millis(if sync == "always" { 500 } else { 0 }));
        let copy = root.join("copy");
        std::fs::copy(&image, &copy).unwrap();
        let copied = Mount::new(&copy, &root.join("copied"), "defaults");
        let (found, backup) =
            (count(&copied.directory.join("state.json")), count(&copied.directory.join("state.json.bak")));
        println!("{options}, {sync}: {found:?} of {saved} groups, backup {backup:?}");
        if sync == "always" {
            assert!(found.clone().is_ok_and(|found| found >= saved), "{found:?} of {saved}");
        } else {
            assert!(found.is_ok() || backup.is_ok(), "{found:?}, {backup:?}");
        }
    }
    drop(server);
    drop(mount);
}
