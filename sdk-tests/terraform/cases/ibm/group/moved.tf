terraform {
  required_providers {
    ibm = { source = "IBM-Cloud/ibm" }
  }
}

provider "ibm" {
  ibmcloud_api_key = "key"
}

moved {
  from = ibm_iam_access_group.crew
  to   = ibm_iam_access_group.sailors
}

resource "ibm_iam_access_group" "sailors" {
  name = "crew and officers"
}

resource "ibm_iam_access_group" "plain" {
  name        = "plain"
  description = "No longer without a description"
}

output "expected_responses" {
  value = {
    "/v2/groups/${ibm_iam_access_group.sailors.id}"  = { name = "crew and officers", description = "" }
    "/v2/groups/${ibm_iam_access_group.plain.id}" = { name = "plain", description = "No longer without a description" }
  }
}
