//! What a snapshot, a restore, a reset and a whole state cost on a server with many groups, and the first write after
//! each of them, which pays for what they share with the present state.
//!
//! The requests go through the whole router, without a socket. `cargo bench --bench control` takes 100,000 groups, a
//! quarter of them of each dialect; `-- 1000000` takes another number.

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

/// The dialects' writes whose cost may depend on what was done before.
const WRITES: [(&str, &str, &str); 4] = [
    ("cloudflare", "/client/v4/accounts/a/access/groups", r#"{"name":"n","include":[{"everyone":{}}]}"#),
    ("ibm", "/v2/groups?account_id=a", r#"{"name":"n"}"#),
    ("authress", "/v1/groups", r#"{"name":"n","users":[],"admins":[]}"#),
    ("legacy", "/api2/access_groups.json", r#"{"entry":{"name":"n"}}"#),
];

fn main() -> io::Result<()> {
    let count = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(100_000);
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
        self.report("a write that nothing went before", &[])?;
        self.report("snapshot", &[("POST", "/__admin/snapshots/s", String::new())])?;
        self.report("restore", &[("POST", "/__admin/snapshots/s/restore", String::new())])?;
        self.report("reset", &[("POST", "/__admin/reset", String::new())])?;
        self.report("new namespace", &[("GET", "/ns/{round}/__admin/clock", String::new())])?;
        self.report("GET state", &[("GET", "/__admin/state", String::new())])?;
        let state = self.ask("GET", "/__admin/state", String::new()).1;
        let mebibytes = state.len() as f64 / f64::from(1 << 20);
        self.report(&format!("PUT state of {mebibytes:.1} MiB"), &[("PUT", "/__admin/state", state)])
    }

    /// Measures the calls together, and then the first write of each dialect after them.
    fn report(&self, name: &str, calls: &[(&str, &str, String)]) -> io::Result<()> {
        let mut took = [const { Vec::new() }; WRITES.len() + 1];
        for round in 0..ROUNDS {
            let mut all = Duration::ZERO;
            for (method, path, body) in calls {
                all += self.ask(method, &path.replace("{round}", &round.to_string()), body.clone()).0;
            }
            took[0].push(all);
            for (index, (_, path, body)) in WRITES.iter().enumerate() {
                let prefix = if name == "new namespace" { format!("/ns/{round}") } else { String::new() };
                let write = self.ask("POST", &format!("{prefix}{path}"), (*body).to_owned());
                took[index + 1].push(write.0);
            }
        }
        let mut line = format!("{name:36} {:>12}   then a write:", milliseconds(&mut took[0]));
        for (index, (dialect, ..)) in WRITES.iter().enumerate() {
            line.push_str(&format!("  {dialect} {}", milliseconds(&mut took[index + 1])));
        }
        writeln!(io::stdout(), "{line}")
    }

    /// Makes a request, and returns how long it took and the body of its answer.
    fn ask(&self, method: &str, path: &str, body: String) -> (Duration, String) {
        let request = Request::builder().method(method).uri(path).header("host", "localhost");
        let request =
            request.header("authorization", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2lnbmF0dXJl");
        let request =
            request.header("content-type", "application/json").body(Body::from(body)).expect("it is one");
        let router = self.router.clone();
        self.runtime.block_on(async {
            let began = Instant::now();
            let Ok(answer) = router.oneshot(request).await;
            assert!(answer.status().is_success(), "{method} {path} answered {}", answer.status());
            let body = answer.into_body().collect().await.expect("the body is there").to_bytes();
            (began.elapsed(), String::from_utf8_lossy(&body).into_owned())
        })
    }
}

fn milliseconds(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    format!("{:.3} ms", median.as_secs_f64() * 1_000.0)
}

/// A seed with `count` groups, a quarter of them of each dialect.
fn seed(count: u32) -> Value {
    let of = |group: fn(u32) -> Value| (1..=count / 4).map(group).collect::<Vec<_>>();
    json!({
        "cloudflare": {"accounts": {"a": {"access_groups": of(|number| json!({
            "id": format!("00000000-0000-4000-8000-{number:012}"), "name": format!("group {number}"),
            "include": [{"email_domain": {"domain": "example.com"}}]
        }))}}},
        "ibm": {"accounts": {"a": {"groups": of(|number| json!({
            "id": format!("AccessGroupId-{number}"), "name": format!("group {number}"),
            "members": [{"iam_id": format!("IBMid-{}", number % 1_000), "type": "user"}]
        }))}}},
        "authress": {"groups": of(|number| json!({
            "groupId": format!("grp_{number}"), "name": format!("group {number}"),
            "users": [{"userId": "oauth|one"}], "admins": []
        }))},
        "legacy": {"access_groups": of(|number| json!({"id": number, "name": format!("group {number}")}))}
    })
}
