package ibm_test

import (
	"testing"

	groups "github.com/IBM/platform-services-go-sdk/iamaccessgroupsv2"
	"sdktests/mocktest"
)

func groupTemplate(name string) *groups.AccessGroupRequest {
	return &groups.AccessGroupRequest{Name: str(name), Members: &groups.Members{Users: []string{"IBMid-1"}}}
}

func createTemplate(t *testing.T, service *groups.IamAccessGroupsV2, name string) string {
	t.Helper()
	created, response, err := service.CreateTemplate(
		service.NewCreateTemplateOptions(name, account).SetGroup(groupTemplate("Managed")))
	mocktest.NoError(t, err)
	mocktest.Equal(t, response.StatusCode, 201)
	return *created.ID
}

func commit(t *testing.T, service *groups.IamAccessGroupsV2, template, version string) {
	t.Helper()
	_, response, err := service.GetTemplateVersion(service.NewGetTemplateVersionOptions(template, version))
	mocktest.NoError(t, err)
	tag := response.Headers.Get("ETag")
	response, err = service.CommitTemplate(service.NewCommitTemplateOptions(template, version, tag))
	mocktest.NoError(t, err)
	mocktest.Equal(t, response.StatusCode, 204)
}

func managedGroupNames(t *testing.T, service *groups.IamAccessGroupsV2) []string {
	t.Helper()
	listed, _, err := service.ListAccessGroups(service.NewListAccessGroupsOptions("acct2").SetHidePublicAccess(true))
	mocktest.NoError(t, err)
	names := []string{}
	for _, group := range listed.Groups {
		names = append(names, *group.Name)
	}
	return names
}

func TestVersionsAreCreatedReadUpdatedCommittedAndDeleted(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))
	template := createTemplate(t, service, "Template")

	created, _, err := service.CreateTemplateVersion(
		service.NewCreateTemplateVersionOptions(template).SetName("Template").SetGroup(groupTemplate("Managed 2")))
	mocktest.NoError(t, err)
	mocktest.Equal(t, *created.Version, "2")
	latest := service.NewGetLatestTemplateVersionOptions(template).SetVerbose(true)
	_, response, err := service.GetLatestTemplateVersion(latest)
	mocktest.NoError(t, err)
	update := service.NewUpdateTemplateVersionOptions(template, "2", response.Headers.Get("ETag"))
	updated, _, err := service.UpdateTemplateVersion(update.SetName("Template").SetGroup(groupTemplate("Managed 3")))
	mocktest.NoError(t, err)
	mocktest.Equal(t, *updated.Group.Name, "Managed 3")
	commit(t, service, template, "2")

	response, err = service.DeleteTemplateVersion(service.NewDeleteTemplateVersionOptions(template, "2"))
	mocktest.NoError(t, err)
	mocktest.Equal(t, response.StatusCode, 204)
	_, err = service.DeleteTemplate(service.NewDeleteTemplateOptions(template))
	mocktest.NoError(t, err)
	_, response, err = service.GetLatestTemplateVersion(latest)
	hasStatus(t, response, err, 404)
}

func TestTemplatesAndVersionsArePaginated(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))
	template := createTemplate(t, service, "A")
	createTemplate(t, service, "B")
	createTemplate(t, service, "C")
	_, _, err := service.CreateTemplateVersion(service.NewCreateTemplateVersionOptions(template).SetName("A"))
	mocktest.NoError(t, err)

	pager, err := service.NewTemplatesPager(service.NewListTemplatesOptions(account).SetLimit(2))
	mocktest.NoError(t, err)
	all, err := pager.GetAll()
	mocktest.NoError(t, err)
	mocktest.Equal(t, len(all), 3)
	versions, err := service.NewTemplateVersionsPager(service.NewListTemplateVersionsOptions(template).SetLimit(1))
	mocktest.NoError(t, err)
	both, err := versions.GetAll()
	mocktest.NoError(t, err)
	mocktest.Equal(t, len(both), 2)
}

func TestAnAssignmentCreatesTheGroupInTheChildAccount(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))
	template := createTemplate(t, service, "Template")
	commit(t, service, template, "1")

	created, response, err := service.CreateAssignment(
		service.NewCreateAssignmentOptions(template, "1", "Account", "acct2"))
	mocktest.NoError(t, err)
	mocktest.Equal(t, response.StatusCode, 202)
	read, response, err := service.GetAssignment(service.NewGetAssignmentOptions(*created.ID).SetVerbose(true))
	mocktest.NoError(t, err)
	mocktest.Equal(t, *read.Status, "succeeded")
	mocktest.Equal(t, managedGroupNames(t, service), []string{"Managed"})
	listed, _, err := service.ListAssignments(service.NewListAssignmentsOptions(account).SetTemplateID(template))
	mocktest.NoError(t, err)
	mocktest.Equal(t, len(listed.Assignments), 1)

	_, _, err = service.CreateTemplateVersion(
		service.NewCreateTemplateVersionOptions(template).SetName("Template").SetGroup(groupTemplate("Managed 2")))
	mocktest.NoError(t, err)
	commit(t, service, template, "2")
	_, _, err = service.UpdateAssignment(
		service.NewUpdateAssignmentOptions(*created.ID, response.Headers.Get("ETag"), "2"))
	mocktest.NoError(t, err)
	mocktest.Equal(t, managedGroupNames(t, service), []string{"Managed 2"})
	// The removal of a version reinstates the one before, and that of the first version removes the group.
	_, err = service.DeleteAssignment(service.NewDeleteAssignmentOptions(*created.ID))
	mocktest.NoError(t, err)
	mocktest.Equal(t, managedGroupNames(t, service), []string{"Managed"})
	_, err = service.DeleteAssignment(service.NewDeleteAssignmentOptions(*created.ID))
	mocktest.NoError(t, err)
	mocktest.Equal(t, managedGroupNames(t, service), []string{})
}
