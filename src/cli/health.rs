//! Asking a running server for its health, without a client library.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Returns whether the server at `url` is a healthy one of this kind.
///
/// # Errors
/// What keeps it from answering, or what it answers instead.
pub(super) fn ask(url: &str) -> Result<(), String> {
    let rest = url
        .strip_prefix("http://")
        .ok_or("the URL must begin with http://, which also a server with TLS has")?;
    let (authority, base) = rest.split_once('/').map_or((rest, ""), |(authority, base)| (authority, base));
    let with_port = if has_port(authority) { authority.to_owned() } else { format!("{authority}:80") };
    let addresses = with_port.to_socket_addrs().map_err(|error| error.to_string())?;
    let mut failure = "the host has no address".to_owned();
    for address in addresses {
        let answer = TcpStream::connect_timeout(&address, PATIENCE)
            .and_then(|connection| exchange(connection, authority, base.trim_end_matches('/')));
        match answer {
            Ok(answer) if answer.contains("access-groups-mock is ready") => return Ok(()),
            Ok(answer) => failure = format!("it answered {:?}", answer.lines().next().unwrap_or_default()),
            Err(error) => failure = error.to_string(),
        }
    }
    Err(failure)
}

fn has_port(authority: &str) -> bool {
    authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok())
}

fn exchange(mut connection: TcpStream, authority: &str, base: &str) -> std::io::Result<String> {
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    let base = if base.is_empty() { String::new() } else { format!("/{base}") };
    let request = format!("GET {base}/__admin/health HTTP/1.0\r\nHost: {authority}\r\n\r\n");
    connection.write_all(request.as_bytes())?;
    let mut answer = String::new();
    connection.take(64 * 1024).read_to_string(&mut answer)?;
    Ok(answer)
}
