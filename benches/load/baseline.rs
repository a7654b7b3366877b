//! The baseline of `benches/load/run`: a bare axum router whose routes return prepared responses.
//!
//! `bare-axum PORT ROUTES` serves 127.0.0.1 until it is killed. ROUTES is a JSON file with a list of
//! `{"method", "path", "status", "headers": [[NAME, VALUE], …], "body"}`; the paths are axum routes.

use std::io::{self, Write};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Method, Response, StatusCode};
use axum::routing::{MethodFilter, MethodRouter, on};
use axum::serve::ListenerExt;
use serde::Deserialize;
use tokio::net::TcpListener;

/// One operation and its response.
#[derive(Deserialize)]
struct Route {
    method: String,
    path: String,
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// A prepared response; a clone copies only pointers.
#[derive(Clone)]
struct PreparedResponse {
    status: StatusCode,
    headers: &'static [(HeaderName, HeaderValue)],
    body: Bytes,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(port), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err(io::Error::other("usage: bare-axum PORT ROUTES"));
    };
    let port: u16 = port.parse().map_err(io::Error::other)?;
    let routes: Vec<Route> = serde_json::from_slice(&std::fs::read(file)?)?;
    let mut router = Router::new();
    for route in routes {
        router = router.route(&route.path, method_router(&route)?);
    }
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    writeln!(io::stdout(), "{{\"event\":\"ready\",\"port\":{}}}", listener.local_addr()?.port())?;
    let listener = listener.tap_io(|stream| {
        // Small responses must not wait for the acknowledgement of the previous one.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, router).await
}

fn method_router(route: &Route) -> io::Result<MethodRouter> {
    let method: Method = route.method.parse().map_err(io::Error::other)?;
    let filter = MethodFilter::try_from(method.clone()).map_err(io::Error::other)?;
    let prepared = PreparedResponse::new(route)?;
    if method == Method::GET || method == Method::HEAD {
        return Ok(on(filter, async move || prepared.response()));
    }
    // The body is read, because any handler that creates something has to read it.
    Ok(on(filter, async move |body: Bytes| {
        drop(body);
        prepared.response()
    }))
}

impl PreparedResponse {
    fn new(route: &Route) -> io::Result<Self> {
        let header = |(name, value): &(String, String)| {
            let name: HeaderName = name.parse().map_err(io::Error::other)?;
            Ok((name, HeaderValue::from_str(value).map_err(io::Error::other)?))
        };
        let headers: Vec<_> = route.headers.iter().map(header).collect::<io::Result<_>>()?;
        Ok(Self {
            status: StatusCode::from_u16(route.status).map_err(io::Error::other)?,
            headers: headers.leak(),
            body: Bytes::from(route.body.clone()),
        })
    }

    fn response(&self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.status_mut() = self.status;
        for (name, value) in self.headers {
            response.headers_mut().append(name, value.clone());
        }
        response
    }
}
