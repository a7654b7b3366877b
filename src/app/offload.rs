//! Offloaded work: computations that may take more than a few milliseconds, on the blocking thread pool.
//!
//! The number of concurrent computations is limited, each has a time limit, and it is cancelled when the request that
//! waits for it is dropped because its client disconnected.

use std::any::Any;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinError;

/// The permits of offloaded computations of one kind.
///
/// They are created by the first computation: to count the processors takes some twenty system calls on Linux, and most
/// servers offload nothing.
#[derive(Debug, Clone)]
pub struct Offload(Arc<LazyLock<Arc<Semaphore>>>);

/// Output whose type is erased.
type ErasedOutput = Box<dyn Any + Send>;

/// Work whose types are erased.
type ErasedWork = Box<dyn FnOnce(&Cancellation) -> ErasedOutput + Send>;

/// A permit of one computation, or to receive a large state.
pub type Permit = tokio::sync::OwnedSemaphorePermit;

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
        Self(Arc::new(LazyLock::new(|| {
            let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
            Arc::new(Semaphore::new((processors / 2).max(1)))
        })))
    }

    /// Returns permits for receiving large states.
    pub fn states() -> Self {
        Self(Arc::new(LazyLock::new(|| Arc::new(Semaphore::new(MAX_LARGE_STATES)))))
    }

    /// Waits for a permit.
    pub async fn acquire(&self) -> Permit {
        Arc::clone(&**self.0).acquire_owned().await.expect("the semaphore is never closed")
    }

    /// Runs `work` on the blocking thread pool after acquiring a permit, for at most `limit`.
    ///
    /// # Errors
    /// [`OffloadError::Timeout`], after which `work` is cancelled, and [`OffloadError::Panic`].
    pub fn run<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl FnOnce(&Cancellation) -> T + Send + 'static,
    ) -> impl Future<Output = Result<T, OffloadError>> + Send {
        let work = move |cancellation: &Cancellation| Box::new(work(cancellation)) as ErasedOutput;
        let output = self.run_erased(limit, Box::new(work));
        async move { Ok(downcast(output.await?)) }
    }

    /// Runs `work` on the blocking thread pool, after it has waited for a permit for at most `limit`. Once it has started, it
    /// is completed, because it changes something: an error means that nothing was changed.
    ///
    /// # Errors
    /// [`OffloadError::Timeout`] if it has not started, and [`OffloadError::Panic`].
    pub fn complete<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> impl Future<Output = Result<T, OffloadError>> + Send {
        let output = self.complete_erased(limit, Box::new(move || Box::new(work())));
        async move { Ok(downcast(output.await?)) }
    }

    /// Does the same as [`Offload::complete`], for work of any type, so that the task is compiled only once.
    async fn complete_erased(
        &self,
        limit: Duration,
        work: Box<dyn FnOnce() -> ErasedOutput + Send>,
    ) -> Result<ErasedOutput, OffloadError> {
        let permit = tokio::time::timeout(limit, self.acquire()).await.map_err(|_| OffloadError::Timeout)?;
        let task = tokio::task::spawn_blocking(move || {
            let output = work();
            drop(permit);
            output
        });
        task.await.map_err(|_| OffloadError::Panic)
    }

    /// Does the same as [`Offload::run`], for work of any type, so that the task is compiled only once.
    async fn run_erased(&self, limit: Duration, work: ErasedWork) -> Result<ErasedOutput, OffloadError> {
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

/// Runs `work` on the blocking thread pool, also if nobody waits for its output. Its types are erased, so that the task is
/// compiled only once.
///
/// # Errors
/// [`JoinError`] if it panics.
pub fn spawn_blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> impl Future<Output = Result<T, JoinError>> + Send {
    let work: Box<dyn FnOnce() -> ErasedOutput + Send> = Box::new(move || Box::new(work()));
    let task = tokio::task::spawn_blocking(work);
    async move { Ok(downcast(task.await?)) }
}

/// Returns the output of work that returns a `T`.
fn downcast<T: 'static>(output: ErasedOutput) -> T {
    *output.downcast().expect("the work returns a `T`")
}

#[cfg(test)]
mod tests {
    use std::thread::sleep;

    use tokio::sync::oneshot;

    use super::*;

    /// Returns work that ends only when it is cancelled, and the events of its start and end.
    fn endless() -> (impl FnOnce(&Cancellation) + Send + 'static, [oneshot::Receiver<()>; 2]) {
        let ((started_tx, started), (ended_tx, ended)) = (oneshot::channel(), oneshot::channel());
        let work = move |cancellation: &Cancellation| {
            let _ = started_tx.send(());
            while !cancellation.is_cancelled() {
                sleep(Duration::from_millis(1));
            }
            let _ = ended_tx.send(());
        };
        (work, [started, ended])
    }

    #[tokio::test]
    async fn work_beyond_its_limit_is_cancelled() {
        let offload = Offload::new();
        let (work, [_, ended]) = endless();

        let result = offload.run(Duration::from_millis(200), work).await;

        assert_eq!(result, Err(OffloadError::Timeout));
        ended.await.unwrap();
    }

    #[tokio::test]
    async fn work_is_cancelled_with_its_request_and_returns_its_permit() {
        let offload = Offload::new();
        let permits = offload.0.available_permits();
        let (work, [started, ended]) = endless();
        let mut request = Box::pin(offload.run(Duration::MAX, work));
        tokio::select! {
            _ = &mut request => panic!("the work has ended"),
            started = started => started.unwrap(),
        }
        assert_eq!(offload.0.available_permits(), permits - 1);

        drop(request);

        ended.await.unwrap();
        let all = offload.0.acquire_many(u32::try_from(permits).unwrap()).await;
        assert!(all.is_ok());
    }

    #[tokio::test]
    async fn the_limit_includes_waiting_for_a_permit() {
        let offload = Offload::new();
        let permits = u32::try_from(offload.0.available_permits()).unwrap();
        let all = Arc::clone(&**offload.0).acquire_many_owned(permits).await.unwrap();

        let result = offload.run(Duration::from_millis(20), |_| panic!("it runs without a permit")).await;

        assert_eq!(result, Err::<(), _>(OffloadError::Timeout));
        drop(all);
        assert_eq!(offload.run(Duration::MAX, |_| 7).await, Ok(7));
    }

    #[tokio::test]
    async fn work_that_changes_something_is_completed_once_it_has_started() {
        let offload = Offload::new();
        let permits = u32::try_from(offload.0.available_permits()).unwrap();
        let slow = || {
            sleep(Duration::from_millis(200));
            7
        };

        let late = offload.complete(Duration::from_millis(20), slow).await;
        let all = Arc::clone(&**offload.0).acquire_many_owned(permits).await.unwrap();
        let waiting =
            offload.complete(Duration::from_millis(20), || panic!("it runs without a permit")).await;

        assert_eq!((late, waiting), (Ok(7), Err::<(), _>(OffloadError::Timeout)));
        drop(all);
        let panicked = offload.complete(Duration::MAX, || panic!("expected by the test")).await;
        assert_eq!(panicked, Err::<(), _>(OffloadError::Panic));
        assert_eq!(offload.0.available_permits(), permits as usize);
    }

    #[tokio::test]
    async fn a_panic_is_an_error_and_returns_the_permit() {
        let offload = Offload::new();
        let permits = offload.0.available_permits();

        let result = offload.run(Duration::MAX, |_| panic!("expected by the test")).await;

        assert_eq!(result, Err::<(), _>(OffloadError::Panic));
        assert_eq!(offload.0.available_permits(), permits);
    }
}
