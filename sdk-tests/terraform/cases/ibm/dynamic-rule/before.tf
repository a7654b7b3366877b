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

resource "ibm_iam_access_group_dynamic_rule" "sailors" {
  name              = "sailors"
  access_group_id   = ibm_iam_access_group.crew.id
  expiration        = 4
  identity_provider = "https://idp.example.org/SAML2"

  conditions {
    claim    = "blueGroups"
    operator = "CONTAINS"
    value    = "sailors"
  }
}

output "expected_responses" {
  value = {
    "/v2/groups/${ibm_iam_access_group.crew.id}/rules/${ibm_iam_access_group_dynamic_rule.sailors.rule_id}" = {
      name       = "sailors"
      expiration = 4
      conditions = [{ claim = "blueGroups", operator = "CONTAINS", value = "\"sailors\"" }]
    }
  }
}
