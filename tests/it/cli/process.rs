//! Runs the built binary and sends requests to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The maximum time for a response, a line of the log or the exit of a process.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Returns a command that runs the binary with `args`, without inherited `AGM_` variables.
pub(super) fn server_command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_access-groups-mock"));
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AGM_")) {
        command.env_remove(name);
    }
    command
}

/// The exit code and the output of a process.
#[derive(Debug)]
pub(super) struct ProcessOutput {
    pub(super) code: Option<i32>,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

/// Runs a process until it exits.
#[track_caller]
pub(super) fn run(command: &mut Command) -> ProcessOutput {
    let mut child = command.spawn().unwrap();
    let stdout = child.stdout.take().unwrap();
    collect_output(&mut child, &mut BufReader::new(stdout))
}

#[track_caller]
fn collect_output(child: &mut Child, stdout: &mut impl Read) -> ProcessOutput {
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if started.elapsed() > TIMEOUT {
            child.kill().unwrap();
            panic!("the process does not exit");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let mut ended = ProcessOutput { code: status.code(), stdout: String::new(), stderr: String::new() };
    stdout.read_to_string(&mut ended.stdout).unwrap();
    if let Some(mut stderr) = child.stderr.take() {
        stderr.read_to_string(&mut ended.stderr).unwrap();
    }
    ended
}

/// A running server; it is killed on drop.
pub(super) struct Server {
    child: Child,
    stdout: Box<dyn Read>,
    /// The ready line.
    pub(super) ready: Value,
}

/// The lines that a server logs.
pub(super) struct Log(mpsc::Receiver<String>);

impl Log {
    fn new(stderr: ChildStderr) -> Self {
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            BufReader::new(stderr).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Self(lines)
    }

    /// Returns the next line that contains `text`.
    #[track_caller]
    pub(super) fn wait_for(&self, text: &str) -> String {
        let mut lines = Vec::new();
        loop {
            match self.0.recv_timeout(TIMEOUT) {
                Ok(line) if line.contains(text) => return line,
                Ok(line) => lines.push(line),
                Err(error) => panic!("no line contains `{text}` ({error}): {lines:#?}"),
            }
        }
    }

    /// Returns the lines until the end of the server.
    pub(super) fn rest(self) -> Vec<String> {
        self.0.into_iter().collect()
    }
}

impl Server {
    /// Starts the binary with `args` on a free port.
    #[track_caller]
    pub(super) fn start(args: &[&str]) -> Self {
        Self::spawn(server_command(&["--port", "0"]).args(args))
    }

    /// Starts `command` and waits for its ready line.
    #[track_caller]
    pub(super) fn spawn(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let Ok(ready) = serde_json::from_str(&line) else {
            panic!("the ready line is missing: `{line}`: {:?}", collect_output(&mut child, &mut stdout));
        };
        Self { child, stdout: Box::new(stdout), ready }
    }

    /// Starts `command` like [`Server::spawn`], and returns its log, too.
    #[track_caller]
    pub(super) fn spawn_with_log(command: &mut Command) -> (Self, Log) {
        let mut server = Self::spawn(command);
        let log = Log::new(server.child.stderr.take().unwrap());
        (server, log)
    }

    /// Starts the binary with standard streams that may not be writable, and waits for its port file, which has `name`.
    #[track_caller]
    pub(super) fn spawn_without_ready_line(name: &str, stdout: Stdio, stderr: Stdio) -> Self {
        let path = std::env::temp_dir().join(format!("agm-{}-{name}.port", std::process::id()));
        let mut command = server_command(&["--port", "0", "--log-level", "info", "--port-file"]);
        let mut child = command.arg(&path).stdout(stdout).stderr(stderr).spawn().unwrap();
        let started = Instant::now();
        let port: u16 = loop {
            if let Ok(text) = std::fs::read_to_string(&path) {
                break text.trim().parse().unwrap();
            }
            if started.elapsed() > TIMEOUT || child.try_wait().unwrap().is_some() {
                panic!("no port file: {:?}", collect_output(&mut child, &mut std::io::empty()));
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        std::fs::remove_file(path).unwrap();
        Self { child, stdout: Box::new(std::io::empty()), ready: json!({"port": port}) }
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(super) fn port(&self) -> u16 {
        u16::try_from(self.ready["port"].as_u64().unwrap()).unwrap()
    }

    pub(super) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port())).unwrap();
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        stream
    }

    /// Sends a request with the lines of `head` and `body`, and reads the response.
    #[track_caller]
    pub(super) fn send(&self, head: &str, body: &str) -> Response {
        let mut stream = self.connect();
        stream.write_all(&request(head, body)).unwrap();
        Response::read(&mut stream)
    }

    /// Sends a signal, such as `TERM`.
    pub(super) fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.id().to_string()).status().unwrap();
        assert!(sent.success());
    }

    /// Waits until the server accepts no connections.
    #[track_caller]
    pub(super) fn wait_until_closed(&self) {
        let started = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port())).is_ok() {
            assert!(started.elapsed() < TIMEOUT, "the server still accepts connections");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for the exit of the process.
    #[track_caller]
    pub(super) fn wait_for_exit(mut self) -> ProcessOutput {
        collect_output(&mut self.child, &mut self.stdout)
    }

    /// Stops the server with SIGTERM, and returns its exit code and output.
    #[track_caller]
    pub(super) fn stop(self) -> ProcessOutput {
        self.signal("TERM");
        self.wait_for_exit()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the bytes of a request with `Connection: close`; `head` is the request line and more header lines.
pub(super) fn request(head: &str, body: &str) -> Vec<u8> {
    let host = if head.to_lowercase().contains("\nhost:") { "" } else { "Host: 127.0.0.1\r\n" };
    let head = head.replace('\n', "\r\n");
    let length = body.len();
    let common_headers = format!("Authorization: Bearer t\r\nConnection: close\r\nContent-Length: {length}");
    format!("{head}\r\n{host}{common_headers}\r\n\r\n{body}").into_bytes()
}

/// A response as received.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    headers: String,
    pub(super) body: String,
}

impl Response {
    /// Reads until the server closes the connection.
    #[track_caller]
    pub(super) fn read(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let response = String::from_utf8(bytes).unwrap();
        let (headers, body) =
            response.split_once("\r\n\r\n").unwrap_or_else(|| panic!("incomplete response: `{response}`"));
        let status = headers.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, headers: headers.to_owned(), body: body.to_owned() }
    }

    /// Returns the value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.headers.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    #[track_caller]
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}
