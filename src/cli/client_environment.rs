//! The environment variables that configure clients for a server: those that are set, and those of other credentials
//! and endpoints, which are removed because clients prefer them or refuse the combination.
//!
//! Each variable is read by a client, which the comment above it names. Only the `AGM_` variables are defined here.

use std::fmt::Write as _;

/// A test key in the format with which the Authress SDKs sign tokens.
const AUTHRESS_KEY: &str =
    "sc_test.key1.acc-test.MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

/// The account of an IBM caller whose token contains no account.
const IBM_ACCOUNT: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

/// A token with the length that terraform-provider-cloudflare 2.13 and 4 require; the server accepts any.
const CLOUDFLARE_TOKEN: &str = "any-token-with-the-length-that-is-needed";

/// The services of IBM's platform-services SDKs that the server has: the prefixes of their variables, and the paths of
/// their URLs.
const IBM_SERVICES: [(&str, &str); 6] = [
    ("IAM_ACCESS_GROUPS", ""),
    ("IAM_IDENTITY", ""),
    ("IAM_POLICY_MANAGEMENT", ""),
    ("USER_MANAGEMENT", ""),
    ("RESOURCE_MANAGER", ""),
    ("ENTERPRISE_MANAGEMENT", "/v1"),
];

/// The hosts that clients reach without a proxy.
const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "::1"];

/// The variables that are removed, because they lead a client to another credential than that of the mock.
pub(super) const REMOVED: [&str; 22] = [
    // cloudflare for Python 5 drops the token if CLOUDFLARE_EMAIL is set, and sends the key besides the token; the SDKs
    // for Node and Go and terraform-provider-cloudflare 5 send all credentials that are set.
    "CLOUDFLARE_API_KEY",
    "CLOUDFLARE_EMAIL",
    "CLOUDFLARE_API_USER_SERVICE_KEY",
    // cloudflare for Python 2 and cli4 read these if those without an abbreviation are not set.
    "CLOUDFLARE_API_CERTKEY",
    "CF_API_CERTKEY",
    "CF_API_EMAIL",
    "CF_API_KEY",
    "CF_API_TOKEN",
    // terraform-provider-ibm 1.89 sends these tokens, or assumes these profiles, instead of using the API key.
    "IC_IAM_TOKEN",
    "IBMCLOUD_IAM_TOKEN",
    "IC_IAM_REFRESH_TOKEN",
    "IBMCLOUD_IAM_REFRESH_TOKEN",
    "IC_IAM_PROFILE_ID",
    "IBMCLOUD_IAM_PROFILE_ID",
    "IC_IAM_PROFILE_NAME",
    "IBMCLOUD_IAM_PROFILE_NAME",
    // It requests its tokens from the private endpoint, or from that of this file, in spite of the variable for the
    // endpoint, and ends if the file is missing. bluemix-go reads the same file.
    "IC_VISIBILITY",
    "IBMCLOUD_VISIBILITY",
    "IC_ENDPOINTS_FILE_PATH",
    "IBMCLOUD_ENDPOINTS_FILE_PATH",
    // bluemix-go sends this user and password instead of the API key.
    "IBMID",
    "IBMID_PASSWORD",
];

