terraform {
  required_providers {
    cloudflare = { source = "cloudflare/cloudflare" }
  }
}

provider "cloudflare" {
  api_token = "0123456789abcdefghijklmnopqrstuvwxyzABCD"
}

locals {
  account = "023e105f4ecef8ad9ca31a8372d0c353"
  lists   = "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353"
}

resource "cloudflare_zero_trust_access_group" "crew" {
  account_id = local.account
  name       = "crew"
  include    = [{ email_domain = { domain = "example.com" } }]
}

resource "cloudflare_zero_trust_access_identity_provider" "pin" {
  account_id = local.account
  name       = "One-time PIN"
  type       = "onetimepin"
  config     = {}
}

resource "cloudflare_zero_trust_access_policy" "crew" {
  account_id = local.account
  name       = "crew"
  decision   = "deny"
  include    = [{ group = { id = cloudflare_zero_trust_access_group.crew.id } }]
}

resource "cloudflare_zero_trust_access_application" "site" {
  account_id   = local.account
  name         = "new site"
  type         = "self_hosted"
  domain       = "site.example.com"
  allowed_idps = [cloudflare_zero_trust_access_identity_provider.pin.id]
  policies     = [{ id = cloudflare_zero_trust_access_policy.crew.id, precedence = 1 }]
}

output "expected_responses" {
  value = {
    "${local.lists}/access/policies/${cloudflare_zero_trust_access_policy.crew.id}" = {
      result = { name = "crew", include = [{ group = { id = cloudflare_zero_trust_access_group.crew.id } }] }
    }
    "${local.lists}/access/apps/${cloudflare_zero_trust_access_application.site.id}" = {
      result = { name = "new site", domain = "site.example.com" }
    }
    "${local.lists}/access/identity_providers/${cloudflare_zero_trust_access_identity_provider.pin.id}" = {
      result = { name = "One-time PIN", type = "onetimepin" }
    }
  }
}
