//! Measures snapshots, restores, resets and state exports and imports on a server with many groups, and the first write
//! after each, which copies the data shared with the current state.
//!
//! The requests go through the whole router, without a socket. `cargo bench --bench control` uses 100,000 groups, a
//! quarter for each dialect; `-- 1000000` sets another number.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use access_groups_mock::{App, Config, Seed, router};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

const ROUNDS: usize = 15;

/// One write of each dialect; its cost may depend on the operation before.
const WRITES: [(&str, &str, &str); 4] = [
    ("cloudflare", "/client/v4/accounts/a/access/groups", r#"{"name":"n","include":[{"everyone":{}}]}"#),
    ("ibm", "/v2/groups?account_id=a", r#"{"name":"n"}"#),
    ("authress", "/v1/groups", r#"{"name":"n","users":[],"admins":[]}"#),
    ("legacy", "/api2/access_groups.json", r#"{"entry":{"name":"n"}}"#),
];

fn main() -> io::Result<()> {
    let count = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(100_000);
    let seed = Seed::parse(&seed(count).to_string()).map_err(io::Error::other)?;
    let app = App::new(Config::default(), seed).map_err(io::Error::other)?;
    let bench = Bench { router: router(&app), runtime: tokio::runtime::Runtime::new()? };
    writeln!(io::stdout(), "{count} groups, medians of {ROUNDS} rounds")?;
    bench.run()
}

struct Bench {
    router: Router,
    runtime: tokio::runtime::Runtime,
}

impl Bench {
    fn run(&self) -> io::Result<()> {
        self.report("no operation before", &[])?;
        self.report("snapshot", &[("POST", "/__admin/snapshots/s", String::new())])?;
        self.report("restore", &[("POST", "/__admin/snapshots/s/restore", String::new())])?;
        self.report("reset", &[("POST", "/__admin/reset", String::new())])?;
        self.report("new namespace", &[("GET", "/ns/{round}/__admin/clock", String::new())])?;
        self.report("GET state", &[("GET", "/__admin/state", String::new())])?;
        let state = self.send("GET", "/__admin/state", String::new()).1;
        let mebibytes = state.len() as f64 / f64::from(1 << 20);
        self.report(&format!("PUT state of {mebibytes:.1} MiB"), &[("PUT", "/__admin/state", state)])
    }

    /// Measures the requests together, and then the first write of each dialect after them.
    fn report(&self, name: &str, requests: &[(&str, &str, String)]) -> io::Result<()> {
        let mut times = [const { Vec::new() }; WRITES.len() + 1];
        for round in 0..ROUNDS {
            let mut total = Duration::ZERO;
            for (method, path, body) in requests {
                total += self.send(method, &path.replace("{round}", &round.to_string()), body.clone()).0;
            }
            times[0].push(total);
            for (index, (_, path, body)) in WRITES.iter().enumerate() {
                let prefix = if name == "new namespace" { format!("/ns/{round}") } else { String::new() };
                let write = self.send("POST", &format!("{prefix}{path}"), (*body).to_owned());
                times[index + 1].push(write.0);
            }
        }
        let mut line = format!("{name:36} {:>12}   then one write:", milliseconds(&mut times[0]));
        for (index, (dialect, ..)) in WRITES.iter().enumerate() {
            line.push_str(&format!("  {dialect} {}", milliseconds(&mut times[index + 1])));
        }
        writeln!(io::stdout(), "{line}")
    }

    /// Sends a request, and returns the elapsed time and the body of the response.
    fn send(&self, method: &str, path: &str, body: String) -> (Duration, String) {
        let request = Request::builder().method(method).uri(path).header("host", "localhost");
        let request =
            request.header("authorization", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2lnbmF0dXJl");
        let request = request
            .header("content-type", "application/json")
            .body(Body::from(body))
            .expect("the request is valid");
        let router = self.router.clone();
        self.runtime.block_on(async {
            let started = Instant::now();
            let Ok(response) = router.oneshot(request).await;
            assert!(response.status().is_success(), "{method} {path} returned {}", response.status());
            let body = response.into_body().collect().await.expect("the body is complete").to_bytes();
            (started.elapsed(), String::from_utf8_lossy(&body).into_owned())
        })
    }
}

fn milliseconds(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    format!("{:.3} ms", median.as_secs_f64() * 1_000.0)
}

/// Returns a seed with `count` groups, a quarter for each dialect.
fn seed(count: u32) -> Value {
    let list = |group: fn(u32) -> Value| (1..=count / 4).map(group).collect::<Vec<_>>();
    json!({
        "cloudflare": {"accounts": {"a": {"access_groups": list(|number| json!({
            "id": format!("00000000-0000-4000-8000-{number:012}"), "name": format!("group {number}"),
            "include": [{"email_domain": {"domain": "example.com"}}]
        }))}}},
        "ibm": {"accounts": {"a": {"groups": list(|number| json!({
            "id": format!("AccessGroupId-{number}"), "name": format!("group {number}"),
            "members": [{"iam_id": format!("IBMid-{}", number % 1_000), "type": "user"}]
        }))}}},
        "authress": {"groups": list(|number| json!({
            "groupId": format!("grp_{number}"), "name": format!("group {number}"),
            "users": [{"userId": "oauth|one"}], "admins": []
        }))},
        "legacy": {"access_groups": list(|number| json!({"id": number, "name": format!("group {number}")}))}
    })
}