/// Returns the variables for the server at `url` and the namespace at `base`. `ibm_credentials` is the file that contains
/// the properties of IBM's services; `current` returns a variable of this process.
pub(super) fn variables(
    url: &str,
    base: &str,
    ibm_credentials: &str,
    current: impl Fn(&str) -> Option<String>,
) -> Vec<(String, String)> {
    let cloudflare = format!("{base}/client/v4");
    let mut variables = vec![
        ("AGM_URL".to_owned(), url.to_owned()),
        // cloudflare for Python and Node, cloudflare-go since 2, terraform-provider-cloudflare 5.
        ("CLOUDFLARE_BASE_URL".to_owned(), cloudflare.clone()),
        // cloudflare for Python 2 and cli4.
        ("CLOUDFLARE_API_URL".to_owned(), cloudflare.clone()),
        // @distilled.cloud/cloudflare, cloudflare-operator.
        ("CLOUDFLARE_API_BASE_URL".to_owned(), cloudflare),
        ("CLOUDFLARE_API_TOKEN".to_owned(), CLOUDFLARE_TOKEN.to_owned()),
    ];
    variables.extend(ibm_properties(base));
    let more = [
        // The SDK core of every language prefers this file to the variables above, and it to the file
        // `ibm-credentials.env` in the working directory or the home directory.
        ("IBM_CREDENTIALS_FILE", ibm_credentials),
        // terraform-provider-ibm, `ibm/conns/config.go`; bluemix-go, `endpoints/endpoints.go`.
        ("IBMCLOUD_IAM_API_ENDPOINT", base),
        ("IBMCLOUD_IAMPAP_API_ENDPOINT", base),
        ("IBMCLOUD_USER_MANAGEMENT_ENDPOINT", base),
        ("IBMCLOUD_RESOURCE_MANAGEMENT_API_ENDPOINT", base),
        ("IBMCLOUD_ACCOUNT_MANAGEMENT_API_ENDPOINT", base),
        ("IBMCLOUD_ENTERPRISE_API_ENDPOINT", &format!("{base}/v1")),
        ("IC_API_KEY", "any"),
        // The Authress SDKs read no URL from the environment; the Terraform provider reads the key.
        ("AUTHRESS_KEY", AUTHRESS_KEY),
        ("AUTHRESS_API_URL", base),
    ];
    variables.extend(more.map(|(name, value)| (name.to_owned(), value.to_owned())));
    variables.extend(without_proxies(current));
    variables
}

/// Returns both spellings of the variable with the hosts that clients reach without a proxy.
///
/// Clients read one of them first, and the other only if the first is unset: a spelling that is unset or empty gets the
/// hosts of the other one, so that it does not hide them.
fn without_proxies(current: impl Fn(&str) -> Option<String>) -> [(String, String); 2] {
    let own = |name| current(name).filter(|hosts| !hosts.trim().is_empty());
    [("NO_PROXY", "no_proxy"), ("no_proxy", "NO_PROXY")].map(|(name, other)| {
        let hosts = own(name).or_else(|| own(other)).unwrap_or_default();
        (name.to_owned(), with_loopback(&hosts))
    })
}

/// Returns a list of hosts without a proxy with the loopback hosts.
fn with_loopback(hosts: &str) -> String {
    let mut hosts = hosts.trim().to_owned();
    for host in LOOPBACK {
        if !hosts.split(',').any(|it| it.trim() == host) {
            let separator = if hosts.is_empty() { "" } else { "," };
            let _ = write!(hosts, "{separator}{host}");
        }
    }
    hosts
}

/// Returns the properties of IBM's services, as the SDK core of every language reads them.
fn ibm_properties(base: &str) -> Vec<(String, String)> {
    let properties = |(service, path): &(&str, &str)| {
        let url = format!("{base}{path}");
        let properties = [("URL", url.as_str()), ("AUTH_TYPE", "iam"), ("APIKEY", "any"), ("AUTH_URL", base)];
        properties.map(|(name, value)| (format!("{service}_{name}"), value.to_owned()))
    };
    IBM_SERVICES.iter().flat_map(properties).collect()
}

/// Returns the content of the file with the properties of IBM's services, including those that IBM's integration test
/// suites require.
pub(super) fn ibm_credentials(base: &str) -> String {
    let mut text = String::new();
    for (name, value) in ibm_properties(base) {
        let _ = writeln!(text, "{name}={value}");
    }
    let _ = write!(
        text,
        "IAM_ACCESS_GROUPS_TEST_ACCOUNT_ID={IBM_ACCOUNT}\n\
         IAM_ACCESS_GROUPS_TEST_POLICY_TEMPLATE_ID=policyTemplateId-1\n\
         IAM_ACCESS_GROUPS_TEST_ACCOUNT_GROUP_ID=account-group-1\n\
         IAM_ACCESS_GROUPS_TEST_PROFILE_ID=iam-Profile-1\n"
    );
    text
}
