terraform {
  required_providers {
    ibm = { source = "IBM-Cloud/ibm" }
  }
}

provider "ibm" {
  ibmcloud_api_key = "key"
}

data "ibm_enterprise_accounts" "demo" {
  name = "Demo"
}

data "ibm_enterprise_account_groups" "europe" {
  name = "Europe"
}

data "ibm_enterprises" "all" {
}

data "ibm_resource_group" "default" {
  is_default = true
}

resource "ibm_resource_group" "ships" {
  name = "ships"
}

resource "ibm_iam_access_group" "crew" {
  name        = data.ibm_enterprise_account_groups.europe.account_groups[0].id
  description = data.ibm_enterprise_accounts.demo.accounts[0].enterprise_path
}

resource "ibm_iam_access_group_policy" "ships" {
  access_group_id = ibm_iam_access_group.crew.id
  roles           = ["Viewer"]

  resources {
    resource_group_id = ibm_resource_group.ships.id
  }
}

output "expected_responses" {
  value = {
    "/v2/groups/${ibm_iam_access_group.crew.id}" = {
      name        = "acctgrp-7"
      description = "enterprise:${data.ibm_enterprises.all.enterprises[0].id}/account:${data.ibm_resource_group.default.account_id}"
    }
    "/v2/resource_groups/${ibm_resource_group.ships.id}" = { name = "ships", state = "ACTIVE" }
  }
}
