//! The arguments that change the responses of a mock: those of the server, and of a replay against a mock.

use access_groups_mock::{
    AuthMode, CloudflareConfig, Config, Fidelity, IbmConfig, IsDefaultShape, RuleCheck, ScopeShape,
};

use super::arg_values::{Auth, FidelityName, IsDefault, Rules, Scope};
use super::parse;

/// The arguments that change the responses of a mock.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct ResponseArgs {
    /// Authentication mode.
    #[arg(long, env = "AGM_AUTH", value_enum, default_value_t = Auth::Lenient)]
    auth: Auth,
    /// Behavior where a vendor's document and its live service disagree; see docs/dialects.md.
    #[arg(long, env = "AGM_FIDELITY", value_enum, default_value_t = FidelityName::Documented)]
    fidelity: FidelityName,
    /// Base URL of links in responses, such as `https://mock.test`; the host of the request by default.
    #[arg(long, env = "AGM_PUBLIC_URL", value_name = "URL", value_parser = parse::public_url)]
    public_url: Option<String>,
    /// Maximum size of a request body in bytes.
    #[arg(long, env = "AGM_BODY_LIMIT", value_name = "BYTES", default_value_t = 1024 * 1024)]
    body_limit: usize,
    /// Format of Cloudflare's `is_default` in responses; the default is `array`, or `omit` with `--fidelity live`.
    #[arg(long, env = "AGM_CLOUDFLARE_IS_DEFAULT", value_enum)]
    cloudflare_is_default: Option<IsDefault>,
    /// Format of the `scope` of Cloudflare's resource groups in responses.
    #[arg(long, env = "AGM_CLOUDFLARE_SCOPE", value_enum, default_value_t = Scope::Mirror)]
    cloudflare_scope: Scope,
    /// Validation of the rules of Cloudflare's Access groups.
    #[arg(long, env = "AGM_CLOUDFLARE_RULES", value_enum, default_value_t = Rules::Lenient)]
    cloudflare_rules: Rules,
    /// Duration of an assignment of an IBM template, such as `5s`.
    #[arg(long, env = "AGM_IBM_ASSIGNMENT_TIME", value_name = "DURATION", default_value = "0s")]
    ibm_assignment_time: access_groups_mock::HumanDuration,
}

impl ResponseArgs {
    /// Returns the configuration of a mock with these arguments; everything else has its default.
    pub(super) fn into_config(self) -> Config {
        Config {
            auth: match self.auth {
                Auth::Lenient => AuthMode::Lenient,
                Auth::Off => AuthMode::Off,
                Auth::Strict => AuthMode::Strict,
            },
            fidelity: match self.fidelity {
                FidelityName::Documented => Fidelity::Documented,
                FidelityName::Live => Fidelity::Live,
            },
            cloudflare: self.cloudflare(),
            public_url: self.public_url,
            body_limit: self.body_limit,
            ibm: IbmConfig { assignment_time: self.ibm_assignment_time.duration() },
            ..Config::default()
        }
    }

    /// Returns the settings of the Cloudflare dialect.
    fn cloudflare(&self) -> CloudflareConfig {
        CloudflareConfig {
            is_default: self.cloudflare_is_default.map(|it| match it {
                IsDefault::Array => IsDefaultShape::Array,
                IsDefault::Bool => IsDefaultShape::Bool,
                IsDefault::Omit => IsDefaultShape::Omit,
            }),
            scope: match self.cloudflare_scope {
                Scope::Mirror => ScopeShape::Mirror,
                Scope::Object => ScopeShape::Object,
                Scope::Array => ScopeShape::Array,
            },
            rules: match self.cloudflare_rules {
                Rules::Any => RuleCheck::Any,
                Rules::Lenient => RuleCheck::Lenient,
                Rules::Strict => RuleCheck::Strict,
            },
        }
    }
}
