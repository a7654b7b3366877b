//! `LogQueue`: log lines that a thread writes to standard error, so that no request waits for their reader.
//!
//! The first line starts the thread, because most servers log nothing.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use access_groups_mock::MAX_LOG_BYTES;
use parking_lot::{Condvar, Mutex};
use tracing_subscriber::fmt::MakeWriter;

/// Log lines that are not written yet.
#[derive(Clone)]
pub(super) struct LogQueue(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    /// Where the lines are written; the thread locks it for as long as the process runs.
    output: Mutex<Box<dyn Write + Send>>,
    /// Returns the line that reports dropped lines, given their number.
    report: fn(u64) -> String,
}

#[derive(Debug, Default)]
struct State {
    lines: VecDeque<Vec<u8>>,
    bytes: usize,
    dropped: u64,
    has_thread: bool,
    is_writing: bool,
}

impl LogQueue {
    /// Returns a queue of lines for `output`. If lines were dropped, `report` of their number is written.
    pub(super) fn new(output: impl Write + Send + 'static, report: fn(u64) -> String) -> Self {
        let output: Mutex<Box<dyn Write + Send>> = Mutex::new(Box::new(output));
        Self(Arc::new(Shared { state: Mutex::default(), changed: Condvar::new(), output, report }))
    }

    /// Appends a line, or drops it if the queue has [`MAX_LOG_BYTES`].
    pub(super) fn push(&self, line: &[u8]) {
        let mut state = self.0.state.lock();
        if !state.has_thread {
            let writer = self.clone();
            let thread = std::thread::Builder::new().name("log".to_owned());
            // If no thread can be created, the next line tries it again.
            state.has_thread = thread.spawn(move || writer.write_lines()).is_ok();
        }
        if state.bytes + line.len() > MAX_LOG_BYTES {
            state.dropped += 1;
            return;
        }
        state.bytes += line.len();
        state.lines.push_back(line.to_vec());
        self.0.changed.notify_all();
    }

    /// Waits until all lines are written, for at most `limit`.
    pub(super) fn flush(&self, limit: Duration) {
        let mut state = self.0.state.lock();
        let is_pending = |state: &mut State| !state.lines.is_empty() || state.is_writing;
        self.0.changed.wait_while_for(&mut state, is_pending, limit);
    }

    /// Writes the lines for as long as the process runs. An error loses only its line.
    fn write_lines(&self) {
        let mut output = self.0.output.lock();
        loop {
            let (lines, dropped) = self.next_lines();
            for line in lines {
                let _ = output.write_all(&line);
            }
            if dropped > 0 {
                let _ = output.write_all((self.0.report)(dropped).as_bytes());
            }
            let _ = output.flush();
        }
    }

    /// Waits for lines, and takes all of them with the number of dropped ones.
    fn next_lines(&self) -> (VecDeque<Vec<u8>>, u64) {
        let mut state = self.0.state.lock();
        state.is_writing = false;
        self.0.changed.notify_all();
        self.0.changed.wait_while(&mut state, |state| state.lines.is_empty());
        state.is_writing = true;
        state.bytes = 0;
        (std::mem::take(&mut state.lines), std::mem::take(&mut state.dropped))
    }
}

impl fmt::Debug for LogQueue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("LogQueue").field(&self.0.state).finish()
    }
}

impl<'a> MakeWriter<'a> for LogQueue {
    type Writer = LineWriter<'a>;

    fn make_writer(&'a self) -> LineWriter<'a> {
        LineWriter(self)
    }
}

/// The writer of one line, which the formatter writes at once.
#[derive(Debug)]
pub(super) struct LineWriter<'a>(&'a LogQueue);

impl Write for LineWriter<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.push(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// A reader that takes one line for each message.
    struct Blocked(mpsc::Receiver<()>, mpsc::Sender<String>);

    impl Write for Blocked {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            self.0.recv().map_err(|_| io::ErrorKind::BrokenPipe)?;
            let _ = self.1.send(String::from_utf8_lossy(line).into_owned());
            Ok(line.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_without_a_reader_are_dropped_above_the_maximum_and_counted() {
        let (unblock, blocked) = mpsc::channel();
        let (written_tx, written) = mpsc::channel();
        let queue = LogQueue::new(Blocked(blocked, written_tx), |lines| format!("{lines} dropped\n"));

        queue.push(b"first\n");
        queue.flush(Duration::from_millis(20));
        for _ in 0..5 {
            queue.push(&vec![b'x'; MAX_LOG_BYTES / 3]);
        }
        queue.flush(Duration::from_millis(20));
        for _ in 0..5 {
            unblock.send(()).unwrap();
        }
        queue.flush(Duration::from_secs(20));

        let lengths: Vec<usize> = written.try_iter().map(|line| line.len()).collect();
        assert_eq!(
            lengths,
            [6, MAX_LOG_BYTES / 3, MAX_LOG_BYTES / 3, MAX_LOG_BYTES / 3, "2 dropped\n".len()]
        );
    }
}
