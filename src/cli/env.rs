//! The `env` command: prints the environment variables that configure clients for a server.

use std::fmt::Write as _;
use std::path::Path;

use access_groups_mock::validate_namespace_name;

use super::args::{EnvArgs, EnvFormat};
use super::client_environment::{self, REMOVED};
use super::error::{CliError, FAILED, INVALID_ARGUMENTS};

/// A file without properties: IBM's SDKs then read the variables, and not `ibm-credentials.env`.
const EMPTY_FILE: &str = if cfg!(windows) { "NUL" } else { "/dev/null" };

/// Prints the variables, after writing the IBM configuration file if one is requested.
pub(super) fn print(args: &EnvArgs) -> Result<(), CliError> {
    let url = &args.server.url;
    let base = base_url(url, args.namespace.as_deref())?;
    if let Some(path) = &args.ibm_config {
        return write_ibm_config(path, &base);
    }
    let current = |name: &str| std::env::var(name).ok();
    let variables = client_environment::variables(url, &base, EMPTY_FILE, current);
    super::error::print(&format_variables(&variables, args.format))
}

/// Returns the base URL of a namespace, or the URL of the server without a namespace.
fn base_url(url: &str, namespace: Option<&str>) -> Result<String, CliError> {
    let Some(name) = namespace else { return Ok(url.to_owned()) };
    validate_namespace_name(name)
        .map_err(|reason| CliError::new(INVALID_ARGUMENTS, format!("--namespace {name}: {reason}")))?;
    Ok(format!("{url}/ns/{name}"))
}

/// Formats the variables, and the removal of [`REMOVED`] where the format can express it.
fn format_variables(variables: &[(String, String)], format: EnvFormat) -> String {
    let mut text = String::new();
    match format {
        EnvFormat::Shell => {
            variables.iter().for_each(|(name, value)| {
                let _ = writeln!(text, "export {name}='{}'", value.replace('\'', r"'\''"));
            });
            REMOVED.iter().for_each(|name| {
                let _ = writeln!(text, "unset {name}");
            });
        }
        EnvFormat::Dotenv | EnvFormat::Github => variables.iter().for_each(|(name, value)| {
            let _ = writeln!(text, "{name}={value}");
        }),
        EnvFormat::Json => {
            let set = variables.iter().map(|(name, value)| (name.clone(), value.clone().into()));
            let removed = REMOVED.iter().map(|name| ((*name).to_owned(), serde_json::Value::Null));
            let object: serde_json::Map<String, serde_json::Value> = set.chain(removed).collect();
            let _ = writeln!(text, "{}", serde_json::Value::Object(object));
        }
    }
    text
}

/// Writes the file with the properties of IBM's services.
fn write_ibm_config(path: &Path, base: &str) -> Result<(), CliError> {
    std::fs::write(path, client_environment::ibm_credentials(base))
        .map_err(|error| CliError::new(FAILED, format!("{}: {error}", path.display())))
}
