package ibm_test

import (
	"testing"

	"github.com/IBM/go-sdk-core/v5/core"
	groups "github.com/IBM/platform-services-go-sdk/iamaccessgroupsv2"
	policies "github.com/IBM/platform-services-go-sdk/iampolicymanagementv1"
	"sdktests/mocktest"
)

// Conditional writes: an ETag from before the last change is rejected.

type detailedResponse = *core.DetailedResponse

// assertStaleTagRejected asserts that a write succeeds with the current tag, fails with it afterwards, and succeeds
// with the new one.
func assertStaleTagRejected(
	t *testing.T,
	read func() (detailedResponse, error),
	write func(tag, value string) (detailedResponse, error),
) {
	t.Helper()
	stale := entityTag(t, read)
	_, err := write(stale, "first")
	mocktest.NoError(t, err)

	response, err := write(stale, "second")

	hasStatus(t, response, err, 412)
	_, err = write(entityTag(t, read), "second")
	mocktest.NoError(t, err)
}

func entityTag(t *testing.T, read func() (detailedResponse, error)) string {
	t.Helper()
	response, err := read()
	mocktest.NoError(t, err)
	return response.Headers.Get("ETag")
}

func TestAStaleTagOfAGroup(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))
	group := createGroup(t, service, "Team")

	assertStaleTagRejected(t, func() (detailedResponse, error) {
		_, response, err := service.GetAccessGroup(service.NewGetAccessGroupOptions(group))
		return response, err
	}, func(tag, value string) (detailedResponse, error) {
		_, response, err := service.UpdateAccessGroup(
			service.NewUpdateAccessGroupOptions(group, tag).SetDescription(value))
		return response, err
	})
}

func TestAStaleTagOfARule(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))
	group := createGroup(t, service, "Team")
	conditions := []groups.RuleConditions{
		{Claim: str("isManager"), Operator: str("EQUALS"), Value: str(`"true"`)},
	}
	const realm = "https://idp.example"
	rule, _, err := service.AddAccessGroupRule(service.NewAddAccessGroupRuleOptions(group, 12, realm, conditions))
	mocktest.NoError(t, err)

	assertStaleTagRejected(t, func() (detailedResponse, error) {
		_, response, err := service.GetAccessGroupRule(service.NewGetAccessGroupRuleOptions(group, *rule.ID))
		return response, err
	}, func(tag, value string) (detailedResponse, error) {
		options := service.NewReplaceAccessGroupRuleOptions(group, *rule.ID, tag, 12, realm, conditions)
		_, response, err := service.ReplaceAccessGroupRule(options.SetName(value))
		return response, err
	})
}

// version returns a function that reads a version of a template.
func version(service *groups.IamAccessGroupsV2, template, number string) func() (detailedResponse, error) {
	return func() (detailedResponse, error) {
		_, response, err := service.GetTemplateVersion(service.NewGetTemplateVersionOptions(template, number))
		return response, err
	}
}

func TestAStaleTagOfATemplateVersion(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))
	template := createTemplate(t, service, "Template")

	assertStaleTagRejected(t, version(service, template, "1"), func(tag, value string) (detailedResponse, error) {
		options := service.NewUpdateTemplateVersionOptions(template, "1", tag)
		options.SetName("Template").SetDescription(value).SetGroup(groupTemplate("Managed"))
		_, response, err := service.UpdateTemplateVersion(options)
		return response, err
	})
}

func TestAStaleTagOfACommit(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))
	template := createTemplate(t, service, "Template")
	stale := entityTag(t, version(service, template, "1"))
	options := service.NewUpdateTemplateVersionOptions(template, "1", stale)
	_, _, err := service.UpdateTemplateVersion(options.SetName("Template").SetGroup(groupTemplate("Managed 2")))
	mocktest.NoError(t, err)

	response, err := service.CommitTemplate(service.NewCommitTemplateOptions(template, "1", stale))

	hasStatus(t, response, err, 412)
	commit(t, service, template, "1")
}

