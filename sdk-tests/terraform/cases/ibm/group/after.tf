terraform {
  required_providers {
    ibm = { source = "IBM-Cloud/ibm" }
  }
}

provider "ibm" {
  ibmcloud_api_key = "key"
}

resource "ibm_iam_access_group" "crew" {
  name = "crew and officers"
}

resource "ibm_iam_access_group" "plain" {
  name        = "plain"
  description = "No longer without a description"
}

output "expected_responses" {
  value = {
    "/v2/groups/${ibm_iam_access_group.crew.id}"  = { name = "crew and officers", description = "" }
    "/v2/groups/${ibm_iam_access_group.plain.id}" = { name = "plain", description = "No longer without a description" }
  }
}
