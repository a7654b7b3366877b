terraform {
  required_providers {
    cloudflare = { source = "cloudflare/cloudflare" }
  }
}

provider "cloudflare" {
  api_token = "0123456789abcdefghijklmnopqrstuvwxyzABCD"
}

resource "cloudflare_zero_trust_access_identity_provider" "pin" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "One-time pin"
  type       = "onetimepin"
  config     = {}
}

resource "cloudflare_zero_trust_access_group" "crew" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "crew"
  include    = [{ login_method = { id = cloudflare_zero_trust_access_identity_provider.pin.id } }]
}

resource "cloudflare_zero_trust_access_policy" "crew" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "new site"
  decision   = "deny"
  include    = [{ group = { id = cloudflare_zero_trust_access_group.crew.id } }]
}

resource "cloudflare_zero_trust_access_application" "site" {
  account_id   = "023e105f4ecef8ad9ca31a8372d0c353"
  name         = "new site"
  domain       = "site.example.com"
  type         = "self_hosted"
  allowed_idps = [cloudflare_zero_trust_access_identity_provider.pin.id]
  policies     = [{ id = cloudflare_zero_trust_access_policy.crew.id, precedence = 1 }]
}

output "expected_responses" {
  value = {
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/identity_providers/${cloudflare_zero_trust_access_identity_provider.pin.id}" = {
      result = { name = "One-time pin", type = "onetimepin" }
    }
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/policies/${cloudflare_zero_trust_access_policy.crew.id}" = {
      result = {
        decision = "deny"
        include  = [{ group = { id = cloudflare_zero_trust_access_group.crew.id } }]
      }
    }
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/apps/${cloudflare_zero_trust_access_application.site.id}" = {
      result = { name = "new site", domain = "site.example.com" }
    }
  }
}
