# After the example "access-group-template" of IBM's module terraform-ibm-iam-access-group 1.9.0: a policy template and a
# group template, assigned to all account groups of the enterprise and to selected accounts.
terraform {
  required_providers {
    ibm = { source = "IBM-Cloud/ibm" }
  }
}

provider "ibm" {
  ibmcloud_api_key = "key"
}

locals {
  account_ids_to_assign = ["2c3d4e5f60718293a4b5c6d7e8f90a1b"]
  policy_templates = [{
    name        = "readers of objects"
    description = "Readers"
    roles       = ["Reader"]
    attributes  = [{ key = "serviceName", operator = "stringEquals", value = "cloud-object-storage" }]
  }]
}

resource "terraform_data" "policy_templates" {
  input = local.policy_templates
}

resource "ibm_iam_policy_template" "policies" {
  for_each  = { for template in local.policy_templates : template.name => template }
  name      = each.value.name
  committed = true

  policy {
    type        = "access"
    description = each.value.description
    roles       = each.value.roles

    resource {
      dynamic "attributes" {
        for_each = each.value.attributes
        content {
          key      = attributes.value.key
          operator = attributes.value.operator
          value    = attributes.value.value
        }
      }
    }
  }

  lifecycle {
    replace_triggered_by = [terraform_data.policy_templates]
  }
}

resource "ibm_iam_access_group_template" "crew" {
  name        = "crew template"
  description = "A group with policy templates"
  committed   = true

  group {
    name        = "crew"
    description = "Created from the template"

    members {
      users    = ["IBMid-270001"]
      services = []
      action_controls {
        add    = true
        remove = true
      }
    }
  }

  dynamic "policy_template_references" {
    for_each = ibm_iam_policy_template.policies
    content {
      id      = policy_template_references.value.template_id
      version = policy_template_references.value.version
    }
  }

  lifecycle {
    replace_triggered_by = [terraform_data.policy_templates]
  }
}

data "ibm_enterprise_accounts" "all" {}

data "ibm_enterprise_account_groups" "all" {
  depends_on = [data.ibm_enterprise_accounts.all]
}

locals {
  account_groups = { for group in data.ibm_enterprise_account_groups.all.account_groups : group.id => "AccountGroup" }
  accounts = {
    for account in data.ibm_enterprise_accounts.all.accounts :
    account.id => "Account" if contains(local.account_ids_to_assign, account.id)
  }
}

resource "ibm_iam_access_group_template_assignment" "all" {
  for_each         = merge(local.account_groups, local.accounts)
  template_id      = split("/", ibm_iam_access_group_template.crew.id)[0]
  template_version = ibm_iam_access_group_template.crew.version
  target           = each.key
  target_type      = each.value

  provisioner "local-exec" {
    command = "echo Assigned to ${each.value} ${each.key}"
  }
}

output "expected_responses" {
  value = {
    "/v1/group_assignments/${ibm_iam_access_group_template_assignment.all["acctgrp-7"].id}" = { status = "superseded" }
    "/v1/group_assignments/${ibm_iam_access_group_template_assignment.all["2c3d4e5f60718293a4b5c6d7e8f90a1b"].id}" = {
      target_type = "Account"
      status      = "succeeded"
    }
    "/v1/policy_templates/${ibm_iam_policy_template.policies["readers of objects"].template_id}/versions/1" = {
      committed = true
      policy    = { description = "Readers" }
    }
  }
}
