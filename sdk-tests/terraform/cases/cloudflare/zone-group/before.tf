terraform {
  required_providers {
    cloudflare = { source = "cloudflare/cloudflare" }
  }
}

provider "cloudflare" {
  api_token = "0123456789abcdefghijklmnopqrstuvwxyzABCD"
}

resource "cloudflare_zero_trust_access_group" "office" {
  zone_id = "9a7806061c88ada191ed06f989cc3dac"
  name    = "office"
  include = [{ ip = { ip = "192.0.2.0/24" } }]
}

output "expected_responses" {
  value = {
    "/client/v4/zones/9a7806061c88ada191ed06f989cc3dac/access/groups/${cloudflare_zero_trust_access_group.office.id}" = {
      result = {
        name    = "office"
        include = [{ ip = { ip = "192.0.2.0/24" } }]
      }
    }
  }
}
