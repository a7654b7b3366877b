//! The environment variables of the arguments: their names in errors, and warnings about unknown ones.

use std::io::Write as _;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};

/// The variables that other programs of this project read, or that `exec` sets.
const OTHER_VARIABLES: [&str; 8] = [
    "AGM_CA_FILE",
    "AGM_TLS_URL",
    "AGM_BIN",
    "AGM_SOAK_MINUTES",
    "AGM_KEY",
    "AGM_REPLAY_TOKEN",
    "AGM_REPLAY_EMAIL",
    "AGM_REPLAY_KEY",
];

/// The start of the names of all variables.
const PREFIX: &str = "AGM_";

/// Prints an error of the arguments, with the variable that contains the invalid value, and returns the exit code.
pub(super) fn print_error(error: &clap::Error, command: &Command) -> u8 {
    let _ = error.print();
    if let Some(variable) = invalid_variable(error, command) {
        let _ = writeln!(std::io::stderr(), "\nThe value is from the environment variable {variable}.");
    }
    u8::try_from(error.exit_code()).unwrap_or(super::error::INVALID_ARGUMENTS)
}

/// Returns the variable that contains the invalid value, if it is not one of the command line.
fn invalid_variable(error: &clap::Error, command: &Command) -> Option<String> {
    if !matches!(error.kind(), ErrorKind::InvalidValue | ErrorKind::ValueValidation) {
        return None;
    }
    let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg) else { return None };
    let flag = argument.split([' ', '=', '[']).next()?;
    let is_on_command_line = std::env::args_os().any(|it| {
        let text = it.to_string_lossy();
        text.split('=').next() == Some(flag)
    });
    let is_argument = |it: &&Arg| it.get_long().is_some_and(|long| flag.strip_prefix("--") == Some(long));
    let variable = arguments(command).find(is_argument)?.get_env()?.to_owned();
    let is_set = std::env::var_os(&variable).is_some();
    (is_set && !is_on_command_line).then(|| variable.to_string_lossy().into_owned())
}

/// Logs a warning for each variable whose name starts like those of the arguments, but is none of them.
pub(super) fn warn_of_unknown(command: &Command) {
    let known: Vec<String> = arguments(command)
        .filter_map(|argument| Some(argument.get_env()?.to_string_lossy().into_owned()))
        .chain(OTHER_VARIABLES.map(str::to_owned))
        .collect();
    let names = std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned());
    for name in names.filter(|name| name.starts_with(PREFIX) && !known.contains(name)) {
        let closest = known.iter().min_by_key(|known| strsim::levenshtein(known, &name));
        tracing::warn!(
            "the environment variable {name} is unknown and has no effect; the most similar one is {}",
            closest.map_or("", String::as_str)
        );
    }
}

/// Returns the arguments of all commands.
fn arguments(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().chain(command.get_subcommands().flat_map(Command::get_arguments))
}
