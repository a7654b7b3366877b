package ibm_test

import (
	"testing"

	"github.com/IBM/go-sdk-core/v5/core"
	groups "github.com/IBM/platform-services-go-sdk/iamaccessgroupsv2"
	policies "github.com/IBM/platform-services-go-sdk/iampolicymanagementv1"
	"sdktests/space"
)

// Conditional writes: each is refused with a tag that was the present one before the last change.

type answer = *core.DetailedResponse

// holds writes with a fresh tag, with the same again, which is stale then, and with a fresh one.
func holds(t *testing.T, read func() (answer, error), write func(tag, text string) (answer, error)) {
	t.Helper()
	stale := tagOf(t, read)
	_, err := write(stale, "first")
	space.Must(t, err)

	response, err := write(stale, "second")

	hasStatus(t, response, err, 412)
	_, err = write(tagOf(t, read), "second")
	space.Must(t, err)
}

func tagOf(t *testing.T, read func() (answer, error)) string {
	t.Helper()
	response, err := read()
	space.Must(t, err)
	return response.Headers.Get("ETag")
}

func TestAStaleTagOfAGroup(t *testing.T) {
	service := connect(t, space.New(t))
	group := makeGroup(t, service, "Team")

	holds(t, func() (answer, error) {
		_, response, err := service.GetAccessGroup(service.NewGetAccessGroupOptions(group))
		return response, err
	}, func(tag, text string) (answer, error) {
		_, response, err := service.UpdateAccessGroup(
			service.NewUpdateAccessGroupOptions(group, tag).SetDescription(text))
		return response, err
	})
}

func TestAStaleTagOfARule(t *testing.T) {
	service := connect(t, space.New(t))
	group := makeGroup(t, service, "Team")
	conditions := []groups.RuleConditions{
		{Claim: text("isManager"), Operator: text("EQUALS"), Value: text(`"true"`)},
	}
	const realm = "https://idp.example"
	rule, _, err := service.AddAccessGroupRule(service.NewAddAccessGroupRuleOptions(group, 12, realm, conditions))
	space.Must(t, err)

	holds(t, func() (answer, error) {
		_, response, err := service.GetAccessGroupRule(service.NewGetAccessGroupRuleOptions(group, *rule.ID))
		return response, err
	}, func(tag, text string) (answer, error) {
		options := service.NewReplaceAccessGroupRuleOptions(group, *rule.ID, tag, 12, realm, conditions)
		_, response, err := service.ReplaceAccessGroupRule(options.SetName(text))
		return response, err
	})
}

// version returns a function that reads a version of a template.
func version(service *groups.IamAccessGroupsV2, template, number string) func() (answer, error) {
	return func() (answer, error) {
		_, response, err := service.GetTemplateVersion(service.NewGetTemplateVersionOptions(template, number))
		return response, err
	}
}

func TestAStaleTagOfAVersionOfATemplate(t *testing.T) {
	service := connect(t, space.New(t))
	template := makeTemplate(t, service, "Template")

	holds(t, version(service, template, "1"), func(tag, text string) (answer, error) {
		options := service.NewUpdateTemplateVersionOptions(template, "1", tag)
		options.SetName("Template").SetDescription(text).SetGroup(blueprint("Managed"))
		_, response, err := service.UpdateTemplateVersion(options)
		return response, err
	})
}

func TestAStaleTagOfACommit(t *testing.T) {
	service := connect(t, space.New(t))
	template := makeTemplate(t, service, "Template")
	stale := tagOf(t, version(service, template, "1"))
	options := service.NewUpdateTemplateVersionOptions(template, "1", stale)
	_, _, err := service.UpdateTemplateVersion(options.SetName("Template").SetGroup(blueprint("Managed 2")))
	space.Must(t, err)

	response, err := service.CommitTemplate(service.NewCommitTemplateOptions(template, "1", stale))

	hasStatus(t, response, err, 412)
	commit(t, service, template, "1")
}

