terraform {
  required_providers {
    ibm = { source = "IBM-Cloud/ibm" }
  }
}

provider "ibm" {
  ibmcloud_api_key = "key"
}

resource "ibm_iam_access_group_account_settings" "settings" {
  public_access_enabled = false
}

output "expected_responses" {
  value = {
    "/v2/groups/settings?account_id=${ibm_iam_access_group_account_settings.settings.account_id}" = {
      public_access_enabled = false
    }
  }
}
