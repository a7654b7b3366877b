//! The files that `exec` writes for its command: credentials of IBM's SDKs and, with TLS, certificates in the formats
//! of the clients. They are removed afterwards.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::client_environment;

/// A directory that only its owner can read, which is removed when this is dropped.
#[derive(Debug)]
pub(super) struct ClientFiles {
    directory: PathBuf,
}

impl ClientFiles {
    /// Creates the directory with the credentials for the server at `url`.
    pub(super) fn create(url: &str) -> io::Result<Self> {
        let files = Self { directory: create_directory()? };
        fs::write(files.ibm_credentials(), client_environment::ibm_credentials(url))?;
        Ok(files)
    }

    /// Returns the path of the credentials of IBM's SDKs.
    pub(super) fn ibm_credentials(&self) -> PathBuf {
        self.directory.join("ibm-credentials.env")
    }

    /// Writes the certificate authority `ca_pem` in the formats of the clients, and returns the variables that name the
    /// files. `current` returns a variable of this process.
    #[cfg(feature = "tls")]
    pub(super) fn write_trust(
        &self,
        ca_pem: &str,
        current: impl Fn(&str) -> Option<String>,
    ) -> io::Result<Vec<(&'static str, String)>> {
        use super::trust;

        let write = |name: &str, content: &[u8]| -> io::Result<String> {
            let path = self.directory.join(name);
            fs::write(&path, content)?;
            Ok(path.to_string_lossy().into_owned())
        };
        let mut variables = vec![("AGM_CA_FILE", write("ca.pem", ca_pem.as_bytes())?)];
        // A client that reads one of these trusts no other certificates, so that the files have those of the system, too.
        for name in ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"] {
            let bundle = trust::bundle(current(name).as_deref(), ca_pem);
            variables.push((name, write(&format!("{}.pem", name.to_lowercase()), bundle.as_bytes())?));
        }
        // Node adds the certificates to its own.
        let more = current("NODE_EXTRA_CA_CERTS").and_then(|path| fs::read_to_string(path).ok());
        let node = format!("{}{ca_pem}", more.map_or_else(String::new, trust::with_newline));
        variables.push(("NODE_EXTRA_CA_CERTS", write("node_extra_ca_certs.pem", node.as_bytes())?));
        let store = trust::java_store(&trust::bundle(None, ca_pem));
        let store = write("trust-store.jks", &store)?;
        let java = trust::java_options(current("JAVA_TOOL_OPTIONS").as_deref(), &store);
        variables.push(("JAVA_TOOL_OPTIONS", java));
        Ok(variables)
    }
}

/// Creates a directory with a new name.
fn create_directory() -> io::Result<PathBuf> {
    let builder = private_directory_builder();
    // A process that was killed leaves its directory, and its number can come again.
    for number in 0_u32.. {
        let name = format!("access-groups-mock-exec-{}-{number}", std::process::id());
        let directory = std::env::temp_dir().join(name);
        match builder.create(&directory) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            result => return result.map(|()| directory),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Returns a builder of directories with mode 0700.
#[cfg(unix)]
fn private_directory_builder() -> fs::DirBuilder {
    let mut builder = fs::DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// Returns a builder of directories with the permissions of the directory for temporary files.
#[cfg(not(unix))]
fn private_directory_builder() -> fs::DirBuilder {
    fs::DirBuilder::new()
}

impl Drop for ClientFiles {
    fn drop(&mut self) {
        remove(&self.directory);
    }
}

/// Removes the directory; what cannot be removed is left to the system's cleaning of temporary files.
fn remove(directory: &Path) {
    if let Err(error) = fs::remove_dir_all(directory) {
        tracing::warn!(%error, path = %directory.display(), "cannot remove the files of the command");
    }
}
