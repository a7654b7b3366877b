//! The `access-groups-mock` binary, which runs the command line interface.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
