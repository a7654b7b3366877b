package ibm_test

import (
	"testing"

	groups "github.com/IBM/platform-services-go-sdk/iamaccessgroupsv2"
	policies "github.com/IBM/platform-services-go-sdk/iampolicymanagementv1"
	"sdktests/mocktest"
)

const (
	viewer = "crn:v1:bluemix:public:iam::::role:Viewer"
	editor = "crn:v1:bluemix:public:iam::::role:Editor"
	equals = "stringEquals"
)

func TestUsersAreListedAndRead(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	service, users := connect(t, ns), connectUsers(t, ns)
	group := createGroup(t, service, "Team")
	members := []groups.AddGroupMembersRequestMembersItem{
		{IamID: str("IBMid-0"), Type: str("user")}, {IamID: str("IBMid-1"), Type: str("user")},
	}
	_, _, err := service.AddMembersToAccessGroup(service.NewAddMembersToAccessGroupOptions(group).SetMembers(members))
	mocktest.NoError(t, err)

	pager, err := users.NewUsersPager(users.NewListUsersOptions(account).SetLimit(1))
	mocktest.NoError(t, err)
	all, err := pager.GetAll()
	mocktest.NoError(t, err)
	mocktest.Equal(t, len(all), 2)
	read, _, err := users.GetUserProfile(users.NewGetUserProfileOptions(account, "IBMid-1"))
	mocktest.NoError(t, err)
	mocktest.Equal(t, *read.IamID, "IBMid-1")
	_, response, err := users.GetUserProfile(users.NewGetUserProfileOptions(account, "IBMid-9"))
	hasStatus(t, response, err, 404)
}

func TestServiceIDLifecycle(t *testing.T) {
	service := connectIdentities(t, mocktest.NewNamespace(t))

	created, _, err := service.CreateServiceID(service.NewCreateServiceIDOptions(account, "bot"))
	mocktest.NoError(t, err)
	update := service.NewUpdateServiceIDOptions(*created.ID, *created.EntityTag).SetName("robot")
	_, _, err = service.UpdateServiceID(update)
	mocktest.NoError(t, err)
	listed, _, err := service.ListServiceIds(service.NewListServiceIdsOptions().SetAccountID(account))
	mocktest.NoError(t, err)
	mocktest.Equal(t, *listed.Serviceids[0].Name, "robot")
	_, _, err = service.GetServiceID(service.NewGetServiceIDOptions(*created.ID))
	mocktest.NoError(t, err)
	_, err = service.DeleteServiceID(service.NewDeleteServiceIDOptions(*created.ID))
	mocktest.NoError(t, err)
	_, response, err := service.GetServiceID(service.NewGetServiceIDOptions(*created.ID))
	hasStatus(t, response, err, 404)
}

func TestTrustedProfileLifecycle(t *testing.T) {
	service := connectIdentities(t, mocktest.NewNamespace(t))

	created, _, err := service.CreateProfile(service.NewCreateProfileOptions("deploy", account))
	mocktest.NoError(t, err)
	update := service.NewUpdateProfileOptions(*created.ID, *created.EntityTag).SetName("release")
	_, _, err = service.UpdateProfile(update)
	mocktest.NoError(t, err)
	listed, _, err := service.ListProfiles(service.NewListProfilesOptions(account))
	mocktest.NoError(t, err)
	mocktest.Equal(t, *listed.Profiles[0].Name, "release")
	_, _, err = service.GetProfile(service.NewGetProfileOptions(*created.ID))
	mocktest.NoError(t, err)
	_, err = service.DeleteProfile(service.NewDeleteProfileOptions(*created.ID))
	mocktest.NoError(t, err)
	_, response, err := service.GetProfile(service.NewGetProfileOptions(*created.ID))
	hasStatus(t, response, err, 404)
}

