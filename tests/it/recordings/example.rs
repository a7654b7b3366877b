//! The example of docs/recordings.md gives what the page says.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const PAGE: &str = include_str!("../../../docs/recordings.md");

/// Returns the blocks of the section "Example" whose first line is the fence with `language`.
fn blocks(language: &str) -> Vec<String> {
    let section = PAGE.split("\n## Example\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let mut blocks = Vec::new();
    let mut lines = section.lines();
    while let Some(line) = lines.next() {
        let Some(fence) = line.strip_prefix("```") else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if fence == language {
            blocks.push(block.join("\n"));
        }
    }
    blocks
}

/// Runs a command of the page in `folder`; returns the exit code, and what is in its file or on standard output, and on
/// standard error.
fn run(command: &str, folder: &Path) -> (Option<i32>, String, String) {
    let (command, file) =
        command.split_once(" > ").map_or((command, None), |(command, file)| (command, Some(file)));
    let args = command.strip_prefix("access-groups-mock ").unwrap().split(' ');
    let binary = env!("CARGO_BIN_EXE_access-groups-mock");
    let output = Command::new(binary).args(args).current_dir(folder).output().unwrap();
    if let Some(file) = file {
        std::fs::write(folder.join(file), &output.stdout).unwrap();
    }
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn commands_of_the_example_have_the_output_of_the_page() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("example-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (json, texts, commands) = (blocks("json"), blocks(""), blocks("sh"));
    let [recording, seed, accepted, published] = json.as_slice() else { panic!("{json:?}") };
    std::fs::write(folder.join("recording.har"), recording).unwrap();
    let run = |command: &str| run(command, &folder);
    let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let read = |name: &str| parse(&std::fs::read_to_string(folder.join(name)).unwrap());

    let [import, replay, write_accept, accept, publish] = commands.as_slice() else { panic!("{commands:?}") };
    let (code, _, unused) = run(import);
    assert_eq!((code, read("seed.json"), unused.trim_end()), (Some(0), parse(seed), texts[0].as_str()));

    let (code, report, _) = run(replay);
    assert_eq!((code, report.trim_end()), (Some(1), texts[1].as_str()));

    run(write_accept);
    assert_eq!(read("accepted.json"), parse(accepted));

    let (code, report, _) = run(accept);
    assert_eq!((code, report.trim_end()), (Some(0), texts[2].as_str()));

    let codes: Vec<Option<i32>> = publish.lines().map(|command| run(command).0).collect();
    assert_eq!((codes, read("published.json")), (vec![Some(0), Some(0)], parse(published)));
    std::fs::remove_dir_all(folder).unwrap();
}
