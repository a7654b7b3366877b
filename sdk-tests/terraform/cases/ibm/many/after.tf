terraform {
  required_providers {
    ibm = { source = "IBM-Cloud/ibm" }
  }
}

provider "ibm" {
  ibmcloud_api_key = "key"
}

# More of each kind than fit on one page: the page size of all lists that the provider reads is 100.
resource "ibm_iam_access_group" "crews" {
  count = 102
  name  = "crew ${count.index}"
}

resource "ibm_iam_service_id" "robots" {
  count = 102
  name  = "robot ${count.index}"
}

resource "ibm_iam_trusted_profile" "visitors" {
  count = 102
  name  = "visitor ${count.index}"
}

# The provider keeps only members that it finds in the lists of all service ids and all profiles.
resource "ibm_iam_access_group_members" "crew" {
  access_group_id = ibm_iam_access_group.crews[0].id
  iam_service_ids = [ibm_iam_service_id.robots[0].id, ibm_iam_service_id.robots[101].id]
  iam_profile_ids = [ibm_iam_trusted_profile.visitors[0].id, ibm_iam_trusted_profile.visitors[101].id]
}

data "ibm_iam_access_group" "all" {
  depends_on = [ibm_iam_access_group.crews, ibm_iam_access_group_members.crew]

  lifecycle {
    postcondition {
      condition     = length(setintersection(self.groups[*].id, ibm_iam_access_group.crews[*].id)) == 102
      error_message = "all groups must be found"
    }
  }
}

output "expected_responses" {
  value = {
    "/v2/groups/${ibm_iam_access_group.crews[0].id}/members" = { total_count = 4 }
  }
}
