package bluemix_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/IBM-Cloud/bluemix-go/api/iamuum/iamuumv2"
	"github.com/IBM-Cloud/bluemix-go/models"
	"sdktests/mocktest"
)

func TestAGroupIsCreatedReadUpdatedAndDeleted(t *testing.T) {
	groups := connect(t, mocktest.NewNamespace(t)).AccessGroup()
	draft := models.AccessGroupV2{AccessGroup: models.AccessGroup{Name: "Team", Description: "blue"}}

	created, err := groups.Create(draft, account)
	mocktest.NoError(t, err)
	read, tag, err := groups.Get(created.ID)
	mocktest.NoError(t, err)
	mocktest.Equal(t, read.Description, "blue")

	updated, err := groups.Update(created.ID, iamuumv2.AccessGroupUpdateRequest{Description: "changed"}, tag)
	mocktest.NoError(t, err)
	mocktest.Equal(t, updated.Description, "changed")
	_, err = groups.Update(created.ID, iamuumv2.AccessGroupUpdateRequest{Description: "stale"}, tag)
	hasStatus(t, err, 412)

	mocktest.NoError(t, groups.Delete(created.ID, false))
	_, _, err = groups.Get(created.ID)
	hasStatus(t, err, 404)
}

// The client appends the path of the next page, which contains the namespace, to a URL that also contains it.
func TestAListHasTheGroupsOfAllPages(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	service := connect(t, ns)
	for number := range 60 {
		createGroup(t, service, fmt.Sprintf("Team %02d", number))
	}

	listed, err := service.AccessGroup().List(account)

	mocktest.NoError(t, err)
	mocktest.Equal(t, len(listed), 61)
	mocktest.Equal(t, ns.Requests("ibm_list_access_groups"), 2)
}

func TestTheGroupsOfAUserAreListed(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))
	createGroup(t, service, "Other")
	addUsers(t, service, createGroup(t, service, "Team"), "IBMid-1")

	listed, err := service.AccessGroup().List(account, "IBMid-1")

	mocktest.NoError(t, err)
	names := []string{}
	for _, group := range listed {
		names = append(names, group.Name)
	}
	mocktest.Equal(t, names, []string{"Team"})
}

// FindByName sends `account` instead of `account_id`.
func TestFindByNameIsRejected(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))

	_, err := service.AccessGroup().FindByName("Team", account)

	hasStatus(t, err, 400)
}

func TestMembersAreAddedListedAndRemoved(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))
	group, members := createGroup(t, service, "Team"), service.AccessGroupMember()

	added, err := members.Add(group, iamuumv2.AddGroupMemberRequestV2{Members: []models.AccessGroupMemberV2{
		{ID: "IBMid-1", Type: iamuumv2.AccessGroupMemberUser},
		{ID: "iam-ServiceId-1", Type: iamuumv2.AccessGroupMemberService},
	}})
	mocktest.NoError(t, err)
	mocktest.Equal(t, added.Members[1].StatusCode, 200)
	listed, err := members.List(group)
	mocktest.NoError(t, err)
	mocktest.Equal(t, len(listed), 2)

	mocktest.NoError(t, members.Remove(group, "IBMid-1"))
	hasStatus(t, members.Remove(group, "IBMid-1"), 404)
	listed, err = members.List(group)
	mocktest.NoError(t, err)
	mocktest.Equal(t, []string{listed[0].ID, listed[0].Type}, []string{"iam-ServiceId-1", "service"})
}

func TestMembersAreListedFromAllPages(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	service := connect(t, ns)
	group := createGroup(t, service, "Team")
	for page := range 2 {
		iamIDs := []string{}
		for number := range 30 {
			iamIDs = append(iamIDs, fmt.Sprintf("IBMid-%d-%d", page, number))
		}
		addUsers(t, service, group, iamIDs...)
	}

	listed, err := service.AccessGroupMember().List(group)

	mocktest.NoError(t, err)
	mocktest.Equal(t, len(listed), 60)
	mocktest.Equal(t, ns.Requests("ibm_list_access_group_members"), 2)
}

func TestARuleIsCreatedReadReplacedListedAndDeleted(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))
	group, rules := createGroup(t, service, "Team"), service.DynamicRule()
	request := iamuumv2.CreateRuleRequest{
		Name: "Managers", Expiration: 12, RealmName: "https://idp.example",
		Conditions: []iamuumv2.Condition{{Claim: "isManager", Operator: "EQUALS", Value: `"true"`}},
	}

	created, err := rules.Create(group, request)
	mocktest.NoError(t, err)
	_, tag, err := rules.Get(group, created.RuleID)
	mocktest.NoError(t, err)
	request.Name = "Directors"
	_, err = rules.Replace(group, created.RuleID, request, tag)
	mocktest.NoError(t, err)
	_, err = rules.Replace(group, created.RuleID, request, tag)
	hasStatus(t, err, 412)
	listed, err := rules.List(group)
	mocktest.NoError(t, err)
	mocktest.Equal(t, []any{len(listed), listed[0].Name}, []any{1, "Directors"})

	mocktest.NoError(t, rules.Delete(group, created.RuleID))
	_, _, err = rules.Get(group, created.RuleID)
	hasStatus(t, err, 404)
}

func TestAnErrorHasTheBodyOfTheService(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))

	_, _, err := service.AccessGroup().Get("AccessGroupId-none")

	hasStatus(t, err, 404)
	if !strings.Contains(err.Error(), `"code":"group_not_found"`) {
		t.Errorf("got %v, want the code group_not_found", err)
	}
}
