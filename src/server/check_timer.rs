//! `CheckTimer`: the time of hyper's pings, which the checks of a connection for activity advance.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::rt::{Sleep, Timer};

use super::connection::ConnectionHandle;

/// A timer whose time is that of the last check for activity.
///
/// hyper asks for the time and polls its sleep several times for each request of HTTP/2, if it sends pings.
#[derive(Clone)]
pub(super) struct CheckTimer {
    handle: ConnectionHandle,
    started: Instant,
    /// The time between two checks.
    interval: Duration,
}

/// Ends with the first poll after the check at its deadline. A check wakes the task of the connection, which polls this.
struct CheckSleep {
    timer: CheckTimer,
    deadline: Instant,
}

impl CheckTimer {
    /// Returns the timer of a connection whose maximum idle time is `limit`.
    pub(super) fn new(handle: ConnectionHandle, limit: Duration) -> Self {
        Self { handle, started: Instant::now(), interval: ConnectionHandle::check_interval(limit) }
    }
}

impl Timer for CheckTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(self.now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(CheckSleep { timer: self.clone(), deadline })
    }

    fn now(&self) -> Instant {
        self.started + self.interval * self.handle.checks()
    }
}

impl Future for CheckSleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.timer.now() >= self.deadline { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Sleep for CheckSleep {}
