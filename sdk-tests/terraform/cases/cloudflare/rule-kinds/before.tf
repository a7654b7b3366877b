terraform {
  required_providers {
    cloudflare = { source = "cloudflare/cloudflare" }
  }
}

provider "cloudflare" {
  api_token = "0123456789abcdefghijklmnopqrstuvwxyzABCD"
}

resource "cloudflare_zero_trust_access_group" "people" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "people"
  include    = [{ email = { email = "ada1@example.com" } }, { cloudflare_account_member = {} }]
  exclude    = [{ email_domain = { domain = "example1.com" } }]
  require    = [{ group = { id = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415" } }]
}

resource "cloudflare_zero_trust_access_group" "places" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "places"
  include    = [{ ip = { ip = "2001:db8:1::/48" } }]
  exclude    = [{ geo = { country_code = "AQ" } }]
  require    = [{ everyone = {} }]
}

resource "cloudflare_zero_trust_access_group" "machines" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "machines"
  include    = [{ service_token = { token_id = "aa0a4aab-672b-4bdb-bc33-a59f1130a111" } }]
  exclude    = [{ any_valid_service_token = {} }]
  require    = [{ certificate = {} }]
}

resource "cloudflare_zero_trust_access_group" "lists" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "lists"
  include    = [{ email_list = { id = "aa0a4aab-672b-4bdb-bc33-a59f1130a111" } }]
  exclude    = [{ ip_list = { id = "aa0a4aab-672b-4bdb-bc33-a59f1130a111" } }]
  require    = [{ device_posture = { integration_uid = "aa0a4aab-672b-4bdb-bc33-a59f1130a111" } }]
}

resource "cloudflare_zero_trust_access_group" "proofs" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "proofs"
  include    = [{ common_name = { common_name = "machine-1.example.com" } }]
  exclude    = [{ auth_method = { auth_method = "hwk" } }]
  require    = [{ saml = { attribute_name = "rank", attribute_value = "sailor 1", identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }]
}

resource "cloudflare_zero_trust_access_group" "logins" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "logins"
  include    = [{ login_method = { id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }]
  exclude    = [{ oidc = { claim_name = "rank", claim_value = "1", identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }]
  require    = [{ auth_context = { id = "aa0a4aab-672b-4bdb-bc33-a59f1130a111", ac_id = "c1", identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }]
}

resource "cloudflare_zero_trust_access_group" "directories" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "directories"
  include    = [{ azure_ad = { id = "aa0a4aab-672b-4bdb-bc33-a59f1130a111", identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }]
  exclude    = [{ okta = { name = "crew 1", identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }]
  require    = [{ gsuite = { email = "crew1@example.com", identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }]
}

resource "cloudflare_zero_trust_access_group" "organizations" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "organizations"
  include    = [{ github_organization = { name = "ship", team = "officers1", identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }]
  exclude    = [{ external_evaluation = { evaluate_url = "https://example.com/1", keys_url = "https://example.com/keys" } }]
  require    = [{ linked_app_token = { app_uid = "aa0a4aab-672b-4bdb-bc33-a59f1130a111" } }]
}

resource "cloudflare_zero_trust_access_group" "risks" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "risks"
  include    = [{ user_risk_score = { user_risk_score = ["low", "unscored"] } }]
}

output "expected_responses" {
  value = {
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups/${cloudflare_zero_trust_access_group.people.id}" = {
      result = {
        include = [{ email = { email = "ada1@example.com" } }, { cloudflare_account_member = {} }]
        exclude = [{ email_domain = { domain = "example1.com" } }]
        require = [{ group = { id = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415" } }]
      }
    }
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups/${cloudflare_zero_trust_access_group.places.id}" = {
      result = {
        include = [{ ip = { ip = "2001:db8:1::/48" } }]
        exclude = [{ geo = { country_code = "AQ" } }]
        require = [{ everyone = {} }]
      }
    }
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups/${cloudflare_zero_trust_access_group.machines.id}" = {
      result = {
        include = [{ service_token = { token_id = "aa0a4aab-672b-4bdb-bc33-a59f1130a111" } }]
        exclude = [{ any_valid_service_token = {} }]
        require = [{ certificate = {} }]
      }
    }
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups/${cloudflare_zero_trust_access_group.lists.id}" = {
      result = {
        include = [{ email_list = { id = "aa0a4aab-672b-4bdb-bc33-a59f1130a111" } }]
        exclude = [{ ip_list = { id = "aa0a4aab-672b-4bdb-bc33-a59f1130a111" } }]
        require = [{ device_posture = { integration_uid = "aa0a4aab-672b-4bdb-bc33-a59f1130a111" } }]
      }
    }
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups/${cloudflare_zero_trust_access_group.proofs.id}" = {
      result = {
        include = [{ common_name = { common_name = "machine-1.example.com" } }]
        exclude = [{ auth_method = { auth_method = "hwk" } }]
        require = [{ saml = { attribute_name = "rank", attribute_value = "sailor 1", identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }]
      }
    }
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups/${cloudflare_zero_trust_access_group.logins.id}" = {
      result = {
        include = [{ login_method = { id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }]
        exclude = [{ oidc = { claim_name = "rank", claim_value = "1", identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }]
        require = [{ auth_context = { id = "aa0a4aab-672b-4bdb-bc33-a59f1130a111", ac_id = "c1", identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }]
      }
    }
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups/${cloudflare_zero_trust_access_group.directories.id}" = {
      result = {
        include = [{ azureAD = { id = "aa0a4aab-672b-4bdb-bc33-a59f1130a111", identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }]
        exclude = [{ okta = { name = "crew 1", identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }]
        require = [{ gsuite = { email = "crew1@example.com", identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }]
      }
    }
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups/${cloudflare_zero_trust_access_group.organizations.id}" = {
      result = {
        include = [{ "github-organization" = { name = "ship", team = "officers1", identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }]
        exclude = [{ external_evaluation = { evaluate_url = "https://example.com/1", keys_url = "https://example.com/keys" } }]
        require = [{ linked_app_token = { app_uid = "aa0a4aab-672b-4bdb-bc33-a59f1130a111" } }]
      }
    }
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups/${cloudflare_zero_trust_access_group.risks.id}" = {
      result = {
        include = [{ user_risk_score = { user_risk_score = ["low", "unscored"] } }]
        exclude = []
        require = []
      }
    }
  }
}
