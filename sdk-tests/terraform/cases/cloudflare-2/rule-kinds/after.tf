terraform {
  required_providers {
    cloudflare = { source = "cloudflare/cloudflare" }
  }
}

provider "cloudflare" {
  api_token = "0123456789abcdefghijklmnopqrstuvwxyzABCD"
}

resource "cloudflare_access_group" "people" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "people"

  include {
    email = ["ada2@example.com"]
  }
  exclude {
    email_domain = ["example2.com"]
  }
  require {
    group = ["f174e90a-fafe-4643-bbbc-4a0ed4fc8415"]
  }
}

resource "cloudflare_access_group" "places" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "places"

  include {
    ip = ["2001:db8:2::/48"]
  }
  exclude {
    geo = ["AQ", "IS"]
  }
  require {
    everyone = true
  }
}

resource "cloudflare_access_group" "machines" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "machines"

  include {
    service_token = ["aa0a4aab-672b-4bdb-bc33-a59f1130a112"]
  }
  exclude {
    any_valid_service_token = true
  }
  require {
    certificate = true
  }
}

resource "cloudflare_access_group" "proofs" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "proofs"

  include {
    common_name = "machine-2.example.com"
  }
  exclude {
    auth_method = "hwk"
  }
  require {
    saml {
      attribute_name       = "rank"
      attribute_value      = "sailor"
      identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761"
    }
  }
}

resource "cloudflare_access_group" "directories" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "directories"

  include {
    azure {
      id                   = ["aa0a4aab-672b-4bdb-bc33-a59f1130a112"]
      identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761"
    }
  }
  exclude {
    okta {
      name                 = ["crew 2"]
      identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761"
    }
  }
  require {
    gsuite {
      email                = ["crew2@example.com"]
      identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761"
    }
  }
}

resource "cloudflare_access_group" "organizations" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "organizations"

  include {
    github {
      name                 = "ship"
      teams                = ["crew", "officers2"]
      identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761"
    }
  }
}

output "expected_responses" {
  value = {
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups/${cloudflare_access_group.people.id}" = {
      result = {
        include = [{ email = { email = "ada2@example.com" } }]
        exclude = [{ email_domain = { domain = "example2.com" } }]
        require = [{ group = { id = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415" } }]
      }
    }
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups/${cloudflare_access_group.places.id}" = {
      result = {
        include = [{ ip = { ip = "2001:db8:2::/48" } }]
        exclude = [{ geo = { country_code = "AQ" } }, { geo = { country_code = "IS" } }]
        require = [{ everyone = {} }]
      }
    }
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups/${cloudflare_access_group.machines.id}" = {
      result = {
        include = [{ service_token = { token_id = "aa0a4aab-672b-4bdb-bc33-a59f1130a112" } }]
        exclude = [{ any_valid_service_token = {} }]
        require = [{ certificate = {} }]
      }
    }
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups/${cloudflare_access_group.proofs.id}" = {
      result = {
        include = [{ common_name = { common_name = "machine-2.example.com" } }]
        exclude = [{ auth_method = { auth_method = "hwk" } }]
        require = [{ saml = { attribute_name = "rank", attribute_value = "sailor", identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }]
      }
    }
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups/${cloudflare_access_group.directories.id}" = {
      result = {
        include = [{ azureAD = { id = "aa0a4aab-672b-4bdb-bc33-a59f1130a112", identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }]
        exclude = [{ okta = { name = "crew 2", identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }]
        require = [{ gsuite = { email = "crew2@example.com", identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }]
      }
    }
    "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups/${cloudflare_access_group.organizations.id}" = {
      result = {
        include = [{ "github-organization" = { name = "ship", team = "crew", identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }, { "github-organization" = { name = "ship", team = "officers2", identity_provider_id = "ca298b82-93b5-41bf-bc2d-10493f09b761" } }]
      }
    }
  }
}
