//! Offloaded work: computations that may take more than a few milliseconds, on the blocking thread pool.
//!
//! The number of concurrent computations is limited, each has a time limit, and it is cancelled when the request that
//! waits for it is dropped because its client disconnected.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;

/// The permits of offloaded computations of one kind.
#[derive(Debug, Clone)]
pub struct Offload(Arc<Semaphore>);

/// A permit to receive a large state.
pub type StatePermit = tokio::sync::OwnedSemaphorePermit;

/// The maximum number of large states that are received and processed at a time.
pub const MAX_LARGE_STATES: usize = 2;

/// The reason why an offloaded computation has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OffloadError {
    /// It took longer than its limit, including the time in which it waited for a permit.
    Timeout,
    /// It panicked.
    Panic,
}

/// A flag by which an offloaded computation finds out that nobody waits for its result.
#[derive(Debug, Clone, Default)]
pub struct Cancellation(Arc<AtomicBool>);

/// Cancels the computation when the request that waits for it is dropped.
#[derive(Debug)]
struct CancelOnDrop(Cancellation);

impl Cancellation {
    /// Returns whether the computation should stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

impl Offload {
    /// Returns permits for half as many concurrent computations as there are processors.
    pub fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self(Arc::new(Semaphore::new((processors / 2).max(1))))
    }

    /// Returns permits for receiving large states.
    pub fn states() -> Self {
        Self(Arc::new(Semaphore::new(MAX_LARGE_STATES)))
    }

    /// Waits for a permit.
    pub async fn acquire(&self) -> StatePermit {
        Arc::clone(&self.0).acquire_owned().await.expect("the semaphore is never closed")
    }

    /// Runs `work` on the blocking thread pool after acquiring a permit, for at most `limit`.
    ///
    /// # Errors
    /// [`OffloadError::Timeout`], after which `work` is cancelled, and [`OffloadError::Panic`].
    pub async fn run<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl FnOnce(&Cancellation) -> T + Send + 'static,
    ) -> Result<T, OffloadError> {
        let cancel_on_drop = CancelOnDrop(Cancellation::default());
        let cancellation = cancel_on_drop.0.clone();
        let offloaded = async move {
            let permit = self.acquire().await;
            let task = tokio::task::spawn_blocking(move || {
                let output = work(&cancellation);
                drop(permit);
                output
            });
            task.await.map_err(|_| OffloadError::Panic)
        };
        tokio::time::timeout(limit, offloaded).await.unwrap_or(Err(OffloadError::Timeout))
    }
}
