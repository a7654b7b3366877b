terraform {
  required_providers {
    ibm = { source = "IBM-Cloud/ibm" }
  }
}

provider "ibm" {
  ibmcloud_api_key = "key"
}

resource "ibm_iam_access_group_template" "crew" {
  name      = "crew template"
  committed = true

  group {
    name = "crew"
  }
}

resource "ibm_iam_access_group_template_version" "second" {
  template_id = ibm_iam_access_group_template.crew.template_id
  name        = ibm_iam_access_group_template.crew.name
  committed   = true

  group {
    name = "crew of the second version"
  }
}

resource "ibm_iam_access_group_template_assignment" "crew" {
  template_id      = ibm_iam_access_group_template_version.second.template_id
  template_version = "2"
  target_type      = "AccountGroup"
  target           = "5f5e2a7a1ad64a1fa0a1cbd2ab6e3f37"
}

data "ibm_iam_access_group_template_assignment" "all" {
  template_id = ibm_iam_access_group_template_assignment.crew.template_id

  lifecycle {
    postcondition {
      condition     = length(self.assignments) == 1
      error_message = "there must be one assignment"
    }
  }
}

output "expected_responses" {
  value = {
    "/v1/group_assignments/${ibm_iam_access_group_template_assignment.crew.id}" = {
      status           = "succeeded"
      template_version = "2"
    }
  }
}
