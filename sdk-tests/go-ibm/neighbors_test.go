package ibm_test

import (
	"testing"

	groups "github.com/IBM/platform-services-go-sdk/iamaccessgroupsv2"
	policies "github.com/IBM/platform-services-go-sdk/iampolicymanagementv1"
	"sdktests/space"
)

const (
	viewer = "crn:v1:bluemix:public:iam::::role:Viewer"
	editor = "crn:v1:bluemix:public:iam::::role:Editor"
	equals = "stringEquals"
)

func TestUsersAreListedAndRead(t *testing.T) {
	s := space.New(t)
	service, users := connect(t, s), connectUsers(t, s)
	group := makeGroup(t, service, "Team")
	members := []groups.AddGroupMembersRequestMembersItem{
		{IamID: text("IBMid-0"), Type: text("user")}, {IamID: text("IBMid-1"), Type: text("user")},
	}
	_, _, err := service.AddMembersToAccessGroup(service.NewAddMembersToAccessGroupOptions(group).SetMembers(members))
	space.Must(t, err)

	pager, err := users.NewUsersPager(users.NewListUsersOptions(account).SetLimit(1))
	space.Must(t, err)
	all, err := pager.GetAll()
	space.Must(t, err)
	space.Equal(t, len(all), 2)
	read, _, err := users.GetUserProfile(users.NewGetUserProfileOptions(account, "IBMid-1"))
	space.Must(t, err)
	space.Equal(t, *read.IamID, "IBMid-1")
	_, response, err := users.GetUserProfile(users.NewGetUserProfileOptions(account, "IBMid-9"))
	hasStatus(t, response, err, 404)
}

func TestServiceIDsLive(t *testing.T) {
	service := connectIdentities(t, space.New(t))

	made, _, err := service.CreateServiceID(service.NewCreateServiceIDOptions(account, "bot"))
	space.Must(t, err)
	update := service.NewUpdateServiceIDOptions(*made.ID, *made.EntityTag).SetName("robot")
	_, _, err = service.UpdateServiceID(update)
	space.Must(t, err)
	listed, _, err := service.ListServiceIds(service.NewListServiceIdsOptions().SetAccountID(account))
	space.Must(t, err)
	space.Equal(t, *listed.Serviceids[0].Name, "robot")
	_, _, err = service.GetServiceID(service.NewGetServiceIDOptions(*made.ID))
	space.Must(t, err)
	_, err = service.DeleteServiceID(service.NewDeleteServiceIDOptions(*made.ID))
	space.Must(t, err)
	_, response, err := service.GetServiceID(service.NewGetServiceIDOptions(*made.ID))
	hasStatus(t, response, err, 404)
}

func TestProfilesLive(t *testing.T) {
	service := connectIdentities(t, space.New(t))

	made, _, err := service.CreateProfile(service.NewCreateProfileOptions("deploy", account))
	space.Must(t, err)
	update := service.NewUpdateProfileOptions(*made.ID, *made.EntityTag).SetName("release")
	_, _, err = service.UpdateProfile(update)
	space.Must(t, err)
	listed, _, err := service.ListProfiles(service.NewListProfilesOptions(account))
	space.Must(t, err)
	space.Equal(t, *listed.Profiles[0].Name, "release")
	_, _, err = service.GetProfile(service.NewGetProfileOptions(*made.ID))
	space.Must(t, err)
	_, err = service.DeleteProfile(service.NewDeleteProfileOptions(*made.ID))
	space.Must(t, err)
	_, response, err := service.GetProfile(service.NewGetProfileOptions(*made.ID))
	hasStatus(t, response, err, 404)
}

func TestPoliciesOfTheFirstFormLive(t *testing.T) {
	s := space.New(t)
	group, service := makeGroup(t, connect(t, s), "Team"), connectPolicies(t, s)
	subjects := []policies.PolicySubject{{Attributes: []policies.SubjectAttribute{
		{Name: text("access_group_id"), Value: text(group)},
	}}}
	resources := []policies.PolicyResource{{Attributes: []policies.ResourceAttribute{
		{Name: text("accountId"), Value: text(account)}, {Name: text("serviceType"), Value: text("service")},
	}}}
	viewers := []policies.PolicyRole{{RoleID: text(viewer)}}
	editors := []policies.PolicyRole{{RoleID: text(editor)}}

	made, _, err := service.CreatePolicy(service.NewCreatePolicyOptions("access", subjects, viewers, resources))
	space.Must(t, err)
	_, response, err := service.GetPolicy(service.NewGetPolicyOptions(*made.ID))
	space.Must(t, err)
	replace := service.NewReplacePolicyOptions(
		*made.ID, response.Headers.Get("ETag"), "access", subjects, editors, resources)
	_, _, err = service.ReplacePolicy(replace)
	space.Must(t, err)
	pager, err := service.NewPoliciesPager(service.NewListPoliciesOptions(account).SetLimit(1))
	space.Must(t, err)
	all, err := pager.GetAll()
	space.Must(t, err)
	space.Equal(t, *all[0].Roles[0].RoleID, editor)
	_, err = service.DeletePolicy(service.NewDeletePolicyOptions(*made.ID))
	space.Must(t, err)
	_, response, err = service.GetPolicy(service.NewGetPolicyOptions(*made.ID))
	hasStatus(t, response, err, 404)
}

func TestPoliciesOfTheSecondFormLive(t *testing.T) {
	s := space.New(t)
	group, service := makeGroup(t, connect(t, s), "Team"), connectPolicies(t, s)
	subject := &policies.V2PolicySubject{Attributes: []policies.V2PolicySubjectAttribute{
		{Key: text("access_group_id"), Operator: text(equals), Value: group},
	}}
	resource := &policies.V2PolicyResource{Attributes: []policies.V2PolicyResourceAttribute{
		{Key: text("accountId"), Operator: text(equals), Value: account},
		{Key: text("serviceType"), Operator: text(equals), Value: "service"},
	}}
	grant := func(role string) *policies.Control {
		return &policies.Control{Grant: &policies.Grant{Roles: []policies.Roles{{RoleID: text(role)}}}}
	}

	create := service.NewCreateV2PolicyOptions(grant(viewer), "access").SetSubject(subject).SetResource(resource)
	made, response, err := service.CreateV2Policy(create)
	space.Must(t, err)
	replace := service.NewReplaceV2PolicyOptions(*made.ID, response.Headers.Get("ETag"), grant(editor), "access")
	_, _, err = service.ReplaceV2Policy(replace.SetSubject(subject).SetResource(resource))
	space.Must(t, err)
	_, _, err = service.GetV2Policy(service.NewGetV2PolicyOptions(*made.ID))
	space.Must(t, err)
	pager, err := service.NewV2PoliciesPager(service.NewListV2PoliciesOptions(account).SetLimit(1))
	space.Must(t, err)
	all, err := pager.GetAll()
	space.Must(t, err)
	space.Equal(t, len(all), 1)
	_, err = service.DeleteV2Policy(service.NewDeleteV2PolicyOptions(*made.ID))
	space.Must(t, err)
	_, response, err = service.GetV2Policy(service.NewGetV2PolicyOptions(*made.ID))
	hasStatus(t, response, err, 404)
}

func TestRolesAreListed(t *testing.T) {
	service := connectPolicies(t, space.New(t))

	roles, _, err := service.ListRoles(service.NewListRolesOptions().SetAccountID(account))

	space.Must(t, err)
	if len(roles.SystemRoles) == 0 {
		t.Error("there are no system roles")
	}
}
