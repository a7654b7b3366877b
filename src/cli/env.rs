//! The `env` command: the environment variables that configure clients for a server.
//!
//! Each variable is read by a client, which the comment above it names. Only the `AGM_` variables are defined here.

use std::fmt::Write as _;
use std::path::Path;

use access_groups_mock::validate_namespace_name;

use super::args::{EnvArgs, EnvFormat};
use super::error::{CliError, FAILED, INVALID_ARGUMENTS};

/// A test key in the format with which the Authress SDKs sign tokens.
const AUTHRESS_KEY: &str =
    "sc_test.key1.acc-test.MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

/// The account of an IBM caller whose token contains no account.
const IBM_ACCOUNT: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

/// Prints the variables, or writes the IBM configuration file.
pub(super) fn print(args: &EnvArgs) -> Result<(), CliError> {
    let base = base_url(&args.server.url, args.namespace.as_deref())?;
    if let Some(path) = &args.ibm_config {
        return write_ibm_config(path, &base);
    }
    super::error::print(&format_variables(&variables(&args.server.url, &base), args.format))
}

/// Returns the base URL of a namespace, or the URL of the server without a namespace.
fn base_url(url: &str, namespace: Option<&str>) -> Result<String, CliError> {
    let Some(name) = namespace else { return Ok(url.to_owned()) };
    validate_namespace_name(name)
        .map_err(|reason| CliError::new(INVALID_ARGUMENTS, format!("--namespace {name}: {reason}")))?;
    Ok(format!("{url}/ns/{name}"))
}

/// Returns the variables for the server at `url` and the namespace at `base`.
pub(super) fn variables(url: &str, base: &str) -> Vec<(&'static str, String)> {
    let base = base.to_owned();
    let cloudflare = format!("{base}/client/v4");
    vec![
        ("AGM_URL", url.to_owned()),
        // cloudflare for Python and Node, cloudflare-go since 2, terraform-provider-cloudflare 5.
        ("CLOUDFLARE_BASE_URL", cloudflare),
        ("CLOUDFLARE_API_TOKEN", "any".to_owned()),
        // IBM platform-services SDKs: the properties of each service, read by the SDK core of every language.
        ("IAM_ACCESS_GROUPS_URL", base.clone()),
        ("IAM_ACCESS_GROUPS_AUTH_TYPE", "iam".to_owned()),
        ("IAM_ACCESS_GROUPS_APIKEY", "any".to_owned()),
        ("IAM_ACCESS_GROUPS_AUTH_URL", base.clone()),
        // terraform-provider-ibm, `ibm/conns/config.go`.
        ("IBMCLOUD_IAM_API_ENDPOINT", base.clone()),
        ("IBMCLOUD_USER_MANAGEMENT_ENDPOINT", base.clone()),
        ("IC_API_KEY", "any".to_owned()),
        // The Authress SDKs read no URL from the environment; the Terraform provider reads the key.
        ("AUTHRESS_KEY", AUTHRESS_KEY.to_owned()),
        ("AUTHRESS_API_URL", base),
    ]
}

fn format_variables(variables: &[(&str, String)], format: EnvFormat) -> String {
    let mut text = String::new();
    match format {
        EnvFormat::Shell => variables.iter().for_each(|(name, value)| {
            let _ = writeln!(text, "export {name}='{}'", value.replace('\'', r"'\''"));
        }),
        EnvFormat::Dotenv | EnvFormat::Github => variables.iter().for_each(|(name, value)| {
            let _ = writeln!(text, "{name}={value}");
        }),
        EnvFormat::Json => {
            let fields = variables.iter().map(|(name, value)| ((*name).to_owned(), value.clone().into()));
            let object: serde_json::Map<String, serde_json::Value> = fields.collect();
            let _ = writeln!(text, "{}", serde_json::Value::Object(object));
        }
    }
    text
}

/// Writes the configuration file that IBM's integration test suites require, with the properties of all of them.
fn write_ibm_config(path: &Path, base: &str) -> Result<(), CliError> {
    let text = format!(
        "IAM_ACCESS_GROUPS_URL={base}\n\
         IAM_ACCESS_GROUPS_AUTH_TYPE=iam\n\
         IAM_ACCESS_GROUPS_APIKEY=any\n\
         IAM_ACCESS_GROUPS_AUTH_URL={base}\n\
         IAM_ACCESS_GROUPS_TEST_ACCOUNT_ID={IBM_ACCOUNT}\n\
         IAM_ACCESS_GROUPS_TEST_POLICY_TEMPLATE_ID=policyTemplateId-1\n\
         IAM_ACCESS_GROUPS_TEST_ACCOUNT_GROUP_ID=account-group-1\n\
         IAM_ACCESS_GROUPS_TEST_PROFILE_ID=iam-Profile-1\n"
    );
    std::fs::write(path, text).map_err(|error| CliError::new(FAILED, format!("{}: {error}", path.display())))
}
