terraform {
  required_providers {
    ibm = { source = "IBM-Cloud/ibm" }
  }
}

resource "ibm_iam_access_group" "crew" {
  name = "crew"
}

resource "ibm_iam_access_group_members" "crew" {
  access_group_id = ibm_iam_access_group.crew.id
  ibm_ids         = ["ada@example.com"]
}

data "ibm_resource_group" "default" {
  is_default = true
}
