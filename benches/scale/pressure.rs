//! What a slow search does to others: to a writer of the same namespace and to a reader of another one, over sockets.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use access_groups_mock::{App, Config, serve};
use tokio::sync::oneshot;

use crate::calls::{creation, with};
use crate::client::{Asked, TOKEN, at_part};
use crate::seeds::{self, ACCOUNT, ibm_id};

/// How long each measurement takes, and how long the writer and the reader rest between two requests.
const ROUND: Duration = Duration::from_secs(5);
const REST: Duration = Duration::from_millis(1);

/// Measures with `size` groups from the seed in the file `seed`, on a server of two threads.
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

/// Measures while `scans` clients search without an end.
fn measure(address: SocketAddr, size: u32, scans: u32) -> io::Result<()> {
    let (stop, done) = (AtomicBool::new(false), AtomicU32::new(0));
    let search = with("GET", format!("/v2/groups?account_id={ACCOUNT}&search=description:nowhere"), "");
    let read = with("GET", format!("/ns/other/v2/groups/{}", ibm_id(size / 2)), "");
    let (writes, reads) = thread::scope(|scope| {
        for _ in 0..scans {
            scope.spawn(|| {
                let mut connection = Connection::new(address)?;
                while !stop.load(Ordering::Relaxed) {
                    connection.ask(&search)?;
                    done.fetch_add(1, Ordering::Relaxed);
                }
                io::Result::Ok(())
            });
        }
        let writes = scope.spawn(|| repeated(address, &creation("ibm")));
        let reads = scope.spawn(|| repeated(address, &read));
        let both = (writes.join(), reads.join());
        stop.store(true, Ordering::Relaxed);
        both
    });
    for (name, times) in [("a write beside them", writes), ("a read in another namespace", reads)] {
        let mut times = times.map_err(|_| io::Error::other("a client panicked"))??;
        let mut part = |part| at_part(&mut times, part).as_secs_f64() * 1_000.0;
        let (median, p99, longest) = (part(0.5), part(0.99), part(1.0));
        let searches = done.load(Ordering::Relaxed);
        writeln!(io::stdout(), "{scans}\t{searches}\t{name}\t{median:.2}\t{p99:.2}\t{longest:.2}")?;
    }
    Ok(())
}

/// Makes a request again and again, and returns how long each took.
fn repeated(address: SocketAddr, asked: &Asked) -> io::Result<Vec<Duration>> {
    let mut connection = Connection::new(address)?;
    let began = Instant::now();
    let mut times = Vec::new();
    while began.elapsed() < ROUND {
        let asking = Instant::now();
        connection.ask(asked)?;
        times.push(asking.elapsed());
        thread::sleep(REST);
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

    /// Makes a request that succeeds, and reads the whole answer.
    fn ask(&mut self, asked: &Asked) -> io::Result<()> {
        let Asked { method, path, body, .. } = asked;
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: {TOKEN}\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        self.0.write_all(request.as_bytes())?;
        let mut read = Vec::new();
        let mut buffer = [0; 16 * 1024];
        loop {
            let count = self.0.read(&mut buffer)?;
            read.extend_from_slice(&buffer[..count]);
            let head = read.windows(4).position(|bytes| bytes == b"\r\n\r\n");
            let Some(head) = head.filter(|_| count > 0) else {
                if count == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                continue;
            };
            let text = String::from_utf8_lossy(&read[..head]).to_lowercase();
            let length = text.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
            let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
            if read.len() >= head + 4 + length {
                let is_sound = text.starts_with("http/1.1 2");
                return if is_sound { Ok(()) } else { Err(io::Error::other(text)) };
            }
        }
    }
}
