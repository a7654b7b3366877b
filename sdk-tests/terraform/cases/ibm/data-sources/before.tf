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
  description = "Found by its name"
}

resource "ibm_iam_access_group_members" "crew" {
  access_group_id = ibm_iam_access_group.crew.id
  ibm_ids         = ["ada@example.com"]
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

resource "ibm_iam_access_group_policy" "all_services" {
  access_group_id = ibm_iam_access_group.crew.id
  roles           = ["Viewer"]
}

resource "ibm_iam_access_group_template" "crew" {
  name = "crew template"

  group {
    name = "crew"
  }
}

data "ibm_iam_access_group" "crew" {
  access_group_name = ibm_iam_access_group.crew.name
  depends_on        = [ibm_iam_access_group_members.crew, ibm_iam_access_group_dynamic_rule.sailors]

  lifecycle {
    postcondition {
      condition     = length(self.groups) == 1 && self.groups[0].id == ibm_iam_access_group.crew.id
      error_message = "the group must be found by its name"
    }
    postcondition {
      condition     = tolist(self.groups[0].ibm_ids) == tolist(["ada@example.com"])
      error_message = "the group must have its member"
    }
    postcondition {
      condition     = self.groups[0].rules[0].name == "sailors"
      error_message = "the group must have its rule"
    }
  }
}

data "ibm_iam_access_group" "all" {
  depends_on = [ibm_iam_access_group.crew]

  lifecycle {
    postcondition {
      condition     = contains(self.groups[*].name, "Public Access") && contains(self.groups[*].name, "crew")
      error_message = "all groups of the account must be found, Public Access among them"
    }
  }
}

data "ibm_iam_access_group_policy" "crew" {
  access_group_id = ibm_iam_access_group.crew.id
  depends_on      = [ibm_iam_access_group_policy.all_services]

  lifecycle {
    postcondition {
      condition     = self.policies[*].roles == tolist([tolist(["Viewer"])])
      error_message = "the policy of the group must be found"
    }
  }
}

data "ibm_iam_access_group_template_versions" "crew" {
  template_id = ibm_iam_access_group_template.crew.template_id

  lifecycle {
    postcondition {
      condition     = self.group_template_versions[*].name == tolist(["crew template"])
      error_message = "the version of the template must be found"
    }
  }
}

output "expected_responses" {
  value = {
    "/v2/groups/${ibm_iam_access_group.crew.id}" = { name = "crew" }
  }
}
