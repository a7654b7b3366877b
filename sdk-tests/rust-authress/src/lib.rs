//! A mock of its own for each test, and clients of it.

use std::time::Duration;

use authress::{AuthressClient, AuthressSettings};
use reqwest::header::{HeaderMap, HeaderValue};

/// One test's mock; the prefix `/ns/NAME` makes it at its first use.
pub struct Space {
    /// Its address, without a slash at the end.
    pub url: String,
}

impl Space {
    /// Returns the mock of the running test.
    pub fn of_this_test() -> Self {
        let base = std::env::var("MOCK_SPACE").expect("sdk-tests/run sets it");
        let thread = std::thread::current();
        Self { url: format!("{base}.{}", thread.name().expect("tests have names").replace("::", "-")) }
    }

    /// Returns a client whose requests all carry `fault`, and wait no longer than `patience`.
    pub fn client_with(&self, fault: &'static str, patience: Duration) -> AuthressClient {
        let mut headers = HeaderMap::new();
        headers.insert("x-mock-fault", HeaderValue::from_static(fault));
        let http = reqwest::Client::builder().default_headers(headers).timeout(patience).build();
        let mut settings = AuthressSettings::new(self.url.clone(), "any".to_owned());
        settings.client = http.expect("it can be built");
        AuthressClient::new(&settings)
    }

    /// Returns a client whose requests all carry `fault`.
    pub fn faulty_client(&self, fault: &'static str) -> AuthressClient {
        self.client_with(fault, Duration::from_secs(30))
    }

    /// Returns a client.
    pub fn client(&self) -> AuthressClient {
        AuthressClient::new(&AuthressSettings::new(self.url.clone(), "any".to_owned()))
    }

    /// Returns how many requests to `operation` arrived.
    pub async fn requests(&self, operation: &str) -> u64 {
        let answer = reqwest::Client::new()
            .post(format!("{}/__admin/requests/count", self.url))
            .json(&serde_json::json!({ "operation": operation }))
            .send()
            .await
            .expect("the server answers");
        let count: serde_json::Value = answer.json().await.expect("it is JSON");
        count["count"].as_u64().expect("it is a number")
    }
}
