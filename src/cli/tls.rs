//! The TLS configuration from the arguments.

use std::path::Path;

use access_groups_mock::Tls;

use super::args::Args;
use super::error::{CliError, INVALID_TLS};
use super::parse;

/// Returns the TLS configuration, or `None` if the arguments do not enable TLS.
pub(super) fn load_tls(args: &Args) -> Result<Option<Tls>, CliError> {
    let invalid = |error: String| CliError::new(INVALID_TLS, format!("TLS: {error}"));
    if let (Some(certificates), Some(key)) = (&args.tls_cert, &args.tls_key) {
        let tls = Tls::from_pem(
            &read(certificates, "--tls-cert or AGM_TLS_CERT")?,
            &read(key, "--tls-key or AGM_TLS_KEY")?,
        );
        return tls.map(Some).map_err(|error| invalid(error.to_string()));
    }
    if !args.tls && args.tls_dir.is_none() && args.tls_name.is_empty() {
        return Ok(None);
    }
    let names = parse::non_empty(args.tls_name.clone());
    let tls = match &args.tls_dir {
        Some(directory) => Tls::with_ca_directory(directory, &names),
        None => Tls::new(&names),
    };
    tls.map(Some).map_err(|error| invalid(error.to_string()))
}

fn read(path: &Path, option: &str) -> Result<Vec<u8>, CliError> {
    std::fs::read(path).map_err(|error| {
        CliError::new(INVALID_TLS, format!("{}: {error}; this is the file of {option}", path.display()))
    })
}
