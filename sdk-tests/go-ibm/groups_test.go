package ibm_test

import (
	"fmt"
	"testing"

	"github.com/IBM/go-sdk-core/v5/core"
	groups "github.com/IBM/platform-services-go-sdk/iamaccessgroupsv2"
	"sdktests/mocktest"
)

func TestGroupLifecycle(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))

	options := service.NewCreateAccessGroupOptions(account, "Team").SetDescription("blue")
	created, response, err := service.CreateAccessGroup(options)
	mocktest.NoError(t, err)
	mocktest.Equal(t, response.StatusCode, 201)
	read, response, err := service.GetAccessGroup(service.NewGetAccessGroupOptions(*created.ID).SetShowCRN(true))
	mocktest.NoError(t, err)
	mocktest.Equal(t, (*read.CRN)[:4], "crn:")

	tag := response.Headers.Get("ETag")
	update := service.NewUpdateAccessGroupOptions(*created.ID, tag).SetDescription("changed")
	updated, _, err := service.UpdateAccessGroup(update)
	mocktest.NoError(t, err)
	mocktest.Equal(t, *updated.Description, "changed")
	_, response, err = service.UpdateAccessGroup(update)
	hasStatus(t, response, err, 412)

	response, err = service.DeleteAccessGroup(service.NewDeleteAccessGroupOptions(*created.ID))
	mocktest.NoError(t, err)
	mocktest.Equal(t, response.StatusCode, 204)
	_, response, err = service.GetAccessGroup(service.NewGetAccessGroupOptions(*created.ID))
	hasStatus(t, response, err, 404)
}

func TestThePagerReturnsAllGroups(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))
	for number := range 5 {
		createGroup(t, service, fmt.Sprintf("Team %d", number))
	}

	options := service.NewListAccessGroupsOptions(account).SetHidePublicAccess(true).SetLimit(2)
	pager, err := service.NewAccessGroupsPager(options)
	mocktest.NoError(t, err)
	sizes := []int{}
	for pager.HasNext() {
		page, err := pager.GetNext()
		mocktest.NoError(t, err)
		sizes = append(sizes, len(page))
	}

	mocktest.Equal(t, sizes, []int{2, 2, 1})
	found, _, err := service.ListAccessGroups(service.NewListAccessGroupsOptions(account).SetSearch("name:Team 3"))
	mocktest.NoError(t, err)
	mocktest.Equal(t, *found.Groups[0].Name, "Team 3")
}

func TestInvalidRequestsReturnTheDocumentedStatus(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))

	_, response, err := service.CreateAccessGroup(service.NewCreateAccessGroupOptions(account, ""))
	hasStatus(t, response, err, 400)
	_, response, err = service.ListAccessGroupMembers(service.NewListAccessGroupMembersOptions("AccessGroupId-none"))
	hasStatus(t, response, err, 404)
	mocktest.NoError(t, service.Service.SetServiceURL(service.Service.GetServiceURL()))
	service.Service.Options.Authenticator = &core.NoAuthAuthenticator{}
	_, response, err = service.ListAccessGroups(service.NewListAccessGroupsOptions(account))
	hasStatus(t, response, err, 401)
}

