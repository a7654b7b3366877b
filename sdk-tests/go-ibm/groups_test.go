package ibm_test

import (
	"fmt"
	"testing"

	"github.com/IBM/go-sdk-core/v5/core"
	groups "github.com/IBM/platform-services-go-sdk/iamaccessgroupsv2"
	"sdktests/space"
)

func TestGroupsLive(t *testing.T) {
	service := connect(t, space.New(t))

	options := service.NewCreateAccessGroupOptions(account, "Team").SetDescription("blue")
	made, response, err := service.CreateAccessGroup(options)
	space.Must(t, err)
	space.Equal(t, response.StatusCode, 201)
	read, response, err := service.GetAccessGroup(service.NewGetAccessGroupOptions(*made.ID).SetShowCRN(true))
	space.Must(t, err)
	space.Equal(t, (*read.CRN)[:4], "crn:")

	tag := response.Headers.Get("ETag")
	update := service.NewUpdateAccessGroupOptions(*made.ID, tag).SetDescription("changed")
	updated, _, err := service.UpdateAccessGroup(update)
	space.Must(t, err)
	space.Equal(t, *updated.Description, "changed")
	_, response, err = service.UpdateAccessGroup(update)
	hasStatus(t, response, err, 412)

	response, err = service.DeleteAccessGroup(service.NewDeleteAccessGroupOptions(*made.ID))
	space.Must(t, err)
	space.Equal(t, response.StatusCode, 204)
	_, response, err = service.GetAccessGroup(service.NewGetAccessGroupOptions(*made.ID))
	hasStatus(t, response, err, 404)
}

func TestThePagerWalksAllGroups(t *testing.T) {
	service := connect(t, space.New(t))
	for number := range 5 {
		makeGroup(t, service, fmt.Sprintf("Team %d", number))
	}

	options := service.NewListAccessGroupsOptions(account).SetHidePublicAccess(true).SetLimit(2)
	pager, err := service.NewAccessGroupsPager(options)
	space.Must(t, err)
	sizes := []int{}
	for pager.HasNext() {
		page, err := pager.GetNext()
		space.Must(t, err)
		sizes = append(sizes, len(page))
	}

	space.Equal(t, sizes, []int{2, 2, 1})
	found, _, err := service.ListAccessGroups(service.NewListAccessGroupsOptions(account).SetSearch("name:Team 3"))
	space.Must(t, err)
	space.Equal(t, *found.Groups[0].Name, "Team 3")
}

func TestBadRequestsHaveTheirStatus(t *testing.T) {
	service := connect(t, space.New(t))

	_, response, err := service.CreateAccessGroup(service.NewCreateAccessGroupOptions(account, ""))
	hasStatus(t, response, err, 400)
	_, response, err = service.ListAccessGroupMembers(service.NewListAccessGroupMembersOptions("AccessGroupId-none"))
	hasStatus(t, response, err, 404)
	space.Must(t, service.Service.SetServiceURL(service.Service.GetServiceURL()))
	service.Service.Options.Authenticator = &core.NoAuthAuthenticator{}
	_, response, err = service.ListAccessGroups(service.NewListAccessGroupsOptions(account))
	hasStatus(t, response, err, 401)
}

