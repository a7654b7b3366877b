terraform {
  required_providers {
    ibm = { source = "IBM-Cloud/ibm" }
  }
}

provider "ibm" {
  ibmcloud_api_key = "key"
}

resource "ibm_iam_access_group" "crew" {
  name        = "crew"
  description = "The crew of the ship"
}

resource "ibm_iam_access_group" "plain" {
  name = "plain"
}

output "expected_responses" {
  value = {
    "/v2/groups/${ibm_iam_access_group.crew.id}"  = { name = "crew", description = "The crew of the ship" }
    "/v2/groups/${ibm_iam_access_group.plain.id}" = { name = "plain" }
  }
}
