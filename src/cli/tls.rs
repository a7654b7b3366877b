//! What the arguments say of TLS.

use std::path::Path;

use access_groups_mock::Tls;

use super::args::Args;
use super::{BAD_TLS, Exit, parse};

/// Returns what https needs, where the arguments ask for it.
pub(super) fn tls_of(args: &Args) -> Result<Option<Tls>, Exit> {
    let mistake = |error: String| Exit::new(BAD_TLS, format!("TLS: {error}"));
    if let (Some(certificates), Some(key)) = (&args.tls_cert, &args.tls_key) {
        let given = Tls::given(&read(certificates)?, &read(key)?);
        return given.map(Some).map_err(|error| mistake(error.to_string()));
    }
    if !args.tls && args.tls_dir.is_none() && args.tls_name.is_empty() {
        return Ok(None);
    }
    let names = parse::present(args.tls_name.clone());
    let made = match &args.tls_dir {
        Some(directory) => Tls::kept_in(directory, &names),
        None => Tls::new(&names),
    };
    made.map(Some).map_err(|error| mistake(error.to_string()))
}

fn read(path: &Path) -> Result<Vec<u8>, Exit> {
    std::fs::read(path).map_err(|error| Exit::new(BAD_TLS, format!("{}: {error}", path.display())))
}
