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
  name       = "crew"

  include {
    email_domain = ["example.com"]
  }
}

output "expected_responses" {
  value = {
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups/${cloudflare_access_group.crew.id}" = {
      success = true
      result = {
        name    = "crew"
        include = [{ email_domain = { domain = "example.com" } }]
        exclude = []
        require = []
      }
    }
  }
}
