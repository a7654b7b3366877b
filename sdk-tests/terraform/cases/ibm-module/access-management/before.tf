# After the example "access-management" of IBM's module terraform-ibm-iam-access-group 1.9.0: twelve groups with 84
# policies, some of which grant roles that only one service has.
terraform {
  required_providers {
    ibm = { source = "IBM-Cloud/ibm" }
  }
}

provider "ibm" {
  ibmcloud_api_key = "key"
}

locals {
  kinds = ["admin", "privileged", "observer"]

  # The roles of administrators, privileged users and observers in each service.
  services = {
    observability = {
      atracker       = [["Administrator", "Writer"], ["Editor", "Writer"], ["Viewer"]]
      sysdig-monitor = [["Administrator", "Manager"], ["Editor", "Writer"], ["Viewer", "Reader"]]
      logdna         = [["Administrator", "Manager"], ["Editor", "Standard Member"], ["Viewer", "Reader"]]
    }
    security = {
      hs-crypto = [
        [
          "Administrator", "Manager", "Certificate Manager", "Vault Administrator", "Key Custodian - Creator",
          "Key Custodian - Deployer", "KMS Key Purge Role",
        ],
        ["Editor", "Writer"], ["Viewer", "Reader"],
      ]
      kms             = [["Manager"], ["Writer"], ["Reader"]]
      compliance      = [["Administrator", "Manager"], ["Editor", "Writer"], ["Viewer", "Reader"]]
      secrets-manager = [["Administrator", "Manager"], ["Editor", "Writer"], ["Viewer", "Reader"]]
    }
    network = {
      for service in [
        "is.endpoint-gateway", "is.floating-ip", "is.load-balancer", "is.network-acl", "is.public-gateway",
        "is.subnet", "is.virtual-network-interface", "is.vpn", "is.vpn-server", "is.vpc",
        "context-based-restrictions", "context-based-restrictions.zone",
      ] : service => [["Administrator"], ["Editor"], ["Viewer"]]
    }
    compute = merge({
      codeengine            = [["Administrator", "Manager"], ["Editor", "Writer"], ["Viewer", "Reader"]]
      containers-kubernetes = [["Administrator", "Manager"], ["Editor", "Writer"], ["Viewer", "Reader"]]
      "is.image"            = [["Administrator", "Manager"], ["Editor", "Writer"], ["Viewer"]]
      }, {
      for service in [
        "is.instance", "is.instance-group", "is.key", "is.bare-metal-server", "is.dedicated-host", "is.reservation",
      ] : service => [["Administrator"], ["Editor"], ["Viewer"]]
    })
  }

  groups = {
    for pair in setproduct(local.kinds, keys(local.services)) : "${pair[0]}-${pair[1]}" => { kind = pair[0], area = pair[1] }
  }
  policies = merge([
    for name, group in local.groups : {
      for service, roles in local.services[group.area] : "${name}/${service}" => {
        group   = name
        service = service
        roles   = roles[index(local.kinds, group.kind)]
      }
    }
  ]...)
}

resource "ibm_iam_access_group" "groups" {
  for_each    = local.groups
  name        = each.key
  description = null
}

resource "ibm_iam_access_group_policy" "policies" {
  for_each        = local.policies
  access_group_id = ibm_iam_access_group.groups[each.value.group].id
  roles           = each.value.roles

  resources {
    service = each.value.service
  }
}

output "expected_responses" {
  value = {
    "/v2/groups/${ibm_iam_access_group.groups["admin-security"].id}" = { name = "admin-security" }
    "/v1/policies/${split("/", ibm_iam_access_group_policy.policies["privileged-observability/logdna"].id)[1]}" = {
      roles = [
        { role_id = "crn:v1:bluemix:public:iam::::role:Editor" },
        { role_id = "crn:v1:bluemix:public:logdna::::serviceRole:StandardMember" },
      ]
    }
  }
}
