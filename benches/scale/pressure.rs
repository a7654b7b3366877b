//! Measures the latency of a writer of the same namespace and a reader of another one during slow searches, over
//! sockets.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use access_groups_mock::{App, Config, serve};
use tokio::sync::oneshot;

use crate::calls::{create_request, request};
use crate::client::{Request, TOKEN, next_host, quantile};
use crate::seeds::{self, ACCOUNT, ibm_id};

/// The duration of each measurement, and the pause of the writer and the reader between two requests.
const ROUND: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(1);

/// Measures with `size` groups from the seed in the file `seed`, on a server with two threads.
pub(crate) fn run(size: u32, seed: &Path) -> io::Result<()> {
    let app = App::new(Config::default(), seeds::read(seed)).map_err(io::Error::other)?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let server = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        runtime.block_on(async move {
            let stopped = async {
                let _ = stopped.await;
            };
            serve(tokio::net::TcpListener::from_std(listener)?, &app, stopped).await
        })
    });
    for scans in [0, 1, 4] {
        measure(address, size, scans)?;
    }
    drop(stop);
    server.join().map_err(|_| io::Error::other("the server panicked"))?
}

/// Measures while `scans` clients search continuously.
fn measure(address: SocketAddr, size: u32, scans: u32) -> io::Result<()> {
    let (stop, done) = (AtomicBool::new(false), AtomicU32::new(0));
    let search = request("GET", format!("/v2/groups?account_id={ACCOUNT}&search=description:nowhere"), "");
    let read = request("GET", format!("/ns/other/v2/groups/{}", ibm_id(size / 2)), "");
    let (writes, reads) = thread::scope(|scope| {
        for _ in 0..scans {
            scope.spawn(|| {
                let mut connection = Connection::new(address)?;
                while !stop.load(Ordering::Relaxed) {
                    connection.send(&search)?;
                    done.fetch_add(1, Ordering::Relaxed);
                }
                io::Result::Ok(())
            });
        }
        let writes = scope.spawn(|| measure_repeatedly(address, &create_request("ibm")));
        let reads = scope.spawn(|| measure_repeatedly(address, &read));
        let both = (writes.join(), reads.join());
        stop.store(true, Ordering::Relaxed);
        both
    });
    for (name, times) in [("write in the same namespace", writes), ("read in another namespace", reads)] {
        let mut times = times.map_err(|_| io::Error::other("a client panicked"))??;
        let mut milliseconds = |q| quantile(&mut times, q).as_secs_f64() * 1_000.0;
        let (median, p99, max) = (milliseconds(0.5), milliseconds(0.99), milliseconds(1.0));
        let searches = done.load(Ordering::Relaxed);
        writeln!(io::stdout(), "{scans}\t{searches}\t{name}\t{median:.2}\t{p99:.2}\t{max:.2}")?;
    }
    Ok(())
}

/// Repeats a request for a round, and returns the elapsed times.
fn measure_repeatedly(address: SocketAddr, request: &Request) -> io::Result<Vec<Duration>> {
    let mut connection = Connection::new(address)?;
    let round_started = Instant::now();
    let mut times = Vec::new();
    while round_started.elapsed() < ROUND {
        let started = Instant::now();
        connection.send(request)?;
        times.push(started.elapsed());
        thread::sleep(PAUSE);
    }
    Ok(times)
}

/// A keep-alive connection.
struct Connection(TcpStream);

impl Connection {
    fn new(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self(stream))
    }

    /// Sends a request, reads the complete response, and returns an error unless it is a success.
    fn send(&mut self, request: &Request) -> io::Result<()> {
        let Request { method, path, body, .. } = request;
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: {TOKEN}\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}",
            next_host()
        );
        self.0.write_all(request.as_bytes())?;
        let mut received = Vec::new();
        let mut buffer = [0; 16 * 1024];
        loop {
            let count = self.0.read(&mut buffer)?;
            received.extend_from_slice(&buffer[..count]);
            let end = received.windows(4).position(|bytes| bytes == b"\r\n\r\n");
            let Some(end) = end.filter(|_| count > 0) else {
                if count == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                continue;
            };
            let headers = String::from_utf8_lossy(&received[..end]).to_lowercase();
            let length = headers.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
            let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
            if received.len() >= end + 4 + length {
                let is_success = headers.starts_with("http/1.1 2");
                return if is_success { Ok(()) } else { Err(io::Error::other(headers)) };
            }
        }
    }
}
