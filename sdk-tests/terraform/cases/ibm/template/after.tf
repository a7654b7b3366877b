terraform {
  required_providers {
    ibm = { source = "IBM-Cloud/ibm" }
  }
}

provider "ibm" {
  ibmcloud_api_key = "key"
}

resource "ibm_iam_access_group_template" "crew" {
  name        = "crew template"
  description = "Crews of all ships and boats"
  committed   = true

  group {
    name        = "crew and officers"
    description = "The crew of the ship"
    members {
      users = ["IBMid-270001", "IBMid-270002"]
      action_controls {
        add    = true
        remove = true
      }
    }
    assertions {
      rules {
        name       = "sailors"
        expiration = 24
        realm_name = "https://idp.example.org/SAML2"
        conditions {
          claim    = "blueGroups"
          operator = "CONTAINS"
          value    = "\"sailors\""
        }
        action_controls {
          remove = true
        }
      }
      action_controls {
        add    = true
        remove = true
      }
    }
    action_controls {
      access {
        add = true
      }
    }
  }
}

resource "ibm_iam_access_group_template" "plain" {
  name      = "plain template"
  committed = true

  group {
    name = "plain"
  }
}

output "expected_responses" {
  value = {
    "/v1/group_templates/${ibm_iam_access_group_template.crew.template_id}" = {
      description = "Crews of all ships and boats"
      committed   = true
      group       = { name = "crew and officers" }
    }
    "/v1/group_templates/${ibm_iam_access_group_template.plain.template_id}" = { name = "plain template", committed = true }
  }
}
