//! A separate namespace of the mock server for each test, and clients for it.

use std::time::Duration;

use authress::{AuthressClient, AuthressSettings};
use reqwest::header::{HeaderMap, HeaderValue};

/// The namespace of one test; the server creates it when its path prefix `/ns/NAME` is first used.
pub struct Namespace {
    /// The base URL, without a trailing slash.
    pub url: String,
}

impl Namespace {
    /// Returns the namespace of the running test.
    pub fn for_current_test() -> Self {
        let prefix = std::env::var("MOCK_NAMESPACE_PREFIX").expect("sdk-tests/run sets the variable");
        let thread = std::thread::current();
        Self { url: format!("{prefix}.{}", thread.name().expect("tests have names").replace("::", "-")) }
    }

    /// Returns a client whose requests have a timeout and contain `fault` in the header `X-Mock-Fault`.
    pub fn client_with_fault_and_timeout(&self, fault: &'static str, timeout: Duration) -> AuthressClient {
        let mut headers = HeaderMap::new();
        headers.insert("x-mock-fault", HeaderValue::from_static(fault));
        let http = reqwest::Client::builder().default_headers(headers).timeout(timeout).build();
        let mut settings = AuthressSettings::new(self.url.clone(), "any".to_owned());
        settings.client = http.expect("the client has valid settings");
        AuthressClient::new(&settings)
    }

    /// Returns a client whose requests contain `fault` in the header `X-Mock-Fault`.
    pub fn client_with_fault(&self, fault: &'static str) -> AuthressClient {
        self.client_with_fault_and_timeout(fault, Duration::from_secs(30))
    }

    /// Returns a client with default settings.
    pub fn client(&self) -> AuthressClient {
        AuthressClient::new(&AuthressSettings::new(self.url.clone(), "any".to_owned()))
    }

    /// Returns the number of received requests to `operation`.
    pub async fn requests(&self, operation: &str) -> u64 {
        let response = reqwest::Client::new()
            .post(format!("{}/__admin/requests/count", self.url))
            .json(&serde_json::json!({ "operation": operation }))
            .send()
            .await
            .expect("the server responds");
        let count: serde_json::Value = response.json().await.expect("the response is JSON");
        count["count"].as_u64().expect("the count is a number")
    }
}
