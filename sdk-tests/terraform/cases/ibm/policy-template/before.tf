terraform {
  required_providers {
    ibm = { source = "IBM-Cloud/ibm" }
  }
}

provider "ibm" {
  ibmcloud_api_key = "key"
}

resource "ibm_iam_policy_template" "viewers" {
  name        = "viewers template"
  description = "Viewers of all services"

  policy {
    type = "access"
    resource {
      attributes {
        key      = "serviceType"
        operator = "stringEquals"
        value    = "service"
      }
    }
    roles = ["Viewer"]
  }
}

resource "ibm_iam_policy_template" "writers" {
  name      = "writers template"
  committed = true

  policy {
    type        = "access"
    description = "Writers"
    resource {
      attributes {
        key      = "serviceName"
        operator = "stringEquals"
        value    = "cloud-object-storage"
      }
    }
    roles = ["Writer", "Operator"]
  }
}

resource "ibm_iam_policy_template_version" "readers" {
  template_id = ibm_iam_policy_template.writers.template_id

  policy {
    type = "access"
    resource {
      attributes {
        key      = "serviceName"
        operator = "stringEquals"
        value    = "cloud-object-storage"
      }
    }
    roles = ["Reader"]
  }
}

resource "ibm_iam_access_group_template" "crew" {
  name = "crew template"

  group {
    name = "crew"
  }

  policy_template_references {
    id      = ibm_iam_policy_template.writers.template_id
    version = ibm_iam_policy_template.writers.version
  }
}

output "expected_responses" {
  value = {
    "/v1/policy_templates/${ibm_iam_policy_template.viewers.template_id}/versions/1" = {
      name      = "viewers template"
      committed = false
    }
    "/v1/policy_templates/${ibm_iam_policy_template.writers.template_id}/versions/1" = { committed = true }
    "/v1/policy_templates/${ibm_iam_policy_template.writers.template_id}"            = { version = "2" }
  }
}
