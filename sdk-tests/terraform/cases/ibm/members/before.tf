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

resource "ibm_iam_service_id" "robot" {
  name = "robot"
}

resource "ibm_iam_trusted_profile" "visitor" {
  name = "visitor"
}

resource "ibm_iam_access_group_members" "crew" {
  access_group_id = ibm_iam_access_group.crew.id
  ibm_ids         = ["ada@example.com"]
  iam_service_ids = [ibm_iam_service_id.robot.id]
  iam_profile_ids = [ibm_iam_trusted_profile.visitor.id]
}

output "expected_responses" {
  value = {
    "/v2/groups/${ibm_iam_access_group.crew.id}/members" = { total_count = 3 }
  }
}
