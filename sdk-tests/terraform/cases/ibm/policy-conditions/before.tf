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

resource "ibm_iam_access_group_policy" "working_hours" {
  access_group_id = ibm_iam_access_group.crew.id
  roles           = ["Viewer"]
  rule_operator   = "and"
  pattern         = "time-based-conditions:weekly:custom-hours"

  resources {
    service = "kms"
  }
  rule_conditions {
    key      = "{{environment.attributes.day_of_week}}"
    operator = "dayOfWeekAnyOf"
    value    = ["1+00:00", "2+00:00", "3+00:00"]
  }
  rule_conditions {
    key      = "{{environment.attributes.current_time}}"
    operator = "timeLessThanOrEquals"
    value    = ["17:00:00+00:00"]
  }
}

output "expected_responses" {
  value = {
    "/v2/policies/${split("/", ibm_iam_access_group_policy.working_hours.id)[1]}" = {
      pattern = "time-based-conditions:weekly:custom-hours"
      control = { grant = { roles = [{ role_id = "crn:v1:bluemix:public:iam::::role:Viewer" }] } }
    }
  }
}
