//! `NewStreams`: the requests of an HTTP/2 connection that are not started yet.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::task::AtomicWaker;
use hyper::rt::Executor;
use parking_lot::Mutex;

/// The maximum number of requests that are started before the connection sends responses.
const MAX_STARTED: usize = 16;

/// A future that responds to a request of HTTP/2.
type StreamTask = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The requests of an HTTP/2 connection that are not started yet.
///
/// Each is polled first by the task of its connection, as with HTTP/1.1, because most responses are ready then: a task
/// for each would cost more, and the threads would wake each other. Only the others get a task.
pub(super) struct NewStreams {
    queue: Arc<Queue>,
    state: Arc<ConnectionWaker>,
    /// The waker of `state`.
    waker: Waker,
}

/// Hands the requests of a connection to its [`NewStreams`].
///
/// The requests contain this executor, so that it must not own them.
#[derive(Clone)]
pub(super) struct StreamExecutor(Weak<Queue>);

#[derive(Default)]
struct Queue {
    /// Whether the connection has had a request of HTTP/2.
    is_used: AtomicBool,
    streams: Mutex<VecDeque<StreamTask>>,
}

/// Wakes the task of a connection, except while it polls the connection: a response that is ready when its request
/// starts is sent by the next poll.
#[derive(Default)]
struct ConnectionWaker {
    state: AtomicU8,
    task: AtomicWaker,
}

// The states of a `ConnectionWaker`.
const WAITING: u8 = 0;
const POLLED: u8 = 1;
const WOKEN: u8 = 2;

impl Wake for ConnectionWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.state.swap(WOKEN, Ordering::AcqRel) == WAITING {
            self.task.wake();
        }
    }
}

impl<F: Future<Output = ()> + Send + 'static> Executor<F> for StreamExecutor {
    fn execute(&self, stream: F) {
        if let Some(queue) = self.0.upgrade() {
            queue.streams.lock().push_back(Box::pin(stream));
            queue.is_used.store(true, Ordering::Relaxed);
        }
    }
}

impl Default for NewStreams {
    fn default() -> Self {
        let state = Arc::<ConnectionWaker>::default();
        let waker = Waker::from(Arc::clone(&state));
        Self { queue: Arc::default(), state, waker }
    }
}

impl NewStreams {
    /// Returns the executor of the connection.
    pub(super) fn executor(&self) -> StreamExecutor {
        StreamExecutor(Arc::downgrade(&self.queue))
    }

    /// Polls `connection`, and starts its new requests of HTTP/2.
    pub(super) fn poll_connection<C: Future>(
        &self,
        mut connection: Pin<&mut C>,
        context: &mut Context<'_>,
    ) -> Poll<C::Output> {
        if !self.is_used() {
            let polled = connection.as_mut().poll(context);
            if !self.is_used() {
                return polled;
            }
            if polled.is_ready() {
                return self.start_all(polled);
            }
            self.start_some();
        }
        self.state.task.register(context.waker());
        loop {
            self.state.state.swap(POLLED, Ordering::AcqRel);
            let polled = connection.as_mut().poll(&mut Context::from_waker(&self.waker));
            if polled.is_ready() {
                return self.start_all(polled);
            }
            if !self.start_some() {
                break;
            }
        }
        let waiting = self.state.state.compare_exchange(POLLED, WAITING, Ordering::AcqRel, Ordering::Acquire);
        if waiting.is_err() {
            context.waker().wake_by_ref();
        }
        Poll::Pending
    }

    fn is_used(&self) -> bool {
        self.queue.is_used.load(Ordering::Relaxed)
    }

    /// Starts all new requests: a request is executed also if its connection has ended.
    fn start_all<T>(&self, ended: T) -> T {
        while self.start_some() {}
        ended
    }

    /// Starts some new requests, and returns whether there were any.
    fn start_some(&self) -> bool {
        for started in 0..MAX_STARTED {
            let Some(mut stream) = self.next() else { return started > 0 };
            // The task of a request that is not ready polls it again, and is woken.
            if stream.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
                tokio::spawn(stream);
            }
        }
        true
    }

    fn next(&self) -> Option<StreamTask> {
        self.queue.streams.lock().pop_front()
    }
}