func TestAStaleTagOfAnAssignment(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))
	template := createTemplate(t, service, "Template")
	commit(t, service, template, "1")
	created, _, err := service.CreateAssignment(service.NewCreateAssignmentOptions(template, "1", "Account", "acct2"))
	mocktest.NoError(t, err)
	_, _, err = service.CreateTemplateVersion(
		service.NewCreateTemplateVersionOptions(template).SetName("Template").SetGroup(groupTemplate("Managed 2")))
	mocktest.NoError(t, err)
	commit(t, service, template, "2")
	read := func() (detailedResponse, error) {
		_, response, err := service.GetAssignment(service.NewGetAssignmentOptions(*created.ID))
		return response, err
	}
	move := func(tag, version string) (detailedResponse, error) {
		_, response, err := service.UpdateAssignment(service.NewUpdateAssignmentOptions(*created.ID, tag, version))
		return response, err
	}
	stale := entityTag(t, read)
	_, err = move(stale, "2")
	mocktest.NoError(t, err)

	response, err := move(stale, "1")

	hasStatus(t, response, err, 412)
	_, err = move(entityTag(t, read), "1")
	mocktest.NoError(t, err)
}

func TestAStaleTagOfAServiceID(t *testing.T) {
	service := connectIdentities(t, mocktest.NewNamespace(t))
	created, _, err := service.CreateServiceID(service.NewCreateServiceIDOptions(account, "bot"))
	mocktest.NoError(t, err)

	assertStaleTagRejected(t, func() (detailedResponse, error) {
		_, response, err := service.GetServiceID(service.NewGetServiceIDOptions(*created.ID))
		return response, err
	}, func(tag, value string) (detailedResponse, error) {
		_, response, err := service.UpdateServiceID(service.NewUpdateServiceIDOptions(*created.ID, tag).SetName(value))
		return response, err
	})
}

func TestAStaleTagOfATrustedProfile(t *testing.T) {
	service := connectIdentities(t, mocktest.NewNamespace(t))
	created, _, err := service.CreateProfile(service.NewCreateProfileOptions("deploy", account))
	mocktest.NoError(t, err)

	assertStaleTagRejected(t, func() (detailedResponse, error) {
		_, response, err := service.GetProfile(service.NewGetProfileOptions(*created.ID))
		return response, err
	}, func(tag, value string) (detailedResponse, error) {
		_, response, err := service.UpdateProfile(service.NewUpdateProfileOptions(*created.ID, tag).SetName(value))
		return response, err
	})
}

func TestAStaleTagOfAV1Policy(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	group, service := createGroup(t, connect(t, ns), "Team"), connectPolicies(t, ns)
	subjects := []policies.PolicySubject{{Attributes: []policies.SubjectAttribute{
		{Name: str("access_group_id"), Value: str(group)},
	}}}
	resources := []policies.PolicyResource{{Attributes: []policies.ResourceAttribute{
		{Name: str("accountId"), Value: str(account)},
	}}}
	roles := []policies.PolicyRole{{RoleID: str(viewer)}}
	created, _, err := service.CreatePolicy(service.NewCreatePolicyOptions("access", subjects, roles, resources))
	mocktest.NoError(t, err)

	assertStaleTagRejected(t, func() (detailedResponse, error) {
		_, response, err := service.GetPolicy(service.NewGetPolicyOptions(*created.ID))
		return response, err
	}, func(tag, value string) (detailedResponse, error) {
		options := service.NewReplacePolicyOptions(*created.ID, tag, "access", subjects, roles, resources)
		_, response, err := service.ReplacePolicy(options.SetDescription(value))
		return response, err
	})
}

func TestAStaleTagOfAV2Policy(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	group, service := createGroup(t, connect(t, ns), "Team"), connectPolicies(t, ns)
	subject := &policies.V2PolicySubject{Attributes: []policies.V2PolicySubjectAttribute{
		{Key: str("access_group_id"), Operator: str(equals), Value: group},
	}}
	resource := &policies.V2PolicyResource{Attributes: []policies.V2PolicyResourceAttribute{
		{Key: str("accountId"), Operator: str(equals), Value: account},
	}}
	grant := &policies.Control{Grant: &policies.Grant{Roles: []policies.Roles{{RoleID: str(viewer)}}}}
	create := service.NewCreateV2PolicyOptions(grant, "access").SetSubject(subject).SetResource(resource)
	created, _, err := service.CreateV2Policy(create)
	mocktest.NoError(t, err)

	assertStaleTagRejected(t, func() (detailedResponse, error) {
		_, response, err := service.GetV2Policy(service.NewGetV2PolicyOptions(*created.ID))
		return response, err
	}, func(tag, value string) (detailedResponse, error) {
		options := service.NewReplaceV2PolicyOptions(*created.ID, tag, grant, "access")
		_, response, err := service.ReplaceV2Policy(
			options.SetSubject(subject).SetResource(resource).SetDescription(value))
		return response, err
	})
}
