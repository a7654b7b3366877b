//! `serve`: one way to run a server, shared by the binary, the fixture and the tests.

use std::future::Future;
use std::io;
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower::make::Shared;

use crate::app::App;
use crate::router::{front, router};

/// How long requests in flight may go on after the shutdown began.
const GRACE: Duration = Duration::from_secs(10);

/// Serves `app` on `listener` until `shutdown` is done; then requests in flight finish, for at most 10 s.
///
/// # Errors
/// What the listener reports.
pub async fn serve(listener: TcpListener, app: &App, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    let (stop, mut stopped) = watch::channel(());
    let listener = listener.tap_io(|stream| {
        // Small answers must not wait for the acknowledgement of the one before.
        let _ = stream.set_nodelay(true);
    });
    let stopped = async move {
        let _ = stopped.changed().await;
    };
    let serving = if app.config().cors.is_empty() {
        // Without CORS nothing stands around the front, and a router in between would only cost time.
        let service = Shared::new(front(app));
        tokio::spawn(axum::serve(listener, service).with_graceful_shutdown(stopped).into_future())
    } else {
        tokio::spawn(axum::serve(listener, router(app)).with_graceful_shutdown(stopped).into_future())
    };
    tokio::pin!(serving);
    tokio::select! {
        ended = &mut serving => return ended.map_err(io::Error::other)?,
        () = shutdown => {}
    }
    let _ = stop.send(());
    match tokio::time::timeout(GRACE, serving).await {
        Ok(ended) => ended.map_err(io::Error::other)?,
        Err(_) => {
            tracing::warn!("requests were still in flight after {} s and are cut off", GRACE.as_secs());
            Ok(())
        }
    }
}