func TestMembersAreAddedListedCheckedAndRemoved(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))
	group := createGroup(t, service, "Team")
	members := []groups.AddGroupMembersRequestMembersItem{
		{IamID: str("IBMid-1"), Type: str("user")},
		{IamID: str("iam-ServiceId-1"), Type: str("service")},
		{IamID: str("iam-Profile-1"), Type: str("profile")},
	}

	added, response, err := service.AddMembersToAccessGroup(
		service.NewAddMembersToAccessGroupOptions(group).SetMembers(members))
	mocktest.NoError(t, err)
	mocktest.Equal(t, response.StatusCode, 207)
	mocktest.Equal(t, *added.Members[2].StatusCode, 200)
	pager, err := service.NewAccessGroupMembersPager(
		service.NewListAccessGroupMembersOptions(group).SetVerbose(true).SetLimit(2))
	mocktest.NoError(t, err)
	listed, err := pager.GetAll()
	mocktest.NoError(t, err)
	mocktest.Equal(t, len(listed), 3)
	_, err = service.IsMemberOfAccessGroup(service.NewIsMemberOfAccessGroupOptions(group, "IBMid-1"))
	mocktest.NoError(t, err)
	response, err = service.IsMemberOfAccessGroup(service.NewIsMemberOfAccessGroupOptions(group, "IBMid-2"))
	hasStatus(t, response, err, 404)

	_, err = service.RemoveMemberFromAccessGroup(service.NewRemoveMemberFromAccessGroupOptions(group, "IBMid-1"))
	mocktest.NoError(t, err)
	removed, _, err := service.RemoveMembersFromAccessGroup(
		service.NewRemoveMembersFromAccessGroupOptions(group).SetMembers([]string{"iam-ServiceId-1", "IBMid-1"}))
	mocktest.NoError(t, err)
	mocktest.Equal(t, *removed.Members[0].StatusCode, 204)
	mocktest.Equal(t, *removed.Members[1].StatusCode, 404)
}

func TestAMemberIsAddedToAndRemovedFromMultipleGroups(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))
	ids := []string{createGroup(t, service, "A"), createGroup(t, service, "B")}

	joined, _, err := service.AddMemberToMultipleAccessGroups(
		service.NewAddMemberToMultipleAccessGroupsOptions(account, "IBMid-1").SetType("user").SetGroups(ids))
	mocktest.NoError(t, err)
	mocktest.Equal(t, len(joined.Groups), 2)
	leave := service.NewRemoveMemberFromAllAccessGroupsOptions(account, "IBMid-1")
	left, _, err := service.RemoveMemberFromAllAccessGroups(leave)
	mocktest.NoError(t, err)
	mocktest.Equal(t, len(left.Groups), 2)
	_, response, err := service.RemoveMemberFromAllAccessGroups(leave)
	hasStatus(t, response, err, 404)
}

func TestRulesAreAddedListedReplacedAndRemoved(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))
	group := createGroup(t, service, "Team")
	conditions := []groups.RuleConditions{
		{Claim: str("isManager"), Operator: str("EQUALS"), Value: str(`"true"`)},
	}
	const realm = "https://idp.example"

	rule, _, err := service.AddAccessGroupRule(
		service.NewAddAccessGroupRuleOptions(group, 12, realm, conditions).SetName("r"))
	mocktest.NoError(t, err)
	get := service.NewGetAccessGroupRuleOptions(group, *rule.ID)
	_, response, err := service.GetAccessGroupRule(get)
	mocktest.NoError(t, err)
	replaced, _, err := service.ReplaceAccessGroupRule(service.NewReplaceAccessGroupRuleOptions(
		group, *rule.ID, response.Headers.Get("ETag"), 24, realm, conditions))
	mocktest.NoError(t, err)
	mocktest.Equal(t, *replaced.Expiration, 24)
	listed, _, err := service.ListAccessGroupRules(service.NewListAccessGroupRulesOptions(group))
	mocktest.NoError(t, err)
	mocktest.Equal(t, len(listed.Rules), 1)
	_, err = service.RemoveAccessGroupRule(service.NewRemoveAccessGroupRuleOptions(group, *rule.ID))
	mocktest.NoError(t, err)
	_, response, err = service.GetAccessGroupRule(get)
	hasStatus(t, response, err, 404)
}

func TestSettingsAreReadAndChanged(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))

	settings, _, err := service.GetAccountSettings(service.NewGetAccountSettingsOptions(account))
	mocktest.NoError(t, err)
	mocktest.Equal(t, *settings.PublicAccessEnabled, true)
	settings, _, err = service.UpdateAccountSettings(
		service.NewUpdateAccountSettingsOptions(account).SetPublicAccessEnabled(false))
	mocktest.NoError(t, err)
	mocktest.Equal(t, *settings.PublicAccessEnabled, false)
}
