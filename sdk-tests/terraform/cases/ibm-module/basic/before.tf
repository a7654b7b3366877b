# After the example "basic" of IBM's module terraform-ibm-iam-access-group 1.9.0: a group with members, and with policies
# and dynamic rules from maps, whose blocks are dynamic.
terraform {
  required_providers {
    ibm = { source = "IBM-Cloud/ibm" }
  }
}

provider "ibm" {
  ibmcloud_api_key = "key"
}

locals {
  policies = {
    services = {
      roles              = ["Viewer", "Manager"]
      account_management = null
      tags               = ["iam-service-policy"]
      resources          = null
      attributes         = null
    }
    management = {
      roles              = ["Viewer"]
      account_management = true
      tags               = []
      resources          = null
      attributes         = null
    }
    keys = {
      roles              = ["Editor"]
      account_management = null
      tags               = []
      resources          = [{ service = "kms", region = "us-south" }]
      attributes         = null
    }
    instances = {
      roles              = ["Operator"]
      account_management = null
      tags               = []
      resources          = null
      attributes         = [{ name = "serviceName", value = "kms", operator = "stringEquals" }]
    }
  }
  dynamic_rules = {
    sailors = {
      expiration        = 3
      identity_provider = "https://idp.example.org/SAML2"
      conditions        = [{ claim = "rank", operator = "CONTAINS", value = "sailor" }]
    }
  }
}

resource "ibm_iam_access_group" "crew" {
  name        = "crew"
  description = null
  tags        = []
}

# The module reads a group that it does not create by its name.
data "ibm_iam_access_group" "crew" {
  access_group_name = ibm_iam_access_group.crew.name
}

resource "ibm_iam_access_group_members" "crew" {
  access_group_id = data.ibm_iam_access_group.crew.groups[0].id
  ibm_ids         = ["ada@example.com"]
  iam_service_ids = []
  iam_profile_ids = []
}

resource "ibm_iam_access_group_policy" "policies" {
  for_each           = local.policies
  access_group_id    = ibm_iam_access_group.crew.id
  roles              = each.value.roles
  account_management = each.value.account_management
  tags               = each.value.tags

  dynamic "resources" {
    for_each = each.value.resources != null ? each.value.resources : []
    content {
      service = resources.value.service
      region  = resources.value.region
    }
  }

  dynamic "resource_attributes" {
    for_each = each.value.attributes != null ? each.value.attributes : []
    content {
      name     = resource_attributes.value.name
      value    = resource_attributes.value.value
      operator = resource_attributes.value.operator
    }
  }
}

resource "ibm_iam_access_group_dynamic_rule" "rules" {
  for_each          = local.dynamic_rules
  access_group_id   = ibm_iam_access_group.crew.id
  name              = each.key
  expiration        = each.value.expiration
  identity_provider = each.value.identity_provider

  dynamic "conditions" {
    for_each = each.value.conditions
    content {
      claim    = conditions.value.claim
      operator = conditions.value.operator
      value    = conditions.value.value
    }
  }
}

output "expected_responses" {
  value = {
    "/v2/groups/${ibm_iam_access_group.crew.id}/members" = { total_count = 1 }
    "/v2/groups/${ibm_iam_access_group.crew.id}/rules/${ibm_iam_access_group_dynamic_rule.rules["sailors"].rule_id}" = {
      conditions = [{ claim = "rank", operator = "CONTAINS", value = "\"sailor\"" }]
    }
    "/v1/policies/${split("/", ibm_iam_access_group_policy.policies["services"].id)[1]}" = {
      roles = [{ role_id = "crn:v1:bluemix:public:iam::::role:Viewer" }, { role_id = "crn:v1:bluemix:public:iam::::serviceRole:Manager" }]
    }
  }
}
