//! The variables that point clients at a server.
//!
//! Each name is one that a client reads; where it was found stands beside it. `AGM_` names are this server's own.

use std::fmt::Write as _;
use std::path::Path;

use access_groups_mock::check_namespace_name;

use super::args::{EnvArgs, EnvFormat};
use super::{Exit, FAILED, WRONG_ARGUMENTS};

/// A key in the form that Authress' SDKs sign tokens with, made for tests.
const AUTHRESS_KEY: &str =
    "sc_test.key1.acc-test.MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

/// The account of an IBM caller whose token names none.
const IBM_ACCOUNT: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

/// Prints what `env` is asked for.
pub(super) fn print(args: &EnvArgs) -> Result<(), Exit> {
    let base = base_of(&args.server.url, args.namespace.as_deref())?;
    if let Some(path) = &args.ibm_config {
        return write_ibm_config(path, &base);
    }
    super::print(&written(&variables(&args.server.url, &base), args.format))
}

/// The URL of a namespace.
fn base_of(url: &str, namespace: Option<&str>) -> Result<String, Exit> {
    let Some(name) = namespace else { return Ok(url.to_owned()) };
    check_namespace_name(name)
        .map_err(|reason| Exit::new(WRONG_ARGUMENTS, format!("--namespace {name}: {reason}")))?;
    Ok(format!("{url}/ns/{name}"))
}

/// The variables for the server at `url`, whose namespace is at `base`.
pub(super) fn variables(url: &str, base: &str) -> Vec<(&'static str, String)> {
    let base = base.to_owned();
    let cloudflare = format!("{base}/client/v4");
    vec![
        ("AGM_URL", url.to_owned()),
        // cloudflare for Python and Node, cloudflare-go from 2 on, terraform-provider-cloudflare 5.
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
        // Authress' SDKs read no URL from the environment; its Terraform provider reads the key.
        ("AUTHRESS_KEY", AUTHRESS_KEY.to_owned()),
        ("AUTHRESS_API_URL", base),
    ]
}

fn written(variables: &[(&str, String)], format: EnvFormat) -> String {
    let mut text = String::new();
    match format {
        EnvFormat::Shell => variables.iter().for_each(|(name, value)| {
            let _ = writeln!(text, "export {name}='{}'", value.replace('\'', r"'\''"));
        }),
        EnvFormat::Dotenv | EnvFormat::Github => variables.iter().for_each(|(name, value)| {
            let _ = writeln!(text, "{name}={value}");
        }),
        EnvFormat::Json => {
            let members = variables.iter().map(|(name, value)| ((*name).to_owned(), value.clone().into()));
            let object: serde_json::Map<String, serde_json::Value> = members.collect();
            let _ = writeln!(text, "{}", serde_json::Value::Object(object));
        }
    }
    text
}

/// Writes the file that IBM's integration suites insist on, with all the properties that any of them reads.
fn write_ibm_config(path: &Path, base: &str) -> Result<(), Exit> {
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
    std::fs::write(path, text).map_err(|error| Exit::new(FAILED, format!("{}: {error}", path.display())))
}
