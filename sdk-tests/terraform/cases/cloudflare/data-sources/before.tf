terraform {
  required_providers {
    cloudflare = { source = "cloudflare/cloudflare" }
  }
}

provider "cloudflare" {
  api_token = "0123456789abcdefghijklmnopqrstuvwxyzABCD"
}

resource "cloudflare_zero_trust_access_group" "teams" {
  count      = 2
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "team ${count.index}"
  include    = [{ everyone = {} }]
}

data "cloudflare_zero_trust_access_group" "first" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  group_id   = cloudflare_zero_trust_access_group.teams[0].id

  lifecycle {
    postcondition {
      condition     = self.name == "team 0" && self.include[0].everyone != null
      error_message = "the group must be read by its id"
    }
  }
}

data "cloudflare_zero_trust_access_groups" "all" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  depends_on = [cloudflare_zero_trust_access_group.teams]

  lifecycle {
    postcondition {
      condition     = sort(self.result[*].name) == tolist(["Allow devs", "team 0", "team 1"])
      error_message = "all groups of the account must be listed"
    }
  }
}

data "cloudflare_zero_trust_access_groups" "named" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = cloudflare_zero_trust_access_group.teams[1].name

  lifecycle {
    postcondition {
      condition     = self.result[*].name == tolist(["team 1"])
      error_message = "the group must be found by its name"
    }
  }
}

data "cloudflare_zero_trust_access_group" "office" {
  zone_id  = "9a7806061c88ada191ed06f989cc3dac"
  group_id = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415"

  lifecycle {
    postcondition {
      condition     = self.name == "Office network"
      error_message = "the group of the zone must be read"
    }
  }
}

data "cloudflare_zero_trust_access_groups" "of_zone" {
  zone_id = "9a7806061c88ada191ed06f989cc3dac"

  lifecycle {
    postcondition {
      condition     = self.result[*].name == tolist(["Office network"])
      error_message = "the groups of the zone must be listed"
    }
  }
}

data "cloudflare_account_permission_groups" "all" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
}

data "cloudflare_account_permission_group" "reader" {
  account_id          = "023e105f4ecef8ad9ca31a8372d0c353"
  permission_group_id = "6d7f2f5f5b1d4a0e9081fdc98d432fd1"

  lifecycle {
    postcondition {
      condition     = self.name == data.cloudflare_account_permission_groups.all.result[0].name
      error_message = "the permission group must be the one that is listed"
    }
  }
}

data "cloudflare_resource_groups" "all" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
}

data "cloudflare_resource_group" "production" {
  account_id        = "023e105f4ecef8ad9ca31a8372d0c353"
  resource_group_id = "023e105f4ecef8ad9ca31a8372d0c353"

  lifecycle {
    postcondition {
      condition     = self.name == "Production zones" && contains(data.cloudflare_resource_groups.all.result[*].name, self.name)
      error_message = "the resource group must be the one that is listed"
    }
  }
}

output "expected_responses" {
  value = {
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups/${cloudflare_zero_trust_access_group.teams[0].id}" = {
      result = { name = "team 0" }
    }
  }
}
