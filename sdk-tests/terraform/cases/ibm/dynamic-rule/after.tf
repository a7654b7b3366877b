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
  expiration        = 12
  identity_provider = "https://idp.example.org/SAML2"

  conditions {
    claim    = "blueGroups"
    operator = "CONTAINS"
    value    = "sailors"
  }
  conditions {
    claim    = "rank"
    operator = "NOT_EQUALS"
    value    = "captain"
  }
}

output "expected_responses" {
  value = {
    "/v2/groups/${ibm_iam_access_group.crew.id}/rules/${ibm_iam_access_group_dynamic_rule.sailors.rule_id}" = {
      expiration = 12
      conditions = [
        { claim = "blueGroups", operator = "CONTAINS", value = "\"sailors\"" },
        { claim = "rank", operator = "NOT_EQUALS", value = "\"captain\"" },
      ]
    }
  }
}
