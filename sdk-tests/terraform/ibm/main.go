// A provider that serves the access-group resources of terraform-provider-ibm, as they are.
//
// It is built with the go.mod and go.sum of that module, so every dependency has the version that the provider has.
// The module's own main package also links the resources of some fifty other services, and takes hours to compile.
// The settings and the clients are those of the module; only their hand-over in configure is repeated here.
package main

import (
	"time"

	"github.com/IBM-Cloud/terraform-provider-ibm/ibm/conns"
	"github.com/IBM-Cloud/terraform-provider-ibm/ibm/service/iamaccessgroup"
	"github.com/IBM-Cloud/terraform-provider-ibm/ibm/service/iamidentity"
	"github.com/IBM-Cloud/terraform-provider-ibm/ibm/service/iampolicy"
	"github.com/IBM-Cloud/terraform-provider-ibm/ibm/validate"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/hashicorp/terraform-plugin-sdk/v2/plugin"
)

func main() {
	// The schemas look their validators up while they are built, so the validators come first.
	validate.SetValidatorDict(validators())
	plugin.Serve(&plugin.ServeOpts{ProviderFunc: provider})
}

func provider() *schema.Provider {
	return &schema.Provider{
		Schema: map[string]*schema.Schema{
			"ibmcloud_api_key": {Type: schema.TypeString, Required: true},
		},
		DataSourcesMap: map[string]*schema.Resource{
			"ibm_iam_access_group":                     iamaccessgroup.DataSourceIBMIAMAccessGroup(),
			"ibm_iam_access_group_policy":              iampolicy.DataSourceIBMIAMAccessGroupPolicy(),
			"ibm_iam_access_group_template_assignment": iamaccessgroup.DataSourceIBMIAMAccessGroupTemplateAssignment(),
			"ibm_iam_access_group_template_versions":   iamaccessgroup.DataSourceIBMIAMAccessGroupTemplateVersions(),
		},
		ResourcesMap: map[string]*schema.Resource{
			"ibm_iam_access_group":                     iamaccessgroup.ResourceIBMIAMAccessGroup(),
			"ibm_iam_access_group_account_settings":    iamaccessgroup.ResourceIBMIAMAccessGroupAccountSettings(),
			"ibm_iam_access_group_dynamic_rule":        iamaccessgroup.ResourceIBMIAMDynamicRule(),
			"ibm_iam_access_group_members":             iamaccessgroup.ResourceIBMIAMAccessGroupMembers(),
			"ibm_iam_access_group_policy":              iampolicy.ResourceIBMIAMAccessGroupPolicy(),
			"ibm_iam_access_group_template":            iamaccessgroup.ResourceIBMIAMAccessGroupTemplate(),
			"ibm_iam_access_group_template_assignment": iamaccessgroup.ResourceIBMIAMAccessGroupTemplateAssignment(),
			"ibm_iam_access_group_template_version":    iamaccessgroup.ResourceIBMIAMAccessGroupTemplateVersion(),
			"ibm_iam_service_id":                       iamidentity.ResourceIBMIAMServiceID(),
			"ibm_iam_trusted_profile":                  iamidentity.ResourceIBMIAMTrustedProfile(),
		},
		ConfigureFunc: configure,
	}
}

func validators() validate.ValidatorDict {
	return validate.ValidatorDict{
		ResourceValidatorDictionary: map[string]*validate.ResourceValidator{
			"ibm_iam_access_group_dynamic_rule":        iamaccessgroup.ResourceIBMIAMDynamicRuleValidator(),
			"ibm_iam_access_group_members":             iamaccessgroup.ResourceIBMIAMAccessGroupMembersValidator(),
			"ibm_iam_access_group_policy":              iampolicy.ResourceIBMIAMAccessGroupPolicyValidator(),
			"ibm_iam_access_group_template":            iamaccessgroup.ResourceIBMIAMAccessGroupTemplateValidator(),
			"ibm_iam_access_group_template_assignment": iamaccessgroup.ResourceIBMIAMAccessGroupTemplateAssignmentValidator(),
			"ibm_iam_access_group_template_version":    iamaccessgroup.ResourceIBMIAMAccessGroupTemplateVersionValidator(),
		},
		DataSourceValidatorDictionary: map[string]*validate.ResourceValidator{
			"ibm_iam_access_group":        iamaccessgroup.DataSourceIBMIAMAccessGroupValidator(),
			"ibm_iam_access_group_policy": iampolicy.DataSourceIBMIAMAccessGroupPolicyValidator(),
		},
	}
}

// configure hands over what the provider's own configure does when only the API key is set.
func configure(settings *schema.ResourceData) (any, error) {
	config := conns.Config{
		BluemixAPIKey:  settings.Get("ibmcloud_api_key").(string),
		Region:         "us-south",
		Visibility:     "public",
		BluemixTimeout: 60 * time.Second,
		RetryCount:     10,
		RetryDelay:     conns.RetryAPIDelay,
	}
	return config.ClientSession()
}
