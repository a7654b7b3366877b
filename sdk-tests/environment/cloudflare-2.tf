terraform {
  required_providers {
    cloudflare = { source = "cloudflare/cloudflare" }
  }
}

resource "cloudflare_access_group" "devs" {
  account_id = "023e105f4ecef8ad9ca31a8372d0c353"
  name       = "devs"

  include {
    everyone = true
  }
}
