package ibm_test

import (
	"testing"

	groups "github.com/IBM/platform-services-go-sdk/iamaccessgroupsv2"
	"sdktests/space"
)

func blueprint(name string) *groups.AccessGroupRequest {
	return &groups.AccessGroupRequest{Name: text(name), Members: &groups.Members{Users: []string{"IBMid-1"}}}
}

func makeTemplate(t *testing.T, service *groups.IamAccessGroupsV2, name string) string {
	t.Helper()
	made, response, err := service.CreateTemplate(
		service.NewCreateTemplateOptions(name, account).SetGroup(blueprint("Managed")))
	space.Must(t, err)
	space.Equal(t, response.StatusCode, 201)
	return *made.ID
}

func commit(t *testing.T, service *groups.IamAccessGroupsV2, template, version string) {
	t.Helper()
	_, response, err := service.GetTemplateVersion(service.NewGetTemplateVersionOptions(template, version))
	space.Must(t, err)
	tag := response.Headers.Get("ETag")
	response, err = service.CommitTemplate(service.NewCommitTemplateOptions(template, version, tag))
	space.Must(t, err)
	space.Equal(t, response.StatusCode, 204)
}

func managed(t *testing.T, service *groups.IamAccessGroupsV2) []string {
	t.Helper()
	listed, _, err := service.ListAccessGroups(service.NewListAccessGroupsOptions("acct2").SetHidePublicAccess(true))
	space.Must(t, err)
	names := []string{}
	for _, group := range listed.Groups {
		names = append(names, *group.Name)
	}
	return names
}

func TestVersionsAreMadeReadChangedCommittedAndDeleted(t *testing.T) {
	service := connect(t, space.New(t))
	template := makeTemplate(t, service, "Template")

	made, _, err := service.CreateTemplateVersion(
		service.NewCreateTemplateVersionOptions(template).SetName("Template").SetGroup(blueprint("Managed 2")))
	space.Must(t, err)
	space.Equal(t, *made.Version, "2")
	latest := service.NewGetLatestTemplateVersionOptions(template).SetVerbose(true)
	_, response, err := service.GetLatestTemplateVersion(latest)
	space.Must(t, err)
	update := service.NewUpdateTemplateVersionOptions(template, "2", response.Headers.Get("ETag"))
	updated, _, err := service.UpdateTemplateVersion(update.SetName("Template").SetGroup(blueprint("Managed 3")))
	space.Must(t, err)
	space.Equal(t, *updated.Group.Name, "Managed 3")
	commit(t, service, template, "2")

	response, err = service.DeleteTemplateVersion(service.NewDeleteTemplateVersionOptions(template, "2"))
	space.Must(t, err)
	space.Equal(t, response.StatusCode, 204)
	_, err = service.DeleteTemplate(service.NewDeleteTemplateOptions(template))
	space.Must(t, err)
	_, response, err = service.GetLatestTemplateVersion(latest)
	hasStatus(t, response, err, 404)
}

func TestTemplatesAndVersionsArePaged(t *testing.T) {
	service := connect(t, space.New(t))
	template := makeTemplate(t, service, "A")
	makeTemplate(t, service, "B")
	makeTemplate(t, service, "C")
	_, _, err := service.CreateTemplateVersion(service.NewCreateTemplateVersionOptions(template).SetName("A"))
	space.Must(t, err)

	pager, err := service.NewTemplatesPager(service.NewListTemplatesOptions(account).SetLimit(2))
	space.Must(t, err)
	all, err := pager.GetAll()
	space.Must(t, err)
	space.Equal(t, len(all), 3)
	versions, err := service.NewTemplateVersionsPager(service.NewListTemplateVersionsOptions(template).SetLimit(1))
	space.Must(t, err)
	both, err := versions.GetAll()
	space.Must(t, err)
	space.Equal(t, len(both), 2)
}

func TestAnAssignmentBringsTheGroupAboutInTheChildAccount(t *testing.T) {
	service := connect(t, space.New(t))
	template := makeTemplate(t, service, "Template")
	commit(t, service, template, "1")

	made, response, err := service.CreateAssignment(service.NewCreateAssignmentOptions(template, "1", "Account", "acct2"))
	space.Must(t, err)
	space.Equal(t, response.StatusCode, 202)
	read, response, err := service.GetAssignment(service.NewGetAssignmentOptions(*made.ID).SetVerbose(true))
	space.Must(t, err)
	space.Equal(t, *read.Status, "succeeded")
	space.Equal(t, managed(t, service), []string{"Managed"})
	listed, _, err := service.ListAssignments(service.NewListAssignmentsOptions(account).SetTemplateID(template))
	space.Must(t, err)
	space.Equal(t, len(listed.Assignments), 1)

	_, _, err = service.CreateTemplateVersion(
		service.NewCreateTemplateVersionOptions(template).SetName("Template").SetGroup(blueprint("Managed 2")))
	space.Must(t, err)
	commit(t, service, template, "2")
	_, _, err = service.UpdateAssignment(
		service.NewUpdateAssignmentOptions(*made.ID, response.Headers.Get("ETag"), "2"))
	space.Must(t, err)
	space.Equal(t, managed(t, service), []string{"Managed 2"})
	_, err = service.DeleteAssignment(service.NewDeleteAssignmentOptions(*made.ID))
	space.Must(t, err)
	space.Equal(t, managed(t, service), []string{})
}
