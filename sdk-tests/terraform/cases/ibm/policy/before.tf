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

resource "ibm_iam_access_group_policy" "all_services" {
  access_group_id = ibm_iam_access_group.crew.id
  roles           = ["Viewer"]
}

resource "ibm_iam_access_group_policy" "one_service" {
  access_group_id = ibm_iam_access_group.crew.id
  roles           = ["Viewer", "Editor"]
  description     = "Keys in Dallas"

  resources {
    service = "kms"
    region  = "us-south"
  }
}

output "expected_responses" {
  value = {
    "/v1/policies/${split("/", ibm_iam_access_group_policy.all_services.id)[1]}" = {
      type  = "access"
      roles = [{ role_id = "crn:v1:bluemix:public:iam::::role:Viewer" }]
    }
    "/v1/policies/${split("/", ibm_iam_access_group_policy.one_service.id)[1]}" = {
      description = "Keys in Dallas"
    }
  }
}
