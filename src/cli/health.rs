//! The health check of a running server, without a client library.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// The timeout of connecting, and of each read and write.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Checks that a healthy instance of this server is listening at `url`.
///
/// # Errors
/// The reason why it is not healthy, such as a connection error or the status line of another response.
pub(super) fn check(url: &str) -> Result<(), String> {
    let rest = url
        .strip_prefix("http://")
        .ok_or("the URL must start with http://, which is also available on a server with TLS")?;
    let (authority, base) = rest.split_once('/').map_or((rest, ""), |(authority, base)| (authority, base));
    let with_port = if has_port(authority) { authority.to_owned() } else { format!("{authority}:80") };
    let addresses = with_port.to_socket_addrs().map_err(|error| error.to_string())?;
    let mut reason = "the host has no address".to_owned();
    for address in addresses {
        let response = TcpStream::connect_timeout(&address, TIMEOUT)
            .and_then(|connection| send_request(connection, authority, base.trim_end_matches('/')));
        match response {
            Ok(response) if response.contains("access-groups-mock is ready") => return Ok(()),
            Ok(response) => {
                reason = format!("unexpected response {:?}", response.lines().next().unwrap_or_default())
            }
            Err(error) => reason = error.to_string(),
        }
    }
    Err(reason)
}

fn has_port(authority: &str) -> bool {
    authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok())
}

/// Sends the request of the health check, and returns the response.
fn send_request(mut connection: TcpStream, authority: &str, base: &str) -> std::io::Result<String> {
    connection.set_read_timeout(Some(TIMEOUT))?;
    connection.set_write_timeout(Some(TIMEOUT))?;
    let base = if base.is_empty() { String::new() } else { format!("/{base}") };
    let request = format!("GET {base}/__admin/health HTTP/1.0\r\nHost: {authority}\r\n\r\n");
    connection.write_all(request.as_bytes())?;
    let mut response = String::new();
    connection.take(64 * 1024).read_to_string(&mut response)?;
    Ok(response)
}
