//! The binary in its own process, and a client that can send broken requests.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ureq::http::{HeaderMap, HeaderName, HeaderValue};

use crate::support::TestResponse;

/// The time within which a response must be complete.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A running server, whose standard error is a file.
pub(super) struct Server {
    child: Child,
    port: u16,
    stderr: PathBuf,
}

impl Server {
    pub(super) fn start(number: u64, arguments: &[String]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
        std::fs::create_dir_all(&folder).unwrap();
        let stderr = folder.join(format!("stderr-{}-{number}", std::process::id()));
        let mut command = Command::new(env!("CARGO_BIN_EXE_access-groups-mock"));
        command.args(["--port", "0", "--log-level", "error"]).args(arguments);
        command.stdout(Stdio::piped()).stderr(File::create(&stderr).unwrap());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
        Self { child, port: u16::try_from(ready["port"].as_u64().unwrap()).unwrap(), stderr }
    }

    pub(super) fn connect(&self) -> Connection {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        stream.set_nodelay(true).unwrap();
        Connection { stream, is_used: false }
    }

    /// Returns the resident memory in bytes; `None` where `/proc` does not exist.
    pub(super) fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
    }

    /// Returns the places of the panics that the server has logged.
    pub(super) fn panics(&self) -> Vec<String> {
        let log = std::fs::read_to_string(&self.stderr).unwrap_or_default();
        log.lines().filter_map(|line| Some(line[line.find("panicked at")?..].to_owned())).collect()
    }

    /// Returns whether the process is running.
    pub(super) fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.stderr);
    }
}

/// A connection that is kept open.
pub(super) struct Connection {
    stream: TcpStream,
    is_used: bool,
}

/// The reason why there is no response.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoResponse {
    /// The server has closed the connection after an earlier response, and has not read the request.
    ClosedBefore,
    /// The connection ended, timed out, or has bytes that are not a response.
    Broken(String),
}

impl Connection {
    /// Sends bytes and closes the sending side.
    pub(super) fn end_after(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
        let _ = self.stream.shutdown(Shutdown::Write);
    }

    /// Reads until the server closes the connection, and returns the status of the first response, if there is one.
    pub(super) fn read_status(&mut self) -> Option<u16> {
        let mut received = Vec::new();
        let _ = self.stream.read_to_end(&mut received);
        let line = received.split(|byte| *byte == b'\r').next()?;
        std::str::from_utf8(line).ok()?.split(' ').nth(1)?.parse().ok()
    }

    /// Sends the bytes of a request, and reads one response.
    pub(super) fn exchange(
        &mut self,
        name: &str,
        request: &[u8],
        is_head: bool,
    ) -> Result<TestResponse, NoResponse> {
        let was_used = std::mem::replace(&mut self.is_used, true);
        let broken = |received: &[u8], reason: &str| {
            if was_used && received.is_empty() && !reason.contains("temporarily") {
                NoResponse::ClosedBefore
            } else {
                NoResponse::Broken(format!("{reason} after {} bytes", received.len()))
            }
        };
        if let Err(error) = self.stream.write_all(request) {
            return Err(broken(&[], &error.to_string()));
        }
        let (mut received, mut buffer) = (Vec::new(), vec![0; 64 * 1024]);
        loop {
            if let Some(response) = parse(name, &received, is_head, false) {
                return response.map_err(NoResponse::Broken);
            }
            match self.stream.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => received.extend_from_slice(&buffer[..count]),
                Err(error) => return Err(broken(&received, &error.to_string())),
            }
        }
        match parse(name, &received, is_head, true) {
            Some(response) => response.map_err(NoResponse::Broken),
            None => Err(broken(&received, "the connection was closed")),
        }
    }
}

/// Parses a response; `None` if it is not complete.
fn parse(
    name: &str,
    received: &[u8],
    is_head: bool,
    is_closed: bool,
) -> Option<Result<TestResponse, String>> {
    let end = received.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&received[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse::<u16>().ok());
    let Some(status) = status else { return Some(Err(format!("not a response: {head}"))) };
    if status == 100 {
        return parse(name, &received[end + 4..], is_head, is_closed);
    }
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let header =
            HeaderName::from_bytes(name.as_bytes()).ok().zip(HeaderValue::from_str(value.trim()).ok());
        let Some((name, value)) = header else { return Some(Err(format!("invalid header {name}: {value}"))) };
        headers.append(name, value);
    }
    let rest = &received[end + 4..];
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let body = if is_head || status == 204 || status == 304 {
        Vec::new()
    } else if let Some(length) = text("content-length") {
        rest.get(..length.parse::<usize>().ok()?)?.to_vec()
    } else if text("transfer-encoding") == Some("chunked") {
        dechunk(rest)?
    } else if is_closed {
        rest.to_vec()
    } else {
        return None;
    };
    Some(Ok(TestResponse { request: name.to_owned(), status, headers, body }))
}

/// Decodes a chunked body; `None` if it is not complete.
fn dechunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|bytes| bytes == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?, 16).ok()?;
        let chunk = rest.get(end + 2..end + 2 + size)?;
        rest = rest.get(end + 2 + size + 2..)?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(chunk);
    }
}
