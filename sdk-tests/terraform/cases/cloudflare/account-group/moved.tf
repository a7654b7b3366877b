terraform {
  required_providers {
    cloudflare = { source = "cloudflare/cloudflare" }
  }
}

provider "cloudflare" {
  api_token = "0123456789abcdefghijklmnopqrstuvwxyzABCD"
}

moved {
  from = cloudflare_zero_trust_access_group.crew
  to   = cloudflare_zero_trust_access_group.sailors
}

resource "cloudflare_zero_trust_access_group" "sailors" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "crew and officers"
  include    = [{ email = { email = "ada@example.com" } }, { email = { email = "cleo@example.com" } }]
  exclude    = [{ geo = { country_code = "AQ" } }]
  require = [{
    saml = {
      attribute_name       = "rank"
      attribute_value      = "sailor"
      identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761"
    }
  }]
}

output "expected_responses" {
  value = {
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups/${cloudflare_zero_trust_access_group.sailors.id}" = {
      success = true
      result = {
        name    = "crew and officers"
        include = [{ email = { email = "ada@example.com" } }, { email = { email = "cleo@example.com" } }]
        exclude = [{ geo = { country_code = "AQ" } }]
        require = [{
          saml = {
            attribute_name       = "rank"
            attribute_value      = "sailor"
            identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761"
          }
        }]
      }
    }
  }
}
