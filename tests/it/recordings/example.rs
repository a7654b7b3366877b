//! The example of docs/recordings.md gives what the page says.

use std::path::PathBuf;
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

#[test]
fn commands_of_the_example_have_the_output_of_the_page() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("example-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (json, texts, commands) = (blocks("json"), blocks(""), blocks("sh"));
    std::fs::write(folder.join("recording.har"), &json[0]).unwrap();
    let run = |command: &str| {
        let words: Vec<&str> = command.split(' ').skip(1).take_while(|word| *word != ">").collect();
        let binary = env!("CARGO_BIN_EXE_access-groups-mock");
        let output = Command::new(binary).args(words).current_dir(&folder).output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };

    let (code, seed, unused) = run(&commands[0]);
    let (replay_code, report, _) = run(&commands[1]);

    let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!((code, parse(&seed)), (Some(0), parse(&json[1])));
    assert_eq!(unused.trim_end(), texts[0]);
    assert_eq!((replay_code, report.trim_end()), (Some(1), texts[1].as_str()));
    std::fs::remove_dir_all(folder).unwrap();
}