func TestAStaleTagOfAnAssignment(t *testing.T) {
	service := connect(t, space.New(t))
	template := makeTemplate(t, service, "Template")
	commit(t, service, template, "1")
	made, _, err := service.CreateAssignment(service.NewCreateAssignmentOptions(template, "1", "Account", "acct2"))
	space.Must(t, err)
	_, _, err = service.CreateTemplateVersion(
		service.NewCreateTemplateVersionOptions(template).SetName("Template").SetGroup(blueprint("Managed 2")))
	space.Must(t, err)
	commit(t, service, template, "2")
	read := func() (answer, error) {
		_, response, err := service.GetAssignment(service.NewGetAssignmentOptions(*made.ID))
		return response, err
	}
	move := func(tag, version string) (answer, error) {
		_, response, err := service.UpdateAssignment(service.NewUpdateAssignmentOptions(*made.ID, tag, version))
		return response, err
	}
	stale := tagOf(t, read)
	_, err = move(stale, "2")
	space.Must(t, err)

	response, err := move(stale, "1")

	hasStatus(t, response, err, 412)
	_, err = move(tagOf(t, read), "1")
	space.Must(t, err)
}

func TestAStaleTagOfAServiceID(t *testing.T) {
	service := connectIdentities(t, space.New(t))
	made, _, err := service.CreateServiceID(service.NewCreateServiceIDOptions(account, "bot"))
	space.Must(t, err)

	holds(t, func() (answer, error) {
		_, response, err := service.GetServiceID(service.NewGetServiceIDOptions(*made.ID))
		return response, err
	}, func(tag, text string) (answer, error) {
		_, response, err := service.UpdateServiceID(service.NewUpdateServiceIDOptions(*made.ID, tag).SetName(text))
		return response, err
	})
}

func TestAStaleTagOfATrustedProfile(t *testing.T) {
	service := connectIdentities(t, space.New(t))
	made, _, err := service.CreateProfile(service.NewCreateProfileOptions("deploy", account))
	space.Must(t, err)

	holds(t, func() (answer, error) {
		_, response, err := service.GetProfile(service.NewGetProfileOptions(*made.ID))
		return response, err
	}, func(tag, text string) (answer, error) {
		_, response, err := service.UpdateProfile(service.NewUpdateProfileOptions(*made.ID, tag).SetName(text))
		return response, err
	})
}

func TestAStaleTagOfAPolicyOfTheFirstForm(t *testing.T) {
	s := space.New(t)
	group, service := makeGroup(t, connect(t, s), "Team"), connectPolicies(t, s)
	subjects := []policies.PolicySubject{{Attributes: []policies.SubjectAttribute{
		{Name: text("access_group_id"), Value: text(group)},
	}}}
	resources := []policies.PolicyResource{{Attributes: []policies.ResourceAttribute{
		{Name: text("accountId"), Value: text(account)},
	}}}
	roles := []policies.PolicyRole{{RoleID: text(viewer)}}
	made, _, err := service.CreatePolicy(service.NewCreatePolicyOptions("access", subjects, roles, resources))
	space.Must(t, err)

	holds(t, func() (answer, error) {
		_, response, err := service.GetPolicy(service.NewGetPolicyOptions(*made.ID))
		return response, err
	}, func(tag, text string) (answer, error) {
		options := service.NewReplacePolicyOptions(*made.ID, tag, "access", subjects, roles, resources)
		_, response, err := service.ReplacePolicy(options.SetDescription(text))
		return response, err
	})
}

func TestAStaleTagOfAPolicyOfTheSecondForm(t *testing.T) {
	s := space.New(t)
	group, service := makeGroup(t, connect(t, s), "Team"), connectPolicies(t, s)
	subject := &policies.V2PolicySubject{Attributes: []policies.V2PolicySubjectAttribute{
		{Key: text("access_group_id"), Operator: text(equals), Value: group},
	}}
	resource := &policies.V2PolicyResource{Attributes: []policies.V2PolicyResourceAttribute{
		{Key: text("accountId"), Operator: text(equals), Value: account},
	}}
	grant := &policies.Control{Grant: &policies.Grant{Roles: []policies.Roles{{RoleID: text(viewer)}}}}
	create := service.NewCreateV2PolicyOptions(grant, "access").SetSubject(subject).SetResource(resource)
	made, _, err := service.CreateV2Policy(create)
	space.Must(t, err)

	holds(t, func() (answer, error) {
		_, response, err := service.GetV2Policy(service.NewGetV2PolicyOptions(*made.ID))
		return response, err
	}, func(tag, text string) (answer, error) {
		options := service.NewReplaceV2PolicyOptions(*made.ID, tag, grant, "access")
		_, response, err := service.ReplaceV2Policy(
			options.SetSubject(subject).SetResource(resource).SetDescription(text))
		return response, err
	})
}
