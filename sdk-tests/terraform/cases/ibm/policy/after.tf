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
  roles           = ["Administrator"]
  description     = "Everything"
}

resource "ibm_iam_access_group_policy" "one_service" {
  access_group_id = ibm_iam_access_group.crew.id
  roles           = ["Editor"]
  description     = "Keys in Frankfurt"

  resources {
    service = "kms"
    region  = "eu-de"
  }
}

output "expected_responses" {
  value = {
    "/v1/policies/${split("/", ibm_iam_access_group_policy.all_services.id)[1]}" = {
      description = "Everything"
      roles       = [{ role_id = "crn:v1:bluemix:public:iam::::role:Administrator" }]
    }
    "/v1/policies/${split("/", ibm_iam_access_group_policy.one_service.id)[1]}" = {
      description = "Keys in Frankfurt"
      roles       = [{ role_id = "crn:v1:bluemix:public:iam::::role:Editor" }]
    }
  }
}