func TestMembersAreAddedListedCheckedAndRemoved(t *testing.T) {
	service := connect(t, space.New(t))
	group := makeGroup(t, service, "Team")
	members := []groups.AddGroupMembersRequestMembersItem{
		{IamID: text("IBMid-1"), Type: text("user")},
		{IamID: text("iam-ServiceId-1"), Type: text("service")},
		{IamID: text("iam-Profile-1"), Type: text("profile")},
	}

	added, response, err := service.AddMembersToAccessGroup(
		service.NewAddMembersToAccessGroupOptions(group).SetMembers(members))
	space.Must(t, err)
	space.Equal(t, response.StatusCode, 207)
	space.Equal(t, *added.Members[2].StatusCode, 200)
	pager, err := service.NewAccessGroupMembersPager(
		service.NewListAccessGroupMembersOptions(group).SetVerbose(true).SetLimit(2))
	space.Must(t, err)
	listed, err := pager.GetAll()
	space.Must(t, err)
	space.Equal(t, len(listed), 3)
	_, err = service.IsMemberOfAccessGroup(service.NewIsMemberOfAccessGroupOptions(group, "IBMid-1"))
	space.Must(t, err)
	response, err = service.IsMemberOfAccessGroup(service.NewIsMemberOfAccessGroupOptions(group, "IBMid-2"))
	hasStatus(t, response, err, 404)

	_, err = service.RemoveMemberFromAccessGroup(service.NewRemoveMemberFromAccessGroupOptions(group, "IBMid-1"))
	space.Must(t, err)
	removed, _, err := service.RemoveMembersFromAccessGroup(
		service.NewRemoveMembersFromAccessGroupOptions(group).SetMembers([]string{"iam-ServiceId-1", "IBMid-1"}))
	space.Must(t, err)
	space.Equal(t, *removed.Members[0].StatusCode, 204)
	space.Equal(t, *removed.Members[1].StatusCode, 404)
}

func TestAMemberJoinsAndLeavesManyGroupsAtOnce(t *testing.T) {
	service := connect(t, space.New(t))
	ids := []string{makeGroup(t, service, "A"), makeGroup(t, service, "B")}

	joined, _, err := service.AddMemberToMultipleAccessGroups(
		service.NewAddMemberToMultipleAccessGroupsOptions(account, "IBMid-1").SetType("user").SetGroups(ids))
	space.Must(t, err)
	space.Equal(t, len(joined.Groups), 2)
	leave := service.NewRemoveMemberFromAllAccessGroupsOptions(account, "IBMid-1")
	left, _, err := service.RemoveMemberFromAllAccessGroups(leave)
	space.Must(t, err)
	space.Equal(t, len(left.Groups), 2)
	_, response, err := service.RemoveMemberFromAllAccessGroups(leave)
	hasStatus(t, response, err, 404)
}

func TestRulesAreAddedListedReplacedAndRemoved(t *testing.T) {
	service := connect(t, space.New(t))
	group := makeGroup(t, service, "Team")
	conditions := []groups.RuleConditions{
		{Claim: text("isManager"), Operator: text("EQUALS"), Value: text(`"true"`)},
	}
	const realm = "https://idp.example"

	rule, _, err := service.AddAccessGroupRule(
		service.NewAddAccessGroupRuleOptions(group, 12, realm, conditions).SetName("r"))
	space.Must(t, err)
	get := service.NewGetAccessGroupRuleOptions(group, *rule.ID)
	_, response, err := service.GetAccessGroupRule(get)
	space.Must(t, err)
	replaced, _, err := service.ReplaceAccessGroupRule(service.NewReplaceAccessGroupRuleOptions(
		group, *rule.ID, response.Headers.Get("ETag"), 24, realm, conditions))
	space.Must(t, err)
	space.Equal(t, *replaced.Expiration, 24)
	listed, _, err := service.ListAccessGroupRules(service.NewListAccessGroupRulesOptions(group))
	space.Must(t, err)
	space.Equal(t, len(listed.Rules), 1)
	_, err = service.RemoveAccessGroupRule(service.NewRemoveAccessGroupRuleOptions(group, *rule.ID))
	space.Must(t, err)
	_, response, err = service.GetAccessGroupRule(get)
	hasStatus(t, response, err, 404)
}

func TestSettingsAreReadAndChanged(t *testing.T) {
	service := connect(t, space.New(t))

	settings, _, err := service.GetAccountSettings(service.NewGetAccountSettingsOptions(account))
	space.Must(t, err)
	space.Equal(t, *settings.PublicAccessEnabled, true)
	settings, _, err = service.UpdateAccountSettings(
		service.NewUpdateAccountSettingsOptions(account).SetPublicAccessEnabled(false))
	space.Must(t, err)
	space.Equal(t, *settings.PublicAccessEnabled, false)
}
