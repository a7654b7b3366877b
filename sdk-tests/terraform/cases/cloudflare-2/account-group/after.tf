terraform {
  required_providers {
    cloudflare = { source = "cloudflare/cloudflare" }
  }
}

provider "cloudflare" {
  api_token = "0123456789abcdefghijklmnopqrstuvwxyzABCD"
}

resource "cloudflare_access_group" "crew" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "crew and officers"

  include {
    email = ["ada@example.com", "cleo@example.com"]
  }
  exclude {
    geo = ["AQ"]
  }
  require {
    saml {
      attribute_name       = "rank"
      attribute_value      = "sailor"
      identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761"
    }
  }
}

output "expected_responses" {
  value = {
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups/${cloudflare_access_group.crew.id}" = {
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
