//! Requests with a long body: what follows once it has been read runs on the blocking thread pool.
//!
//! Parsing, validating and storing a long body takes milliseconds, in which a thread of the runtime could serve hundreds
//! of other requests. Imports `app`.

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::error::Elapsed;
use tokio::time::{sleep, timeout_at};

use crate::app::App;
use crate::app::offload::spawn_blocking;

/// The length of a body in bytes up to which it is processed on a thread of the runtime. The slowest body of this length,
/// for which the legacy dialect fills in the fields of many customers, takes about a millisecond.
pub const MAX_INLINE_BODY: usize = 4 * 1024;

/// Whether the handler of a request has read a long body.
#[derive(Debug, Default)]
pub struct LongBody(AtomicBool);

impl LongBody {
    /// Interrupts the handler once if `length` is that of a long body, so that [`run`] can move it.
    pub(super) async fn interrupt(&self, length: usize) {
        if length <= MAX_INLINE_BODY {
            return;
        }
        let mut is_interrupted = false;
        poll_fn(|task| {
            if std::mem::replace(&mut is_interrupted, true) {
                return Poll::Ready(());
            }
            self.0.store(true, Ordering::Relaxed);
            task.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    fn is_read(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Awaits `handler` for at most `limit`, and polls it on the blocking thread pool once it has read a long body.
///
/// That poll is not limited: it ends by itself, and may have written when the limit is reached. It does not start if the
/// limit is reached, or the client disconnects, while it waits for a permit.
///
/// # Errors
/// [`Elapsed`] after `limit`.
///
/// # Panics
/// Panics if `handler` does.
pub async fn run<F>(
    mut handler: F,
    long_body: &LongBody,
    app: &App,
    limit: Duration,
) -> Result<F::Output, Elapsed>
where
    F: Future<Output: Send> + Send + Unpin + 'static,
{
    let deadline = sleep(limit).deadline();
    let until_long_body = poll_fn(|task| {
        if !long_body.is_read()
            && let Poll::Ready(output) = handler.poll_unpin(task)
        {
            return Poll::Ready(Some(output));
        }
        if long_body.is_read() { Poll::Ready(None) } else { Poll::Pending }
    });
    if let Some(output) = timeout_at(deadline, until_long_body).await? {
        return Ok(output);
    }
    let permit = timeout_at(deadline, app.body_permit()).await?;
    let offloaded = spawn_blocking(move || {
        let output = (&mut handler).now_or_never();
        drop(permit);
        output.ok_or(handler)
    });
    match offloaded.await {
        Ok(Ok(output)) => Ok(output),
        Ok(Err(handler)) => timeout_at(deadline, handler).await,
        Err(error) => std::panic::resume_unwind(match error.try_into_panic() {
            Ok(panic) => panic,
            Err(error) => Box::new(error),
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::Arc;
    use std::thread::{ThreadId, current};

    use super::*;
    use crate::config::Config;
    use crate::domain::seed::Seed;

    fn app() -> App {
        App::new(Config::default(), Seed::default()).unwrap()
    }

    /// Returns a handler that reads a body of `length`, and returns the threads before and afterwards.
    fn handler(
        long_body: Arc<LongBody>,
        length: usize,
    ) -> Pin<Box<impl Future<Output = [ThreadId; 3]> + Send + 'static>> {
        Box::pin(async move {
            let before = current().id();
            long_body.interrupt(length).await;
            let after = current().id();
            // A handler may wait for something else afterwards.
            sleep(Duration::from_millis(1)).await;
            [before, after, current().id()]
        })
    }

    #[tokio::test]
    async fn only_a_long_body_is_processed_on_another_thread() {
        for (length, is_offloaded) in [(MAX_INLINE_BODY, false), (MAX_INLINE_BODY + 1, true)] {
            let long_body = Arc::new(LongBody::default());
            let handler = handler(Arc::clone(&long_body), length);

            let [before, after, end] = run(handler, &long_body, &app(), Duration::MAX).await.unwrap();

            assert_eq!((before, end), (current().id(), current().id()));
            assert_eq!(after != before, is_offloaded, "{length}");
        }
    }

    #[tokio::test]
    async fn a_handler_that_waits_for_a_permit_too_long_processes_nothing() {
        let (app, long_body, is_processed) =
            (app(), Arc::new(LongBody::default()), Arc::new(AtomicBool::new(false)));
        let permits: Vec<_> = std::iter::from_fn(|| app.body_permit().now_or_never()).collect();
        let (body_of_handler, processed) = (Arc::clone(&long_body), Arc::clone(&is_processed));
        let handler = Box::pin(async move {
            body_of_handler.interrupt(usize::MAX).await;
            processed.store(true, Ordering::Relaxed);
        });

        let result = run(handler, &long_body, &app, Duration::from_millis(20)).await;

        assert!(result.is_err());
        drop(permits);
        assert!(!is_processed.load(Ordering::Relaxed));
    }

    #[tokio::test]
    #[should_panic(expected = "expected by the test")]
    async fn a_panic_is_that_of_the_handler() {
        let long_body = Arc::new(LongBody::default());
        let body_of_handler = Arc::clone(&long_body);
        let handler = Box::pin(async move {
            body_of_handler.interrupt(usize::MAX).await;
            panic!("expected by the test");
        });

        let _ = run(handler, &long_body, &app(), Duration::MAX).await;
    }
}