func TestV1PolicyLifecycle(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	group, service := createGroup(t, connect(t, ns), "Team"), connectPolicies(t, ns)
	subjects := []policies.PolicySubject{{Attributes: []policies.SubjectAttribute{
		{Name: str("access_group_id"), Value: str(group)},
	}}}
	resources := []policies.PolicyResource{{Attributes: []policies.ResourceAttribute{
		{Name: str("accountId"), Value: str(account)}, {Name: str("serviceType"), Value: str("service")},
	}}}
	viewers := []policies.PolicyRole{{RoleID: str(viewer)}}
	editors := []policies.PolicyRole{{RoleID: str(editor)}}

	created, _, err := service.CreatePolicy(service.NewCreatePolicyOptions("access", subjects, viewers, resources))
	mocktest.NoError(t, err)
	_, response, err := service.GetPolicy(service.NewGetPolicyOptions(*created.ID))
	mocktest.NoError(t, err)
	replace := service.NewReplacePolicyOptions(
		*created.ID, response.Headers.Get("ETag"), "access", subjects, editors, resources)
	_, _, err = service.ReplacePolicy(replace)
	mocktest.NoError(t, err)
	pager, err := service.NewPoliciesPager(service.NewListPoliciesOptions(account).SetLimit(1))
	mocktest.NoError(t, err)
	all, err := pager.GetAll()
	mocktest.NoError(t, err)
	mocktest.Equal(t, *all[0].Roles[0].RoleID, editor)
	_, err = service.DeletePolicy(service.NewDeletePolicyOptions(*created.ID))
	mocktest.NoError(t, err)
	_, response, err = service.GetPolicy(service.NewGetPolicyOptions(*created.ID))
	hasStatus(t, response, err, 404)
}

func TestV2PolicyLifecycle(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	group, service := createGroup(t, connect(t, ns), "Team"), connectPolicies(t, ns)
	subject := &policies.V2PolicySubject{Attributes: []policies.V2PolicySubjectAttribute{
		{Key: str("access_group_id"), Operator: str(equals), Value: group},
	}}
	resource := &policies.V2PolicyResource{Attributes: []policies.V2PolicyResourceAttribute{
		{Key: str("accountId"), Operator: str(equals), Value: account},
		{Key: str("serviceType"), Operator: str(equals), Value: "service"},
	}}
	grant := func(role string) *policies.Control {
		return &policies.Control{Grant: &policies.Grant{Roles: []policies.Roles{{RoleID: str(role)}}}}
	}

	create := service.NewCreateV2PolicyOptions(grant(viewer), "access").SetSubject(subject).SetResource(resource)
	created, response, err := service.CreateV2Policy(create)
	mocktest.NoError(t, err)
	replace := service.NewReplaceV2PolicyOptions(*created.ID, response.Headers.Get("ETag"), grant(editor), "access")
	_, _, err = service.ReplaceV2Policy(replace.SetSubject(subject).SetResource(resource))
	mocktest.NoError(t, err)
	_, _, err = service.GetV2Policy(service.NewGetV2PolicyOptions(*created.ID))
	mocktest.NoError(t, err)
	pager, err := service.NewV2PoliciesPager(service.NewListV2PoliciesOptions(account).SetLimit(1))
	mocktest.NoError(t, err)
	all, err := pager.GetAll()
	mocktest.NoError(t, err)
	mocktest.Equal(t, len(all), 1)
	_, err = service.DeleteV2Policy(service.NewDeleteV2PolicyOptions(*created.ID))
	mocktest.NoError(t, err)
	_, response, err = service.GetV2Policy(service.NewGetV2PolicyOptions(*created.ID))
	hasStatus(t, response, err, 404)
}

func TestRolesAreListed(t *testing.T) {
	service := connectPolicies(t, mocktest.NewNamespace(t))

	roles, _, err := service.ListRoles(service.NewListRolesOptions().SetAccountID(account))

	mocktest.NoError(t, err)
	if len(roles.SystemRoles) == 0 {
		t.Error("there are no system roles")
	}
}
