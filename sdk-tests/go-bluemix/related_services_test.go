package bluemix_test

import (
	"fmt"
	"testing"

	"github.com/IBM-Cloud/bluemix-go/api/account/accountv2"
	"github.com/IBM-Cloud/bluemix-go/api/iampap/iampapv1"
	"github.com/IBM-Cloud/bluemix-go/api/iampap/iampapv2"
	"github.com/IBM-Cloud/bluemix-go/api/resource/resourcev2/managementv2"
	"github.com/IBM-Cloud/bluemix-go/api/usermanagement/usermanagementv2"
	"github.com/IBM-Cloud/bluemix-go/models"
	"github.com/IBM-Cloud/bluemix-go/rest"
	"sdktests/mocktest"
)

func connectUsers(t *testing.T, ns mocktest.Namespace) usermanagementv2.Users {
	t.Helper()
	service, err := usermanagementv2.New(newSession(t, ns))
	mocktest.NoError(t, err)
	return service.UserInvite()
}

func TestUsersAreListedFromAllPages(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	service := connect(t, ns)
	group := createGroup(t, service, "Team")
	for page := range 3 {
		iamIDs := []string{}
		for number := range 40 {
			iamIDs = append(iamIDs, fmt.Sprintf("IBMid-%d-%d", page, number))
		}
		addUsers(t, service, group, iamIDs...)
	}
	users := connectUsers(t, ns)

	listed, err := users.ListUsers(account)

	mocktest.NoError(t, err)
	mocktest.Equal(t, len(listed), 120)
	mocktest.Equal(t, ns.Requests("ibm_list_users"), 2)
	read, err := users.GetUserProfile(account, "IBMid-1-7")
	mocktest.NoError(t, err)
	mocktest.Equal(t, read.IamID, "IBMid-1-7")
}

func TestUsersAreInvitedIntoGroups(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	service := connect(t, ns)
	group := createGroup(t, service, "Team")

	_, err := connectUsers(t, ns).InviteUsers(account, usermanagementv2.UserInvite{
		Users:       []usermanagementv2.User{{Email: "cy@example.com", AccountRole: "Member"}},
		AccessGroup: []string{group},
	})

	mocktest.NoError(t, err)
	members, err := service.AccessGroupMember().List(group)
	mocktest.NoError(t, err)
	mocktest.Equal(t, len(members), 1)
}

// The client expects a body in the response to the change, which the service does not send.
func TestTheSettingsOfAUserAreReadAndChanged(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	service, users := connect(t, ns), connectUsers(t, ns)
	addUsers(t, service, createGroup(t, service, "Team"), "IBMid-1")

	changes := usermanagementv2.UserSettingOptions{AllowedIPAddresses: "192.0.2.1", SelfManage: true}
	_, err := users.ManageUserSettings(account, "IBMid-1", changes)
	mocktest.Equal(t, err, rest.ErrEmptyResponseBody)

	read, err := users.GetUserSettings(account, "IBMid-1")
	mocktest.NoError(t, err)
	mocktest.Equal(t, []any{read.AllowedIPAddresses, read.SelfManage}, []any{"192.0.2.1", true})
}

func TestAPolicyIsCreatedReadUpdatedListedAndDeleted(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	group := createGroup(t, connect(t, ns), "Team")
	service, err := iampapv1.New(newSession(t, ns))
	mocktest.NoError(t, err)
	policies, draft := service.V1Policy(), iampapv1.Policy{
		Type:      iampapv1.AccessPolicyType,
		Roles:     []iampapv1.Role{{RoleID: "crn:v1:bluemix:public:iam::::role:Viewer"}},
		Subjects:  []iampapv1.Subject{{Attributes: []iampapv1.Attribute{{Name: "access_group_id", Value: group}}}},
		Resources: []iampapv1.Resource{{Attributes: []iampapv1.Attribute{{Name: "accountId", Value: account}}}},
	}

	created, err := policies.Create(draft)
	mocktest.NoError(t, err)
	read, err := policies.Get(created.ID)
	mocktest.NoError(t, err)
	mocktest.Equal(t, read.Subjects[0].AccessGroupID(), group)
	draft.Roles[0].RoleID = "crn:v1:bluemix:public:iam::::role:Editor"
	updated, err := policies.Update(created.ID, draft, read.Version)
	mocktest.NoError(t, err)
	mocktest.Equal(t, updated.Roles[0].Name, "Editor")
	listed, err := policies.List(iampapv1.SearchParams{AccountID: account, AccessGroupID: group})
	mocktest.NoError(t, err)
	mocktest.Equal(t, []any{len(listed), listed[0].ID}, []any{1, created.ID})

	mocktest.NoError(t, policies.Delete(created.ID))
	listed, err = policies.List(iampapv1.SearchParams{AccountID: account, AccessGroupID: group})
	mocktest.NoError(t, err)
	mocktest.Equal(t, len(listed), 0)
}

func TestRolesAreListed(t *testing.T) {
	service, err := iampapv2.New(newSession(t, mocktest.NewNamespace(t)))
	mocktest.NoError(t, err)

	roles, err := service.IAMRoles().ListSystemDefinedRoles()

	mocktest.NoError(t, err)
	names := map[string]bool{}
	for _, role := range roles {
		names[role.DisplayName] = true
	}
	mocktest.Equal(t, []bool{names["Viewer"], names["Administrator"]}, []bool{true, true})
}

func TestAccountsAreListedAndRead(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	createGroup(t, connect(t, ns), "Team")
	service, err := accountv2.New(newSession(t, ns))
	mocktest.NoError(t, err)

	listed, err := service.Accounts().List()

	mocktest.NoError(t, err)
	identifiers := map[string]bool{}
	for _, each := range listed {
		identifiers[each.GUID] = true
	}
	mocktest.Equal(t, identifiers[account], true)
	read, err := service.Accounts().Get(account)
	mocktest.NoError(t, err)
	mocktest.Equal(t, read.State, "ACTIVE")
}

func TestAResourceGroupIsCreatedReadRenamedListedAndDeleted(t *testing.T) {
	service, err := managementv2.New(newSession(t, mocktest.NewNamespace(t)))
	mocktest.NoError(t, err)
	groups := service.ResourceGroup()
	draft := models.ResourceGroupv2{ResourceGroup: models.ResourceGroup{Name: "production", AccountID: account}}

	created, err := groups.Create(draft)
	mocktest.NoError(t, err)
	_, err = groups.Update(created.ID, &managementv2.ResourceGroupUpdateRequest{Name: "renamed"})
	mocktest.NoError(t, err)
	read, err := groups.Get(created.ID)
	mocktest.NoError(t, err)
	mocktest.Equal(t, read.Name, "renamed")
	found, err := groups.FindByName(&managementv2.ResourceGroupQuery{AccountID: account}, "renamed")
	mocktest.NoError(t, err)
	mocktest.Equal(t, found[0].ID, created.ID)

	mocktest.NoError(t, groups.Delete(created.ID))
	_, err = groups.Get(created.ID)
	hasStatus(t, err, 404)
}
