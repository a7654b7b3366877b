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
  description = "Committed: false"
  committed   = false

  group {
    name = "crew of the second version"
    assertions {
      action_controls {
        add    = false
        remove = true
      }
    }
  }
}

output "expected_responses" {
  value = {
    "/v1/group_templates/${ibm_iam_access_group_template.crew.template_id}/versions/2" = {
      description = "Committed: false"
      committed   = false
      group       = { name = "crew of the second version" }
    }
  }
}
