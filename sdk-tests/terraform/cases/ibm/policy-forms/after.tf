terraform {
  required_providers {
    ibm = { source = "IBM-Cloud/ibm" }
  }
}

provider "ibm" {
  ibmcloud_api_key = "key"
}

resource "ibm_iam_access_group" "crew" {
  name = "crew"
}

resource "ibm_iam_access_group_policy" "account" {
  access_group_id    = ibm_iam_access_group.crew.id
  roles              = ["Operator"]
  account_management = true
}

resource "ibm_iam_access_group_policy" "attributes" {
  access_group_id = ibm_iam_access_group.crew.id
  roles           = ["Operator"]

  resource_attributes {
    name  = "serviceName"
    value = "kms"
  }
  resource_attributes {
    name     = "region"
    value    = "eu-de"
    operator = "stringMatch"
  }
}

resource "ibm_iam_access_group_policy" "tags" {
  access_group_id = ibm_iam_access_group.crew.id
  roles           = ["Operator"]

  resource_tags {
    name  = "color"
    value = "green"
  }
}

output "expected_responses" {
  value = {
    "/v2/policies/${split("/", ibm_iam_access_group_policy.account.id)[1]}" = {
      resource = { attributes = [
        { key = "serviceType", operator = "stringEquals", value = "platform_service" },
        { key = "accountId", operator = "stringEquals", value = "0a1b2c3d4e5f60718293a4b5c6d7e8f9" },
      ] }
    }
    "/v2/policies/${split("/", ibm_iam_access_group_policy.tags.id)[1]}" = {
      resource = { tags = [{ key = "color", operator = "stringEquals", value = "green" }] }
    }
  }
}
