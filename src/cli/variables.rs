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

/// The variables of the process whose names start like those of the arguments, but are none of them.
pub(super) struct UnknownVariables(Vec<UnknownVariable>);

struct UnknownVariable {
    name: String,
    /// The most similar name that is known.
    similar: String,
}

/// Prints an error of the arguments, with the variable that contains the invalid value, and returns the exit code.
pub(super) fn print_error(error: &clap::Error, definition: &Command) -> u8 {
    let _ = error.print();
    if let Some(variable) = invalid_variable(error, definition) {
        let _ = writeln!(std::io::stderr(), "\nThe value is from the environment variable {variable}.");
    }
    u8::try_from(error.exit_code()).unwrap_or(super::error::INVALID_ARGUMENTS)
}

/// Returns the variable that contains the invalid value, if it is not one of the command line.
fn invalid_variable(error: &clap::Error, definition: &Command) -> Option<String> {
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
    let variable = arguments(definition).find(is_argument)?.get_env()?.to_owned();
    let is_set = std::env::var_os(&variable).is_some();
    (is_set && !is_on_command_line).then(|| variable.to_string_lossy().into_owned())
}

impl UnknownVariables {
    /// Returns the unknown variables of the process, given the definition of the arguments.
    pub(super) fn find(definition: &Command) -> Self {
        let names = std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned());
        let names: Vec<String> = names.filter(|name| name.starts_with(PREFIX)).collect();
        if names.is_empty() {
            return Self(Vec::new());
        }
        let known: Vec<String> = arguments(definition)
            .filter_map(|argument| Some(argument.get_env()?.to_string_lossy().into_owned()))
            .chain(OTHER_VARIABLES.map(str::to_owned))
            .collect();
        let unknown = names.into_iter().filter(|name| !known.contains(name)).map(|name| {
            let similar = known.iter().min_by_key(|known| strsim::levenshtein(known, &name));
            let similar = similar.cloned().unwrap_or_default();
            UnknownVariable { name, similar }
        });
        Self(unknown.collect())
    }

    /// Logs a warning for each.
    pub(super) fn warn(&self) {
        for UnknownVariable { name, similar } in &self.0 {
            tracing::warn!(
                "the environment variable {name} is unknown and has no effect; the most similar one is {similar}"
            );
        }
    }
}

/// Returns the arguments of all commands, except those of [`Deferred`](super::deferred::Deferred) commands that were not
/// used; their variables are those of the server.
fn arguments(command: &Command) -> impl Iterator<Item = &Arg> {
    command.get_arguments().chain(command.get_subcommands().flat_map(Command::get_arguments))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory;

    use super::super::args::Cli;
    use super::*;

    #[test]
    fn variables_of_deferred_arguments_are_known_without_them() {
        let names = |definition: &Command| -> BTreeSet<_> {
            arguments(definition).filter_map(|it| it.get_env().map(ToOwned::to_owned)).collect()
        };
        let mut definition = Cli::command();

        let known = names(&definition);
        definition.build();

        assert!(known.contains(std::ffi::OsStr::new("AGM_PORT")));
        assert_eq!(known, names(&definition));
    }
}
